using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Projects.Api;
using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Projects.Stacks.DotnetWebApi;

/// <summary>The values that the templates of <c>dotnet-webapi</c> read, made of a plan.</summary>
internal sealed class DotnetModel
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.Default };
    private readonly ApiPlan _plan;
    private readonly PlanNames _names;
    private readonly SqlNames _tables = new();
    private readonly string[] _tableOf;

    /// <summary>A model of one plan.</summary>
    public DotnetModel(ApiPlan plan)
    {
        _plan = plan;
        _names = new PlanNames(plan);
        _tableOf = [.. plan.Resources.Select(resource => _tables.Take(resource.Table))];
    }

    /// <summary>The model.</summary>
    public JsonObject Build()
    {
        var links = new List<string>();
        var resources = _plan.Resources.Select(resource => Resource(resource, links)).ToList();
        return new JsonObject
        {
            ["directory"] = "",
            ["project"] = new JsonObject
            {
                ["title"] = _plan.Requirements.Title,
                ["name"] = Words.Of(_plan.Requirements.Name, "service").Kebab,
                ["summary"] = _plan.Requirements.Summary,
                ["namespace"] = _names.Project,
            },
            ["resources"] = new JsonArray([.. resources]),
            ["tables"] = Texts(links.Concat(_tableOf)),
            ["stories"] = new JsonArray([.. _plan.Requirements.Stories.Zip(_plan.Stories, Story)]),
            ["notes"] = Texts(_plan.Requirements.Notes.Concat(_plan.Notes)),
            ["calls"] = Texts(Calls()),
            ["openapi"] = OpenApiDocument.Of(_plan).ToJsonString(Indented),
        };
    }

    private JsonObject Resource(Resource resource, List<string> allLinks)
    {
        var type = _names.Types[resource.Index];
        var fields = Fields(resource, type);
        var stored = fields.Where(field => !field.Field.IsReferenceList).ToList();
        var links = fields.Where(field => field.Field.IsReferenceList)
            .ToDictionary(field => field, field => _tables.Take($"{_tableOf[resource.Index]}_{field.Field.Column}"));
        allLinks.AddRange(links.Values);
        var model = new JsonObject
        {
            ["type"] = type,
            ["space"] = _names.Spaces[resource.Index],
            ["path"] = resource.Path,
            ["table"] = _tableOf[resource.Index],
            ["plural"] = resource.Plural.Spaced,
            ["title"] = resource.Plural.Sentence,
            ["name"] = resource.Entity.Name,
            ["description"] = resource.Entity.Description,
            ["has_files"] = fields.Exists(field => field.Field.Kind == FieldKind.File),
            ["fields"] = new JsonArray([.. fields.Select((field, i) => Field(resource, field, i + 1, links.GetValueOrDefault(field)))]),
            ["columns"] = Texts(stored.Select(field => field.Column)),
            ["parameters"] = Texts(stored.Select(field => "$" + field.Column)),
            ["patterns"] = Patterns(fields),
            ["choices"] = Choices(fields),
            ["list_columns"] = ListColumns(stored),
            ["indexes"] = Indexes(resource, stored),
            ["links"] = new JsonArray([.. links.Select(link => new JsonObject
            {
                ["table"] = link.Value,
                ["property"] = link.Key.Property,
                ["target"] = _tableOf[link.Key.Field.Target ?? resource.Index],
            })]),
            ["filters"] = Texts(fields.Where(field => field.Field.Filterable).Select(field => $"`{field.Field.JsonName}`")),
            ["sorts"] = Texts(fields.Where(field => field.Field.Sortable).Select(field => $"`{field.Field.JsonName}`").Prepend("`id`")),
        };
        AddChecks(model, resource, fields);
        new TestCode(_plan, _names).AddTo(model, resource);
        return model;
    }

    private static List<FieldCode> Fields(Resource resource, string type)
    {
        var properties = CSharpNames.OfProperties(type);
        var columns = new SqlNames("id", "owner_id", "other_id");
        return [.. resource.Fields.Select(field => new FieldCode(field, properties.Take(field.Words), columns.Take(field.Column)))];
    }

    private JsonObject Field(Resource resource, FieldCode field, int ordinal, string? link)
    {
        var table = _tableOf[resource.Index];
        return new JsonObject
        {
            ["name"] = field.Field.Source.Name,
            ["json"] = field.Field.JsonName,
            ["json_attribute"] = JsonNamingPolicy.CamelCase.ConvertName(field.Property) != field.Field.JsonName,
            ["property"] = field.Property,
            ["type"] = field.Type,
            ["reading"] = field.Reading(field.Property + "Choices", field.Property + "Pattern"),
            ["definition"] = field.Definition(field.Field is { Target: { } target, IsReferenceList: false } ? _tableOf[target] : null),
            ["selected"] = link is null
                ? field.Column
                : $"(SELECT json_group_array(other_id) FROM (SELECT other_id FROM {link} WHERE owner_id = {table}.id ORDER BY other_id))",
            ["parameter"] = link is null ? "$" + field.Column : null,
            ["write"] = field.Write,
            ["read"] = field.Read(ordinal),
            ["said_type"] = Said.Type(_plan, field.Field),
            ["said_rules"] = Said.Rules(field.Field),
        };
    }

    private static JsonArray Patterns(List<FieldCode> fields) =>
        new([.. fields.SelectMany(field => field.Field.Rules.OfType<Rule.Pattern>(), (field, rule) => new JsonObject
        {
            ["name"] = field.Property + "Pattern",
            ["expression"] = CSharpText.Literal(rule.Expression),
        })]);

    private static JsonArray Choices(List<FieldCode> fields) =>
        new([.. fields.Where(field => field.Field.Values.Count > 0)
            .Select(field => new JsonObject { ["name"] = field.Property + "Choices", ["values"] = Texts(field.Field.Values) })]);

    private static JsonArray ListColumns(List<FieldCode> fields) =>
        new([.. fields.Where(field => field.Field.Filterable || field.Field.Sortable).Select(field => new JsonObject
        {
            ["json"] = field.Field.JsonName,
            ["column"] = field.Column,
            ["filter"] = field.Filter,
            ["sortable"] = field.Field.Sortable ? "true" : "false",
        })]);

    // References are looked up on every delete of their target, and filtered by; unique columns have an index of their own.
    private JsonArray Indexes(Resource resource, List<FieldCode> fields) =>
        new([.. fields.Where(field => !field.Field.Unique && (field.Field.Kind == FieldKind.Reference || field.Field.Source.Indexed))
            .Select(field => new JsonObject
            {
                ["name"] = _tables.Take($"{_tableOf[resource.Index]}_by_{field.Column}"),
                ["column"] = field.Column,
            })]);

    private void AddChecks(JsonObject model, Resource resource, List<FieldCode> fields)
    {
        model["immutables"] = new JsonArray([.. fields.Where(field => field.Field.Immutable)
            .Select(field => new JsonObject { ["json"] = field.Field.JsonName, ["changed"] = field.Changed })]);
        model["references"] = new JsonArray([.. fields.Where(field => field.Field.Target is not null).Select(field => new JsonObject
        {
            ["json"] = field.Field.JsonName,
            ["method"] = field.Field.IsReferenceList ? "CheckReferences" : "CheckReference",
            ["table"] = _tableOf[field.Field.Target ?? resource.Index],
            ["property"] = field.Property,
        })]);
        model["uniques"] = new JsonArray([.. fields.Where(field => field.Field.Unique)
            .Select(field => new JsonObject { ["json"] = field.Field.JsonName, ["column"] = field.Column, ["value"] = field.Write })]);
        model["has_checks"] = fields.Exists(field => field.Field.Immutable || field.Field.Unique || field.Field.Target is not null);
    }

    private JsonObject Story(Story story, StoryEvidence evidence) => new()
    {
        ["id"] = story.Id,
        ["title"] = story.Title,
        ["operations"] = Texts(evidence.Operations),
        ["tests"] = evidence.Tests.Count,
        ["criteria"] = new JsonArray([.. story.Criteria.Zip(evidence.Criteria, (text, tests) => new JsonObject
        {
            ["text"] = text,
            ["tests"] = Texts(tests.Select(_names.Short)),
        })]),
    };

    // The first resource that can be created alone, then a list of it: calls that work on an empty database.
    private IEnumerable<string> Calls()
    {
        if (_plan.CreationOrder.Count == 0)
        {
            yield break;
        }

        var resource = _plan.Resources[_plan.CreationOrder[0]];
        var body = string.Join(",", resource.Body(0).Select(member => $"{JsonSerializer.Serialize(member.JsonName)}:{((SampleValue.Literal)member.Value).Json}"));
        yield return $"curl -i http://127.0.0.1:8080{resource.Path} -H 'Content-Type: application/json' \\";
        yield return $"  -d '{{{body}}}'";
        yield return $"curl http://127.0.0.1:8080{resource.Path}/1";
        yield return $"curl 'http://127.0.0.1:8080{resource.Path}?limit=10&sort=-id'";
        yield return $"curl -i -X DELETE http://127.0.0.1:8080{resource.Path}/1";
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);
}
