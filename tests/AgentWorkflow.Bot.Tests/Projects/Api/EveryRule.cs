using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Tests.Projects.Api;

/// <summary>One idea with every type, each with every rule that could be written beside it.</summary>
internal static class EveryRule
{
    public static Requirements Idea() => Ideas.Of(
        Ideas.Entity("Target", Ideas.Field("name", FieldKind.Text, required: true)),
        Ideas.Entity("Plain", [.. Kinds().Select(kind => Of(kind))]),
        Ideas.Entity("Required", [.. Kinds().Select(kind => Of(kind) with { Required = true })]),
        Ideas.Entity("Unique", [.. Kinds().Select(kind => Of(kind) with { Unique = true, Indexed = true })]),
        Ideas.Entity("Immutable", [.. Kinds().Select(kind => Of(kind) with { Immutable = true, Required = true })]),
        Ideas.Entity("Bounded", [.. Kinds().Select(kind => Of(kind) with { Min = 2, Max = 9, MinLength = 2, MaxLength = 30 })]),
        Ideas.Entity("Tight", [.. Kinds().Select(kind => Of(kind) with { Min = 0.5m, Max = 1, MinLength = 1, MaxLength = 1, Required = true })]),
        Ideas.Entity("Patterned", [.. Kinds().Select(kind => Of(kind) with { Pattern = @"^[a-z]+(-[a-z0-9]+)*$", MaxLength = 20 })]),
        Ideas.Entity("Defaulted", [.. Kinds().Select(kind => Of(kind) with { Default = Default(kind) })]));

    public static Field Of(FieldKind kind) => kind switch
    {
        FieldKind.Enum => Ideas.Enum("an enum", "new", "worn out", "it's \"odd\""),
        FieldKind.Reference => Ideas.Reference("a reference", "Target"),
        FieldKind.List => Ideas.List("a list", FieldKind.Integer),
        _ => Ideas.Field("a " + kind, kind),
    };

    private static FieldKind[] Kinds() => Enum.GetValues<FieldKind>();

    private static string Default(FieldKind kind) => kind switch
    {
        FieldKind.Integer => "3",
        FieldKind.Decimal => "0.5",
        FieldKind.Money => "9.90",
        FieldKind.Boolean => "true",
        FieldKind.Date => "2026-01-31",
        FieldKind.DateTime => "2026-01-31T10:00:00Z",
        FieldKind.Time => "09:30",
        FieldKind.Email => "a@example.com",
        FieldKind.Url => "https://example.com/",
        FieldKind.Uuid => "00000000-0000-4000-8000-00000000000A",
        FieldKind.Enum => "it's \"odd\"",
        _ => "some \"text\" with \\ and {{ braces }}",
    };
}
