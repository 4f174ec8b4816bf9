using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentWorkflow.Bot.Cli;

/// <summary>How the command line writes JSON: indented, letters of all scripts as they are.</summary>
internal static class JsonText
{
    /// <summary>The options.</summary>
    public static JsonSerializerOptions Indented { get; } = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
