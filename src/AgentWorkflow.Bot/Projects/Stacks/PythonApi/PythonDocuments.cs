using System.Text.Json.Nodes;
using AgentWorkflow.Bot.Projects.Api;
using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Projects.Stacks.PythonApi;

/// <summary>What README and <c>docs/requirements.md</c> say of stories, fields and how to call the service.</summary>
internal static class PythonDocuments
{
    private const int NamedTests = 3;

    /// <summary>The stories and what became of them.</summary>
    public static JsonArray Stories(ApiPlan plan, IReadOnlyList<PythonResource> resources) =>
        [.. plan.Requirements.Stories.Zip(plan.Stories, (story, evidence) => (JsonNode)new JsonObject
        {
            ["id"] = story.Id,
            ["title"] = story.Title,
            ["outcome"] = Outcome(evidence),
            ["operations"] = string.Join(", ", evidence.Operations.Select(Code)),
            ["tests"] = string.Join(", ", evidence.Tests.GroupBy(test => test.Resource).Select(group => $"{Code(resources[group.Key].TestClass)} ({group.Count()})")),
            ["criteria"] = new JsonArray([.. story.Criteria.Zip(evidence.Criteria, (criterion, tests) => (JsonNode)new JsonObject
            {
                ["text"] = criterion,
                ["tests"] = Tests(tests, resources),
            })]),
        })];

    /// <summary>The call of README: a resource whose sample needs no other one; null when there is none.</summary>
    public static JsonObject? Example(ApiPlan plan)
    {
        var first = plan.CreationOrder.Select(index => plan.Resources[index])
            .FirstOrDefault(resource => resource.Body(0).All(member => member.Value is SampleValue.Literal));
        if (first is null)
        {
            return null;
        }

        var body = new JsonObject();
        foreach (var member in first.Body(0))
        {
            body[member.JsonName] = member.Value is SampleValue.Literal literal ? JsonNode.Parse(literal.Json) : null;
        }

        // The serializer escapes the apostrophe, so the text can stand between two of them in a shell.
        return new JsonObject { ["path"] = first.Path, ["body"] = body.ToJsonString() };
    }

    /// <summary>The fields of a resource for people.</summary>
    public static JsonArray Fields(Resource resource, ApiPlan plan) =>
        [.. resource.Fields.Select(field => (JsonNode)new JsonObject
        {
            ["title"] = field.Source.Name,
            ["name"] = field.JsonName,
            ["type"] = Type(field, plan),
            ["rules"] = string.Join(", ", RuleTexts(field)),
        })];

    /// <summary>Names of fields as code, or a dash.</summary>
    public static string Names(IEnumerable<FieldPlan> fields)
    {
        var names = string.Join(", ", fields.Select(field => Code(field.JsonName)));
        return names.Length == 0 ? "-" : names;
    }

    private static string Outcome(StoryEvidence evidence)
    {
        if (evidence.Operations.Count == 0)
        {
            return "**Not generated.** Templates have nothing for it; it needs a person or a model.";
        }

        return evidence.CriteriaCovered == evidence.Criteria.Count
            ? "**Generated.**"
            : $"**Generated in part.** {evidence.CriteriaCovered} of {evidence.Criteria.Count} acceptance criteria have a test.";
    }

    private static string Tests(IReadOnlyList<TestCase> tests, IReadOnlyList<PythonResource> resources)
    {
        var named = string.Join(", ", tests.Take(NamedTests).Select(test => Code(resources[test.Resource].ShortTestName(test))));
        return tests.Count switch
        {
            0 => "nothing yet",
            > NamedTests => $"{named} and {tests.Count - NamedTests} more",
            _ => named,
        };
    }

    private static string Type(FieldPlan field, ApiPlan plan) => field.Kind switch
    {
        FieldKind.List when field.Target is { } target => $"list of {plan.Resources[target].Words.Spaced}",
        FieldKind.List when field.Item == FieldKind.Enum => $"list of: {string.Join(", ", field.Values)}",
        FieldKind.List => $"list of {Name(field.Item ?? FieldKind.Text)}",
        FieldKind.Enum => $"one of: {string.Join(", ", field.Values)}",
        FieldKind.Reference when field.Target is { } target => $"reference to {plan.Resources[target].Words.Spaced}",
        _ => Name(field.Kind),
    };

    private static string Name(FieldKind kind) => kind switch
    {
        FieldKind.LongText => "long text",
        FieldKind.DateTime => "date-time",
        FieldKind.Email => "e-mail",
        FieldKind.Url or FieldKind.Uuid => kind.ToString().ToUpperInvariant(),
        _ => kind.ToString().ToLowerInvariant(),
    };

    private static IEnumerable<string> RuleTexts(FieldPlan field)
    {
        var flags = new (bool On, string Text)[]
        {
            (field.Required, "required"), (field.Unique, "unique"), (field.Immutable, "immutable"), (field.Default is not null, $"default {field.Default}"),
        };
        return flags.Where(flag => flag.On).Select(flag => flag.Text).Concat(field.Rules.Select(RuleText).OfType<string>());
    }

    private static string? RuleText(Rule rule) => rule switch
    {
        Rule.MinLength min => $"length {min.Length} or more",
        Rule.MaxLength max => $"length {max.Length} or less",
        Rule.MinItems min => $"{min.Count} or more items",
        Rule.MaxItems max => $"{max.Count} or fewer items",
        Rule.Min min => $"at least {Candidates.Plain(min.Value)}",
        Rule.Max max => $"at most {Candidates.Plain(max.Value)}",
        Rule.Pattern pattern => $"matches {pattern.Expression}",
        _ => null,
    };

    private static string Code(string text) => $"`{text}`";
}
