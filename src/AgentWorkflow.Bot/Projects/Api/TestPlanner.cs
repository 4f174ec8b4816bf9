using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Projects.Api;

/// <summary>The test cases of one resource: the operations, then each field's rules, then what holds resources together.</summary>
internal sealed class TestPlanner
{
    private readonly Resource _resource;
    private readonly NameScope _names = new();
    private readonly List<TestCase> _tests = [];

    private TestPlanner(Resource resource) => _resource = resource;

    /// <summary>The cases of a resource, in a fixed order.</summary>
    public static IReadOnlyList<TestCase> For(Resource resource, IReadOnlyList<Resource> all)
    {
        var planner = new TestPlanner(resource);
        planner.AddOperations();
        planner.AddLists();
        foreach (var field in resource.Fields)
        {
            planner.AddRefusals(field);
            planner.AddRules(field);
            planner.AddIdentity(field);
        }

        planner.AddHolders(all);
        return planner._tests;
    }

    private void AddOperations()
    {
        var body = _resource.Body(0);
        Add(TestKind.Creates, Verb.Create, 201, "creates", body: body);
        if (_resource.Fields.Any(field => !field.Required || field.Default is not null))
        {
            AddDefaults();
        }

        Add(TestKind.GetsById, Verb.Get, 200, "gets by id", before: [0]);
        Add(TestKind.GetNotFound, Verb.Get, 404, "get answers not found");
        Add(TestKind.Updates, Verb.Update, 200, "updates", before: [0], body: Changed());
        Add(TestKind.UpdateNotFound, Verb.Update, 404, "update answers not found", body: body);
        Add(TestKind.Deletes, Verb.Delete, 204, "deletes", before: [0]);
        Add(TestKind.DeleteNotFound, Verb.Delete, 404, "delete answers not found");
        Add(TestKind.RejectsMalformedJson, Verb.Create, 400, "rejects malformed json");
        Add(TestKind.RejectsUnknownField, Verb.Create, 422, "rejects unknown field", body: body, code: "unknown");
    }

    private void AddDefaults()
    {
        var body = _resource.Fields.Where(field => field.Required && field.Default is null && field.Samples.Count > 0)
            .Select(field => new BodyField(field.JsonName, field.Sample(0))).ToList();
        var expected = _resource.Fields.Where(field => !field.Required || field.Default is not null)
            .Select(field => KeyValuePair.Create(field.JsonName, field.Default ?? (field.Kind == FieldKind.List ? "[]" : "null"))).ToList();
        Add(TestKind.CreatesWithDefaults, Verb.Create, 201, "creates with defaults", body: body, expected: expected);
    }

    private void AddLists()
    {
        Add(TestKind.ListsAndPages, Verb.List, 200, "lists and pages", before: [.. Enumerable.Range(0, _resource.Capacity)]);
        foreach (var field in _resource.Fields.Where(field => field.Filterable && field.Samples.Count > 1 && _resource.Capacity > 1))
        {
            Add(TestKind.FiltersBy, Verb.List, 200, "filters by", field, before: [0, 1], query: field.Sample(0));
        }

        foreach (var field in _resource.Fields.Where(field => field.Sortable && field.Samples.Count > 1 && _resource.Capacity > 1))
        {
            var count = Math.Min(field.Samples.Count, _resource.Capacity);
            int[] order = [.. Enumerable.Range(0, count).OrderByDescending(i => field.Samples[i], SampleOrder.Instance)];
            Add(TestKind.SortsBy, Verb.List, 200, "sorts by", field, before: [.. Enumerable.Range(0, count)], order: order);
        }
    }

    private void AddRefusals(FieldPlan field)
    {
        if (field.Required && field.Default is null)
        {
            Refuse(TestKind.RefusesMissing, "refuses missing", field, "required", Without(field));
        }

        if (field.Rule<Rule.NotBlank>() is not null)
        {
            Refuse(TestKind.RefusesBlank, "refuses blank", field, "blank", With(field, "\"  \""));
        }

        Refuse(TestKind.RefusesWrongType, "refuses wrong type of", field, "type", With(field, InvalidValues.WrongType(field)));
        if (InvalidValues.BadFormat(field) is { } malformed)
        {
            Refuse(TestKind.RefusesBadFormat, "refuses bad format of", field, "format", With(field, malformed));
        }
    }

    private void AddRules(FieldPlan field)
    {
        foreach (var rule in field.Rules)
        {
            if (InvalidValues.Breaking(rule, field) is { } broken)
            {
                var (kind, name) = Refusal(rule);
                Refuse(kind, name, field, rule.Code, With(field, broken));
            }

            if (InvalidValues.Edge(rule, field) is { } edge)
            {
                var name = rule is Rule.MinLength or Rule.MinItems or Rule.Min ? "accepts least" : "accepts greatest";
                Add(TestKind.AcceptsBoundary, Verb.Create, 201, name, field, body: With(field, edge));
            }
        }
    }

