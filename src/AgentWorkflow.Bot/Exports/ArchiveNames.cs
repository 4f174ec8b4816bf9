using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Exports;

/// <summary>What may stand in an archive: names that every system can unpack beside each other, and that no import would refuse (promises P68, P69, P74).</summary>
internal static class ArchiveNames
{
    /// <summary>Why the archive is not written, in words without a full stop; null when nothing is wrong.</summary>
    public static string? Refusal(PublishArchive effect) =>
        ArchiveFormat.Find(effect.Format) is not { } format ? $"there is no archive format '{effect.Format}'; there are {string.Join(", ", ArchiveFormat.All)}"
        : OfPart(NameOf(effect, format)) ?? OfPart(effect.RootFolder) ?? (effect.Tree.Files.Count == 0 ? "there are no files" : OfFiles(effect));

    /// <summary>The archive's name without its format.</summary>
    public static string NameOf(PublishArchive effect, ArchiveFormat format) =>
        effect.FileName.EndsWith("." + format, StringComparison.Ordinal) ? effect.FileName[..^(format.Name.Length + 1)] : effect.FileName;

    private static string? OfPart(string part) =>
        !RepoPath.TryParse(part, out _, out string? rule) ? $"'{part}' cannot be the name of an archive: {rule}"
        : part.Contains('/') ? $"'{part}' cannot be the name of an archive: it is a path"
        : null;

    private static string? OfFiles(PublishArchive effect)
    {
        PathCollisions places = new([]);
        foreach (RepoPath path in effect.Tree.Files.Keys)
        {
            if (!RepoPath.TryParse($"{effect.RootFolder}/{path}", out _, out string? rule))
            {
                return $"'{path}' cannot stand in an archive under '{effect.RootFolder}': {rule}";
            }

            if (places.Check(path) is { } other)
            {
                return $"'{path}' cannot stand in an archive: {other}";
            }

            places.Add(path);
        }

        return null;
    }
}
