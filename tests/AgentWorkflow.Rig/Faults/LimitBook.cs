namespace AgentWorkflow.Rig.Faults;

/// <summary>Counts requests a caller, and knows the times in which none may come.</summary>
public sealed class LimitBook(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Account> _accounts = new(StringComparer.Ordinal);

    /// <summary>Points an hour of every caller.</summary>
    public int PerHour { get; set; } = 5000;

    /// <summary>The most requests that one caller had open at once.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>The shortest time between the starts of two writes of one caller; null before there were two.</summary>
    public TimeSpan? ShortestWriteGap { get; private set; }

    /// <summary>What is left for a caller.</summary>
    internal Standing Enter(string caller, bool writes)
    {
        lock (_gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            Account account = Of(caller, now);
            account.Open++;
            MostAtOnce = Math.Max(MostAtOnce, account.Open);
            if (writes)
            {
                if (account.LastWrite is { } last && (ShortestWriteGap is null || now - last < ShortestWriteGap))
                {
                    ShortestWriteGap = now - last;
                }

                account.LastWrite = now;
            }

            account.Used++;
            return new Standing(PerHour, Math.Max(0, PerHour - account.Used), account.Reset, now < account.Forbidden ? account.Forbidden : null, account.Used > PerHour);
        }
    }

    internal void Leave(string caller, bool free)
    {
        lock (_gate)
        {
            Account account = _accounts[caller];
            account.Open--;
            account.Used -= free ? 1 : 0;
        }
    }

    /// <summary>Forbids a caller everything until then.</summary>
    internal void Forbid(string caller, DateTimeOffset until)
    {
        lock (_gate)
        {
            Of(caller, time.GetUtcNow()).Forbidden = until;
        }
    }

    private Account Of(string caller, DateTimeOffset now)
    {
        if (!_accounts.TryGetValue(caller, out Account? account))
        {
            account = new Account();
            _accounts.Add(caller, account);
        }

        if (now >= account.Reset)
        {
            account.Reset = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds() + 3600);
            account.Used = 0;
        }

        return account;
    }

    internal sealed record Standing(int Limit, int Remaining, DateTimeOffset Reset, DateTimeOffset? ForbiddenUntil, bool Exhausted);

    private sealed class Account
    {
        public int Open { get; set; }

        public int Used { get; set; }

        public DateTimeOffset Reset { get; set; }

        public DateTimeOffset Forbidden { get; set; }

        public DateTimeOffset? LastWrite { get; set; }
    }
}
