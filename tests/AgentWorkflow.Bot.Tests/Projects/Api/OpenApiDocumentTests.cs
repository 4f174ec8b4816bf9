using System.Text.Json.Nodes;
using AgentWorkflow.Bot.Projects.Api;

namespace AgentWorkflow.Bot.Tests.Projects.Api;

public sealed class OpenApiDocumentTests
{
    [Fact]
    public void Every_Route_And_Every_Field_With_Its_Rules_Is_Described()
    {
        var document = OpenApiDocument.Of(ApiPlan.From(Ideas.Library()));

        Assert.Equal(
            ["/health", "/authors", "/authors/{id}", "/books", "/books/{id}", "/members", "/members/{id}", "/loan-requests", "/loan-requests/{id}"],
            document["paths"]!.AsObject().Select(path => path.Key));
        var title = document["components"]!["schemas"]!["Book.Input"]!["properties"]!["title"]!;
        Assert.Equal("""{"type":"string","minLength":2,"maxLength":200}""", title.ToJsonString());
        var condition = document["components"]!["schemas"]!["Book"]!["properties"]!["condition"]!;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"type":["string","null"],"enum":["new","good","worn out",null],"default":"good"}"""), condition));
    }

    [Fact]
    public void Every_Type_With_Every_Rule_Can_Be_Described_Twice_The_Same()
    {
        var plan = ApiPlan.From(EveryRule.Idea());

        Assert.Equal(OpenApiDocument.Of(plan).ToJsonString(), OpenApiDocument.Of(plan).ToJsonString());
    }
}
