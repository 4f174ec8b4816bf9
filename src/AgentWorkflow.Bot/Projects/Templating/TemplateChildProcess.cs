using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Definition;

namespace AgentWorkflow.Bot.Projects.Templating;

/// <summary>
/// Renders a repository's own template in a process of its own: this program again, with nothing in its environment, that can
/// open neither file nor socket once it reads the template (promise P75). It tells on standard error which file it is at,
/// so that a template that is stopped is stopped with a place.
/// </summary>
internal static class TemplateChildProcess
{
    /// <summary>The hidden command of this program.</summary>
    public const string Command = "render-template";

    private const long MaxMemory = 256L << 20;
    private const int MemoryExit = 75;
    private const int Killed = 128 + 9, CpuSignal = 128 + 24, Aborted = 128 + 6;
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>The child's side: reads one request, answers it and ends.</summary>
    public static async Task<int> RunAsync(Stream stdin, Stream stdout)
    {
        try
        {
            WarmUp();
            using var input = new MemoryStream();
            await stdin.CopyToAsync(input);
            using TextWriter told = Console.Error;

            // The first line opens what the console needs; there is no opening later.
            await told.WriteLineAsync();
            TemplateChildLimits.Apply();
            return Answer(input.ToArray(), stdout, told);
        }
        catch (OutOfMemoryException)
        {
            return MemoryExit;
        }
    }

    // Not asynchronous: under the limits no thread can be started.
    private static int Answer(byte[] request, Stream stdout, TextWriter told)
    {
        if (JsonSerializer.Deserialize<TemplateRequest>(request, Json) is not { } read)
        {
            return 1;
        }

        stdout.Write(JsonSerializer.SerializeToUtf8Bytes(TemplateResponse.Of(Render(read, told.WriteLine)), Json));
        stdout.Flush();
        return 0;
    }

    /// <summary>The host's side.</summary>
    public static async Task<RenderedTemplate> RenderAsync(
        Template template, string? part, JsonObject model, TemplateLimits limits, TimeProvider clock, CancellationToken cancellationToken)
    {
        byte[] request = JsonSerializer.SerializeToUtf8Bytes(TemplateRequest.Of(template, part, model, limits), Json);
        Process process = Start();
        try
        {
            (byte[]? answer, string? stopped, string told) = await TalkAsync(process, request, (limits.TotalBytes * 2) + (1 << 20), clock, cancellationToken);
            stopped ??= Explain(process.ExitCode);
            return stopped is null && Read(answer) is { } response ? response.ToRendered(limits) : Stopped(template, told, stopped ?? "its answer cannot be read");
        }
        finally
        {
            Kill(process);
            process.Dispose();
        }
    }

    private static async Task<(byte[]? Answer, string? Stopped, string Told)> TalkAsync(
        Process process, byte[] request, long limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var watch = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var told = new StringBuilder();
        Task<string?> watching = WatchAsync(process, clock, watch.Token);
        Task<byte[]?> answering = ReadAsync(process.StandardOutput.BaseStream, limit, cancellationToken);
        Task telling = TellAsync(process.StandardError, told, cancellationToken);
        try
        {
            await SendAsync(process, request, cancellationToken);
            byte[]? answer = await answering;
            if (answer is null)
            {
                Kill(process);
            }

            await telling;
            await process.WaitForExitAsync(cancellationToken);
            return (answer, answer is null ? "its answer is too long" : await watching, told.ToString());
        }
        finally
        {
            await watch.CancelAsync();
            await watching;
        }
    }

    private static RenderedTemplate Render(TemplateRequest request, Action<string> tell)
    {
        TemplateReading reading = TemplateParser.Parse(request.ToFolder(), TemplateOrigin.Repository);
        return reading.Template is { } template
            ? TemplateRun.Render(CompiledTemplate.Compile(template, tell), request.Part, request.Model, request.Limits, CancellationToken.None, tell)
            : RenderedTemplate.Refused(reading.Problems);
    }

    // Once all that a rendering uses has run, nothing needs to be loaded under the limits.
    private static void WarmUp()
    {
        const string Manifest = "name: warm\nfiles:\n  - { from: a.sbn, to: '{{ item.n }}.txt', for: list, if: item.n > 0 }\n  - { from: b.sbn, to: b.txt }\n";
        const string Body = "{{ for x in list }}{{ x.n | json }}{{ end }}{{ 'é.\"' | cs_string | md | xml | upper | lower }}{{ 1.5 * 2 }}{{ func f(a); ret a + 1; end }}{{ f 2 }}";
        var files = new Dictionary<string, byte[]> { ["template.yml"] = Encoding.UTF8.GetBytes(Manifest), ["a.sbn"] = Encoding.UTF8.GetBytes(Body), ["b.sbn"] = Encoding.UTF8.GetBytes("{{ nothing }}") };
        var model = new JsonObject { ["list"] = new JsonArray(new JsonObject { ["n"] = 1 }) };
        byte[] request = JsonSerializer.SerializeToUtf8Bytes(new TemplateRequest("warm", files, "scaffold", model, TemplateLimits.Default), Json);
        if (JsonSerializer.Deserialize<TemplateRequest>(request, Json) is { } read)
        {
            _ = JsonSerializer.SerializeToUtf8Bytes(TemplateResponse.Of(Render(read, _ => { })), Json);
        }
    }

