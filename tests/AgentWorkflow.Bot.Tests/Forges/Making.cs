using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Tests.Forges;

/// <summary>A new repository with everything that can be asked for, made as the runner makes it.</summary>
internal static class Making
{
    private const int MostAttempts = 6;

    /// <summary>Acts, and after a doubtful answer looks first.</summary>
    public static async Task<Receipt> MakeAsync(IForge forge, CreateRepository effect, EffectOwner owner)
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        Receipt? there = null;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await forge.Writer.ApplyAsync(effect.Target, effect, owner, there, cancel);
            }
            catch (ForgeException e) when (e.Fault is ForgeFault.Conflict or ForgeFault.Ambiguous && attempt < MostAttempts)
            {
                Receipt? now = await forge.Writer.FindAsync(effect.Target, effect, owner, cancel);
                if (now is { Outcome: not EffectOutcome.Planned })
                {
                    return now;
                }

                there = now;
            }
            catch (ForgeException e)
            {
                return Receipts.Refused(effect, e.Message);
            }
        }
    }

    /// <summary>The repository.</summary>
    public static CreateRepository Effect(MemoryContentStore contents, string forge, RepoRef target, EffectOwner owner, ActorId asker) => new(
        new EffectKey("repository"), forge, target,
        new RepositorySettings { Description = "Books", DefaultBranch = "trunk", Topics = ["books"], Labels = [new RepositoryLabel("story", "0e8a16"), new RepositoryLabel("bug", "ff0000")], Protect = true, Reviews = 1 },
        contents.Tree(("README.md", "# Library\n"), ("run*", "#!/bin/sh\n")), $"Start\n\nAgentWorkflow-Run: {owner.RunKey}\n", new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero),
        [new NewIssue("Add a book", "As a reader\n", ["story"]), new NewIssue("Lend a book", "As a reader\n", [])], "First", asker);
}
