using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

using AgentWorkflow.Rig.Faults;
using AgentWorkflow.Rig.Journal;

using Microsoft.AspNetCore.Http;

namespace AgentWorkflow.Rig.Serving;

/// <summary>What every API request goes through: journal, limits, faults, identity, the work, ETag, reply.</summary>
internal sealed class ApiPipeline(IForgeWorld world, Lock gate, ForgeJournal journal, FaultBook faults, LimitBook limits, IDialect dialect)
{
    /// <summary>The status of an answer to what no client may ask.</summary>
    public const int Unplanned = 599;

    private const int Summarised = 2000;

    /// <summary>Serves one request of the forge's programming interface.</summary>
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
            End(exchange, status);
        }
    }

    private void End(Exchange exchange, int status) =>
        journal.End(exchange.Sequence, r => r with { Method = exchange.Method, Path = exchange.Target, Operation = exchange.Operation, Caller = exchange.CallerName, Body = exchange.Summary, Status = status, Fault = exchange.Fault });

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
        try
        {
            await ReadAsync(context, exchange);
        }
        catch (JsonException)
        {
            journal.Violation($"{exchange.Method} {exchange.Target}: the body is no JSON");
            return await ReplyAsync(context, exchange, dialect.Error(400, "Problems parsing JSON"));
        }

        Func<Answer> work = dialect.Prepare(context, exchange);
        Answer? refusal;
        lock (gate)
        {
            refusal = dialect.Identify(context, exchange);
        }

        LimitBook.Standing standing = limits.Enter(exchange.CallerName, exchange.Writes);
        bool free = false;
        try
        {
            dialect.Headers(context.Response.Headers, exchange, standing);
            return await WorkAsync(context, exchange, standing, refusal is null ? work : () => refusal, value => free = value);
        }
        finally
        {
            limits.Leave(exchange.CallerName, free);
        }
    }

    private async Task<int> WorkAsync(HttpContext context, Exchange exchange, LimitBook.Standing standing, Func<Answer> work, Action<bool> costsNothing)
    {
        if (standing.ForbiddenUntil is { } until)
        {
            journal.Violation($"{exchange.Method} {exchange.Target}: {exchange.CallerName} asked {(until - world.Time.GetUtcNow()).TotalSeconds:0.00} s before it may");
            return await ReplyAsync(context, exchange, Limited(context, exchange, until, primary: false, status: 0));
        }

        IReadOnlyList<Fault> now = faults.Take(exchange.Names);
        exchange.Fault = now.Count == 0 ? null : string.Join(", ", now.Select(f => f.Kind));
        if (standing.Exhausted)
        {
            return await ReplyAsync(context, exchange, Limited(context, exchange, standing.Reset, primary: true, status: 0));
        }

        foreach (Fault fault in now)
        {
            switch (fault.Kind)
            {
                case FaultKind.DropRequest:
                    End(exchange, 0);
                    context.Abort();
                    return 0;
                case FaultKind.Answer:
                    return await ReplyAsync(context, exchange, fault.Body is null ? dialect.Error(fault.Status, fault.Message) : new Answer(fault.Status, fault.Body.DeepClone()));
                case FaultKind.PrimaryLimit:
                    return await ReplyAsync(context, exchange, Limited(context, exchange, WholeSecond(world.Time.GetUtcNow() + fault.Wait), primary: true, status: 0));
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
            End(exchange, 0);
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
                // A route that breaks is a fault of the double: the test must see it, and not as something that the forge says.
                journal.Violation($"the double broke: {e}");
                return dialect.Error(Unplanned, $"The double broke: {e.Message}");
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
        limits.Forbid(exchange.CallerName, until);
        return dialect.Limited(exchange, context.Response.Headers, until, primary, status);
    }

    private async Task<int> ReplyAsync(HttpContext context, Exchange exchange, Answer answer)
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

        // Who has the answer may look into the journal at once.
        End(exchange, status);
        if (bytes is not null && status is not (304 or 204))
        {
            context.Response.ContentType = answer.Headers.GetValueOrDefault("Content-Type") ?? (answer.Raw is null ? "application/json; charset=utf-8" : dialect.RawType);
            context.Response.ContentLength = bytes.Length;
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        }

        return status;
    }
}
