using System.Diagnostics;

namespace AgentWorkflow.Acceptance.Rig;

/// <summary>The real program with a data directory and a working directory of its own.</summary>
internal sealed class BotProgram : IDisposable
{
    private static readonly string[] OurSettings = ["AGENTWORKFLOW_", "DataDirectory", "Database__", "ConnectionStrings__", "Agents__", "Sandbox__", "Limits__", "Signing__", "DOTNET_ENVIRONMENT"];

    public BotProgram()
    {
        Folder = Directory.CreateTempSubdirectory("agentworkflow-acceptance-").FullName;
        Data = Path.Combine(Folder, "data");
        Here = Directory.CreateDirectory(Path.Combine(Folder, "here")).FullName;
    }

    /// <summary>Everything of this program, deleted with it.</summary>
    public string Folder { get; }

    /// <summary>The data directory.</summary>
    public string Data { get; }

    /// <summary>The working directory.</summary>
    public string Here { get; }

    /// <summary>Runs it to its end.</summary>
    public async Task<Ended> RunAsync(IEnumerable<string> arguments, IEnumerable<(string Name, string Value)>? environment = null, string? input = null)
    {
        using StartedProgram started = Start(arguments, environment, input);
        return await started.EndAsync();
    }

    /// <inheritdoc cref="RunAsync(IEnumerable{string}, IEnumerable{ValueTuple{string, string}}, string)"/>
    public Task<Ended> RunAsync(params string[] arguments) => RunAsync(arguments, environment: null);

    /// <summary>Starts it.</summary>
    public StartedProgram Start(IEnumerable<string> arguments, IEnumerable<(string Name, string Value)>? environment = null, string? input = null)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "agentworkflow.dll"), .. arguments]) { WorkingDirectory = Here };
        foreach (string name in start.Environment.Keys.Where(k => OurSettings.Any(s => k.StartsWith(s, StringComparison.OrdinalIgnoreCase))).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["DataDirectory"] = Data;
        start.Environment["TERM"] = "dumb";
        foreach ((string name, string value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        return new StartedProgram(start, input);
    }

    /// <summary>Writes a file into the working directory.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(Path.Combine(Here, name), text);
        return name;
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // A process that was just killed took a folder of its own along.
        }
    }
}
