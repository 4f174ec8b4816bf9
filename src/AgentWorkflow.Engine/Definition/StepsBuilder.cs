using System.Text.Json;

using AgentWorkflow.Engine.Definition.Raw;
using AgentWorkflow.Engine.Expressions;
using AgentWorkflow.Engine.Planning;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Engine.Definition;

/// <summary>Builds the steps and checks what they say of each other.</summary>
internal sealed class StepsBuilder(TemplateReader templates, DiagnosticBag diagnostics, StepRegistry registry)
{
    private readonly List<BuiltStep> _steps = [];
    private readonly Dictionary<string, StepFacts> _facts = new(StringComparer.Ordinal);

    /// <summary>Who waits for whom; there after <see cref="Build"/>.</summary>
    public StepGraph Graph { get; private set; } = new([]);

    /// <summary>What expressions may read of each step.</summary>
    public IReadOnlyDictionary<string, StepFacts> Facts => _facts;

    /// <summary>The steps in file order.</summary>
    public IReadOnlyList<Step> Build(IReadOnlyList<RawStep> raws, Permissions permissions)
    {
        HashSet<string> ids = new(raws.Select(r => r.Id?.Value).OfType<string>(), StringComparer.Ordinal);
        Dictionary<string, SourcePosition> seen = new(StringComparer.Ordinal);
        string? above = null;
        foreach (RawStep raw in raws)
        {
            if (raw.Id is { } id && !seen.TryAdd(id.Value, id.Position))
            {
                diagnostics.Error(id.Position, Codes.DuplicateStep, $"the id '{id.Value}' stands here a second time; the first is in line {seen[id.Value].Line}.");
            }

            IStepType? type = CheckType(raw, permissions);
            BuiltStep built = new(raw, type, BuildStep(raw, type, BuildNeeds(raw, above, ids)));
            _steps.Add(built);
            _facts.TryAdd(built.Step.Id, StepFacts.Of(type, raw.ForEach is not null));
            above = raw.Id?.Value ?? above;
        }

        Graph = new StepGraph(_steps.Where(s => s.Step.Id.Length > 0).Select(s => KeyValuePair.Create(s.Step.Id, s.Step.Needs)));
        CheckCycle();
        CheckWrites();
        return [.. _steps.Select(s => s.Step)];
    }

    /// <summary>The dry pass over all expressions of the steps.</summary>
    public void CheckExpressions(ExpressionCheck check)
    {
        foreach ((RawStep raw, _, Step step) in _steps)
        {
            string? id = step.Id.Length > 0 ? step.Id : null;
            string where = id is null ? "the step" : $"step '{id}'";
            Check(step.If, new ExpressionScope(where, id ?? "", raw.ForEach is not null, Status: true), check);
            Check(step.ForEach, new ExpressionScope(where, id ?? "", Item: false, Status: false), check);
            foreach (ParsedExpression expression in ((Template)step.With).Expressions)
            {
                check.Check(expression, new ExpressionScope(where, id ?? "", raw.ForEach is not null, Status: false));
            }
        }
    }

    private static void Check(Expression? expression, ExpressionScope scope, ExpressionCheck check)
    {
        IEnumerable<ParsedExpression> parsed = expression switch
        {
            ParsedExpression one => [one],
            TemplateExpression many => many.Template.Expressions,
            _ => [],
        };
        foreach (ParsedExpression one in parsed)
        {
            check.Check(one, scope);
        }
    }

    private Step BuildStep(RawStep raw, IStepType? type, IReadOnlyList<string> needs)
    {
        Template with = raw.With is { } node ? templates.Read(node) : new Template.Mapping(raw.Uses?.Position ?? raw.Position, []);
        foreach (InputProblem problem in type is null ? [] : InputContract.Check(type, with))
        {
            diagnostics.Error(problem.Position, problem.Code, problem.Message, problem.Suggestion);
        }

        if (raw is { MaxParallel: { } parallel, ForEach: null })
        {
            diagnostics.Warning(parallel.Position, Codes.NoEffect, "'max-parallel' has no effect without 'for-each'.");
        }

        return new Step
        {
            Id = raw.Id?.Value ?? "",
            Uses = raw.Uses?.Value ?? "",
            Needs = needs,
            If = raw.If is null ? null : templates.ReadCondition(raw.If),
            ForEach = raw.ForEach is null ? null : templates.ReadList(raw.ForEach),
            MaxParallel = (int)(raw.MaxParallel?.Value ?? 1),
            Timeout = raw.TimeoutMinutes is { } minutes ? TimeSpan.FromMinutes((double)minutes.Value) : null,
            Retry = raw.Retry is { } retry ? new Retry((int)(retry.Attempts?.Value ?? 1), retry.Backoff?.Value ?? TimeSpan.FromSeconds(10)) : Retry.None,
            ContinueOnError = raw.ContinueOnError?.Value ?? false,
            With = with,
            Position = raw.Position,
        };
    }

