using LibGit2Sharp;

namespace AgentWorkflow.Bot.Forges.Local;

/// <summary>Looks into clones that people made.</summary>
internal static class Clones
{
    /// <summary>The git tree of a clone's HEAD; null where there is no repository or no commit.</summary>
    public static string? HeadTreeOf(string folder)
    {
        try
        {
            using Repository repository = new(folder);
            return repository.Head.Tip?.Tree.Sha;
        }
        catch (RepositoryNotFoundException)
        {
            return null;
        }
    }
}
