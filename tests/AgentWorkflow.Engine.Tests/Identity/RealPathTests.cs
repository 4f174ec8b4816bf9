using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Engine.Tests.Identity;

public sealed class RealPathTests
{
    /// <summary>Names that people really gave: what the SDK and the system of this machine bring.</summary>
    [Fact]
    public void Names_Of_Real_Files_Are_Not_Refused()
    {
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string root = Path.GetFullPath(Path.Combine(runtime, "..", "..", ".."));
        string[] paths = [.. Directory.EnumerateFiles(root, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })
            .Select(f => Path.GetRelativePath(root, f)).Order(StringComparer.Ordinal).Take(5000)];
        string[] refused = [.. paths.Select(p => RepoPath.TryParse(p, out _, out string? refusal) ? null : $"{p}: {refusal}").OfType<string>()];

        Assert.Empty(refused);
        Assert.True(paths.Length > 500);
    }
}
