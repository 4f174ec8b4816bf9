using System.Globalization;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Exports;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Steps.Export;

/// <summary>Writes the files of the run as archives.</summary>
internal sealed class ExportStep : StepType<ExportInputs>
{
    private static readonly string[] s_later = ["github", "gitlab"];

    /// <inheritdoc/>
    public override string Kind => "export";

    /// <inheritdoc/>
    public override string Summary => "Writes the files as ZIP, TAR or TAR.GZ; the same files give the same bytes.";

    /// <inheritdoc/>
    public override IReadOnlyList<StepOutput> Outputs =>
    [
        new("archives", "A list of format, path, size and sha256."),
        new("urls", "Where the archives are, in the order of the formats."),
        new("sha256", "Their digests, in the same order."),
    ];

    /// <inheritdoc/>
    protected override Task<StepResult> RunAsync(ExportInputs inputs, StepContext context, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> formats = inputs.Formats is { Count: > 0 } given ? [.. given.Distinct(StringComparer.Ordinal)] : [ArchiveFormat.Zip.Name];
        string name = string.IsNullOrEmpty(inputs.Name) ? context.Run.Repository.Name : inputs.Name;
        return Task.FromResult(Refuse(formats, name, context) ?? (context.Receipts.Count == 0 ? Ask(formats, name, context) : Tell(context.Receipts)));
    }

    private static StepResult.Failed? Refuse(IReadOnlyList<string> formats, string name, StepContext context)
    {
        string? unknown = formats.FirstOrDefault(f => ArchiveFormat.Find(f) is null);
        return unknown is not null && s_later.Contains(unknown, StringComparer.Ordinal)
                ? new StepResult.Failed("AW3501", $"Publishing to '{unknown}' is part of the language but not of this version; use {string.Join(", ", ArchiveFormat.All)}.")
            : unknown is not null
                ? new StepResult.Failed("AW3500", $"'formats' of '{context.StepId}' names '{unknown}'; there are {string.Join(", ", ArchiveFormat.All)}.")
            : !RepoPath.TryParse(name, out _, out _) || name.Contains('/')
                ? new StepResult.Failed("AW3502", $"'name: {name}' of '{context.StepId}' cannot be a file's name; use letters, digits and '-'.")
            : context.Workspace.Tree.Files.Count == 0
                ? new StepResult.Failed("AW3503", $"There are no files for '{context.StepId}' to export; let a step before it write some.")
            : null;
    }

    private static StepResult.Act Ask(IReadOnlyList<string> formats, string name, StepContext context) => new(
        [.. formats.Select(f => new PublishArchive(new EffectKey($"archive/{context.StepId}/{f}"), context.Workspace.Tree, f, name, $"{name}.{f}"))]);

    private static StepResult Tell(IReadOnlyList<Receipt> receipts)
    {
        if (receipts.FirstOrDefault(r => r.Outcome is EffectOutcome.Refused) is { } refused)
        {
            return new StepResult.Failed("AW3504", $"An archive was not written: {refused.Reason}.");
        }

        JsonObject outputs = new()
        {
            ["archives"] = new JsonArray([.. receipts.Select(r => new JsonObject
            {
                ["format"] = r["format"],
                ["path"] = r["path"],
                ["size"] = long.Parse(r["size"] ?? "0", CultureInfo.InvariantCulture),
                ["sha256"] = r["sha256"],
            })]),
            ["urls"] = new JsonArray([.. receipts.Select(r => JsonValue.Create(r["url"] ?? r["path"]))]),
            ["sha256"] = new JsonArray([.. receipts.Select(r => JsonValue.Create(r["sha256"]))]),
        };
        return new StepResult.Done(outputs, string.Join(", ", receipts.Select(r => r["format"])));
    }
}
