using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Tests.Storage;

using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Tests.Intake;

public sealed class SqliteDeliveryTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private StorageOptions Options => new() { DataDirectory = _folder.Path, ConnectionString = StorageOptions.SqliteFile(_folder.Path) };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_File_Is_Durable_And_Has_The_Columns_And_Indexes_That_Its_Readers_Expect()
    {
        using (SqliteDeliveryTable table = new(Options))
        {
            table.Apply([new DeliveryChange.Probe()]);
        }

        DbContextOptionsBuilder<DeliveryFileDb> builder = new();
        StorageServices.Configure(builder, Options with { ConnectionString = SqliteDeliveryTable.FileOf(Options) });
        using DeliveryFileDb db = new(builder.Options);
        using SqliteConnection expected = new("Data Source=:memory:");
        expected.Open();
        using SqliteCommand create = expected.CreateCommand();
#pragma warning disable CA2100 // The library wrote the text.
        create.CommandText = db.Database.GenerateCreateScript();
#pragma warning restore CA2100
        create.ExecuteNonQuery();

        db.Database.OpenConnection();
        SqliteConnection actual = (SqliteConnection)db.Database.GetDbConnection();
        foreach (string what in (string[])["pragma_table_info('Deliveries')", "pragma_index_list('Deliveries')"])
        {
            Assert.Equal(Lines(expected, what), Lines(actual, what));
        }

        Assert.Equal(("wal", 2L, 16384L), (Scalar(actual, "PRAGMA journal_mode"), Scalar(actual, "PRAGMA synchronous"), Scalar(actual, "PRAGMA page_size")));
    }

    [Fact]
    public void A_File_Of_A_Newer_Version_Is_Refused()
    {
        using (SqliteConnection newer = new(SqliteDeliveryTable.FileOf(Options)))
        {
            newer.Open();
            Scalar(newer, "PRAGMA user_version = 99");
        }

        using SqliteDeliveryTable table = new(Options);
        Assert.Equal("AW2513", Assert.Throws<StorageException>(() => table.Apply([new DeliveryChange.Probe()])).Code);
    }

    [Fact]
    public void What_Is_No_Database_Is_Told_In_A_Sentence()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "deliveries.db"), new string('x', 8192));

        using SqliteDeliveryTable table = new(Options);
        Assert.Equal("AW2524", Assert.Throws<StorageException>(() => table.Apply([new DeliveryChange.Probe()])).Code);
    }

    [Fact]
    public async Task Too_Many_That_Wait_Are_Refused_At_Once_And_Room_Comes_Back()
    {
        using InboxSignal signal = new();
        using StuckTable table = new();
        using DeliveryWriter writer = new(table, signal);
        List<Task<bool>> waiting = [.. Enumerable.Range(0, DeliveryWriter.MostWaiting + DeliveryWriter.MostAtOnce + 1).Select(_ => writer.WriteAsync(new DeliveryChange.Probe()))];

        StorageException refusal = await Assert.ThrowsAsync<StorageException>(() => waiting[^1]);
        Assert.Equal("AW2560", refusal.Code);
        table.Go.Set();
        bool[] done = await Task.WhenAll(waiting.Where(t => !t.IsFaulted));
        Assert.True(await writer.WriteAsync(new DeliveryChange.Probe()));
        Assert.True(done.Length >= DeliveryWriter.MostWaiting);
    }

    [Fact]
    public async Task A_Group_That_Fails_Is_Told_To_All_Of_It_And_The_Next_Is_Written()
    {
        using InboxSignal signal = new();
        using StuckTable table = new() { Failure = new StorageException("AW2520", "The disk is full.") };
        table.Go.Set();
        using DeliveryWriter writer = new(table, signal);

        await Assert.ThrowsAsync<StorageException>(() => writer.WriteAsync(new DeliveryChange.Probe()));
        table.Failure = null;

        Assert.True(await writer.WriteAsync(new DeliveryChange.Probe()));
        Assert.Equal(1, writer.Commits);
    }

    private static List<string> Lines(SqliteConnection connection, string table)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are this class's own.
        command.CommandText = $"SELECT * FROM {table} ORDER BY name";
#pragma warning restore CA2100
        using SqliteDataReader reader = command.ExecuteReader();
        List<string> lines = [];
        while (reader.Read())
        {
            lines.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Where(i => reader.GetName(i) is not ("cid" or "seq")).Select(i => reader.GetValue(i))));
        }

        return lines;
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are this class's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    private sealed class StuckTable : IDeliveryTable
    {
        public ManualResetEventSlim Go { get; } = new();

        public StorageException? Failure { get; set; }

        public bool[] Apply(IReadOnlyList<DeliveryChange> changes)
        {
            Go.Wait();
            return Failure is { } failure ? throw failure : [.. changes.Select(_ => true)];
        }

        public void Dispose() => Go.Dispose();
    }
}
