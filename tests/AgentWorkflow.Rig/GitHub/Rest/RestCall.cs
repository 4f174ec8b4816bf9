using System.Globalization;
using System.Text.Json.Nodes;

using AgentWorkflow.Rig.Contract;
using AgentWorkflow.Rig.GitHub.World;
using AgentWorkflow.Rig.Serving;

using Microsoft.AspNetCore.Http;

namespace AgentWorkflow.Rig.GitHub.Rest;

/// <summary>One checked call of an operation.</summary>
internal sealed record RestCall(GitHubWorld World, Shapes Shapes, Operation Operation, IReadOnlyDictionary<string, string> Path, IQueryCollection Query, JsonObject Body, Caller Caller)
{
    private ForgeRepository? _repository;

    /// <summary>The repository of the path; routes with <c>{owner}/{repo}</c> are only called with one.</summary>
    public ForgeRepository Repository
    {
        get => _repository ?? throw new InvalidOperationException($"{Operation.Name} has no repository.");
        init => _repository = value;
    }

    /// <summary>Whether bytes are wanted instead of JSON.</summary>
    public bool Raw { get; init; }

    /// <summary>Who acts: an installation's token acts as the app's account.</summary>
    public Account Actor => Caller.App?.Bot ?? World.Bot;

    public string this[string name] => Path[name];

    public long Number(string name) => long.TryParse(Path[name], NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : -1;

    public string? Text(string name) => Body[name]?.GetValue<string>();

    public IReadOnlyList<string> Texts(string name) => Body[name] is JsonArray list ? [.. list.Select(t => t is JsonObject o ? o["name"]!.GetValue<string>() : t!.GetValue<string>())] : [];

    /// <summary>One page of a list, with its Link header.</summary>
    public Answer Page<T>(IEnumerable<T> items, Func<T, JsonNode> shape, Func<JsonArray, JsonNode>? wrap = null)
    {
        List<T> all = [.. items];
        int size = Math.Clamp(Ask("per_page", 30), 1, 100);
        int page = Math.Max(1, Ask("page", 1));
        JsonArray body = new([.. all.Skip((page - 1) * size).Take(size).Select(shape)]);
        Answer answer = Answer.Ok(wrap is null ? body : wrap(body));
        int last = (all.Count + size - 1) / size;
        if (last > 1)
        {
            List<string> links = [];
            if (page > 1)
            {
                links.Add($"<{Address(page - 1)}>; rel=\"prev\"");
            }

            if (page < last)
            {
                links.Add($"<{Address(page + 1)}>; rel=\"next\"");
                links.Add($"<{Address(last)}>; rel=\"last\"");
            }

            if (page > 1)
            {
                links.Add($"<{Address(1)}>; rel=\"first\"");
            }

            answer.Headers["Link"] = string.Join(", ", links);
        }

        return answer;
    }

    public int Ask(string name, int otherwise) => int.TryParse(Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : otherwise;

    // GitHub's links name the repository by its number: a client follows them, it does not build them.
    private string Address(int page)
    {
        string path = Path.Aggregate(Operation.Template, (p, v) => p.Replace("{" + v.Key + "}", Uri.EscapeDataString(v.Value), StringComparison.Ordinal));
        path = _repository is null ? path : $"/repositories/{_repository.Id}/{string.Join('/', path.Split('/').Skip(4))}";
        IEnumerable<string> others = Query.Where(q => q.Key is not "page").Select(q => $"{Uri.EscapeDataString(q.Key)}={Uri.EscapeDataString(q.Value.ToString())}");
        return $"{Shapes.Api}{path}?{string.Join('&', others.Append($"page={page}"))}";
    }
}
