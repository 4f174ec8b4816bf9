using System.Globalization;
using System.Text.Json.Nodes;

using AgentWorkflow.Rig.Contract;
using AgentWorkflow.Rig.GitLab.World;
using AgentWorkflow.Rig.Serving;

using Microsoft.AspNetCore.Http;

namespace AgentWorkflow.Rig.GitLab.Rest;

/// <summary>One checked call of an operation.</summary>
internal sealed record RestCall(GitLabWorld World, Shapes Shapes, Operation Operation, IReadOnlyDictionary<string, string> Path, IQueryCollection Query, JsonObject Body, Caller Caller)
{
    private Project? _project;

    /// <summary>The project of the path; routes below <c>/projects/{id}</c> are only called with one.</summary>
    public Project Project
    {
        get => _project ?? throw new InvalidOperationException($"{Operation.Name} has no project.");
        init => _project = value;
    }

    /// <summary>Who acts; routes for anybody do not ask.</summary>
    public Account Actor => Caller.Token?.User ?? throw new InvalidOperationException($"{Operation.Name} needs a user.");

    public string this[string name] => Path[name];

    public long Number(string name) => long.TryParse(Path[name], NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : -1;

    public string? Text(string name) => Body[name]?.ToString();

    public bool Flag(string name, bool otherwise = false) => Body[name]?.GetValue<bool>() ?? otherwise;

    public long? Long(string name) => Body[name]?.GetValue<long>();

    /// <summary>A list, or words between commas; null where there is none.</summary>
    public IReadOnlyList<string>? Texts(string name) => Body[name] switch
    {
        null => null,
        JsonArray list => [.. list.Select(t => t!.ToString())],
        var text => [.. text.ToString().Split(',').Select(t => t.Trim()).Where(t => t.Length > 0)],
    };

    public string? Asked(string name) => Query.TryGetValue(name, out Microsoft.Extensions.Primitives.StringValues value) && value.ToString() is { Length: > 0 } text ? text : null;

    /// <summary>Whether a parameter says yes, in any of the spellings that GitLab takes.</summary>
    public bool Yes(string name) => Asked(name)?.ToUpperInvariant() is "TRUE" or "T" or "1" or "YES" or "ON";

    public int Ask(string name, int otherwise) => int.TryParse(Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : otherwise;

    /// <summary>Sorts by what <c>order_by</c> and <c>sort</c> ask for.</summary>
    public IEnumerable<T> Sorted<T>(IEnumerable<T> items, Func<T, DateTimeOffset> created, Func<T, DateTimeOffset> updated, Func<T, long> number)
    {
        Func<T, DateTimeOffset> key = Asked("order_by") == "updated_at" ? updated : created;
        return Asked("sort") == "asc" ? items.OrderBy(key).ThenBy(number) : items.OrderByDescending(key).ThenByDescending(number);
    }

    /// <summary>One page of a list, with the headers that lead on.</summary>
    public Answer Page<T>(IEnumerable<T> items, Func<T, JsonNode> shape, int most = 100)
    {
        List<T> all = [.. items];
        int size = Math.Clamp(Ask("per_page", 20), 1, most);
        int page = Math.Max(1, Ask("page", 1));
        int last = Math.Max(1, (all.Count + size - 1) / size);
        Answer answer = Answer.Ok(new JsonArray([.. all.Skip((page - 1) * size).Take(size).Select(shape)]));
        answer.Headers["X-Page"] = $"{page}";
        answer.Headers["X-Per-Page"] = $"{size}";
        answer.Headers["X-Next-Page"] = page < last ? $"{page + 1}" : "";
        answer.Headers["X-Prev-Page"] = page > 1 ? $"{page - 1}" : "";
        answer.Headers["X-Total"] = $"{all.Count}";
        answer.Headers["X-Total-Pages"] = $"{last}";
        List<string> links = [];
        if (page > 1)
        {
            links.Add($"<{Address(("page", $"{page - 1}"))}>; rel=\"prev\"");
        }

        if (page < last)
        {
            links.Add($"<{Address(("page", $"{page + 1}"))}>; rel=\"next\"");
        }

        links.Add($"<{Address(("page", "1"))}>; rel=\"first\"");
        links.Add($"<{Address(("page", $"{last}"))}>; rel=\"last\"");
        answer.Headers["Link"] = string.Join(", ", links);
        return answer;
    }

    /// <summary>This call's address with one parameter changed.</summary>
    public string Address((string Name, string Value) other)
    {
        string path = Path.Aggregate(Operation.Template, (p, v) => p.Replace("{" + v.Key + "}", Uri.EscapeDataString(v.Value), StringComparison.Ordinal));
        IEnumerable<string> others = Query.Where(q => q.Key != other.Name).Select(q => $"{Uri.EscapeDataString(q.Key)}={Uri.EscapeDataString(q.Value.ToString())}");
        return $"{Shapes.Web}{path}?{string.Join('&', others.Append($"{other.Name}={other.Value}"))}";
    }
}
