using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Agents;
using AgentWorkflow.Bot.Agents.Offline.Ideas;
using AgentWorkflow.Bot.Forges.Local;
using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Bot.Projects.Specification;
using AgentWorkflow.Bot.Runs;
using AgentWorkflow.Bot.Triggers;
using AgentWorkflow.Bot.Web.Access;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;

using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentWorkflow.Bot.Web.Api;

/// <summary>
/// Starts a run as the person at this machine. Elsewhere a run is started on the forge: a token does not say whose right there is
/// meant.
/// </summary>
internal static class StartRunRoute
{
    private const string Owner = "ideas";

    // Where none is named and none is made yet.
    private static readonly RepoRef s_none = RepoRef.TryParse($"{Owner}/idea", out RepoRef? none) ? none : throw new InvalidOperationException("No name for an idea.");

    /// <summary>Answers.</summary>
    public static async Task<Results<Created<RunStarted>, ProblemHttpResult>> StartAsync(
        string name, StartRun start, Starting rooms, HttpContext context, CancellationToken cancellationToken)
    {
        Caller caller = Caller.Of(context);
        ProblemHttpResult? problem = Check(start, out RepoRef repository, out Dictionary<string, string> inputs);
        if (problem is not null)
        {
            return problem;
        }

        ManualStart wanted = new(LocalForge.ForgeName, repository, start.Issue, name, inputs, LocalForge.You, CauseOf(context, caller, rooms.Random));
        if (start.Idea is not null)
        {
            (wanted, problem) = await AskForIdeaAsync(wanted, start, rooms, caller, cancellationToken);
        }
        else if (!caller.Sees(wanted.Forge, repository.ToString()))
        {
            problem = Problems.NotFound("repository on the Local forge");
        }

        return problem ?? await StartAsync(wanted, rooms, cancellationToken);
    }

    private static async Task<Results<Created<RunStarted>, ProblemHttpResult>> StartAsync(ManualStart wanted, Starting rooms, CancellationToken cancellationToken)
    {
        RunStart started = await rooms.Starts.StartAsync(wanted, cancellationToken);
        if (started.RunId is not { } id)
        {
            return Refused(started.Code, started.Refusal);
        }

        rooms.Signal.Set();
        return TypedResults.Created($"/api/v1/runs/{id}", new RunStarted(id, wanted.Repository.ToString(), wanted.Issue));
    }

    /// <summary>Writes the idea into an issue, in the repository that is named or a new one. What can be refused is refused before anything is made.</summary>
    private static async Task<(ManualStart Wanted, ProblemHttpResult? Problem)> AskForIdeaAsync(
        ManualStart wanted, StartRun start, Starting rooms, Caller caller, CancellationToken cancellationToken)
    {
        Requirements read;
        try
        {
            read = IdeaReader.Read(start.Idea ?? "", fallbackTitle: null);
        }
        catch (AgentException e)
        {
            return (wanted, Problems.Of(StatusCodes.Status422UnprocessableEntity, e.Code, e.Message, "$.idea"));
        }

        wanted = start.Repository is null && RepoRef.TryParse($"{Owner}/{read.Name}", out RepoRef? named) ? wanted with { Repository = named } : wanted;
        if (!caller.Sees(wanted.Forge, wanted.Repository.ToString()))
        {
            return (wanted, Problems.NotFound("repository on the Local forge"));
        }

        if (start.Repository is null)
        {
            // A new repository has the built-in workflows alone.
            IReadOnlyList<Workflow> workflows = [.. rooms.Catalog.BuiltIn().Select(w => w.Workflow)];
            if (ManualStarts.Decide(wanted, workflows, []) is Decision.Refuse refuse)
            {
                return (wanted, Refused(refuse.Code, refuse.Reason));
            }

            wanted = wanted with { Repository = (await rooms.Repositories.CreateAsync(wanted.Repository, read.Title, LocalForge.You, cancellationToken)).Repository };
        }

        IssueFacts issue = await rooms.People.CreateIssueAsync(wanted.Repository, LocalForge.You, read.Title, start.Idea ?? "", [], cancellationToken);
        return (wanted with { Issue = issue.Number }, null);
    }

    private static ProblemHttpResult? Check(StartRun start, out RepoRef repository, out Dictionary<string, string> inputs)
    {
        inputs = new Dictionary<string, string>(StringComparer.Ordinal);
        bool isNamed = RepoRef.TryParse(start.Repository, out RepoRef? named);
        repository = named ?? s_none;
        foreach ((string name, JsonNode? value) in start.Inputs ?? [])
        {
            if (TextOf(value) is not { } text)
            {
                return Problems.Of(StatusCodes.Status400BadRequest, "AW2628", $"The input '{name}' must be a text, a number, true or false.", $"$.inputs.{name}");
            }

            inputs[name] = text;
        }

        return start.Repository is not null && !isNamed ? Problems.Of(StatusCodes.Status400BadRequest, "AW2624", $"'{start.Repository}' is no repository like owner/name.", "$.repository")
            : start is { Repository: null, Idea: null } ? Problems.Of(StatusCodes.Status400BadRequest, "AW2629", "Say what is to be run: 'idea' with a text, or 'repository' with or without 'issue'.", "$.idea")
            : start is { Issue: not null, Idea: not null } ? Problems.Of(StatusCodes.Status400BadRequest, "AW2629", "'idea' makes an issue of its own; leave 'issue' out.", "$.issue")
            : start is { Issue: not null, Repository: null } ? Problems.Of(StatusCodes.Status400BadRequest, "AW2629", "'issue' takes 'repository' too.", "$.repository")
            : null;
    }

    private static string? TextOf(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.String => value.GetValue<string>(),
        JsonValueKind.Number => value.GetValue<decimal>().ToString(CultureInfo.InvariantCulture),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };

    /// <summary>A repeat of a request that names a key is the same cause, and so the same run.</summary>
    private static string CauseOf(HttpContext context, Caller caller, IRandomSource random) =>
        context.Request.Headers[Idempotency.Header] is [{ Length: > 0 } key] ? $"{caller.Id}/{key}" : random.NextBase32(26);

    private static ProblemHttpResult Refused(string? code, string? sentence) => Problems.Of(StatusCodes.Status422UnprocessableEntity, code ?? "AW2036", sentence ?? "Nothing was run.");
}

/// <summary>What a start takes from other rooms.</summary>
internal sealed record Starting(
    ManualStarts Starts, WorkflowCatalog Catalog, LocalRepositoryMaker Repositories, LocalPeople People, InboxSignal Signal, IRandomSource Random);

/// <summary>A run that is wanted.</summary>
/// <param name="Idea">What is to be built, as Markdown: an issue is made of it, and a repository where none is named.</param>
/// <param name="Repository">A repository of the Local forge, owner/name.</param>
/// <param name="Issue">An issue of it that holds the idea.</param>
/// <param name="Inputs">Inputs of the workflow: texts, numbers, true or false.</param>
internal sealed record StartRun(string? Idea = null, string? Repository = null, long? Issue = null, JsonObject? Inputs = null);

/// <summary>A run that was started.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Repository">Where it works.</param>
/// <param name="Issue">The issue with the idea.</param>
internal sealed record RunStarted(string Id, string Repository, long? Issue);
