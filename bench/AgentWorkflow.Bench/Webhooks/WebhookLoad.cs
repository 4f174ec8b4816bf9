using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

using AgentWorkflow.Bench.Measuring;
using AgentWorkflow.Bot.Intake;

namespace AgentWorkflow.Bench.Webhooks;

/// <summary>What was measured: answers a second, and milliseconds of half and of nearly all of them.</summary>
internal sealed record WebhookFigures(double Rate, double Half, double Nearly);

/// <summary>Senders of signed deliveries over many connections, each of which waits for its answer. Plain sockets: the machine is the server's too.</summary>
internal static class WebhookLoad
{
    /// <summary>The secret of the bench.</summary>
    public const string Secret = "It's a Secret to Everybody";

    private const int Connections = 64;
    private const int BodySize = 25_000;
    private const int IdLength = 26;
    private static long s_sent;

    /// <summary>Sends that many and waits for a success of each.</summary>
    /// <exception cref="InvalidOperationException">An answer was no success.</exception>
    public static async Task<WebhookFigures> RunAsync(int port, int count)
    {
        byte[] body = Body();
        double[] times = new double[count];
        int next = -1;
        Stopwatch watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            (byte[] request, int id) = RequestOf(body);
            byte[] answer = new byte[4096];
            using Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, port);
            for (int i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
            {
                Interlocked.Increment(ref s_sent).TryFormat(request.AsSpan(id, IdLength), out int _, "D26", CultureInfo.InvariantCulture);
                long start = Stopwatch.GetTimestamp();
                await socket.SendAsync(request);
                await ReceiveAsync(socket, answer);
                times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        })));
        double rate = count / watch.Elapsed.TotalSeconds;
        Array.Sort(times);
        return new WebhookFigures(rate, times[count / 2], times[count * 99 / 100]);
    }

    private static async Task ReceiveAsync(Socket socket, byte[] answer)
    {
        int length = 0;
        while (true)
        {
            int read = await socket.ReceiveAsync(answer.AsMemory(length));
            length += read;
            string text = Encoding.ASCII.GetString(answer, 0, length);
            int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (read == 0 || (end > 0 && !text.StartsWith("HTTP/1.1 20", StringComparison.Ordinal)))
            {
                throw new InvalidOperationException($"A delivery was not taken: {text}");
            }

            int size = text.IndexOf("Content-Length: ", StringComparison.Ordinal);
            if (end > 0 && length == end + 4 + int.Parse(text.AsSpan(size + 16, text.IndexOf('\r', size) - size - 16), CultureInfo.InvariantCulture))
            {
                return;
            }
        }
    }

    private static byte[] Body()
    {
        string text = Sample.Text(7, BodySize - 60).Replace("\n", "\\n", StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes($$"""{ "action": "created", "comment": { "id": 1, "body": "{{text}}" } }""");
    }

    private static (byte[] Request, int Id) RequestOf(byte[] body)
    {
        string signature = GitHubSignature.Of(body, Encoding.UTF8.GetBytes(Secret));
        string head = $"POST {GitHubWebhooks.Route} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n"
            + $"X-GitHub-Event: issue_comment\r\n{GitHubSignature.Header}: {signature}\r\nX-GitHub-Delivery: ";
        return ([.. Encoding.ASCII.GetBytes(head + new string('0', IdLength) + "\r\n\r\n"), .. body], head.Length);
    }
}
