using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

using AgentWorkflow.Rig.Faults;
using AgentWorkflow.Rig.GitHub.GraphQl;
using AgentWorkflow.Rig.GitHub.Rest;
using AgentWorkflow.Rig.GitHub.World;
using AgentWorkflow.Rig.Journal;

using Microsoft.AspNetCore.Http;

namespace AgentWorkflow.Rig.GitHub;

/// <summary>What every API request goes through: journal, limits, faults, identity, the work, ETag, reply.</summary>
internal sealed class ApiPipeline(GitHubWorld world, Lock gate, ForgeJournal journal, FaultBook faults, LimitBook limits, Gatekeeper gatekeeper, RestEndpoint rest, GraphQlEndpoint graphQl)
{
    private const int Summarised = 2000;

    /// <summary>Serves one request of the REST or GraphQL interface.</summary>
    public async Task ServeAsync(HttpContext context, string target)
    {
        Exchange exchange = new() { Sequence = journal.Begin(), Method = context.Request.Method, Target = target };
        int status = 0;
        try
        {
            status = await ServeAsync(context, exchange);
        }
        finally
        {
            journal.End(exchange.Sequence, r => r with { Method = exchange.Method, Path = exchange.Target, Operation = exchange.Operation, Caller = exchange.Caller.Name, Body = exchange.Summary, Status = status, Fault = exchange.Fault });
        }
    }

    private static bool IsGraphQl(string path) => path is "/api/graphql" or "/graphql";

