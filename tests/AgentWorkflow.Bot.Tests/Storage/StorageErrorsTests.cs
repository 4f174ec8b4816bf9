using AgentWorkflow.Bot.Storage;

using Microsoft.Data.Sqlite;

using Npgsql;

namespace AgentWorkflow.Bot.Tests.Storage;

public sealed class StorageErrorsTests
{
    [Theory]
    [InlineData(19, 2067, "Duplicate")]
    [InlineData(19, 1555, "Duplicate")]
    [InlineData(19, 787, "None")]
    [InlineData(5, 5, "Busy")]
    [InlineData(6, 262, "Busy")]
    [InlineData(8, 1032, "ReadOnly")]
    [InlineData(13, 13, "Full")]
    [InlineData(14, 14, "Unavailable")]
    [InlineData(26, 26, "Damaged")]
    public void SQLite_Errors_Are_Named_By_What_They_Mean(int code, int extended, string fault) =>
        Assert.Equal(fault, StorageErrors.Classify(new InvalidOperationException("outer", new SqliteException("inner", code, extended))).ToString());

    [Theory]
    [InlineData("23505", "Duplicate")]
    [InlineData("40001", "Busy")]
    [InlineData("40P01", "Busy")]
    [InlineData("53100", "Full")]
    [InlineData("25006", "ReadOnly")]
    [InlineData("57P01", "Unavailable")]
    [InlineData("42601", "None")]
    public void PostgreSQL_Errors_Are_Named_By_What_They_Mean(string state, string fault) =>
        Assert.Equal(fault, StorageErrors.Classify(new PostgresException("text", "ERROR", "ERROR", state)).ToString());

    [Fact]
    public void A_Full_Disk_Is_Told_In_One_Sentence_With_The_Folder()
    {
        StorageOptions options = new() { DataDirectory = "/somewhere", ConnectionString = "" };

        StorageException? told = StorageErrors.Explain(new IOException("no space", 28), options);

        Assert.Equal("AW2520", told?.Code);
        Assert.Contains("'/somewhere' is full", told?.Message);
        Assert.Null(StorageErrors.Explain(new InvalidOperationException("something else"), options));
    }
}
