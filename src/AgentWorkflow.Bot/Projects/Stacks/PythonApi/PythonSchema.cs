using System.Text.Json.Nodes;
using AgentWorkflow.Bot.Projects.Api;
using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Projects.Stacks.PythonApi;

/// <summary>The tables of the generated service.</summary>
internal static class PythonSchema
{
    /// <summary>One element a table: <c>name</c>, <c>lines</c>, <c>indexes</c>, <c>options</c>; what is referred to comes first where that can be.</summary>
    public static JsonArray Tables(ApiPlan plan, IReadOnlyList<PythonResource> resources)
    {
        var indexes = new NameScope();
        var tables = new JsonArray();
        foreach (var resource in plan.CreationOrder.Select(index => resources[index]))
        {
            tables.Add(Table(resource, resources, indexes));
        }

        foreach (var resource in resources)
        {
            foreach (var field in resource.Resource.Fields.Where(field => field.IsReferenceList))
            {
                tables.Add(Links(resource, field, resources, indexes));
            }
        }

        return tables;
    }

    private static JsonObject Table(PythonResource resource, IReadOnlyList<PythonResource> all, NameScope indexes)
    {
        var lines = new JsonArray("\"id\" INTEGER PRIMARY KEY AUTOINCREMENT");
        var made = new JsonArray();
        foreach (var field in resource.Resource.Fields.Where(field => !field.IsReferenceList))
        {
            lines.Add(Quote(field.Column) + " " + Type(field)
                + (field.Required || field.Kind == FieldKind.List ? " NOT NULL" : string.Empty)
                + (field.Unique ? " UNIQUE" : string.Empty)
                + (field.Target is { } target ? $" REFERENCES {Quote(all[target].Table)} (\"id\")" : string.Empty));
            if (!field.Unique && (field.Source.Indexed || field.Target is not null))
            {
                made.Add(Index(indexes, resource.Table, field.Column));
            }
        }

        return new JsonObject { ["name"] = Quote(resource.Table), ["lines"] = lines, ["indexes"] = made, ["options"] = string.Empty };
    }

    private static JsonObject Links(PythonResource resource, FieldPlan field, IReadOnlyList<PythonResource> all, NameScope indexes)
    {
        var name = resource.Links[field];
        return new JsonObject
        {
            ["name"] = Quote(name),
            ["lines"] = new JsonArray(
                $"\"owner_id\" INTEGER NOT NULL REFERENCES {Quote(resource.Table)} (\"id\") ON DELETE CASCADE",
                $"\"target_id\" INTEGER NOT NULL REFERENCES {Quote(all[field.Target ?? 0].Table)} (\"id\")",
                "PRIMARY KEY (\"owner_id\", \"target_id\")"),
            ["indexes"] = new JsonArray(Index(indexes, name, "target_id")),
            ["options"] = " WITHOUT ROWID",
        };
    }

    private static string Index(NameScope indexes, string table, string column) =>
        $"{Quote(indexes.Take($"ix_{table}_{column}"))} ON {Quote(table)} ({Quote(column)})";

    private static string Quote(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    // Money is kept in hundredths, truth values as 0 and 1, lists and files as JSON.
    private static string Type(FieldPlan field) => field.Kind switch
    {
        FieldKind.Integer or FieldKind.Money or FieldKind.Boolean or FieldKind.Reference => "INTEGER",
        FieldKind.Decimal => "REAL",
        _ => "TEXT",
    };
}
