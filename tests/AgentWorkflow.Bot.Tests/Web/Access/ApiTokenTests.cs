using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Bot.Web.Access;

using CsCheck;

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AgentWorkflow.Bot.Tests.Web.Access;

/// <summary>Promise P58: tokens are shown once, stored as hashes, live 90 days at most, and end at once.</summary>
public abstract class ApiTokenContract(IDatabaseFixture database)
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ApiTokens Tokens() => new(database.Factory, new SystemRandomSource(), _time, NullLogger<ApiTokens>.Instance);

    private static NewToken Wanted(int days = 30) => new("t", Role.Operator, RepositoryScope.Of("local", "ideas/one"), days);

    [Fact]
    public async Task A_Token_Finds_Its_Caller_And_Nothing_Of_Its_Text_Is_Stored()
    {
        (ApiTokenRow row, string token) = await Tokens().CreateAsync(Wanted(), "test", Cancel);

        Caller? caller = (await Tokens().FindAsync(token, Cancel)).Caller;
        await using BotDb db = await database.Factory.CreateDbContextAsync(Cancel);
        ApiTokenRow stored = await db.Set<ApiTokenRow>().SingleAsync(t => t.Id == row.Id, Cancel);

        Assert.Equal((row.Id, Role.Operator, "local:ideas/one"), (caller!.Id, caller.Role, caller.Scope.ToString()));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(token))), stored.Hash);
        Assert.DoesNotContain(db.Entry(stored).Properties, p => p.CurrentValue is string text && token.Contains(text, StringComparison.Ordinal) && text.Length > 4);
        Assert.Equal(_time.GetUtcNow(), stored.LastUsedAt);
    }

    [Fact]
    public async Task A_Token_Ends_When_It_Is_Over_And_When_It_Is_Revoked()
    {
        (ApiTokenRow first, string revoked) = await Tokens().CreateAsync(Wanted(), "test", Cancel);
        (_, string expires) = await Tokens().CreateAsync(Wanted(days: 2), "test", Cancel);

        Assert.True(await Tokens().RevokeAsync(first.Id, "test", Cancel));
        _time.Advance(TimeSpan.FromDays(2) - TimeSpan.FromSeconds(1));
        Assert.NotNull((await Tokens().FindAsync(expires, Cancel)).Caller);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("AW2604", (await Tokens().FindAsync(revoked, Cancel)).Code);
        Assert.Equal("AW2603", (await Tokens().FindAsync(expires, Cancel)).Code);
        Assert.False(await Tokens().RevokeAsync("none", "test", Cancel));
    }

    [Fact]
    public async Task What_Follows_Streams_Is_Told_Which_Tokens_Ended()
    {
        (ApiTokenRow alive, _) = await Tokens().CreateAsync(Wanted(), "test", Cancel);
        (ApiTokenRow revoked, _) = await Tokens().CreateAsync(Wanted(), "test", Cancel);
        await Tokens().RevokeAsync(revoked.Id, "test", Cancel);

        Assert.Equal([revoked.Id], await Tokens().FindEndedAsync([alive.Id, revoked.Id, Caller.Local.Id], Cancel));
    }

    [Theory]
    [InlineData("", 30)]
    [InlineData(" t", 30)]
    [InlineData("t\n", 30)]
    [InlineData("t", 0)]
    [InlineData("t", 91)]
    public void Names_And_Days_Have_Bounds(string name, int days) => Assert.NotNull(ApiTokens.Refusal(name, days));

    [Fact]
    public void Ninety_Days_Are_The_Most() => Assert.Null(ApiTokens.Refusal("t", 90));
}

public sealed class SqliteApiTokenTests(SqliteDatabase database) : ApiTokenContract(database), IClassFixture<SqliteDatabase>;

public sealed class PostgresApiTokenTests(PostgresDatabase database) : ApiTokenContract(database), IClassFixture<PostgresDatabase>;

public sealed class TokenTextTests
{
    [Fact]
    public void A_Token_With_One_Letter_Changed_Is_Known_Without_The_Database() => Gen.Select(Gen.Int[0, 61], Gen.Char["0123456789abcdefghjkmnpqrstvwxyz"]).Sample(change =>
    {
        string token = TokenText.New(new SystemRandomSource());
        (int place, char letter) = change;
        string changed = token[..place] + letter + token[(place + 1)..];
        Assert.True(TokenText.IsWellFormed(token));
        Assert.Equal(62, token.Length);
        Assert.Equal(changed == token, TokenText.IsWellFormed(changed));
    });
}

public sealed class LocalTokenTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero));

    public void Dispose() => _folder.Dispose();

    private LocalToken Token() => new(new StorageOptions { DataDirectory = _folder.Path, ConnectionString = "" }, new SystemRandomSource(), _time);

    [Fact]
    public void It_Is_A_File_Of_The_User_Alone_And_Stays_The_Same()
    {
        string text = Token().Text;

        Assert.Equal(text, Token().Text);
        Assert.True(TokenText.IsWellFormed(text));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, OperatingSystem.IsWindows() ? UnixFileMode.UserRead | UnixFileMode.UserWrite : File.GetUnixFileMode(Token().Path));
    }

    [Fact]
    public void A_File_That_Others_May_Read_Is_Refused()
    {
        _ = Token().Text;
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("There are no modes of files.");
        }
        else
        {
            File.SetUnixFileMode(Token().Path, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        }

        Assert.Equal("AW2600", Assert.Throws<StorageException>(() => Token().Text).Code);
    }

    [Fact]
    public void A_Cookie_Says_Nothing_Of_The_Token_And_Ends_After_Eight_Hours()
    {
        LocalToken token = Token();
        (string cookie, _) = token.NewCookie();

        Assert.DoesNotContain(token.Text, cookie, StringComparison.Ordinal);
        Assert.True(token.IsCookie(cookie));
        Assert.False(token.IsCookie($"9{cookie}"));
        Assert.False(token.IsCookie(cookie.Split('.')[0] + "."));
        _time.Advance(TimeSpan.FromHours(8));
        Assert.False(token.IsCookie(cookie));
    }
}
