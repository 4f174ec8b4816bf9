using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

using AgentWorkflow.Bot.Forges.GitHub.Access;

namespace AgentWorkflow.Bot.Forges.GitHub.Http;

/// <summary>GraphQL over the same requests.</summary>
internal sealed class GitHubGraphQl(GitHubHttp http)
{
    /// <summary>Asks, or changes something. What is missing is null in the answer; every other error is thrown.</summary>
    public async Task<T> SendAsync<T>(GitHubAccess access, GraphQlQuery query, JsonTypeInfo<T> type, bool isChange, string what, CancellationToken cancellationToken)
        where T : class
    {
        GitHubRequest request = GitHubRequest.GraphQl(query, GraphQlJson.Default.GraphQlQuery, isChange, what);
        GitHubAnswer answer = await http.SendAsync(access, request, cancellationToken);
        GraphQlAnswer said = answer.Read(GraphQlJson.Default.GraphQlAnswer);
        GraphQlError? error = said.Errors?.FirstOrDefault(e => isChange || e.Type != "NOT_FOUND");
        if (error is not null || said.Data is not { ValueKind: JsonValueKind.Object } data)
        {
            throw Faults.Refused(request, access, error ?? new GraphQlError(null, "no data"));
        }

        return (answer with { Body = JsonSerializer.SerializeToUtf8Bytes(data, GraphQlJson.Default.JsonElement) }).Read(type);
    }
}
