using System.Text.Json.Nodes;

namespace AgentWorkflow.Acceptance.Rig;

/// <summary>How a program ended.</summary>
internal sealed record Ended(int ExitCode, string Output, string Error)
{
    /// <summary>Standard output as exactly one JSON object.</summary>
    public JsonObject Json => JsonNode.Parse(Output)?.AsObject() ?? throw new FormatException("Standard output is no JSON object.");

    /// <summary>The one line that an error is.</summary>
    public string ErrorLine => Assert.Single(Error.TrimEnd('\n').Split('\n'));

    /// <summary>Fails with everything that was said where the exit code is another.</summary>
    public Ended Require(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode} instead of {exitCode}\n--- standard output\n{Output}\n--- standard error\n{Error}");
        return this;
    }
}