    private static async Task ReadAsync(HttpContext context, Exchange exchange)
    {
        using MemoryStream bytes = new();
        await context.Request.Body.CopyToAsync(bytes, context.RequestAborted);
        exchange.HasBody = bytes.Length > 0;
        if (exchange.HasBody)
        {
            exchange.Body = JsonNode.Parse(bytes.ToArray());
            string text = Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)Math.Min(bytes.Length, Summarised));
            exchange.Summary = text;
        }
    }

    private async Task<int> ServeAsync(HttpContext context, Exchange exchange)
    {
        string path = exchange.Target.Split('?')[0];
        try
        {
            await ReadAsync(context, exchange);
        }
        catch (JsonException)
        {
            journal.Violation($"{exchange.Method} {exchange.Target}: the body is no JSON");
            return await ReplyAsync(context, exchange, Answer.Error(400, "Problems parsing JSON"));
        }

        Func<Answer> work = IsGraphQl(path) ? graphQl.Prepare(exchange) : rest.Prepare(context, exchange, path.StartsWith("/api/v3", StringComparison.Ordinal) ? path["/api/v3".Length..] : path);
        Answer? refusal;
        lock (gate)
        {
            (exchange.Caller, refusal) = gatekeeper.Identify(context.Request.Headers.Authorization.ToString());
        }

        if (context.Request.Headers.UserAgent.Count == 0)
        {
            journal.Violation($"{exchange.Method} {exchange.Target}: no User-Agent");
            refusal = Answer.Error(403, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header");
        }

        LimitBook.Standing standing = limits.Enter(exchange.Caller.Name, exchange.Writes);
        bool free = false;
        try
        {
            Headers(context, exchange, standing);
            return await WorkAsync(context, exchange, standing, refusal is null ? work : () => refusal, value => free = value);
        }
        finally
        {
            limits.Leave(exchange.Caller.Name, free);
        }
    }

    private async Task<int> WorkAsync(HttpContext context, Exchange exchange, LimitBook.Standing standing, Func<Answer> work, Action<bool> costsNothing)
    {
        if (standing.ForbiddenUntil is { } until)
        {
            journal.Violation($"{exchange.Method} {exchange.Target}: {exchange.Caller.Name} asked {(until - world.Time.GetUtcNow()).TotalSeconds:0.00} s before it may");
            return await ReplyAsync(context, exchange, Limited(context, exchange, until, primary: false, status: 403));
        }

        IReadOnlyList<Fault> now = faults.Take(exchange.Names);
        exchange.Fault = now.Count == 0 ? null : string.Join(", ", now.Select(f => f.Kind));
        if (standing.Exhausted)
        {
            return await ReplyAsync(context, exchange, Limited(context, exchange, standing.Reset, primary: true, status: 403));
        }

        foreach (Fault fault in now)
        {
            switch (fault.Kind)
            {
                case FaultKind.DropRequest:
                    context.Abort();
                    return 0;
                case FaultKind.Answer:
                    return await ReplyAsync(context, exchange, fault.Body is null ? Answer.Error(fault.Status, fault.Message) : new Answer(fault.Status, fault.Body.DeepClone()));
                case FaultKind.PrimaryLimit:
                    return await ReplyAsync(context, exchange, Limited(context, exchange, WholeSecond(world.Time.GetUtcNow() + fault.Wait), primary: true, status: 403));
                case FaultKind.SecondaryLimit:
                    return await ReplyAsync(context, exchange, Limited(context, exchange, world.Time.GetUtcNow() + fault.Wait, primary: false, fault.Status));
            }
        }

        Answer answer = Run(now, work);
        foreach (Fault late in now.Where(f => f.Kind == FaultKind.Delay))
        {
            await Task.Delay(late.Wait, world.Time, context.RequestAborted);
        }

        if (now.Any(f => f.Kind == FaultKind.DropReply))
        {
            context.Abort();
            return 0;
        }

        int status = await ReplyAsync(context, exchange, answer);
        costsNothing(status == 304);
        return status;
    }

    private Answer Run(IReadOnlyList<Fault> now, Func<Answer> work)
    {
        lock (gate)
        {
            foreach (Fault fault in now.Where(f => f.Kind == FaultKind.Before))
            {
                fault.Then?.Invoke(world);
            }

            world.HiddenReads = now.Where(f => f.Kind == FaultKind.Stale).Sum(f => f.Reads);
            try
            {
                return work();
            }
            catch (Exception e)
            {
                // A route that breaks is a fault of the double: the test must see it, and not as something that GitHub says.
                journal.Violation($"the double broke: {e}");
                return Answer.Error(RestEndpoint.Unplanned, $"The double broke: {e.Message}");
            }
            finally
            {
                world.HiddenReads = 0;
                foreach (Fault fault in now.Where(f => f.Kind == FaultKind.After))
                {
                    fault.Then?.Invoke(world);
                }
            }
        }
    }

    private static DateTimeOffset WholeSecond(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds() + 1);

    private Answer Limited(HttpContext context, Exchange exchange, DateTimeOffset until, bool primary, int status)
    {
        limits.Forbid(exchange.Caller.Name, until);
        if (primary)
        {
            context.Response.Headers["X-RateLimit-Remaining"] = "0";
            context.Response.Headers["X-RateLimit-Reset"] = $"{until.ToUnixTimeSeconds()}";
            string message = $"API rate limit exceeded for {exchange.Caller.Name}.";
            return exchange.Names.Contains("POST /graphql")
                ? Answer.Ok(new JsonObject { ["errors"] = new JsonArray(new JsonObject { ["type"] = "RATE_LIMITED", ["message"] = message }) })
                : Answer.Error(status, message);
        }

        double wait = Math.Max(1, Math.Ceiling((until - world.Time.GetUtcNow()).TotalSeconds));
        return Answer.Error(status, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.") with { Headers = new(StringComparer.OrdinalIgnoreCase) { ["Retry-After"] = $"{wait}" } };
    }

    private static void Headers(HttpContext context, Exchange exchange, LimitBook.Standing standing)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers["X-GitHub-Request-Id"] = $"0000:00000:{exchange.Sequence:X7}:0000000:00000000";
        headers["X-GitHub-Media-Type"] = "github.v3; format=json";
        headers["X-RateLimit-Limit"] = $"{standing.Limit}";
        headers["X-RateLimit-Remaining"] = $"{standing.Remaining}";
        headers["X-RateLimit-Used"] = $"{standing.Limit - standing.Remaining}";
        headers["X-RateLimit-Reset"] = $"{standing.Reset.ToUnixTimeSeconds()}";
        headers["X-RateLimit-Resource"] = exchange.Names.Contains("POST /graphql") ? "graphql" : "core";
    }

    private static async Task<int> ReplyAsync(HttpContext context, Exchange exchange, Answer answer)
    {
        foreach ((string name, string value) in answer.Headers)
        {
            context.Response.Headers[name] = value;
        }

        byte[]? bytes = answer.Raw ?? (answer.Body is null ? null : JsonSerializer.SerializeToUtf8Bytes(answer.Body));
        int status = answer.Status;
        if (exchange.Method == "GET" && status == 200 && bytes is not null)
        {
            string tag = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(bytes))}\"";
            context.Response.Headers.ETag = tag;
            status = context.Request.Headers.IfNoneMatch.Contains(tag) ? 304 : 200;
        }

        context.Response.StatusCode = status;
        if (bytes is not null && status is not (304 or 204))
        {
            context.Response.ContentType = answer.Raw is null ? "application/json; charset=utf-8" : "application/vnd.github.raw; charset=utf-8";
            context.Response.ContentLength = bytes.Length;
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        }

        return status;
    }
}
