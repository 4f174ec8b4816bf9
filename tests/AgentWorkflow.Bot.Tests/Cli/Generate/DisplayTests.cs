using AgentWorkflow.Bot.Cli.Generate;
using AgentWorkflow.Engine.Execution;

using Microsoft.Extensions.Time.Testing;

using Spectre.Console;

using LiveDisplay = AgentWorkflow.Bot.Cli.Generate.LiveDisplay;

namespace AgentWorkflow.Bot.Tests.Cli.Generate;

public sealed class DisplayTests : IDisposable
{
    private static readonly RunHeading Heading = new() { Idea = "idea.md", Repository = "ideas/library" };
    private readonly StringWriter _written = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => _written.Dispose();

    private RunState Run(params StepState[] steps) => new() { Status = RunStatus.Running, Steps = [.. steps] };

    private StepState Step(string id, StepStatus status, string? note = null) =>
        new() { Key = id, StepId = id, Status = status, Note = note, StartedAt = _time.GetUtcNow(), FinishedAt = status == StepStatus.Running ? null : _time.GetUtcNow() };

    [Fact]
    public void Piped_It_Prints_Each_Step_Once_When_It_Is_Over()
    {
        using PlainDisplay display = new(_written, verbose: false);
        display.Begin(Heading);
        display.Moved(Run(Step("scaffold", StepStatus.Running), Step("verify", StepStatus.Pending)));
        display.Progressed("scaffold", "at work");
        display.Logged("scaffold", "noise");
        display.Moved(Run(Step("scaffold", StepStatus.Succeeded, "24 files"), Step("verify", StepStatus.Running)));
        display.Moved(Run(Step("scaffold", StepStatus.Succeeded, "24 files"), Step("verify", StepStatus.Succeeded, "41 tests passed")));

        string[] lines = [.. _written.ToString().Split('\n').Where(l => l.StartsWith("  ✓", StringComparison.Ordinal))];
        Assert.Equal(["  ✓ scaffold         0.0 s   24 files", "  ✓ verify           0.0 s   41 tests passed"], lines);
        Assert.DoesNotContain("noise", _written.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Verbose_It_Prints_What_Steps_Write_Without_Control_Characters()
    {
        using PlainDisplay display = new(_written, verbose: true);
        display.Logged("verify", "\u001b[31mred\u001b[0m");

        Assert.Equal("    verify | red\n", _written.ToString());
    }

    [Fact]
    public void Live_It_Shows_A_Spinner_The_Time_And_What_A_Step_Does_And_Never_Wraps()
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes, Out = new AnsiConsoleOutput(_written) });
        console.Profile.Width = 44;
        console.Profile.Capabilities.Unicode = true;
        using (LiveDisplay display = new(console, _time))
        {
            display.Begin(Heading);
            display.Moved(Run(Step("scaffold", StepStatus.Succeeded, "24 files"), Step("verify", StepStatus.Running), Step("publish", StepStatus.Pending)));
            display.Progressed("verify", "dotnet test --no-restore  (sandbox: bubblewrap, no network)");
            _time.Advance(TimeSpan.FromSeconds(11.4));
        }

        string last = _written.ToString();
        Assert.Contains("  ✓ scaffold         0.0 s   24 files", last, StringComparison.Ordinal);
        Assert.Contains("  ⠋ verify          11.4 s   dotnet test -…", last, StringComparison.Ordinal);
        Assert.Contains("  · publish", last, StringComparison.Ordinal);
        Assert.EndsWith("\u001b[?25h", last, StringComparison.Ordinal);
    }
}
