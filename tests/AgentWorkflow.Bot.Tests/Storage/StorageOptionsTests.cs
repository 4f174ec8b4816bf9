using AgentWorkflow.Bot.Storage;

using Microsoft.Extensions.Configuration;

namespace AgentWorkflow.Bot.Tests.Storage;

public sealed class StorageOptionsTests
{
    [Fact]
    public void Without_Settings_It_Is_SQLite_In_The_Folder_Data()
    {
        StorageOptions options = Read([]);

        Assert.Equal(DatabaseProvider.Sqlite, options.Provider);
        Assert.Equal(Path.Combine(Environment.CurrentDirectory, "data"), options.DataDirectory);
        Assert.Contains(Path.Combine("data", "agentworkflow.db"), options.ConnectionString, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Oracle", null, "AW2510")]
    [InlineData("1", null, "AW2510")]
    [InlineData("PostgreSql", null, "AW2511")]
    public void A_Wrong_Database_Is_Refused_In_A_Sentence(string provider, string? connection, string code)
    {
        StorageException refusal = Assert.Throws<StorageException>(() => Read(new() { ["Database:Provider"] = provider, ["ConnectionStrings:Default"] = connection }));

        Assert.Equal(code, refusal.Code);
        Assert.EndsWith(".", refusal.Message);
    }

    private static StorageOptions Read(Dictionary<string, string?> values) =>
        StorageOptions.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
}
