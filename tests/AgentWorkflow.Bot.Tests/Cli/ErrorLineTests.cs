using System.Net.Sockets;

using AgentWorkflow.Bot.Agents;
using AgentWorkflow.Bot.Cli;
using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Storage;

using Microsoft.AspNetCore.Connections;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AgentWorkflow.Bot.Tests.Cli;

public sealed class ErrorLineTests
{
    private static readonly StorageOptions Storage = new() { DataDirectory = "/data", ConnectionString = "" };

    public static TheoryData<Exception, string> Errors => new()
    {
        { new SettingsException("AW2501 a"), "AW2501 a" },
        { new StorageException("AW2520", "Full."), "AW2520 Full." },
        { new AgentException("AW1010", "None."), "AW1010 None." },
        { new AggregateException(new AgentException("AW1010", "None.")), "AW1010 None." },
        { new OptionsValidationException("", typeof(object), ["A is wrong.", "B too."]), "AW2507 A is wrong. B too." },
        { new DbUpdateException("x", new SqliteException("disk full", 13)), "AW2520 The disk that holds '/data' is full" },
        { new ForgeException(ForgeFault.Unavailable, "x", new IOException("x", 28)), "AW2520 The disk that holds '/data' is full" },
        { new SqliteException("locked", 5), "AW2521 The database of '/data' is locked" },
        { new SqliteException("malformed", 11), "AW2524 The database file in '/data' is damaged" },
        { new DbUpdateException("x", new SqliteException("no such table: Runs", 1)), "AW2525 the database refused: " },
        { new IOException("x is in use", new AddressInUseException("x", new SocketException(98))), "AW2541 x is in use; end the program" },
        { new UnauthorizedAccessException("Access to the path '/x' is denied."), "AW2542 Access to the path '/x' is denied; give" },
        { new FileNotFoundException("Could not find file '/x'."), "AW2543 Could not find file '/x'; check" },
        { new InvalidDataException("Failed to load /a.json", new FormatException("bad")), "AW2544 Failed to load /a.json: bad" },
        { new InvalidOperationException("of two\nlines"), "AW2599 this is a mistake in the program (InvalidOperationException: of two lines); run again with --verbose" },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void Every_Error_Is_One_Line_That_Begins_With_Its_Code(Exception error, string start)
    {
        string line = ErrorLine.Of(error, Storage);

        Assert.StartsWith(start, line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }

    [Fact]
    public void Without_Known_Settings_A_Database_Error_Is_Still_A_Sentence() =>
        Assert.StartsWith("AW2525 ", ErrorLine.Of(new SqliteException("x", 5), null), StringComparison.Ordinal);
}
