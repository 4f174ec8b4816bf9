using System.Reflection;
using System.Runtime.InteropServices;

namespace AgentWorkflow.Bot.Projects.Templating;

/// <summary>
/// What the process that renders takes from itself before it reads a stranger's template: processor time, files and sockets.
/// The host watches memory and time besides.
/// </summary>
internal static partial class TemplateChildLimits
{
    private const int Cpu = 0, Core = 4, OpenFiles = 7;

    /// <summary>Processor time for reading and rendering, in seconds; starting the process is not the template's fault.</summary>
    public const int CpuSeconds = 2;

    /// <summary>Sets the limits; they cannot be raised again. Only Linux has them here; elsewhere the host's watch is all.</summary>
    public static void Apply()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // Afterwards no file can be opened, so what would be loaded later is loaded now.
        var loaded = new HashSet<string>(StringComparer.Ordinal);
        Load(typeof(Scriban.TemplateContext).Assembly, loaded);
        Load(typeof(YamlDotNet.Core.Parser).Assembly, loaded);
        Load(typeof(System.Text.Json.JsonSerializer).Assembly, loaded);
        Set(Core, 0);
        Set(Cpu, (ulong)Math.Ceiling(Environment.CpuUsage.TotalTime.TotalSeconds) + CpuSeconds);
        Set(OpenFiles, 0);
    }

    private static void Load(Assembly assembly, HashSet<string> loaded)
    {
        foreach (AssemblyName name in assembly.GetReferencedAssemblies())
        {
            if (loaded.Add(name.FullName))
            {
                Load(Assembly.Load(name), loaded);
            }
        }
    }

    private static void Set(int resource, ulong value)
    {
        var limit = new ResourceLimit { Current = value, Maximum = value };
        if (SetResourceLimit(resource, in limit) != 0)
        {
            throw new IOException($"The limit {resource} of this process cannot be set: error {Marshal.GetLastPInvokeError()}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetResourceLimit(int resource, in ResourceLimit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceLimit
    {
        public ulong Current;
        public ulong Maximum;
    }
}
