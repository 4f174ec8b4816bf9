using AgentWorkflow.Engine.Definition;

namespace AgentWorkflow.Bot.Projects.Templating;

/// <summary>Turns a folder into a template: all diagnostics in one pass, no template without a right manifest.</summary>
internal static class TemplateParser
{
    private static readonly string[] Parts = ["scaffold", "code", "tests", "docs", "ci"];
    private static readonly string[] Keys = ["name", "description", "toolchains", "files", "install", "verify", "reports", "start"];
    private static readonly string[] FileKeys = ["from", "to", "part", "for", "if", "when-exists", "executable"];

    /// <summary>Reads the manifest. Contents of files are not looked at.</summary>
    /// <param name="folder">The template's files.</param>
    /// <param name="origin">Who wrote it.</param>
    /// <param name="place">The folder's place for diagnostics; empty for paths inside the folder.</param>
    public static TemplateReading Parse(TemplateFolder folder, TemplateOrigin origin, string place = "")
    {
        string file = place.Length == 0 ? TemplateFolder.ManifestName : $"{place}/{TemplateFolder.ManifestName}";
        var reading = new Reading(folder, file);
        if (!folder.Files.TryGetValue(TemplateFolder.ManifestName, out ReadOnlyMemory<byte> content))
        {
            reading.Add(new ManifestScalar("", Plain: true, 1, 1), "AW1501", $"The template '{folder.Name}' has no {TemplateFolder.ManifestName}; add one.");
            return new TemplateReading(null, reading.Problems);
        }

        ManifestNode? root = ManifestNode.Read(file, content.Span, reading.Problems);
        if (root is null || reading.Map(root, "the manifest", Keys) is not { } map)
        {
            return new TemplateReading(null, reading.Problems);
        }

        Template template = Read(reading, map, origin);
        return new TemplateReading(reading.Problems.Exists(p => p.Severity == Severity.Error) ? null : template, reading.Problems);
    }

    /// <summary>A folder without a manifest as a template: every file once, at its own place without <c>.sbn</c>.</summary>
    public static Template Plain(TemplateFolder folder) => new()
    {
        Name = folder.Name,
        Description = "",
        Origin = TemplateOrigin.BuiltIn,
        Toolchains = [],
        Files = [.. folder.Files.Keys.Select(path => new TemplateFile(
            path, new TemplateText(path.EndsWith(".sbn", StringComparison.Ordinal) ? path[..^4] : path, 1, 1), Parts[0], null, null, WhenExists.Skip, Executable: false))],
        Install = [],
        Verify = [],
        Reports = [],
        Folder = folder,
    };

    private static Template Read(Reading reading, ManifestMap map, TemplateOrigin origin)
    {
        ManifestScalar? name = reading.Required(map, "name");
        if (name is not null && !string.Equals(name.Text, reading.Folder.Name, StringComparison.Ordinal))
        {
            reading.Add(name, "AW1503", $"'name' is '{name.Text}' but the folder is '{reading.Folder.Name}'; they must be the same.");
        }

        return new Template
        {
            Name = reading.Folder.Name,
            Description = reading.Optional(map, "description")?.Text ?? "",
            Origin = origin,
            Toolchains = [.. reading.Texts(map, "toolchains").Select(t => t.Text)],
            Files = [.. reading.List(map, "files", required: true).Select(node => ReadFile(reading, node)).OfType<TemplateFile>()],
            Install = reading.Commands(map, "install"),
            Verify = reading.Commands(map, "verify"),
            Reports = reading.Texts(map, "reports"),
            Start = reading.Texts(map, "start"),
            Folder = reading.Folder,
        };
    }

