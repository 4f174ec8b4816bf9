using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Guards;

/// <summary>Files that make other programs do things by merely being there (promise P71). Compared without case.</summary>
internal static class PowerfulFiles
{
    private static readonly (PowerfulKind Kind, PathGlob[] Globs)[] List =
    [
        (PowerfulKind.Ci, Globs(
            ".github/workflows/**", ".github/actions/**", ".github/dependabot.yml", ".github/dependabot.yaml", ".gitlab-ci.yml", ".gitlab-ci.yaml", "**/*.gitlab-ci.yml",
            ".gitlab/**", ".gitlab-ci/**", ".gitea/workflows/**", ".forgejo/workflows/**", ".circleci/**", ".buildkite/**", ".travis.yml", ".drone.yml", ".woodpecker.yml",
            ".woodpecker/**", ".appveyor.yml", "appveyor.yml", "azure-pipelines.yml", ".azure-pipelines/**", "bitbucket-pipelines.yml", "**/jenkinsfile", ".cirrus.yml")),
        (PowerfulKind.Owners, Globs("codeowners", "docs/codeowners", ".github/codeowners", ".gitlab/codeowners", ".github/settings.yml", ".github/mergify.yml", ".mergify.yml")),
        (PowerfulKind.Git, Globs("**/.gitmodules", "**/.gitattributes", "**/.lfsconfig", "**/.gitconfig")),
        (PowerfulKind.Hooks, Globs(
            "**/.husky/**", "**/.githooks/**", "**/.pre-commit-config.yaml", "**/.pre-commit-hooks.yaml", "**/lefthook.yml", "**/.vscode/**", "**/.idea/**", "**/.devcontainer/**",
            "**/.devcontainer.json", "**/.envrc", "**/.gitpod.yml")),
        (PowerfulKind.Packages, Globs("**/.npmrc", "**/.yarnrc", "**/.yarnrc.yml", "**/.yarn/**", "**/.pnpmfile.cjs", "**/nuget.config", "**/pip.conf", "**/.pypirc", "**/.cargo/**")),
        (PowerfulKind.Build, Globs("**/directory.build.*", "**/directory.packages.props", "**/*.targets", "**/*.props", "**/*.rsp", "**/.config/dotnet-tools.json", "**/dotnet-tools.json")),
        (PowerfulKind.Agents, Globs(
            "**/agents.md", "**/agents.override.md", "**/claude.md", "**/claude.local.md", "**/gemini.md", ".github/copilot-instructions.md", ".github/instructions/**", ".github/prompts/**",
            ".github/agents/**", ".github/chatmodes/**", "**/.cursor/**", "**/.cursorrules", "**/.windsurfrules", "**/.windsurf/**", "**/.clinerules", "**/.clinerules/**", "**/.mcp.json",
            "**/.claude/**", "**/.codex/**", "**/.gemini/**", "**/.aider*", "**/.continue/**", "**/.junie/**", "**/.roo/**")),
        (PowerfulKind.Bot, Globs(".agentworkflow/**", ".agentworkflow.yml", ".agentworkflow.yaml")),
    ];

    /// <summary>The kind of a path; null for an ordinary file.</summary>
    public static PowerfulKind? Find(RepoPath path)
    {
        string folded = PathCollisions.Fold(path.Value);
        foreach ((PowerfulKind kind, PathGlob[] globs) in List)
        {
            if (Array.Exists(globs, g => g.IsMatch(folded)))
            {
                return kind;
            }
        }

        return null;
    }

    private static PathGlob[] Globs(params string[] texts) => [.. texts.Select(t => PathGlob.TryParse(t, out PathGlob? glob, out string? refusal) ? glob : throw new FormatException($"'{t}': {refusal}."))];
}

/// <summary>What a powerful file has power over.</summary>
internal enum PowerfulKind
{
    /// <summary>What the forge's runners do.</summary>
    Ci,

    /// <summary>Who must review.</summary>
    Owners,

    /// <summary>What git does.</summary>
    Git,

    /// <summary>What editors, shells and hooks run by themselves.</summary>
    Hooks,

    /// <summary>Where packages come from.</summary>
    Packages,

    /// <summary>What a build runs.</summary>
    Build,

    /// <summary>What agents are told.</summary>
    Agents,

    /// <summary>What this bot does.</summary>
    Bot,
}
