using System.Diagnostics;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Cli;

namespace AgentWorkflow.Bot.Tests.Cli;

/// <summary>The program as a process of its own: exit codes, and what stands on which stream.</summary>
public sealed class BotCommandsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aw-program-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<(int ExitCode, string Output, string Error)> Run(string[] arguments, params (string Key, string Value)[] settings)
    {
        ProcessStartInfo start = new("dotnet", [typeof(BotCommands).Assembly.Location, .. arguments])
        {
            WorkingDirectory = _folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach ((string key, string value) in settings)
        {
            start.Environment[key] = value;
        }

        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }

    private async Task Refuses(int exitCode, string start, string[] arguments, params (string Key, string Value)[] settings)
    {
        (int actual, string output, string error) = await Run(arguments, settings);

        Assert.StartsWith($"agentworkflow: {start}", error, StringComparison.Ordinal);
        Assert.Equal(1, error.Count(c => c == '\n'));
        Assert.Empty(output);
        Assert.Equal(exitCode, actual);
    }

    [Fact]
    public async Task Wrong_Usage_Is_One_Line_And_Exit_Code_2()
    {
        await Refuses(2, "'generat' is no command here; did you mean 'generate'? See 'agentworkflow --help'.", ["generat"]);
        await Refuses(2, "there is no option '--vrbose', did you mean '--verbose'?", ["generate", "--vrbose"]);
        await Refuses(2, "give one of IDEA.md, --idea TEXT and --retry RUN.", ["generate"]);
        await Refuses(2, "Required argument missing for option: '--retry'.", ["generate", "--retry"]);
        await Refuses(2, "--retry takes a value, not '--json'.", ["generate", "--retry", "--json"]);
        await Refuses(2, "--input takes key=value, not 'stack'.", ["generate", "--idea", "x", "--input", "stack"]);
        await Refuses(2, "the agent 'openai' is not in this version; there is offline.", ["generate", "--idea", "x", "--agent", "openai"]);
        await Refuses(2, "Argument 'rar' not recognized. Must be one of: 'zip', 'tar', 'tar.gz'. See 'agentworkflow export --help'.", ["export", "a/b", "--format", "rar"]);
    }

    [Fact]
    public async Task Wrong_Settings_Are_One_Line_And_Exit_Code_1()
    {
        await Refuses(1, "AW2501 the setting 'Sandbox__Provder' is unknown", ["generate", "--idea", "x"], ("Sandbox__Provder", "none"));
        await Refuses(1, "AW2507 Sandbox__Install__Files takes absolute paths.", ["generate", "--idea", "x"], ("Sandbox__Install__Files__0", "here"));
        await Refuses(1, "AW2514 ConnectionStrings__Default is no PostgreSQL", ["steps"], ("Database__Provider", "PostgreSql"), ("ConnectionStrings__Default", "Password=p;;="));
        await Refuses(1, "AW2547 'http://0.0.0.0:0' can be reached", ["serve", "--urls", "http://0.0.0.0:0"]);
        await File.WriteAllTextAsync(Path.Combine(_folder, "file"), "", TestContext.Current.CancellationToken);
        await Refuses(1, "AW2522 The data directory '", ["export", "a/b", "--format", "zip"], ("DataDirectory", "file"));
    }

    [Fact]
    public async Task A_Damaged_Database_Is_Told_And_Left_As_It_Is()
    {
        string database = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName, "agentworkflow.db");
        await File.WriteAllTextAsync(database, new string('x', 8192), TestContext.Current.CancellationToken);

        await Refuses(1, "AW2524 The database file in '", ["generate", "--idea", "x"]);
        Assert.Equal(8192, new FileInfo(database).Length);
    }

    [Fact]
    public async Task Commands_That_Keep_Nothing_Leave_Nothing_Behind()
    {
        Assert.Equal(0, (await Run(["steps"])).ExitCode);
        Assert.Equal(0, (await Run(["schema"])).ExitCode);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public async Task A_Token_Is_Printed_Once_And_Alone()
    {
        (int exitCode, string token, string error) = await Run(["token", "create", "--name", "t", "--role", "viewer", "--repo", "ideas/*"]);
        (_, string listed, _) = await Run(["token", "list"]);

        Assert.Equal(0, exitCode);
        Assert.Matches("\\Aagw_[0-9a-z]{58}\n\\z", token);
        Assert.EndsWith("It is not shown again.\n", error, StringComparison.Ordinal);
        Assert.Contains("viewer    ideas/*  until ", listed, StringComparison.Ordinal);
        Assert.DoesNotContain(token.Trim(), listed, StringComparison.Ordinal);
        await Refuses(1, "AW2614 there is no token 'none'", ["token", "revoke", "none"]);
        await Refuses(1, "AW2613 A token lives 1 to 90 days, not 91.", ["token", "create", "--name", "t", "--role", "viewer", "--expires", "91"]);
    }

    [Fact]
    public async Task Json_Is_One_Object_Also_When_No_Run_Came_About()
    {
        (int exitCode, string output, string error) = await Run(["generate", "nowhere.md", "--json"]);

        Assert.Equal(1, exitCode);
        JsonNode run = JsonNode.Parse(output)!["run"]!;
        Assert.Equal("failed", run["status"]!.ToString());
        Assert.StartsWith("AW2505 there is no file 'nowhere.md'", run["reason"]!.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("agentworkflow: AW2505 ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_Stack_Trace_Comes_With_Verbose_Alone()
    {
        (_, _, string error) = await Run(["generate", "nowhere.md", "--verbose"]);

        Assert.Contains("   at AgentWorkflow.Bot.", error, StringComparison.Ordinal);
    }
}
