using System.Collections.Immutable;
using System.Text;

using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Guards;

/// <summary>
/// The paths of a tree, so that no two of them fall together on a system that ignores case, width or dots at the end, and
/// none is a file here and a folder there (promise P69). Not thread-safe.
/// </summary>
internal sealed class PathCollisions
{
    private ImmutableDictionary<string, Place> _places = ImmutableDictionary.Create<string, Place>(StringComparer.Ordinal);

    /// <summary>Takes the paths that are there already, whatever they are.</summary>
    public PathCollisions(IEnumerable<RepoPath> existing)
    {
        ImmutableDictionary<string, Place>.Builder places = _places.ToBuilder();
        foreach (RepoPath path in existing)
        {
            Add(places, path);
        }

        _places = places.ToImmutable();
    }

    private PathCollisions(ImmutableDictionary<string, Place> places) => _places = places;

    /// <summary>The same paths, to try changes on.</summary>
    public PathCollisions Copy() => new(_places);

    /// <summary>What every spelling of the same place has in common.</summary>
    public static string Fold(string path)
    {
        if (!Ascii.IsValid(path))
        {
            path = UnicodeForms.Compose(FoldCase(UnicodeForms.Decompose(path, compatible: true)), compatible: true);
        }

        path = FoldCase(path);
        return path.Contains("./", StringComparison.Ordinal) || path.Contains(" /", StringComparison.Ordinal) || path[^1] is '.' or ' '
            ? string.Join('/', path.Split('/').Select(p => p.TrimEnd('.', ' ')))
            : path;
    }

    /// <summary>Adds a path, also one that collides with what is there.</summary>
    public void Add(RepoPath path)
    {
        ImmutableDictionary<string, Place>.Builder places = _places.ToBuilder();
        Add(places, path);
        _places = places.ToImmutable();
    }

    /// <summary>Takes a path out.</summary>
    public void Remove(RepoPath path)
    {
        foreach ((string place, _) in Places(path))
        {
            string key = Fold(place);
            if (_places.TryGetValue(key, out Place? known))
            {
                _places = known.Count > 1 ? _places.SetItem(key, known with { Count = known.Count - 1 }) : _places.Remove(key);
            }
        }
    }

    /// <summary>What the path falls together with, in words without a full stop; null when it has its place for itself.</summary>
    public string? Check(RepoPath path)
    {
        foreach ((string place, bool isFile) in Places(path))
        {
            if (!_places.TryGetValue(Fold(place), out Place? known))
            {
                continue;
            }

            if (known.IsFile != isFile)
            {
                return isFile ? $"it is a folder, '{known.Spelling}'" : $"'{known.Spelling}' is a file, not a folder";
            }

            if (!string.Equals(known.Spelling, place, StringComparison.Ordinal))
            {
                return $"some systems take it for '{known.Spelling}'";
            }
        }

        return null;
    }

    private static void Add(ImmutableDictionary<string, Place>.Builder places, RepoPath path)
    {
        foreach ((string place, bool isFile) in Places(path))
        {
            string key = Fold(place);
            places[key] = places.TryGetValue(key, out Place? known) ? known with { Count = known.Count + 1 } : new Place(place, isFile, 1);
        }
    }

    private static IEnumerable<(string Place, bool IsFile)> Places(RepoPath path)
    {
        for (int slash = path.Value.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.Value.IndexOf('/', slash + 1))
        {
            yield return (path.Value[..slash], false);
        }

        yield return (path.Value, true);
    }

    // Up and down, because some pairs meet only there; the four that meet in more than one character by name.
    private static string FoldCase(string text)
    {
        string folded = text.ToUpperInvariant().ToLowerInvariant();
        return Ascii.IsValid(folded) ? folded
            : folded.Replace("\u00DF", "ss", StringComparison.Ordinal).Replace('\u03C2', '\u03C3').Replace('\u017F', 's')
                .Replace("\u0130", "i\u0307", StringComparison.Ordinal).Replace('\u0345', '\u03B9');
    }

    private sealed record Place(string Spelling, bool IsFile, int Count);
}
