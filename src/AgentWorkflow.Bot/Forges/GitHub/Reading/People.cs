using AgentWorkflow.Bot.Forges.GitHub.Http;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.GitHub.Reading;

/// <summary>People as both APIs tell them, in one form.</summary>
internal static class People
{
    // Whose account is gone; no account has this id.
    private static readonly ActorId s_ghost = new(0, "ghost");

    /// <summary>From GraphQL, which leaves the suffix of bots out.</summary>
    public static ActorId Of(AuthorNode? author) => author is not { DatabaseId: { } id } ? s_ghost
        : new ActorId(id, author.Kind == "Bot" && !author.Login.EndsWith("[bot]", StringComparison.Ordinal) ? author.Login + "[bot]" : author.Login, author.Name);

    /// <summary>From REST.</summary>
    public static ActorId Of(UserAnswer? user) => user is null ? s_ghost : new ActorId(user.Id, user.Login, user.Name);

    /// <summary>True for an account of a program.</summary>
    public static bool IsBot(UserAnswer? user) => user?.Type == "Bot";
}
