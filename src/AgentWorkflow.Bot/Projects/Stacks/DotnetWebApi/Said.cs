using AgentWorkflow.Bot.Projects.Api;
using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Projects.Stacks.DotnetWebApi;

/// <summary>Types and rules in words, for the requirements document.</summary>
internal static class Said
{
    /// <summary>The type, e.g. <c>reference to Author</c>.</summary>
    public static string Type(ApiPlan plan, FieldPlan field) => field.Kind switch
    {
        FieldKind.Reference when field.Target is { } target => "reference to " + plan.Resources[target].Entity.Name,
        FieldKind.List when field.Target is { } target => "list of " + plan.Resources[target].Entity.Name,
        FieldKind.List => "list of " + Kind(field.Item ?? FieldKind.Text),
        FieldKind.Enum => "one of " + string.Join(", ", field.Values),
        _ => Kind(field.Kind),
    };

    /// <summary>The rules, e.g. <c>required, at most 200 characters</c>.</summary>
    public static string Rules(FieldPlan field)
    {
        var said = new List<string>();
        AddIf(said, field.Required, "required");
        AddIf(said, field.Unique, "unique");
        AddIf(said, field.Immutable, "set at creation only");
        said.AddRange(field.Rules.Select(Rule).Where(rule => rule.Length > 0));
        AddIf(said, field.Default is not null, "default " + field.Default);
        return string.Join(", ", said);
    }

    private static string Rule(Rule rule) => rule switch
    {
        Api.Rule.MinLength min => $"at least {min.Length} characters",
        Api.Rule.MaxLength max => $"at most {max.Length} characters",
        Api.Rule.MinItems min => $"at least {min.Count} items",
        Api.Rule.MaxItems max => $"at most {max.Count} items",
        Api.Rule.Min min => "at least " + Candidates.Plain(min.Value),
        Api.Rule.Max max => "at most " + Candidates.Plain(max.Value),
        Api.Rule.Pattern pattern => "matches " + pattern.Expression,
        _ => string.Empty,
    };

    private static void AddIf(List<string> said, bool holds, string text)
    {
        if (holds)
        {
            said.Add(text);
        }
    }

    private static string Kind(FieldKind kind) => kind switch
    {
        FieldKind.LongText => "long text",
        FieldKind.DateTime => "date-time",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
