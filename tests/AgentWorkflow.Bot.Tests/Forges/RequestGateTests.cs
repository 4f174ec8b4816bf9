using System.Net;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Forges.GitHub.Http;
using AgentWorkflow.Bot.Forges.Http;

using Microsoft.Extensions.Time.Testing;

namespace AgentWorkflow.Bot.Tests.Forges;

/// <summary>Promises P33 and P35: what one installation may do at once, and when it may do nothing.</summary>
public sealed class RequestGateTests : IDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(s_start);
    private readonly InstallationGates _gates;

    public RequestGateTests() => _gates = new InstallationGates(WritePace.Usual, _time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _gates.Dispose();

    [Fact]
    public async Task Writes_Come_One_After_The_Other_And_A_Second_Apart()
    {
        RequestGate gate = _gates.Of(1);
        RequestGate.Turn first = await gate.EnterAsync(isWrite: true, Cancel);
        Task<RequestGate.Turn> second = gate.EnterAsync(isWrite: true, Cancel);
        (await gate.EnterAsync(isWrite: false, Cancel)).Dispose();

        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.False(second.IsCompleted);
        first.Dispose();
        (await second).Dispose();

        Task<RequestGate.Turn> third = gate.EnterAsync(isWrite: true, Cancel);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(third.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        (await third).Dispose();
    }

    [Fact]
    public async Task Ten_At_Once_And_Another_Installation_Does_Not_Wait()
    {
        RequestGate gate = _gates.Of(1);
        List<RequestGate.Turn> held = [];
        for (int i = 0; i < 10; i++)
        {
            held.Add(await gate.EnterAsync(isWrite: false, Cancel));
        }

        Task<RequestGate.Turn> eleventh = gate.EnterAsync(isWrite: false, Cancel);
        (await _gates.Of(2).EnterAsync(isWrite: true, Cancel)).Dispose();
        Assert.False(eleventh.IsCompleted);
        held[0].Dispose();
        held.Add(await eleventh);
        held.ForEach(h => h.Dispose());
    }

    [Theory]
    [InlineData(403, "90", null, null, 90)]
    [InlineData(429, "90", null, null, 90)]
    [InlineData(503, "30", null, null, 30)]
    [InlineData(403, null, "0", 600, 600)]
    [InlineData(429, null, null, null, 60)]
    [InlineData(403, null, "0", -600, 1)]
    [InlineData(200, null, "0", 600, 600)]
    [InlineData(403, "Mon, 23 Nov 2026 12:02:00 GMT", null, null, 120)]
    public async Task A_Limit_Closes_The_Gate_Until_It_Ends(int status, string? retryAfter, string? remaining, int? reset, int seconds)
    {
        RequestGate gate = _gates.Of(1);

        gate.Learn(Answer(status, retryAfter, remaining, reset));

        ForgeException closed = await Assert.ThrowsAsync<ForgeException>(() => gate.EnterAsync(isWrite: false, Cancel));
        Assert.Equal((ForgeFault.RateLimited, s_start.AddSeconds(seconds)), (closed.Fault, closed.Until!.Value));
        (await _gates.Of(2).EnterAsync(isWrite: false, Cancel)).Dispose();
        _time.Advance(TimeSpan.FromSeconds(seconds));
        (await gate.EnterAsync(isWrite: false, Cancel)).Dispose();
    }

    [Fact]
    public async Task Who_Waits_For_A_Turn_Is_Refused_When_The_Gate_Closes_Meanwhile()
    {
        RequestGate gate = _gates.Of(1);
        RequestGate.Turn writing = await gate.EnterAsync(isWrite: true, Cancel);
        Task<RequestGate.Turn> waiting = gate.EnterAsync(isWrite: true, Cancel);

        gate.Learn(Answer(403, "90", null, null));
        writing.Dispose();

        await Assert.ThrowsAsync<ForgeException>(() => waiting);
        _time.Advance(TimeSpan.FromSeconds(90));
        (await gate.EnterAsync(isWrite: true, Cancel)).Dispose();
    }

    [Fact]
    public async Task Of_The_Last_Three_Points_Three_Are_Spent_And_Not_Ten()
    {
        RequestGate gate = _gates.Of(1);
        gate.Learn(Answer(200, null, "3", 600));
        List<RequestGate.Turn> held = [];
        for (int i = 0; i < 3; i++)
        {
            held.Add(await gate.EnterAsync(isWrite: false, Cancel));
        }

        Task<RequestGate.Turn> fourth = gate.EnterAsync(isWrite: false, Cancel);
        Assert.False(fourth.IsCompleted);
        gate.Learn(Answer(200, null, "0", 600));
        held[0].Dispose();

        await Assert.ThrowsAsync<ForgeException>(() => fourth);
        held.ForEach(h => h.Dispose());
    }

    [Fact]
    public async Task Four_Hundred_Writes_An_Hour_And_Then_None()
    {
        RequestGate gate = _gates.Of(1);
        for (int i = 0; i < 400; i++)
        {
            (await gate.EnterAsync(isWrite: true, Cancel)).Dispose();
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        ForgeException full = await Assert.ThrowsAsync<ForgeException>(() => gate.EnterAsync(isWrite: true, Cancel));
        Assert.Equal(s_start.AddHours(1), full.Until);
        (await gate.EnterAsync(isWrite: false, Cancel)).Dispose();
    }

    private HttpResponseMessage Answer(int status, string? retryAfter, string? remaining, int? reset)
    {
        HttpResponseMessage answer = new((HttpStatusCode)status);
        answer.Headers.Date = _time.GetUtcNow();
        foreach ((string name, string? value) in new[] { ("Retry-After", retryAfter), ("x-ratelimit-remaining", remaining), ("x-ratelimit-reset", reset is { } s ? $"{_time.GetUtcNow().AddSeconds(s).ToUnixTimeSeconds()}" : null) })
        {
            if (value is not null)
            {
                answer.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return answer;
    }
}
