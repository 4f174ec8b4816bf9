using System.Text.Json;
using System.Text.Json.Nodes;

using Microsoft.AspNetCore.Http;

namespace AgentWorkflow.Rig.Control;

/// <summary>
/// The double's own interface under <c>/_rig/</c> for scripts: <c>GET /_rig/journal</c>, <c>/_rig/deliveries</c>, <c>/_rig/state</c>,
/// and <c>POST /_rig/VERB</c> with a JSON object for everything that people do (<see cref="VerbBook{TWorld}"/>).
/// </summary>
internal sealed class ControlRoutes(IVerbs verbs)
{
    /// <summary>Serves one request.</summary>
    public async Task ServeAsync(HttpContext context, string[] parts)
    {
        string what = parts.Length > 2 ? parts[2] : "";
        try
        {
            JsonNode? answer;
            if (context.Request.Method == "GET")
            {
                answer = verbs.Read(what);
            }
            else
            {
                using StreamReader reader = new(context.Request.Body);
                string text = await reader.ReadToEndAsync(context.RequestAborted);
                JsonNode? body = text.Length == 0 ? null : JsonNode.Parse(text);
                answer = what == "release" ? await ReleaseAsync(context) : verbs.Run(what, body as JsonObject ?? []);
            }

            context.Response.StatusCode = answer is null ? 404 : 200;
            await Results.Json(answer ?? new JsonObject { ["message"] = $"There is no '{what}'. There are: {string.Join(", ", verbs.Names)}" }, statusCode: context.Response.StatusCode).ExecuteAsync(context);
        }
        catch (Exception e) when (e is KeyNotFoundException or JsonException or ArgumentException or InvalidOperationException or FormatException)
        {
            context.Response.StatusCode = 400;
            await Results.Json(new JsonObject { ["message"] = e.Message }, statusCode: 400).ExecuteAsync(context);
        }
    }

    private async Task<JsonNode> ReleaseAsync(HttpContext context)
    {
        await verbs.ReleaseAsync(context.RequestAborted);
        return new JsonObject();
    }
}
