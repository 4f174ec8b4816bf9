using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Threading.Channels;

namespace AgentWorkflow.Rig.Webhooks;

/// <summary>Carries webhooks in the background, over a network that can be bad, and says what became of them.</summary>
internal sealed class Courier<T> : IAsyncDisposable
    where T : class
{
    private readonly Lock _gate = new();
    private readonly List<T> _held = [];
    private readonly Channel<T> _queue = Channel.CreateUnbounded<T>();
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = TimeSpan.FromSeconds(10) };
    private readonly CancellationTokenSource _end = new();
    private readonly Func<T, Letter?> _letter;
    private readonly Action<T, Reply> _after;
    private readonly Task _sending;
    private TaskCompletionSource _settled = Done();
    private int _open;
    private int _made;

    /// <summary>Starts.</summary>
    /// <param name="letter">What is sent where; null where there is nowhere to send it.</param>
    /// <param name="after">Called with what came back, before the next one is sent.</param>
    public Courier(Func<T, Letter?> letter, Action<T, Reply> after)
    {
        _letter = letter;
        _after = after;
        _sending = SendAllAsync();
    }

    /// <summary>How good the way to the bot is from now on.</summary>
    public Network Network { get; set; }

    /// <summary>Takes something to carry; a bad network may lose or keep it.</summary>
    public void Take(T item)
    {
        lock (_gate)
        {
            _made++;
            bool lost = Network == Network.Silent || (Network == Network.Lossy && _made % 2 == 0);
            if (Network == Network.Reordering)
            {
                _held.Add(item);
            }
            else if (!lost)
            {
                Enqueue(item);
            }
        }
    }

    /// <summary>Waits until everything that is on its way got an answer.</summary>
    public Task SettleAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _settled.Task.WaitAsync(TimeSpan.FromSeconds(60), cancellationToken);
        }
    }

    /// <summary>Sends what <see cref="Network.Reordering"/> kept, last first.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _held.Reverse();
            _held.ForEach(Enqueue);
            _held.Clear();
        }

        await SettleAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _end.CancelAsync();
        try
        {
            await _sending;
        }
        catch (OperationCanceledException)
        {
            // Whatever was still on its way is lost, as when a network ends.
        }

        _client.Dispose();
        _end.Dispose();
    }

    private static TaskCompletionSource Done()
    {
        TaskCompletionSource done = new();
        done.SetResult();
        return done;
    }

    private void Enqueue(T item)
    {
        if (_open++ == 0)
        {
            _settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        _queue.Writer.TryWrite(item);
    }

    private async Task SendAllAsync()
    {
        await foreach (T item in _queue.Reader.ReadAllAsync(_end.Token))
        {
            if (_letter(item) is { } letter)
            {
                await Task.WhenAll(Enumerable.Range(0, Network == Network.Doubling ? 2 : 1).Select(_ => SendAsync(item, letter)));
            }

            lock (_gate)
            {
                if (--_open == 0)
                {
                    _settled.SetResult();
                }
            }
        }
    }

    private async Task SendAsync(T item, Letter letter)
    {
        long start = Stopwatch.GetTimestamp();
        int status;
        string answer = "";
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Post, letter.Url) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(letter.Body)) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            foreach ((string name, string value) in letter.Headers.Where(h => h.Key != "Content-Type"))
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            using HttpResponseMessage response = await _client.SendAsync(request, _end.Token);
            status = (int)response.StatusCode;
            answer = await response.Content.ReadAsStringAsync(_end.Token);
        }
        catch (HttpRequestException)
        {
            status = 502;
        }
        catch (TaskCanceledException) when (!_end.IsCancellationRequested)
        {
            status = 504;
        }

        _after(item, new Reply(status, answer, Stopwatch.GetElapsedTime(start).TotalSeconds));
    }
}

/// <summary>One webhook as it goes over the wire.</summary>
internal sealed record Letter(string Url, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>What came back; 502 where nobody was there, 504 where nobody answered.</summary>
internal sealed record Reply(int Status, string Text, double Seconds);
