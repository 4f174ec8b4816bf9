using System.Text;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Forges.Local;
using AgentWorkflow.Bot.Triggers;
using AgentWorkflow.Bot.Web.Access;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Identity;

using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentWorkflow.Bot.Web.Api;

/// <summary>Workflows: the built-in ones, those of a repository of the Local forge, and texts that are to become one.</summary>
internal static class WorkflowRoutes
{
    private const string UsualPath = "workflow.yml";

    /// <summary>Maps them.</summary>
    public static void MapWorkflows(this IEndpointRouteBuilder routes)
    {
        routes.Map(ApiTable.ListWorkflows, ListAsync);
        routes.Map(ApiTable.GetWorkflow, GetAsync);
        routes.Map(ApiTable.ValidateWorkflow, Validate);
        routes.Map(ApiTable.StartRun, StartRunRoute.StartAsync);
    }

    private static async Task<Results<Ok<Page<WorkflowLine>>, ProblemHttpResult>> ListAsync(
        WorkflowCatalog catalog, IEnumerable<IForge> forges, HttpContext context, string? repository, CancellationToken cancellationToken)
    {
        (IReadOnlyList<SourcedWorkflow>? found, ProblemHttpResult? problem) = await ReadAsync(catalog, forges, Caller.Of(context), repository, cancellationToken);
        return found is null ? problem ?? Problems.NotFound("repository") : TypedResults.Ok(new Page<WorkflowLine>([.. found.Select(WorkflowLine.Of)], Next: null));
    }

    private static async Task<Results<Ok<WorkflowDetails>, ProblemHttpResult>> GetAsync(
        string name, WorkflowCatalog catalog, IEnumerable<IForge> forges, HttpContext context, string? repository, CancellationToken cancellationToken)
    {
        (IReadOnlyList<SourcedWorkflow>? found, ProblemHttpResult? problem) = await ReadAsync(catalog, forges, Caller.Of(context), repository, cancellationToken);
        return found is null ? problem ?? Problems.NotFound("repository")
            : found.FirstOrDefault(w => w.Workflow.Name == name) is { } workflow ? TypedResults.Ok(WorkflowDetails.Of(workflow))
            : Problems.Of(StatusCodes.Status404NotFound, "AW2627", $"There is no workflow '{name}'; there are {string.Join(", ", found.Select(w => w.Workflow.Name))}.");
    }

    private static Ok<Validation> Validate(WorkflowText text, WorkflowParser parser)
    {
        WorkflowParse parse = parser.Parse(string.IsNullOrEmpty(text.Path) ? UsualPath : text.Path, Encoding.UTF8.GetBytes(text.Content));
        return TypedResults.Ok(new Validation(parse.Workflow is not null, [.. parse.Diagnostics.Select(Remark.Of)]));
    }

    /// <summary>What there is, without what stands behind words of the bot's own; or why nobody can tell.</summary>
    private static async Task<(IReadOnlyList<SourcedWorkflow>? Found, ProblemHttpResult? Problem)> ReadAsync(
        WorkflowCatalog catalog, IEnumerable<IForge> forges, Caller caller, string? repository, CancellationToken cancellationToken)
    {
        IForge forge = forges.First(f => f.Name == LocalForge.ForgeName);
        IReadOnlyList<RepositoryFile> files = [];
        if (repository is not null)
        {
            if (!RepoRef.TryParse(repository, out RepoRef? wanted))
            {
                return (null, Problems.Of(StatusCodes.Status400BadRequest, "AW2624", $"'{repository}' is no repository like owner/name.", "repository"));
            }

            if (!caller.Sees(forge.Name, repository) || await forge.Reader.ReadTriggerAsync(wanted, new TriggerQuery(Issue: null), cancellationToken) is not { } facts)
            {
                return (null, Problems.NotFound("repository on the Local forge"));
            }

            files = facts.WorkflowFiles;
        }

        return ([.. catalog.Read(files).Workflows.Where(w => !BuiltIn.IsInternal(w.Workflow))], null);
    }
}

/// <summary>A workflow in a list.</summary>
/// <param name="Id">Its name, which is its id in its repository.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does.</param>
/// <param name="BuiltIn">True where it ships with the bot.</param>
/// <param name="Manual">True where <c>startRun</c> may start it.</param>
internal sealed record WorkflowLine(string Id, string Name, string? Description, bool BuiltIn, bool Manual)
{
    /// <summary>Reads it.</summary>
    public static WorkflowLine Of(SourcedWorkflow source) =>
        new(source.Workflow.Name, source.Workflow.Name, source.Workflow.Description, source.IsBuiltIn, source.Workflow.On.Manual);
}

/// <summary>A workflow to look at.</summary>
/// <param name="Id">Its name, which is its id in its repository.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does.</param>
/// <param name="BuiltIn">True where it ships with the bot.</param>
/// <param name="Manual">True where <c>startRun</c> may start it.</param>
/// <param name="Path">Its file.</param>
/// <param name="Inputs">What a run may be given.</param>
/// <param name="Steps">Its steps, in file order.</param>
/// <param name="Content">The file's text.</param>
internal sealed record WorkflowDetails(
    string Id, string Name, string? Description, bool BuiltIn, bool Manual, string Path, IReadOnlyList<InputDetails> Inputs, IReadOnlyList<StepLine> Steps, string Content)
{
    /// <summary>Reads it.</summary>
    public static WorkflowDetails Of(SourcedWorkflow source) => new(
        source.Workflow.Name,
        source.Workflow.Name,
        source.Workflow.Description,
        source.IsBuiltIn,
        source.Workflow.On.Manual,
        source.Workflow.Path,
        [.. source.Workflow.Inputs.Select(i => new InputDetails(i.Name, i.Type, i.Description, i.Required, i.Default?.DeepClone(), i.Options))],
        [.. source.Workflow.Steps.Select(s => new StepLine(s.Id, s.Uses, s.Needs))],
        Encoding.UTF8.GetString(source.Text));
}

/// <summary>An input of a workflow.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">string, number, boolean or choice.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Required">True where a run needs it.</param>
/// <param name="Default">Its value where none is given.</param>
/// <param name="Options">The choices.</param>
internal sealed record InputDetails(string Name, string Type, string? Description, bool Required, JsonNode? Default, IReadOnlyList<string> Options);

/// <summary>A step of a workflow.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Uses">Its type.</param>
/// <param name="Needs">The steps it waits for.</param>
internal sealed record StepLine(string Id, string Uses, IReadOnlyList<string> Needs);

/// <summary>The text of a workflow file.</summary>
/// <param name="Content">YAML.</param>
/// <param name="Path">What the file is to be called in remarks.</param>
internal sealed record WorkflowText(string Content, string? Path = null);

/// <summary>What was found in a workflow file.</summary>
/// <param name="Valid">True where it can be run.</param>
/// <param name="Diagnostics">What is wrong or odd, in the order of the file.</param>
internal sealed record Validation(bool Valid, IReadOnlyList<Remark> Diagnostics);

/// <summary>A remark on a workflow file.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Severity">error or warning.</param>
/// <param name="Code">The stable code.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Suggestion">The nearest valid name.</param>
internal sealed record Remark(string File, int Line, int Column, string Severity, string Code, string Message, string? Suggestion)
{
    /// <summary>Reads it.</summary>
    public static Remark Of(Diagnostic diagnostic) => new(
        diagnostic.File, diagnostic.Line, diagnostic.Column, Word.Of(diagnostic.Severity), diagnostic.Code, diagnostic.Message, diagnostic.Suggestion);
}
