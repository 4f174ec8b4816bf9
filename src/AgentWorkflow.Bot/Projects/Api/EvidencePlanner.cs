using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Projects.Api;

/// <summary>Which operations and test cases stand behind which story. It claims no more than the words of a criterion allow.</summary>
internal static class EvidencePlanner
{
    // Words of a criterion that name a rule; the case must be about a field that the criterion names too.
    private static readonly (TestKind Kind, string[] Signs)[] FieldSigns =
    [
        (TestKind.RefusesMissing, ["required", "mandatory", "must have", "missing", "without", "needs a", "needs an", "cannot be empty", "not empty"]),
        (TestKind.RefusesBlank, ["empty", "blank"]),
        (TestKind.RefusesDuplicate, ["unique", "duplicate", "already taken", "already exists", "twice", "same"]),
        (TestKind.RefusesNotOneOf, ["one of", "either"]),
        (TestKind.RefusesTooShort, ["at least", "too short", "minimum", "shorter"]),
        (TestKind.RefusesTooLong, ["at most", "too long", "maximum", "longer", "up to"]),
        (TestKind.RefusesTooSmall, ["at least", "minimum", "negative", "less than", "below", "positive", "greater than"]),
        (TestKind.RefusesTooLarge, ["at most", "maximum", "more than", "above", "exceed"]),
        (TestKind.RefusesNotMatching, ["match", "format", "pattern"]),
        (TestKind.RefusesBadFormat, ["valid", "invalid", "format"]),
        (TestKind.RefusesUnknownReference, ["exist", "unknown"]),
        (TestKind.RefusesChangeOfImmutable, ["cannot be changed", "can not be changed", "never changes", "immutable", "cannot change", "must not change"]),
        (TestKind.FiltersBy, ["filter", "search by", "find by", "by"]),
        (TestKind.SortsBy, ["sort", "order by", "ordered by"]),
        (TestKind.CreatesWithDefaults, ["default"]),
    ];

    /// <summary>One entry for each story, in order.</summary>
    public static IReadOnlyList<StoryEvidence> For(Requirements requirements, IReadOnlyList<Resource> resources, IReadOnlyList<TestCase> tests) =>
        [.. requirements.Stories.Select(story => Of(story, resources, tests))];

    private static StoryEvidence Of(Story story, IReadOnlyList<Resource> resources, IReadOnlyList<TestCase> tests)
    {
        var wanted = story.Operations.Distinct()
            .SelectMany(operation => resources.Where(resource => SameName(resource.Entity.Name, operation.Entity)).Take(1).Select(resource => (resource, operation.Verb)))
            .ToList();
        var cases = tests.Where(test => wanted.Exists(want => want.resource.Index == test.Resource && want.Verb == test.Verb)).ToList();
        return new StoryEvidence(
            story.Id,
            [.. wanted.Select(want => want.resource.Route(want.Verb))],
            cases,
            [.. story.Criteria.Select(criterion => Checks(criterion, cases, resources))]);
    }

    private static List<TestCase> Checks(string criterion, List<TestCase> cases, IReadOnlyList<Resource> resources)
    {
        var text = " " + Words.Of(criterion, "criterion").Spaced + " ";
        return [.. cases.Where(test => IsAbout(text, test, resources))];
    }

    private static bool IsAbout(string text, TestCase test, IReadOnlyList<Resource> resources)
    {
        if (test.Kind == TestKind.RefusesDeleteWhileReferenced)
        {
            return Says(text, "delete", "remove", "deleted", "removed") && test.Holder is { } holder
                && (Says(text, resources[holder].Words.Spaced) || Says(text, resources[holder].Plural.Spaced));
        }

        return test.Field is { } field && Says(text, field.Words.Spaced)
            && FieldSigns.Any(sign => sign.Kind == test.Kind && Says(text, sign.Signs));
    }

    private static bool Says(string text, params IEnumerable<string> signs) =>
        signs.Any(sign => text.Contains(" " + sign + " ", StringComparison.Ordinal));

    private static bool SameName(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