    private static Process Start()
    {
        var start = new ProcessStartInfo
        {
            FileName = Program(out string? assembly),
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (assembly is not null)
        {
            start.ArgumentList.Add(assembly);
        }

        start.ArgumentList.Add(Command);
        string? root = Environment.GetEnvironmentVariable("DOTNET_ROOT");
        start.Environment.Clear();
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x8000000";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_TieredCompilation"] = "0";

        // Its memory file would be one more thing to open; this process lives for one template.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        if (!string.IsNullOrEmpty(root))
        {
            start.Environment["DOTNET_ROOT"] = root;
        }

        return Process.Start(start) ?? throw new InvalidOperationException("The process that renders templates did not start.");
    }

    // Published, this program starts itself; under a test host or `dotnet run` the runtime is told which assembly to run.
    private static string Program(out string? assembly)
    {
        string self = Environment.ProcessPath ?? "";
        assembly = null;
        if (Path.GetFileNameWithoutExtension(self) == "agentworkflow")
        {
            return self;
        }

        assembly = Path.Combine(AppContext.BaseDirectory, "agentworkflow.dll");
        return Path.GetFileNameWithoutExtension(self) == "dotnet" ? self : Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
    }

    private static async Task SendAsync(Process process, byte[] request, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(request, cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it read all; its exit code says why.
        }
    }

    private static async Task<byte[]?> ReadAsync(Stream stream, long limit, CancellationToken cancellationToken)
    {
        using var answer = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        for (int read = await stream.ReadAsync(buffer, cancellationToken); read > 0; read = await stream.ReadAsync(buffer, cancellationToken))
        {
            await answer.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            if (answer.Length > limit)
            {
                return null;
            }
        }

        return answer.ToArray();
    }

    private static async Task TellAsync(StreamReader errors, StringBuilder place, CancellationToken cancellationToken)
    {
        char[] buffer = new char[4096];
        for (int read = await errors.ReadAsync(buffer, cancellationToken); read > 0; read = await errors.ReadAsync(buffer, cancellationToken))
        {
            place.Append(buffer, 0, read);
            place.Remove(0, Math.Max(0, place.Length - buffer.Length));
        }
    }

    private static async Task<string?> WatchAsync(Process process, TimeProvider clock, CancellationToken cancellationToken)
    {
        long start = clock.GetTimestamp();
        using var timer = new PeriodicTimer(Glance, clock);
        try
        {
            while (!process.HasExited)
            {
                process.Refresh();
                string? limit = process.WorkingSet64 > MaxMemory ? $"more than {MaxMemory >> 20} MiB of memory"
                    : clock.GetElapsedTime(start) > MaxTime ? $"more than {MaxTime.TotalSeconds} s"
                    : null;
                if (limit is not null)
                {
                    Kill(process);
                    return limit;
                }

                await timer.WaitForNextTickAsync(cancellationToken);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidOperationException or Win32Exception)
        {
            // It ended between two looks.
        }

        return null;
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: false);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It has ended.
        }
    }

    private static string? Explain(int exitCode) => exitCode switch
    {
        0 => null,
        MemoryExit or Aborted => $"more than {MaxMemory >> 20} MiB of memory",
        Killed or CpuSignal => $"more than {TemplateChildLimits.CpuSeconds} s of processor time",
        _ => $"its process ended with {exitCode}",
    };

    private static TemplateResponse? Read(byte[]? answer)
    {
        try
        {
            return answer is null ? null : JsonSerializer.Deserialize<TemplateResponse>(answer, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static RenderedTemplate Stopped(Template template, string told, string why)
    {
        // The last whole line: FROM, LINE, COLUMN of the entry in the manifest.
        string[] last = told.Split('\n').SkipLast(1).Select(l => l.Split('\t')).LastOrDefault(l => l.Length == 3) ?? [TemplateFolder.ManifestName, "1", "1"];
        int line = int.TryParse(last[1], out int l) ? l : 1, column = int.TryParse(last[2], out int c) ? c : 1;
        return RenderedTemplate.Refused([new Diagnostic(
            TemplateFolder.ManifestName, line, column, Severity.Error, "AW1512",
            $"The template '{template.Name}' was stopped at '{last[0]}': {why}; make its loops and texts smaller.")]);
    }
}
