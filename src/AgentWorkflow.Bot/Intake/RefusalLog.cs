using System.Net;

namespace AgentWorkflow.Bot.Intake;

/// <summary>Tells the operator of refused requests, a line for many: whoever sends forged ones must not be able to fill the log.</summary>
internal sealed partial class RefusalLog(TimeProvider time, ILogger<RefusalLog> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private long _last;
    private int _count;

    /// <summary>Counts one.</summary>
    public void Add(string code, IPAddress? address)
    {
        int count = Interlocked.Increment(ref _count);
        long last = Volatile.Read(ref _last);
        if ((last == 0 || time.GetElapsedTime(last) >= Pause) && Interlocked.CompareExchange(ref _last, time.GetTimestamp(), last) == last)
        {
            Interlocked.Add(ref _count, -count);
            Log.Refused(logger, count, code, address);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Requests to the webhook address were refused since the last such line: {Count}; the last one with {Code}, from {Address}.")]
        public static partial void Refused(ILogger logger, int count, string code, IPAddress? address);
    }
}
