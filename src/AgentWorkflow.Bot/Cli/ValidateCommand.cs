using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;

using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Cli;

/// <summary><c>validate PATH... [--format text|json]</c>: checks workflow files. Exit 0 valid, 1 not, 2 wrong usage.</summary>
internal static class ValidateCommand
{
    // One byte more than the language allows is enough to see that a file is too large.
    private const int MostBytes = (1024 * 1024) + 1;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Makes the command.</summary>
    public static Command Create(Func<StepRegistry> steps)
    {
        Argument<string[]> paths = new("path") { Arity = ArgumentArity.OneOrMore, Description = "Workflow files, or folders with *.yml and *.yaml." };
        Option<string> format = new("--format") { DefaultValueFactory = _ => "text", Description = "text or json." };
        format.AcceptOnlyFromAmong("text", "json");
        Command command = new("validate", "Checks workflow files and names every mistake with file, line and column.") { paths, format };
        command.SetAction(async (result, cancellationToken) => await RunAsync(
            steps(),
            result.GetValue(paths) ?? [],
            result.GetValue(format) == "json",
            result.InvocationConfiguration.Output,
            result.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        StepRegistry steps, IReadOnlyList<string> paths, bool asJson, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        List<string> files = [];
        foreach (string path in paths)
        {
            string[] found = Directory.Exists(path)
                ? [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(IsWorkflowFile).Order(StringComparer.Ordinal)]
                : File.Exists(path) ? [path] : [];
            if (found.Length == 0)
            {
                await error.WriteLineAsync($"error AW2550: '{path}' is neither a file nor a folder with *.yml files; name a workflow file.");
                return 2;
            }

            files.AddRange(found);
        }

        List<Diagnostic> diagnostics = [];
        List<Workflow> valid = [];
        WorkflowParser parser = new(steps);
        foreach (string file in files.Distinct(StringComparer.Ordinal))
        {
            WorkflowParse parse = await ParseAsync(parser, file, cancellationToken);
            diagnostics.AddRange(parse.Diagnostics);
            valid.AddRange(parse.Workflow is { } workflow ? [workflow] : []);
        }

        // Files of one folder are one repository's workflows.
        diagnostics.AddRange(valid.GroupBy(w => Path.GetDirectoryName(Path.GetFullPath(w.Path)), StringComparer.Ordinal).SelectMany(WorkflowSet.Check));
        await (asJson ? WriteJsonAsync(diagnostics, output) : WriteTextAsync(diagnostics, files.Count, output));
        return diagnostics.Any(d => d.Severity == Severity.Error) ? 1 : 0;
    }

    private static bool IsWorkflowFile(string path) => Path.GetExtension(path) is ".yml" or ".yaml";

    private static async Task<WorkflowParse> ParseAsync(WorkflowParser parser, string file, CancellationToken cancellationToken)
    {
        try
        {
            await using FileStream stream = File.OpenRead(file);
            byte[] bytes = new byte[MostBytes];
            int length = await stream.ReadAtLeastAsync(bytes, MostBytes, throwOnEndOfStream: false, cancellationToken);
            return parser.Parse(file, bytes.AsMemory(0, length));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new WorkflowParse(null, [new Diagnostic(file, 1, 1, Severity.Error, "AW2551", $"the file cannot be read: {e.Message}")]);
        }
    }

    private static async Task WriteTextAsync(List<Diagnostic> diagnostics, int files, TextWriter output)
    {
        foreach (Diagnostic diagnostic in diagnostics)
        {
            await output.WriteLineAsync(diagnostic.ToString());
        }

        int errors = diagnostics.Count(d => d.Severity == Severity.Error);
        await output.WriteLineAsync($"{Count(files, "file")}: {(errors == 0 ? "valid" : Count(errors, "error"))}{(diagnostics.Count > errors ? $", {Count(diagnostics.Count - errors, "warning")}" : "")}");
    }

    private static Task WriteJsonAsync(List<Diagnostic> diagnostics, TextWriter output) =>
        output.WriteLineAsync(JsonSerializer.Serialize(
            diagnostics.Select(d => new { d.File, d.Line, d.Column, Severity = d.Severity == Severity.Error ? "error" : "warning", d.Code, d.Message, d.Suggestion }), Json));

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
