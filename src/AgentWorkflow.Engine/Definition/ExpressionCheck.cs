using System.Text.Json;

using AgentWorkflow.Engine.Expressions;
using AgentWorkflow.Engine.Planning;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Engine.Definition;

/// <summary>What the expressions of one place may read.</summary>
/// <param name="Where">The place in words, as in "step 'verify'".</param>
/// <param name="Step">The step's id; null outside of steps.</param>
/// <param name="Item">True where <c>item</c> is bound.</param>
/// <param name="Status">True in conditions.</param>
internal sealed record ExpressionScope(string Where, string? Step, bool Item, bool Status);

/// <summary>The dry pass: finds names in expressions that cannot be there, before anything runs.</summary>
internal sealed class ExpressionCheck(
    DiagnosticBag diagnostics, StepGraph graph, IReadOnlyDictionary<string, StepFacts> steps, IReadOnlyList<string> inputs)
{
    private readonly ContextShape.Map _inputs = new(inputs.ToDictionary(i => i, _ => ContextShape.Leaf, StringComparer.Ordinal), Codes.UnknownInput);

    private readonly ContextShape.Map _steps = new(steps.ToDictionary(s => s.Key, s => s.Value.Shape, StringComparer.Ordinal), Codes.UnknownStep);

    /// <summary>Checks one expression.</summary>
    public void Check(ParsedExpression expression, ExpressionScope scope)
    {
        ShapeOf(expression.Term, expression, scope);
        if (scope.Status)
        {
            return;
        }

        foreach (Term.Call call in expression.Term.All().OfType<Term.Call>().Where(c => Functions.ByName.TryGetValue(c.Name, out Function? f) && f.OnlyInIf))
        {
            Error(expression, call, Codes.StatusOutside, $"{call.Name}() can be asked in 'if' only.");
        }
    }

    private ContextShape ShapeOf(Term term, ParsedExpression expression, ExpressionScope scope)
    {
        switch (term)
        {
            case Term.Root root:
                return RootShape(root, expression, scope);
            case Term.Member member:
                return MemberShape(member, member.Target, member.Name, expression, scope);
            case Term.Index { Key: Term.Literal { Value: { } key } } index:
                return key.GetValueKind() == JsonValueKind.String
                    ? MemberShape(index, index.Target, key.GetValue<string>(), expression, scope)
                    : ElementShape(index, expression, scope);
            case Term.Index index:
                ShapeOf(index.Key, expression, scope);
                return ElementShape(index, expression, scope);
            default:
                foreach (Term child in term.Children())
                {
                    ShapeOf(child, expression, scope);
                }

                return ContextShape.Open;
        }
    }

    private ContextShape RootShape(Term.Root root, ParsedExpression expression, ExpressionScope scope)
    {
        switch (root.Name)
        {
            case "inputs":
                return _inputs;
            case "item" when scope.Item:
                return ContextShape.Open;
            case "item":
                Error(expression, root, Codes.ItemOutside, $"{scope.Where} uses item, which is only there in a step with 'for-each'.");
                return ContextShape.Open;
            case "steps" when scope.Step is null:
                Error(expression, root, Codes.UnknownContext, $"{scope.Where} is evaluated before the run, so it cannot read steps.");
                return ContextShape.Open;
            case "steps":
                return _steps;
        }

        if (Contexts.Fixed.TryGetValue(root.Name, out ContextShape? shape))
        {
            return shape;
        }

        string hint = root.Name is "github" or "gitlab" ? " What the forge said is in 'event', 'repository' and 'actor'."
            : root.Name is "secrets" or "env" or "vars" ? " No expression reads secrets or the environment."
            : "";
        Error(expression, root, Codes.UnknownContext, $"there is no context '{root.Name}'.{hint}", NearestName.Of(root.Name, Contexts.All));
        return ContextShape.Open;
    }

    private ContextShape MemberShape(Term term, Term target, string name, ParsedExpression expression, ExpressionScope scope)
    {
        ContextShape shape = ShapeOf(target, expression, scope);
        bool isSteps = target is Term.Root { Name: "steps" };
        switch (shape)
        {
            case ContextShape.Map map when map.Members.TryGetValue(name, out ContextShape? member):
                if (isSteps)
                {
                    CheckWaitedFor(term, name, expression, scope);
                }

                return member;
            case ContextShape.Map map:
                string what = isSteps ? $"{scope.Where} uses steps.{name}, which is not a step."
                    : target is Term.Root { Name: "inputs" } ? $"{scope.Where} uses inputs.{name}, which is not declared under 'inputs'."
                    : $"{scope.Where} uses {TermPrinter.Print(target)}.{name}, which does not exist.";
                Error(expression, isSteps ? target : term, map.Code, what, NearestName.Of(name, map.Members.Keys));
                return ContextShape.Open;
            case ContextShape.List:
                Error(expression, term, Codes.UnknownMember, $"{TermPrinter.Print(target)} is a list and has no member '{name}'; write {TermPrinter.Print(target)}[0].{name}.");
                return ContextShape.Open;
            case ContextShape.Single:
                Error(expression, term, Codes.UnknownMember, $"{TermPrinter.Print(target)} is a single value and has no member '{name}'.");
                return ContextShape.Open;
            default:
                return ContextShape.Open;
        }
    }

    private ContextShape ElementShape(Term.Index index, ParsedExpression expression, ExpressionScope scope)
    {
        ContextShape shape = ShapeOf(index.Target, expression, scope);
        if (shape is ContextShape.Single)
        {
            Error(expression, index, Codes.UnknownMember, $"{TermPrinter.Print(index.Target)} is a single value and has no elements.");
        }

        return shape is ContextShape.List list ? list.Item : ContextShape.Open;
    }

    private void CheckWaitedFor(Term term, string name, ParsedExpression expression, ExpressionScope scope)
    {
        if (scope.Step is null || graph.AncestorsOf(scope.Step).Contains(name))
        {
            return;
        }

        string why = name == scope.Step
            ? $"step '{name}' reads its own outputs, which are not there yet."
            : $"{scope.Where} uses steps.{name} but does not wait for it; add '{name}' to its needs.";
        Error(expression, term is Term.Member { Target: var root } ? root : term, Codes.NotAncestor, why);
    }

    private void Error(ParsedExpression expression, Term term, string code, string message, string? suggestion = null) =>
        diagnostics.Error(expression.PositionOf(term), code, message, suggestion);
}

/// <summary>What the dry pass knows of a step.</summary>
internal sealed record StepFacts(ContextShape Shape)
{
    /// <summary>The shape of <c>steps.ID</c>.</summary>
    public static StepFacts Of(IStepType? type, bool isForEach)
    {
        ContextShape outputs = type is null || type.OutputsAreOpen
            ? ContextShape.Open
            : new ContextShape.Map(type.Outputs.ToDictionary(o => o.Name, _ => ContextShape.Open, StringComparer.Ordinal));
        return new StepFacts(new ContextShape.Map(new Dictionary<string, ContextShape>(StringComparer.Ordinal)
        {
            ["outputs"] = isForEach ? new ContextShape.List(outputs) : outputs,
            ["outcome"] = ContextShape.Leaf,
        }));
    }
}
