using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Projects.Api;

/// <summary>
/// One test of a resource: what to create first, what to send, what must come back. Each starts with an empty store; a
/// <see cref="SampleValue.Reference"/> in a body is created on the way (see <see cref="TestKind"/> for each shape).
/// </summary>
internal sealed record TestCase
{
    /// <summary>The shape.</summary>
    public required TestKind Kind { get; init; }

    /// <summary>The resource it belongs to.</summary>
    public required int Resource { get; init; }

    /// <summary>Its name, unique within the resource, e.g. <c>refuses missing title</c>.</summary>
    public required Words Name { get; init; }

    /// <summary>The operation it is evidence for.</summary>
    public required Verb Verb { get; init; }

    /// <summary>The field it is about; null when about none.</summary>
    public FieldPlan? Field { get; init; }

    /// <summary>The body to send (of POST, or of PUT where the shape updates); empty where none is sent.</summary>
    public IReadOnlyList<BodyField> Body { get; init; } = [];

    /// <summary>Samples of the resource to create before, in this order.</summary>
    public IReadOnlyList<int> Before { get; init; } = [];

    /// <summary>The status of the answer.</summary>
    public required int Status { get; init; }

    /// <summary>The code that the answer's <c>errors</c> have for <see cref="Field"/> (or for <c>unknownField</c>); null when none.</summary>
    public string? ErrorCode { get; init; }

    /// <summary><see cref="TestKind.FiltersBy"/>: the value in the query.</summary>
    public SampleValue? Query { get; init; }

    /// <summary><see cref="TestKind.SortsBy"/>: places in <see cref="Before"/>, in the order that <c>?sort=-field</c> answers.</summary>
    public IReadOnlyList<int> Order { get; init; } = [];

    /// <summary><see cref="TestKind.RefusesDeleteWhileReferenced"/>: the resource that <see cref="Body"/> is posted to.</summary>
    public int? Holder { get; init; }

    /// <summary><see cref="TestKind.CreatesWithDefaults"/>: what the answer holds for the fields that were left out, JSON text by JSON name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Expected { get; init; } = [];
}

/// <summary>The shapes of test cases.</summary>
internal enum TestKind
{
    /// <summary>POST the body: 201, a Location, an id, and every member of the body in the answer; GET of the Location says the same.</summary>
    Creates,

    /// <summary>POST the body, which holds required members alone: 201 and <see cref="TestCase.Expected"/>.</summary>
    CreatesWithDefaults,

    /// <summary>
    /// Create Before (n): GET ?limit=n-1&amp;offset=0 (limit=1 when n is 1) answers that many items and total n; offset=limit the rest; limit=0 is 400.
    /// </summary>
    ListsAndPages,

    /// <summary>Create Before; GET ?field=Query answers just the first of them, and total 1.</summary>
    FiltersBy,

    /// <summary>Create Before; GET ?sort=-field answers them in Order, ?sort=field the other way round; ?sort=nothing is 400.</summary>
    SortsBy,

    /// <summary>Create sample 0; GET by its id: 200 and that id.</summary>
    GetsById,

    /// <summary>GET of an id that is not there: 404 problem.</summary>
    GetNotFound,

    /// <summary>PUT the body to an id that is not there: 404 problem.</summary>
    UpdateNotFound,

    /// <summary>DELETE of an id that is not there: 404 problem.</summary>
    DeleteNotFound,

    /// <summary>Create sample 0; PUT the body: 200, its members in the answer and in a later GET.</summary>
    Updates,

    /// <summary>POST the body, in which the field is absent: 422.</summary>
    RefusesMissing,

    /// <summary>POST the body, in which the field is white space: 422.</summary>
    RefusesBlank,

    /// <summary>POST the body, in which the field has another JSON type: 422.</summary>
    RefusesWrongType,

    /// <summary>POST the body, in which the field has the JSON type but not the form (date, email, money, ...): 422.</summary>
    RefusesBadFormat,

    /// <summary>POST a body with too short a text or list: 422.</summary>
    RefusesTooShort,

    /// <summary>POST a body with too long a text or list: 422.</summary>
    RefusesTooLong,

    /// <summary>POST a body with too small a number: 422.</summary>
    RefusesTooSmall,

    /// <summary>POST a body with too large a number: 422.</summary>
    RefusesTooLarge,

    /// <summary>POST a body with a text that does not match the pattern: 422.</summary>
    RefusesNotMatching,

    /// <summary>POST a body with a value that is not in the enum: 422.</summary>
    RefusesNotOneOf,

    /// <summary>POST the body, in which the field holds a value on the edge of a rule: 201.</summary>
    AcceptsBoundary,

    /// <summary>Create sample 0; POST the body, which has its unique value: 409 with the field.</summary>
    RefusesDuplicate,

    /// <summary>Create samples 0 and 1; PUT the body, which has the unique value of 0, to 1: 409 with the field.</summary>
    RefusesDuplicateOnUpdate,

    /// <summary>POST the body, which refers to id 999999: 422 with the field.</summary>
    RefusesUnknownReference,

    /// <summary>Create sample 0; PUT the body, which has another value in an immutable field: 422 with the field.</summary>
    RefusesChangeOfImmutable,

    /// <summary>POST the body, which refers to sample 0 of the resource, to <see cref="TestCase.Holder"/>; DELETE sample 0: 409.</summary>
    RefusesDeleteWhileReferenced,

    /// <summary>Create sample 0; DELETE it: 204; GET: 404.</summary>
    Deletes,

    /// <summary>POST <c>{"</c>: 400 problem; POST <c>[]</c>: 400 problem.</summary>
    RejectsMalformedJson,

    /// <summary>POST the body and a member <c>unknownField</c>: 422 with <c>unknownField</c>.</summary>
    RejectsUnknownField,
}
