using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentWorkflow.Rig.Contract;

/// <summary>One operation of an OpenAPI description.</summary>
/// <param name="Method">The method in capitals.</param>
/// <param name="Template">The path with <c>{names}</c>.</param>
/// <param name="Definition">The operation as it stands in the description.</param>
internal sealed record Operation(string Method, string Template, JsonElement Definition)
{
    // Names that hold slashes.
    private static readonly string[] Greedy = ["ref", "branch", "basehead"];

    private readonly Regex _shape = new($"^{string.Concat(Template.Split('/').Skip(1).Select(Part))}$", RegexOptions.None, TimeSpan.FromSeconds(1));

    /// <summary>Method and template: how faults and the journal name it.</summary>
    public string Name => $"{Method} {Template}";

    /// <summary>More literal segments come first.</summary>
    public int Weight => Template.Split('/').Sum(s => s.StartsWith('{') ? 0 : 1);

    /// <summary>The values of the path's names, or null where the path is another.</summary>
    public Dictionary<string, string>? Match(string path)
    {
        Match match = _shape.Match(path);
        return match.Success
            ? match.Groups.Values.Skip(1).ToDictionary(g => g.Name, g => Uri.UnescapeDataString(g.Value), StringComparer.Ordinal)
            : null;
    }

    private static string Part(string segment) => segment switch
    {
        // The root of a tree has an empty path, with or without a slash.
        "{path}" => "(?:/(?<path>.*))?",
        ['{', .. var name, '}'] => $"/(?<{name}>{(Greedy.Contains(name) ? ".+" : "[^/]+")})",
        _ => "/" + Regex.Escape(segment),
    };
}
