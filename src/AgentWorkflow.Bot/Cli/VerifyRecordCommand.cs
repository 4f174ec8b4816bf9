using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Forges.Local;
using AgentWorkflow.Bot.Steps.PullRequest.Records;

namespace AgentWorkflow.Bot.Cli;

/// <summary><c>verify-record</c>: whether a verification record holds for a clone.</summary>
internal static class VerifyRecordCommand
{
    private static readonly Argument<FileInfo> Record = new("FILE") { Description = "The record." };
    private static readonly Option<DirectoryInfo> Clone = new("--repo") { Description = "A clone whose HEAD is to be compared.", Required = true };
    private static readonly Option<FileInfo?> Key = new("--key") { Description = "A PEM file with the public key that must have signed." };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        Command command = new("verify-record", "Checks a verification record against a clone.") { Record, Clone, Key };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string text = await File.ReadAllTextAsync((parsed.GetValue(Record) ?? throw new InvalidOperationException("FILE is required.")).FullName, cancellationToken);
            byte[]? trusted = parsed.GetValue(Key) is { } key ? ReadKey(key) : null;
            string folder = parsed.GetValue(Clone)?.FullName ?? ".";
            (bool holds, string sentence) = Check(text, trusted, folder);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(sentence);
            return holds ? 0 : BotCommands.Failed;
        });
        return command;
    }

    private static (bool Holds, string Sentence) Check(string text, byte[]? trusted, string folder)
    {
        if (!DsseEnvelope.TryOpen(text, trusted, out JsonObject? statement, out string? refusal))
        {
            return (false, $"The record does not hold: {refusal}.");
        }

        string? recorded = statement["subject"]?[0]?["digest"]?["gitTree"]?.ToString();
        string? actual = Clones.HeadTreeOf(folder);
        string? result = statement["predicate"]?["result"]?.ToString();
        JsonNode? tests = statement["predicate"]?["claimed"]?["tests"];
        bool sandboxed = statement["predicate"]?["observed"]?["sandbox"]?.ToString() is { Length: > 0 } sandbox and not ("none" or "unsafe-host");
        string signer = trusted is null ? "The signer was not checked against a trusted key." : "Signed by the trusted key.";
        return actual is null ? (false, $"'{folder}' is no git repository with a commit.")
            : recorded != actual ? (false, $"The record does not hold for this clone: it is about tree {recorded}, and HEAD has tree {actual}.")
            : result != "passed" ? (false, $"The record is about this tree, but says that verification {result}: {statement["predicate"]?["reason"]}. {signer}")
            : sandboxed ? (true, $"The record holds: tree {recorded}, {tests?["passed"]} tests passed. {signer}")
            : (true, $"The record holds: tree {recorded}, {tests?["passed"]} tests passed, tested without a sandbox. {signer}");
    }

    private static byte[] ReadKey(FileInfo file)
    {
        try
        {
            using ECDsa key = ECDsa.Create();
            key.ImportFromPem(File.ReadAllText(file.FullName));
            return key.ExportSubjectPublicKeyInfo();
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new SettingsException($"AW2506 '{file.FullName}' is no PEM file with a public key.");
        }
    }
}