    private static TemplateFile? ReadFile(Reading reading, ManifestNode node)
    {
        if (reading.Map(node, "a file", FileKeys) is not { } map
            || reading.Required(map, "from") is not { } from
            || reading.Required(map, "to") is not { } to)
        {
            return null;
        }

        if (!reading.Folder.Files.ContainsKey(from.Text))
        {
            reading.Add(from, "AW1504", $"The template has no file '{from.Text}'.", Names.Nearest(from.Text, reading.Folder.Files.Keys));
        }

        string part = reading.Choice(map, "part", Parts);
        string exists = reading.Choice(map, "when-exists", ["skip", "append", "replace", "fail"]);
        string executable = reading.Choice(map, "executable", ["false", "true"]);
        return new TemplateFile(
            from.Text, Text(to), part, Text(reading.Optional(map, "for")), Text(reading.Optional(map, "if")),
            Enum.Parse<WhenExists>(exists, ignoreCase: true), executable == "true");
    }

    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(node))]
    private static TemplateText? Text(ManifestScalar? node) => node is null ? null : new TemplateText(node.Text, node.Line, node.Column);

    private sealed class Reading(TemplateFolder folder, string file)
    {
        public TemplateFolder Folder { get; } = folder;

        public List<Diagnostic> Problems { get; } = [];

        public void Add(ManifestNode at, string code, string message, string? nearest = null) =>
            Problems.Add(new Diagnostic(file, at.Line, at.Column, Severity.Error, code, message, nearest));

        public ManifestMap? Map(ManifestNode node, string what, string[] keys)
        {
            if (node is not ManifestMap map)
            {
                Add(node, "AW1503", $"Here {what} is expected, with keys like '{keys[0]}'.");
                return null;
            }

            foreach ((ManifestScalar key, _) in map.Entries.Where(e => !keys.Contains(e.Key.Text, StringComparer.Ordinal)))
            {
                Add(key, "AW1502", $"'{key.Text}' is not a key of {what}; there are {string.Join(", ", keys)}.", Names.Nearest(key.Text, keys));
            }

            return map;
        }

        public ManifestScalar? Optional(ManifestMap map, string key)
        {
            ManifestNode? node = map.Entries.FirstOrDefault(e => e.Key.Text == key).Value;
            if (node is not null and not ManifestScalar)
            {
                Add(node, "AW1503", $"'{key}' is a text.");
            }

            return node as ManifestScalar;
        }

        public ManifestScalar? Required(ManifestMap map, string key)
        {
            ManifestScalar? scalar = Optional(map, key);
            if (!map.Entries.Any(e => e.Key.Text == key))
            {
                Add(map, "AW1503", $"'{key}' is missing.");
            }
            else if (scalar is { Text: "" })
            {
                Add(scalar, "AW1503", $"'{key}' is empty.");
            }

            return scalar;
        }

        public string Choice(ManifestMap map, string key, string[] choices)
        {
            ManifestScalar? scalar = Optional(map, key);
            if (scalar is null || choices.Contains(scalar.Text, StringComparer.Ordinal))
            {
                return scalar?.Text ?? choices[0];
            }

            Add(scalar, "AW1503", $"'{key}' is {string.Join(", ", choices.SkipLast(1))} or {choices[^1]}, not '{scalar.Text}'.", Names.Nearest(scalar.Text, choices));
            return choices[0];
        }

        public IReadOnlyList<ManifestNode> List(ManifestMap map, string key, bool required = false)
        {
            ManifestNode? node = map.Entries.FirstOrDefault(e => e.Key.Text == key).Value;
            if (node is not ManifestList && (node is not null || required))
            {
                Add(node ?? map, "AW1503", node is null ? $"'{key}' is missing." : $"'{key}' is a list.");
            }

            return (node as ManifestList)?.Items ?? [];
        }

        public IReadOnlyList<TemplateText> Texts(ManifestMap map, string key) => [.. List(map, key).Select(node => One(node, key)).OfType<TemplateText>()];

        public List<IReadOnlyList<TemplateText>> Commands(ManifestMap map, string key)
        {
            var commands = new List<IReadOnlyList<TemplateText>>();
            foreach (ManifestNode node in List(map, key))
            {
                if (node is ManifestList { Items.Count: > 0 } list)
                {
                    commands.Add([.. list.Items.Select(item => One(item, key)).OfType<TemplateText>()]);
                }
                else
                {
                    Add(node, "AW1503", $"'{key}' is a list of argument lists, like [[npm, ci]].");
                }
            }

            return commands;
        }

        private TemplateText? One(ManifestNode node, string key)
        {
            if (node is ManifestScalar scalar)
            {
                return Text(scalar);
            }

            Add(node, "AW1503", $"'{key}' holds texts.");
            return null;
        }
    }
}
