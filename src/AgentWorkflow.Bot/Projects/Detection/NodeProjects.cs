using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentWorkflow.Bot.Projects.Detection;

/// <summary>Finds packages with a script that tests them.</summary>
internal static partial class NodeProjects
{
    /// <summary>Its name.</summary>
    public const string Stack = "Node.js";

    private const string Manifest = "package.json";
    private const string Report = "agentworkflow-junit.xml";
    private const string Unset = "no test specified";
    private static readonly JsonDocumentOptions Json = new() { MaxDepth = 64, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>One project a package; the members of a workspace belong to its root where that one is tested.</summary>
    public static IEnumerable<FoundProject> Find(SurveyedFiles files)
    {
        List<string> whole = [];
        foreach (string folder in files.FoldersWith(n => n == Manifest))
        {
            if (whole.Exists(w => SurveyedFiles.IsIn(folder, w)))
            {
                continue;
            }

            Package package = Read(files, SurveyedFiles.Join(folder, Manifest));
            FoundProject found = In(files, folder, package);
            if (package.HasWorkspaces && found.Test.Count > 0)
            {
                whole.Add(folder);
            }

            yield return found;
        }
    }

    private static FoundProject In(SurveyedFiles files, string folder, Package package)
    {
        bool Has(string name) => files.Has(SurveyedFiles.Join(folder, name)) || files.Has(name);
        string manager = Has("pnpm-lock.yaml") ? "pnpm" : Has("yarn.lock") ? "yarn" : "npm";
        bool locked = manager != "npm" || Has("package-lock.json") || Has("npm-shrinkwrap.json");
        FoundProject found = new(Stack, folder, package.Why)
        {
            Confidence = package.Test is null ? Confidence.Guessed : Confidence.Said,
            Install = !package.HasDependencies ? [] : [manager switch
            {
                "npm" when locked => ["npm", "ci", "--no-audit", "--no-fund"],
                "npm" => ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund"],
                _ => [manager, "install", "--frozen-lockfile"],
            }],
            Toolchains = manager == "npm" ? ["node", "npm"] : ["node", manager],
        };
        string[] build = [manager, "run", "build"];
        if (package.Test is not { } script)
        {
            return package.HasBuild ? found with { Test = [build], Why = $"{package.Why}; it has no tests, so its build is what can be checked" } : found;
        }

        (IReadOnlyList<string> test, string? report) = package.HasHooks ? ([manager, "test"], null) : TestOf(script, manager, package);
        bool builds = package.HasBuild && files.CiTexts.Values.Any(t => t.Contains($"{manager} run build", StringComparison.Ordinal));
        return found with
        {
            Test = builds ? [build, test] : [test],
            Reports = report is null ? [] : [SurveyedFiles.Join(folder, report)],
        };
    }

    // A runner that can write a report is asked for one; whatever else the script is runs as it is written.
    private static (IReadOnlyList<string> Test, string? Report) TestOf(string script, string manager, Package package)
    {
        string[] words = PlainWords().IsMatch(script) ? script.Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];
        string[] npx = ["npx", "--no-install"];
        return words switch
        {
            ["node", "--test", ..] when words.FirstOrDefault(w => w.StartsWith("--test-reporter-destination=", StringComparison.Ordinal) && w.EndsWith(".xml", StringComparison.Ordinal)) is { } said =>
                (words, said[(said.IndexOf('=') + 1)..]),
            ["node", "--test", ..] when !words.Any(w => w.StartsWith("--test-reporter", StringComparison.Ordinal)) =>
                (["node", "--test", "--test-reporter=spec", "--test-reporter-destination=stdout", "--test-reporter=junit", $"--test-reporter-destination={Report}", .. words[2..]], Report),
            ["vitest", ..] => ([.. npx, "vitest", "run", "--reporter=default", "--reporter=junit", $"--outputFile.junit={Report}", .. words[1..].Where(w => w != "run")], Report),
            ["mocha", ..] when !words.Contains("--reporter") && !words.Contains("-R") =>
                ([.. npx, "mocha", .. words[1..], "--reporter", "xunit", "--reporter-option", $"output={Report}"], Report),
            ["jest", ..] when package.HasJestJunit => ([.. npx, "jest", .. words[1..], "--reporters=default", "--reporters=jest-junit"], "junit.xml"),
            _ => ([manager, "test"], null),
        };
    }

    private static Package Read(SurveyedFiles files, string path)
    {
        if (files.Text(path) is not { } text)
        {
            return new Package { Why = $"{path}, which could not be read" };
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(text.TrimStart('\ufeff'), Json);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new JsonException("it is not an object");
            }

            string? test = Text(root, "scripts", "test");
            test = test is null || test.Contains(Unset, StringComparison.Ordinal) ? null : test.Trim();
            string node = Text(root, "engines", "node") is { Length: > 0 and < 40 } engine ? $" (Node {engine})" : "";
            return new Package
            {
                Test = string.IsNullOrEmpty(test) ? null : test,
                HasBuild = Text(root, "scripts", "build") is { Length: > 0 },
                HasHooks = Text(root, "scripts", "pretest") is not null || Text(root, "scripts", "posttest") is not null,
                HasDependencies = Members(root, "dependencies") + Members(root, "devDependencies") + Members(root, "optionalDependencies") > 0 || root.TryGetProperty("workspaces", out _),
                HasWorkspaces = root.TryGetProperty("workspaces", out _),
                HasJestJunit = Text(root, "devDependencies", "jest-junit") is not null,
                Why = $"{path}{node} {(string.IsNullOrEmpty(test) ? "without a script that tests it" : "with the script 'test'")}",
            };
        }
        catch (Exception broken) when (broken is JsonException or ArgumentException or InvalidOperationException)
        {
            files.Note($"{path} is not the JSON of a package, so it is not known how it is tested.");
            return new Package { Why = $"{path}, which is not the JSON of a package" };
        }
    }

    // A text with half a character in it is none.
    private static string? Text(JsonElement root, string group, string name)
    {
        try
        {
            return root.TryGetProperty(group, out JsonElement members) && members.ValueKind == JsonValueKind.Object
                && members.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static int Members(JsonElement root, string group) =>
        root.TryGetProperty(group, out JsonElement members) && members.ValueKind == JsonValueKind.Object ? members.EnumerateObject().Count() : 0;

    [GeneratedRegex(@"\A[\w@%+=:,./ -]{1,1000}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PlainWords();

    private sealed record Package
    {
        public string? Test { get; init; }

        public bool HasBuild { get; init; }

        public bool HasHooks { get; init; }

        public bool HasDependencies { get; init; }

        public bool HasWorkspaces { get; init; }

        public bool HasJestJunit { get; init; }

        public required string Why { get; init; }
    }
}
