namespace AgentWorkflow.Bot.Forges;

/// <summary>The commands that people may type without a word of the bot's own before them; empty where each needs one.</summary>
internal sealed record CommandWords(IReadOnlyList<string> Bare);
