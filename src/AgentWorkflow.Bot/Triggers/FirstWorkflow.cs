using System.Text;

using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Triggers;

/// <summary>The file that <c>/generate init</c> proposes: the built-in workflow, set to what this repository is made of, with what was found on top.</summary>
internal static class FirstWorkflow
{
    private const string DefaultStack = "dotnet-webapi";

    private static readonly (string Ending, string What, string Stack, string Commands)[] Signs =
    [
        (".sln", "a .NET solution", "dotnet-webapi", "dotnet restore, dotnet test"),
        (".slnx", "a .NET solution", "dotnet-webapi", "dotnet restore, dotnet test"),
        (".csproj", "a .NET project", "dotnet-webapi", "dotnet restore, dotnet test"),
        ("package.json", "a Node.js package", "node-api", "npm ci, npm test"),
        ("pyproject.toml", "a Python project", "python-api", "pip install, pytest"),
        ("requirements.txt", "a Python project", "python-api", "pip install, pytest"),
        ("go.mod", "a Go module", "", "go test ./..."),
        ("Cargo.toml", "a Rust crate", "", "cargo test"),
        ("Makefile", "a Makefile", "", "make test"),
    ];

    /// <summary>The file's text.</summary>
    /// <param name="files">The repository's files.</param>
    /// <param name="builtIn">The built-in workflow.</param>
    public static string Compose(WorkspaceTree files, string builtIn)
    {
        List<(string What, string Where, string Stack, string Commands)> found =
            [.. Signs.Select(s => (s.What, Where: Nearest(files, s.Ending), s.Stack, s.Commands)).Where(s => s.Where is not null).Select(s => (s.What, s.Where ?? "", s.Stack, s.Commands)).DistinctBy(s => s.What)];
        string stack = found.Select(f => f.Stack).FirstOrDefault(s => s.Length > 0) ?? DefaultStack;
        StringBuilder text = new();
        text.Append("# The first workflow of this repository. Merge it to start with it, close the pull request to refuse it.\n#\n# Found here:\n");
        foreach ((string what, string where, _, string commands) in found.Take(6))
        {
            text.Append("#   ").Append(what).Append(" (").Append(where).Append("); usual commands: ").Append(commands).Append('\n');
        }

        text.Append(found.Count == 0 ? "#   no project yet\n" : "");
        text.Append("# What happens once it is merged: the comment /generate or the label 'generate' on an issue starts a run. It reads the\n");
        text.Append("# issue, generates a ").Append(stack).Append(" service from it, builds and tests it, and opens a pull request. Nothing else is changed.\n");
        return text.Append(Body(builtIn).Replace($"default: {DefaultStack}", $"default: {stack}", StringComparison.Ordinal)).ToString();
    }

    // The built-in file's own comment speaks of itself.
    private static string Body(string builtIn) => string.Join('\n', builtIn.Split('\n').SkipWhile(line => line.StartsWith('#')));

    /// <summary>The path nearest to the root; only names that can stand in a comment.</summary>
    private static string? Nearest(WorkspaceTree files, string ending) => files.Files.Keys.Select(p => p.Value)
        .Where(p => (ending[0] == '.' ? p.EndsWith(ending, StringComparison.Ordinal) : p == ending || p.EndsWith("/" + ending, StringComparison.Ordinal)) && p.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_'))
        .OrderBy(p => p.Count(c => c == '/')).ThenBy(p => p, StringComparer.Ordinal).FirstOrDefault();
}