    private IReadOnlyList<string> BuildNeeds(RawStep raw, string? above, HashSet<string> ids)
    {
        if (raw.Needs is null)
        {
            return above is null || above == raw.Id?.Value ? [] : [above];
        }

        foreach (Located<string> need in raw.Needs.Items.Where(n => !ids.Contains(n.Value)))
        {
            diagnostics.Error(need.Position, Codes.UnknownNeed, $"{Where(raw)} needs '{need.Value}', which is not a step.", NearestName.Of(need.Value, ids));
        }

        return [.. raw.Needs.Items.Select(n => n.Value).Where(ids.Contains).Distinct(StringComparer.Ordinal)];
    }

    private IStepType? CheckType(RawStep raw, Permissions permissions)
    {
        if (raw.Uses is not { } uses)
        {
            return null;
        }

        if (registry.Find(uses.Value) is not { } type)
        {
            if (StepRegistry.Announced.TryGetValue(uses.Value, out string? sentence))
            {
                diagnostics.Error(uses.Position, Codes.AnnouncedStepType, $"{sentence}.");
            }
            else
            {
                diagnostics.Error(uses.Position, Codes.UnknownStepType, $"unknown step type '{uses.Value}'.", NearestName.Of(uses.Value, registry.Types.Select(t => t.Kind)));
            }

            return null;
        }

        foreach (string permission in type.Permissions.Where(p => !permissions.Allows(p)))
        {
            diagnostics.Error(uses.Position, Codes.MissingPermission, $"{Where(raw)} uses '{type.Kind}', which needs '{permission}: write' under 'permissions'.");
        }

        return type;
    }

    private void CheckCycle()
    {
        if (Graph.FindCycle() is not { Count: > 0 } cycle)
        {
            return;
        }

        RawStep first = _steps.First(s => s.Step.Id == cycle[0]).Raw;
        SourcePosition at = first.Needs?.Items.FirstOrDefault(n => n.Value == cycle[1])?.Position ?? first.Needs?.Position ?? first.Position;
        diagnostics.Error(at, Codes.Cycle, cycle.Count == 2 ? $"step '{cycle[0]}' needs itself." : $"steps wait for each other in a circle: {string.Join(" needs ", cycle)}.");
    }

    private void CheckWrites()
    {
        List<(string Id, PathGlob Glob, SourcePosition At)> writes = [.. _steps.SelectMany(WritesOf)];
        for (int i = 0; i < writes.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                (string id, PathGlob glob, SourcePosition at) = writes[i];
                if (id != writes[j].Id && Graph.MayRunTogether(writes[j].Id, id) && glob.Overlaps(writes[j].Glob))
                {
                    string other = glob == writes[j].Glob ? "too" : $"by '{writes[j].Glob}'";
                    diagnostics.Error(at, Codes.OverlappingWrites, $"'{glob}' of step '{id}' may be written by step '{writes[j].Id}' at the same time {other}; let one need the other, or keep the globs apart.");
                }
            }
        }
    }

    private IEnumerable<(string Id, PathGlob Glob, SourcePosition At)> WritesOf(BuiltStep built)
    {
        if (built.Step.With is not Template.Mapping with || with.Entries.FirstOrDefault(e => e.Name == "writes")?.Value is not { } writes)
        {
            yield break;
        }

        IEnumerable<Template> items = writes is Template.Sequence list ? list.Items : [writes];
        foreach (Template.Constant item in items.OfType<Template.Constant>().Where(c => Values.KindOf(c.Value) == JsonValueKind.String))
        {
            if (!PathGlob.TryParse(Values.TextOrNull(item.Value), out PathGlob? glob, out string? refusal))
            {
                diagnostics.Error(item.Position, Codes.BadGlob, $"{refusal}.");
            }
            else if (built.Step.Id.Length > 0)
            {
                yield return (built.Step.Id, glob, item.Position);
            }
        }
    }

    private static string Where(RawStep raw) => raw.Id is { } id ? $"step '{id.Value}'" : "the step";

    private sealed record BuiltStep(RawStep Raw, IStepType? Type, Step Step);
}