    private static (TestKind Kind, string Name) Refusal(Rule rule) => rule switch
    {
        Rule.MinLength or Rule.MinItems => (TestKind.RefusesTooShort, "refuses too short"),
        Rule.MaxLength or Rule.MaxItems => (TestKind.RefusesTooLong, "refuses too long"),
        Rule.Min => (TestKind.RefusesTooSmall, "refuses too small"),
        Rule.Max => (TestKind.RefusesTooLarge, "refuses too large"),
        Rule.Pattern => (TestKind.RefusesNotMatching, "refuses not matching"),
        _ => (TestKind.RefusesNotOneOf, "refuses unknown value of"),
    };

    private void AddIdentity(FieldPlan field)
    {
        if (field.Unique && field.Samples.Count > 0)
        {
            Add(TestKind.RefusesDuplicate, Verb.Create, 409, "refuses duplicate", field, [0], Put(_resource.Body(1), field, field.Sample(0)), "duplicate");
            if (!field.Immutable && _resource.Capacity > 1)
            {
                var body = Put(Changed(of: 1, to: 1), field, field.Sample(0));
                Add(TestKind.RefusesDuplicateOnUpdate, Verb.Update, 409, "refuses duplicate on update", field, [0, 1], body, "duplicate");
            }
        }

        if (field.Target is not null)
        {
            Refuse(TestKind.RefusesUnknownReference, "refuses unknown", field, "reference", With(field, InvalidValues.UnknownReference(field)));
        }

        if (field.Immutable && field.Samples.Count > 1)
        {
            var body = Put(_resource.Body(0), field, field.Sample(1));
            Add(TestKind.RefusesChangeOfImmutable, Verb.Update, 422, "refuses change of", field, [0], body, "immutable");
        }
    }

    // Delete is refused while something refers to the resource: one case for each field that can.
    private void AddHolders(IReadOnlyList<Resource> all)
    {
        foreach (var holder in all)
        {
            foreach (var field in holder.Fields.Where(field => field.Target == _resource.Index))
            {
                // In a ring the holder's first sample may already stand behind ours, so the second one is used.
                var sample = field.Samples.Count == 0 ? 1 : 0;
                if (sample >= holder.Capacity)
                {
                    continue;
                }

                SampleValue value = field.IsReferenceList ? new SampleValue.ReferenceList(_resource.Index, [0]) : new SampleValue.Reference(_resource.Index, 0);
                var least = field.Rule<Rule.MinItems>()?.Count ?? 0;
                var body = least > 1 ? holder.Body(sample) : Put(holder.Body(sample), field, value);
                Add(TestKind.RefusesDeleteWhileReferenced, Verb.Delete, 409, $"refuses delete while {holder.Words.Spaced} refers by", field, body: body, holder: holder.Index);
            }
        }
    }

    // The body of an update: the other sample's values, but what may not change stays.
    private List<BodyField> Changed(int of = 0, int to = 1) =>
        [.. _resource.Fields.Where(field => field.Samples.Count > 0)
            .Select(field => new BodyField(field.JsonName, field.Sample(field.Immutable ? of : to)))];

    private List<BodyField> Without(FieldPlan field) => [.. _resource.Body(0).Where(member => member.JsonName != field.JsonName)];

    private List<BodyField> With(FieldPlan field, string json) => Put(_resource.Body(0), field, new SampleValue.Literal(json));

    private static List<BodyField> Put(IReadOnlyList<BodyField> body, FieldPlan field, SampleValue value) =>
        body.Any(member => member.JsonName == field.JsonName)
            ? [.. body.Select(member => member.JsonName == field.JsonName ? member with { Value = value } : member)]
            : [.. body, new BodyField(field.JsonName, value)];

    private void Refuse(TestKind kind, string name, FieldPlan field, string code, List<BodyField> body) =>
        Add(kind, Verb.Create, 422, name, field, body: body, code: code);

    private void Add(
        TestKind kind, Verb verb, int status, string name, FieldPlan? field = null, IReadOnlyList<int>? before = null,
        IReadOnlyList<BodyField>? body = null, string? code = null, SampleValue? query = null, IReadOnlyList<int>? order = null,
        int? holder = null, IReadOnlyList<KeyValuePair<string, string>>? expected = null)
    {
        var words = Words.Of(name, "test").Then(field?.Words.List ?? []);
        _tests.Add(new TestCase
        {
            Kind = kind,
            Resource = _resource.Index,
            Name = _names.Take(words, w => w.Snake),
            Verb = verb,
            Field = field,
            Body = body ?? [],
            Before = before ?? [],
            Status = status,
            ErrorCode = code,
            Query = query,
            Order = order ?? [],
            Holder = holder,
            Expected = expected ?? [],
        });
    }
}
