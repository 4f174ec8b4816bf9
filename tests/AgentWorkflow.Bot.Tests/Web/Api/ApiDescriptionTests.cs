using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

using AgentWorkflow.Bot.Tests.Agents.Offline.Ideas;
using AgentWorkflow.Bot.Web.Api;

using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace AgentWorkflow.Bot.Tests.Web.Api;

/// <summary>The description of the API is that of its routes: valid, with examples that fit, and with every error.</summary>
public sealed partial class ApiDescriptionTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task It_Is_Valid_And_Has_Every_Operation_With_Its_Errors()
    {
        ApiAnswer answer = await server.SendAsync("GET", "/openapi/v1.json");
        using MemoryStream text = new(answer.Body);
        (OpenApiDocument? document, OpenApiDiagnostic? diagnostic) = await OpenApiDocument.LoadAsync(text, "json", cancellationToken: ApiServer.Cancel);

        Assert.StartsWith("3.1", answer.Json!["openapi"]!.ToString(), StringComparison.Ordinal);
        Assert.Empty(diagnostic!.Errors);
        Dictionary<string, OpenApiOperation> operations = document!.Paths.SelectMany(p => p.Value.Operations!.Values).ToDictionary(o => o.OperationId!, StringComparer.Ordinal);
        Assert.Equal(ApiTable.All.Select(o => o.Id).Concat(["getKeys", "getWorkflowSchema"]).Order(StringComparer.Ordinal), operations.Keys.Order(StringComparer.Ordinal));
        Assert.All(ApiTable.All, line =>
        {
            OpenApiOperation operation = operations[line.Id];
            Assert.Equal(line.Summary, operation.Summary);
            Assert.Empty(new[] { "400", "401", "403", "429", "503" }.Except(operation.Responses!.Keys));
            Assert.Contains(operation.Responses!.Keys, status => status.StartsWith('2'));
            Assert.Equal(line.IsRepeatable, operation.Parameters?.Any(p => p.Name == Idempotency.Header) is true);
            Assert.All(operation.Responses!.Where(r => r.Key[0] is '4' or '5'), r => Assert.NotNull(r.Value.Content!["application/problem+json"].Example));
        });
    }

    [Fact]
    public async Task Every_Body_Has_An_Example_That_The_Program_Itself_Would_Write()
    {
        JsonSerializerOptions json = new(JsonSerializerDefaults.Web);
        ApiPipeline.Configure(json);
        JsonNode description = (await server.SendAsync("GET", "/openapi/v1.json")).Json!;
        Dictionary<string, Type> types = new()
        {
            ["validateWorkflow"] = typeof(WorkflowText),
            ["startRun"] = typeof(StartRun),
            ["cancelRun"] = typeof(Word),
            ["rejectRun"] = typeof(Word),
            ["approveRun"] = typeof(Approval),
            ["createExport"] = typeof(NewExport),
            ["createToken"] = typeof(TokenWanted),
        };
        foreach (JsonObject operation in description["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject()).Select(o => o.Value!.AsObject()))
        {
            string id = operation["operationId"]!.ToString();
            if (operation["requestBody"]?["content"]?["application/json"] is { } body)
            {
                Assert.NotNull(body["example"].Deserialize(types[id], json));
            }

            JsonNode? answer = operation["responses"]!.AsObject().FirstOrDefault(r => r.Key[0] == '2').Value?["content"]?["application/json"];
            if (answer is not null && id != "getKeys")
            {
                Assert.Equal(Properties(description, answer["schema"]!), Properties(answer["example"] ?? throw new InvalidOperationException($"{id} has no example.")));
            }
        }
    }

    [Fact]
    public async Task The_Page_Asks_Nothing_Of_Another_Host()
    {
        ApiAnswer page = await server.SendAsync("GET", "/docs/");

        Assert.Contains("scalar", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch(OtherHost(), page.Text);
        Assert.Contains("connect-src 'self'", Assert.Single(page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_Code_Of_The_Room_Stands_In_The_Document()
    {
        string document = File.ReadAllText(Path.Combine(IdeaFiles.Root, "docs", "api.md"));
        IEnumerable<string> codes = Directory.EnumerateFiles(Path.Combine(IdeaFiles.Root, "src", "AgentWorkflow.Bot", "Web"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(f => Code().Matches(File.ReadAllText(f)).Select(m => m.Value)).Distinct().Where(c => string.CompareOrdinal(c, "AW2602") >= 0);
        HashSet<string> told = [.. Span().Matches(document).SelectMany(m => Enumerable.Range(Number(m, "first"), Number(m, m.Groups["last"].Success ? "last" : "first") - Number(m, "first") + 1)).Select(n => $"AW{n}")];

        Assert.DoesNotContain(codes, c => !told.Contains(c));
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);

    private static IEnumerable<string> Properties(JsonNode description, JsonNode schema)
    {
        string? name = schema["$ref"]?.ToString().Split('/')[^1];
        JsonNode resolved = name is null ? schema : description["components"]!["schemas"]![name]!;
        return resolved["properties"]!.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Properties(JsonNode example) => example.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal);

    [GeneratedRegex("(?:src|href)=\"(?:https?:)?//", RegexOptions.None, 1000)]
    private static partial Regex OtherHost();

    [GeneratedRegex("AW26[0-9]{2}", RegexOptions.None, 1000)]
    private static partial Regex Code();

    [GeneratedRegex("AW(?<first>26[0-9]{2})(?: to AW(?<last>26[0-9]{2}))?", RegexOptions.None, 1000)]
    private static partial Regex Span();
}
