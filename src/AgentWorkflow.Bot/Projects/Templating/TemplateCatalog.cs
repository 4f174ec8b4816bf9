using System.Collections.Frozen;
using System.Reflection;

using AgentWorkflow.Bot.Projects.Stacks;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Projects.Templating;

/// <summary>Finds templates by name: built-in ones, and those of the repository's default branch.</summary>
internal sealed class TemplateCatalog(IContentStore contents, IEnumerable<IStack> stacks)
{
    /// <summary>Where a repository keeps its templates.</summary>
    public const string RepositoryFolder = ".agentworkflow/templates";

    private const string ResourcePrefix = "templates/";
    private const long MaxTemplateBytes = 10 << 20;
    private const int MaxTemplateFiles = 1_000;
    private static readonly Lazy<FrozenDictionary<string, Template>> Embedded = new(ReadEmbedded);
    private readonly FrozenDictionary<string, IStack> _stacks = stacks.ToFrozenDictionary(s => s.Name, StringComparer.Ordinal);

    /// <summary>The names of the built-in templates, sorted.</summary>
    public static IReadOnlyList<string> BuiltInNames => [.. Embedded.Value.Keys.Order(StringComparer.Ordinal)];

    /// <summary>A built-in template, or null.</summary>
    public static Template? BuiltIn(string name) => Embedded.Value.GetValueOrDefault(name);

    /// <summary>The stack that builds the model of a built-in template, or null.</summary>
    public IStack? Stack(Template template) => template.Origin == TemplateOrigin.BuiltIn ? _stacks.GetValueOrDefault(template.Name) : null;

    /// <summary>Finds a template, or says why not.</summary>
    /// <param name="name">The name.</param>
    /// <param name="baseTree">The repository's files at the base commit, never what a step wrote.</param>
    /// <param name="cancellationToken">Ends reading.</param>
    public async Task<TemplateReading> FindAsync(string name, WorkspaceTree baseTree, CancellationToken cancellationToken)
    {
        string place = $"{RepositoryFolder}/{name}";
        List<(string Inner, FileEntry Entry)> own =
            [.. baseTree.Files.Where(f => f.Key.Value.StartsWith(place + "/", StringComparison.Ordinal)).Select(f => (f.Key.Value[(place.Length + 1)..], f.Value))];
        if (BuiltIn(name) is { } builtIn)
        {
            return own.Count == 0 ? new TemplateReading(builtIn, []) : Refuse(place, $"'{name}' is the name of a built-in template; give the repository's own another one.");
        }

        if (own.Count == 0 || name.Contains('/', StringComparison.Ordinal))
        {
            return Unknown(name, baseTree);
        }

        if (own.Count > MaxTemplateFiles || own.Sum(f => f.Entry.Size) > MaxTemplateBytes)
        {
            return Refuse(place, $"The template has more than {MaxTemplateFiles} files or {MaxTemplateBytes} bytes.");
        }

        var files = new List<KeyValuePair<string, ReadOnlyMemory<byte>>>();
        foreach ((string inner, FileEntry entry) in own)
        {
            await using Stream stream = contents.OpenRead(entry.Sha256);
            byte[] content = new byte[entry.Size];
            await stream.ReadExactlyAsync(content, cancellationToken);
            files.Add(KeyValuePair.Create(inner, new ReadOnlyMemory<byte>(content)));
        }

        return TemplateParser.Parse(new TemplateFolder(name, files), TemplateOrigin.Repository, place);
    }

    /// <summary>All names that a workflow on that tree can use, sorted.</summary>
    public static IReadOnlyList<string> NamesIn(WorkspaceTree baseTree) =>
        [.. baseTree.Files.Keys.Select(OwnName).OfType<string>().Concat(Embedded.Value.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static string? OwnName(RepoPath path) =>
        path.Value.StartsWith(RepositoryFolder + "/", StringComparison.Ordinal) && path.Value.EndsWith("/" + TemplateFolder.ManifestName, StringComparison.Ordinal)
        && path.Value[(RepositoryFolder.Length + 1)..].Split('/') is [var name, _] ? name : null;

    private static TemplateReading Unknown(string name, WorkspaceTree baseTree)
    {
        IReadOnlyList<string> names = NamesIn(baseTree);
        string all = names.Count == 0 ? "there are none" : $"there are {string.Join(", ", names)}";
        return new TemplateReading(null, [new Diagnostic(RepositoryFolder, 1, 1, Severity.Error, "AW1510", $"There is no template '{name}'; {all}.", Names.Nearest(name, names))]);
    }

    private static TemplateReading Refuse(string place, string message) => new(null, [new Diagnostic(place, 1, 1, Severity.Error, "AW1510", message)]);

    private static FrozenDictionary<string, Template> ReadEmbedded()
    {
        Assembly assembly = typeof(TemplateCatalog).Assembly;
        var found = new Dictionary<string, Template>(StringComparer.Ordinal);
        IEnumerable<IGrouping<string, string>> folders = assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(ResourcePrefix, StringComparison.Ordinal) && n.AsSpan(ResourcePrefix.Length).Contains('/'))
            .GroupBy(n => n[ResourcePrefix.Length..n.IndexOf('/', ResourcePrefix.Length)], StringComparer.Ordinal);
        foreach (IGrouping<string, string> folder in folders)
        {
            int skip = ResourcePrefix.Length + folder.Key.Length + 1;
            var files = new TemplateFolder(folder.Key, folder.Select(n => KeyValuePair.Create(n[skip..], ReadResource(assembly, n))));
            TemplateReading reading = TemplateParser.Parse(files, TemplateOrigin.BuiltIn, $"built-in/{folder.Key}");
            found.Add(folder.Key, reading.Template ?? throw new InvalidDataException(string.Join(Environment.NewLine, reading.Problems)));
        }

        return found.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static ReadOnlyMemory<byte> ReadResource(Assembly assembly, string name)
    {
        using Stream stream = assembly.GetManifestResourceStream(name) ?? throw new InvalidDataException($"The resource '{name}' is missing.");
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
