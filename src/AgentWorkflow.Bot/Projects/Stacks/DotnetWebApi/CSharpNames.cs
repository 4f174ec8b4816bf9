using System.Collections.Frozen;

using AgentWorkflow.Bot.Projects.Api;

namespace AgentWorkflow.Bot.Projects.Stacks.DotnetWebApi;

/// <summary>
/// Names of one scope of generated C#: never a name that the generated code itself uses, never the same twice, whatever the case
/// (files are named after types, and some file systems do not mind case). Words give ASCII Pascal case, so keywords cannot happen.
/// </summary>
internal sealed class CSharpNames
{
    // Simple names that generated files use for types; a type or namespace of the idea must not hide them.
    private static readonly FrozenSet<string> Used = new[]
    {
        "Answer", "Api", "ArgumentException", "Assert", "BadHttpRequestException", "Body", "Boolean", "CancellationToken", "Checked", "CheckedRules", "CultureInfo",
        "Database", "DateOnly", "DateTime", "DateTimeKind", "DateTimeOffset", "DateTimeStyles", "DBNull", "Decimal", "Dictionary", "Directory",
        "DirectoryInfo", "Encoding", "EndpointDataSource", "Enumerable", "ExceptionHandlerOptions", "Fact", "FactAttribute", "FieldError", "Filters", "Func",
        "GeneratedRegex", "GeneratedRegexAttribute", "Guid", "Health", "Http", "HttpClient", "HttpMethod", "HttpMethodMetadata", "HttpRequest",
        "HttpRequestMessage", "HttpStatusCode", "IClassFixture", "IConfiguration", "IEndpointRouteBuilder", "IEnumerable", "Int64", "InvalidOperationException",
        "IQueryCollection", "IReadOnlyList", "IResult", "IServiceCollection", "IWebHostBuilder", "JsonArray", "JsonBody", "JsonDocument", "JsonElement",
        "JsonException", "JsonNode", "JsonObject", "JsonPropertyName", "JsonPropertyNameAttribute", "JsonPropertyOrder", "JsonPropertyOrderAttribute",
        "JsonSerializer", "JsonSerializerOptions", "JsonTypes", "JsonValueKind", "List", "ListColumn", "ListQuery", "Math", "Microsoft", "Nullable",
        "NumberStyles", "Object", "OptionalObjects", "OptionalValues", "Outcome", "Page", "ParseError", "Parsed", "Path", "Problems", "Program",
        "ReadOnlySpan", "Regex", "RegexMatchTimeoutException", "RegexOptions", "RouteEndpoint", "Service", "ServiceEndpoints", "SqlCommands", "SqliteCommand",
        "SqliteConnection", "SqliteConnectionStringBuilder", "SqliteDataReader", "SqliteException", "SqlParameter", "SqlValues", "Startup", "StatusCodes",
        "Storage", "StoredFile", "Stream", "StreamReader", "String", "StringComparer", "StringComparison", "StringContent", "System", "Task",
        "TestContext", "Tests", "TimeOnly", "TimeSpan", "Tuple", "Type", "TypedResults", "Uri", "ValueTask", "ValueTuple", "Void", "WebApplication",
        "WebApplicationFactory", "Xunit",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // Members that every record has, and those that one must not have.
    private static readonly string[] Members =
    [
        "Id", "Clone", "Deconstruct", "EqualityContract", "Equals", "Finalize", "GetHashCode", "GetType", "MemberwiseClone", "PrintMembers", "ReferenceEquals", "ToString",
    ];

    private readonly NameScope _scope;
    private readonly FrozenSet<string> _reserved;
    private readonly string _suffix;

    private CSharpNames(IEnumerable<string> reserved, string suffix)
    {
        _reserved = reserved.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _scope = new NameScope(_reserved);
        _suffix = suffix;
    }

    /// <summary>Names of types of the idea.</summary>
    public static CSharpNames OfTypes() => new([.. Used, .. Members], "Entity");

    /// <summary>Names of namespaces, which hide types of the same name as well.</summary>
    public static CSharpNames OfSpaces() => new(Used, "Area");

    /// <summary>Names of properties of a record of that name.</summary>
    public static CSharpNames OfProperties(string type) => new([.. Members, type, type + "Input"], "Value");

    /// <summary>Names of methods in a test class.</summary>
    public static CSharpNames OfTests() => new([], "Test");

    /// <summary>A name in Pascal case, e.g. <c>LoanRequest</c>; a reserved one gets a suffix, a taken one a number.</summary>
    public string Take(Words words)
    {
        var name = words.Pascal;
        return _scope.Take(_reserved.Contains(name) ? name + _suffix : name);
    }

    /// <summary>A name as a sentence, e.g. <c>Refuses_Missing_Title</c>.</summary>
    public string TakeSentence(Words words) =>
        _scope.Take(string.Join('_', words.List.Select(word => char.ToUpperInvariant(word[0]) + word[1..])));
}
