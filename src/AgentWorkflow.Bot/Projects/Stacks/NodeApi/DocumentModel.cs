using System.Globalization;
using System.Text.Json.Nodes;
using AgentWorkflow.Bot.Projects.Api;
using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Projects.Stacks.NodeApi;

/// <summary>What README and <c>docs/requirements.md</c> say of stories, fields and a first call. Texts are plain; the templates escape them.</summary>
internal static class DocumentModel
{
    /// <summary>A story and what was generated for it.</summary>
    public static JsonObject Story(ApiPlan plan, Story story, StoryEvidence evidence) => new()
    {
        ["id"] = story.Id,
        ["title"] = story.Title,
        ["operations"] = Texts(evidence.Operations),
        ["tests"] = evidence.Tests.Count,
        ["criteria"] = new JsonArray([.. story.Criteria.Zip(evidence.Criteria, (criterion, tests) => new JsonObject
        {
            ["text"] = criterion,
            ["tests"] = Texts(tests.Select(test => TestModel.Name(plan, test))),
        })]),
    };

    /// <summary>A field in one line: name, type, rules.</summary>
    public static JsonObject Field(ApiPlan plan, FieldPlan field) => new()
    {
        ["name"] = field.JsonName,
        ["type"] = Type(plan, field),
        ["rules"] = string.Join(", ", Rules(field)),
    };

    /// <summary>The resource that can be created first, with a body that a shell takes in single quotes; null where there is none.</summary>
    public static JsonObject? Example(ApiPlan plan)
    {
        if (plan.Resources.Count == 0)
        {
            return null;
        }

        var resource = plan.Resources[plan.CreationOrder[0]];
        var members = resource.Body(0).Select(member => KeyValuePair.Create(member.JsonName, (member.Value as SampleValue.Literal)?.Json))
            .Where(member => member.Value is not null);
        var body = new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, JsonNode.Parse(member.Value ?? "null"))));

        // The serializer's default encoder writes a quote as \u0027, so the text ends no quoted argument.
        return new JsonObject { ["path"] = resource.Path, ["name"] = resource.Plural.Kebab, ["body"] = body.ToJsonString() };
    }

    private static string Type(ApiPlan plan, FieldPlan field) => field.Kind == FieldKind.List
        ? $"list of {Scalar(plan, field, field.Item ?? FieldKind.Text)}"
        : Scalar(plan, field, field.Kind);

    private static string Scalar(ApiPlan plan, FieldPlan field, FieldKind kind) => kind switch
    {
        FieldKind.Enum => $"one of {string.Join(", ", field.Values)}",
        FieldKind.Reference => $"id of {plan.Resources[field.Target ?? 0].Path}",
        FieldKind.LongText => "long text",
        FieldKind.DateTime => "date-time",
        FieldKind.Email => "e-mail address",
        FieldKind.Url => "web address",
        FieldKind.Uuid => "UUID",
        _ => kind.ToString().ToLowerInvariant(),
    };

    private static IEnumerable<string> Rules(FieldPlan field)
    {
        IEnumerable<(bool IsSet, string Text)> flags =
        [
            (field.Required, "required"), (field.Unique, "unique"), (field.Immutable, "never changes"), (field.Default is not null, $"default {field.Default}"),
        ];
        return flags.Where(flag => flag.IsSet).Select(flag => flag.Text).Concat(field.Rules.Select(Rule).OfType<string>());
    }

    private static string? Rule(Rule rule) => rule switch
    {
        Rule.MinLength min => $"{Counted(min.Length, "character")} or more",
        Rule.MaxLength max => $"{Counted(max.Length, "character")} or fewer",
        Rule.MinItems min => $"{Counted(min.Count, "item")} or more",
        Rule.MaxItems max => $"{Counted(max.Count, "item")} or fewer",
        Rule.Min min => $"{Number(min.Value)} or more",
        Rule.Max max => $"{Number(max.Value)} or less",
        Rule.Pattern pattern => $"matches {pattern.Expression}",

        // "Required" and the type say the others.
        _ => null,
    };

    private static string Counted(int count, string unit) => $"{Number(count)} {unit}{(count == 1 ? string.Empty : "s")}";

    private static string Number(decimal value) => value.ToString(CultureInfo.InvariantCulture);

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);
}
