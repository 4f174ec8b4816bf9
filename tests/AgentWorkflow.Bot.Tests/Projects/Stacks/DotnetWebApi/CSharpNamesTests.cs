using System.Diagnostics;
using System.Text;
using AgentWorkflow.Bot.Projects.Api;
using AgentWorkflow.Bot.Projects.Stacks.DotnetWebApi;
using CsCheck;

namespace AgentWorkflow.Bot.Tests.Projects.Stacks.DotnetWebApi;

public sealed class CSharpNamesTests
{
    [Theory]
    [InlineData("Loan request", "LoanRequest")]
    [InlineData("Task", "TaskEntity")]
    [InlineData("system", "SystemEntity")]
    [InlineData("🚀", "Item")]
    public void Types_Are_Pascal_Case_And_Never_Hide_What_Generated_Code_Uses(string name, string expected) =>
        Assert.Equal(expected, CSharpNames.OfTypes().Take(Words.Of(name, "item")));

    [Fact]
    public void A_Property_Is_Never_Named_As_Its_Type_Or_A_Member_Of_Records()
    {
        var names = CSharpNames.OfProperties("Book");

        Assert.Equal(["BookValue", "ToStringValue", "IdValue", "Title", "Title2"], new[] { "book", "to string", "id", "title", "TITLE" }.Select(name => names.Take(Words.Of(name, "field"))));
    }

    // Process-level: one compilation of some thousand names, each as a namespace, a type, a property and a method.
    [Fact]
    public async Task Any_Names_Compile_Together()
    {
        var names = new HashSet<string>(Hostile.FieldNames, StringComparer.Ordinal);
        Gen.String.Array[100].Sample(more => { lock (names) { names.UnionWith(more); } }, iter: 20);
        Gen.String[Gen.Char.AlphaNumeric, 1, 12].Array[100].Sample(more => { lock (names) { names.UnionWith(more); } }, iter: 20);
        var folder = Directory.CreateTempSubdirectory("names-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "Names.cs"), Source(names), TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "Names.csproj"), Project, TestContext.Current.CancellationToken);
            var start = new ProcessStartInfo("dotnet", ["build", "-v", "q", "-nodeReuse:false"]) { WorkingDirectory = folder.FullName, UseShellExecute = false, RedirectStandardOutput = true };
            using var build = Process.Start(start)!;
            var output = await build.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await build.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(build.ExitCode == 0, output[..Math.Min(output.Length, 4000)]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private const string Project =
        """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup><TargetFramework>net10.0</TargetFramework><Nullable>enable</Nullable><ImplicitUsings>enable</ImplicitUsings><TreatWarningsAsErrors>true</TreatWarningsAsErrors></PropertyGroup>
        </Project>
        """;

    private static string Source(IEnumerable<string> names)
    {
        var source = new StringBuilder("using System.Text;\nusing System.Text.Json;\nusing System.Text.Json.Nodes;\n");
        var (types, spaces, tests) = (CSharpNames.OfTypes(), CSharpNames.OfSpaces(), CSharpNames.OfTests());
        foreach (var name in names)
        {
            var type = types.Take(Words.Of(name, "item"));
            var properties = CSharpNames.OfProperties(type);
            var words = Words.Of(name, "field");
            source.Append($"namespace Root.{spaces.Take(Words.Of(name, "item").Plural())} {{ public record {type}Input {{ ")
                .Append($"public required string {properties.Take(words)} {{ get; init; }} public Guid? {properties.Take(words)} {{ get; init; }} }}\n")
                .Append($"public sealed record {type} : {type}Input {{ public long Id {{ get; init; }} }}\n")
                .Append($"public static class {type}Tests {{ public static async Task<JsonNode?> {tests.TakeSentence(words.Then("test"))}(JsonElement json, CancellationToken cancellationToken) ")
                .Append("{ await Task.Delay(TimeSpan.Zero, cancellationToken); List<string> list = [String.Empty, json.ToString()]; return JsonNode.Parse(string.Concat(list) + Encoding.UTF8.WebName + Path.PathSeparator); } } }\n");
        }

        return source.ToString();
    }
}
