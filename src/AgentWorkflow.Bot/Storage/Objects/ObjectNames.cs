using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Storage.Objects;

/// <summary>What may be the name of an object, the same in every store.</summary>
internal static class ObjectNames
{
    /// <summary>The name itself.</summary>
    /// <exception cref="ArgumentException">It cannot be one.</exception>
    public static string Check(string name) => RepoPath.TryParse(name, out _, out string? rule)
        ? name
        : throw new ArgumentException($"'{name}' cannot be the name of an object: {rule}.", nameof(name));

    /// <summary>What is said of an object that is not there.</summary>
    public static FileNotFoundException Missing(string name, Exception cause) => new($"The object '{name}' is not stored.", name, cause);
}
