using System.Text.Json.Serialization;

namespace AgentWorkflow.Bot.Forges.GitLab.Http;

/// <summary>An issue or merge request that changed.</summary>
internal sealed record ChangedAnswer([property: JsonRequired] long Iid, [property: JsonRequired] string State, DateTimeOffset UpdatedAt, List<string>? Labels);

/// <summary>A label was put on or taken off.</summary>
internal sealed record LabelEventAnswer(long Id, UserAnswer? User, DateTimeOffset CreatedAt, LabelAnswer? Label, string? Action);

internal sealed record LabelAnswer(string? Name);

/// <summary>What somebody did in a project.</summary>
internal sealed record ProjectEventAnswer(long Id, UserAnswer? Author, PushDataAnswer? PushData);

internal sealed record PushDataAnswer(string? CommitTo, string? Ref, string? RefType);

/// <summary>A merge request, as far as who merged it.</summary>
internal sealed record MergedAnswer(long Iid, string? State, UserAnswer? MergeUser, UserAnswer? MergedBy);

/// <summary>What lies between two commits.</summary>
internal sealed record CompareAnswer(List<DiffAnswer>? Diffs, bool CompareTimeout);

internal sealed record DiffAnswer(string? OldPath, string? NewPath);
