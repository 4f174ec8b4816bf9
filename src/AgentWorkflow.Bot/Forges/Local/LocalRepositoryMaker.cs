using System.Text;

using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Forges.Local;

/// <summary>Makes repositories with a first commit.</summary>
internal sealed class LocalRepositoryMaker(
    IDbContextFactory<BotDb> factory, LocalRepositories repositories, IRandomSource random, TimeProvider time)
{
    private const int MostNames = 10_000;

    /// <summary>Makes a repository that holds a README with the title; a taken name gets <c>-2</c>, <c>-3</c>. The owner may do everything in it.</summary>
    public async Task<RepositoryFacts> CreateAsync(RepoRef wanted, string title, ActorId owner, CancellationToken cancellationToken)
    {
        byte[] readme = Encoding.UTF8.GetBytes($"# {title.ReplaceLineEndings(" ").Trim()}\n");
        FileEntry entry = new(await repositories.Contents.PutAsync(readme, cancellationToken), readme.Length, Executable: false);
        return await CreateAsync(wanted, WorkspaceTree.Empty.With(RepoPath.Parse("README.md"), entry), owner, cancellationToken);
    }

    /// <summary>Makes a repository with these files in its first commit.</summary>
    public async Task<RepositoryFacts> CreateAsync(RepoRef wanted, WorkspaceTree files, ActorId owner, CancellationToken cancellationToken)
    {
        for (int n = 1; n <= MostNames; n++)
        {
            if (RepoRef.TryParse(n == 1 ? wanted.ToString() : $"{wanted}-{n}", out RepoRef? name)
                && await TryCreateAsync(new NewLocalRepository(name, files, owner, time.GetUtcNow()), cancellationToken) is { } made)
            {
                return made;
            }
        }

        throw new ForgeException(ForgeFault.Conflict, $"Every name from '{wanted}' to '{wanted}-{MostNames}' is taken or too long; choose another name.");
    }

    /// <summary>Makes that repository with all that is planned for it, or nothing; null where the name is taken.</summary>
    public async Task<RepositoryFacts?> TryCreateAsync(NewLocalRepository plan, CancellationToken cancellationToken)
    {
        string path = repositories.PathOf(plan.Name);
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        if (await LocalRepositories.FindAsync(db, plan.Name, cancellationToken) is not null)
        {
            return null;
        }

        string unfinished = $"{path}.{random.NextBase32(8)}.tmp";
        CommitId head = await FillAsync(unfinished, plan, cancellationToken);
        LocalRepositoryRow row = RowOf(plan);
        try
        {
            // The name is ours when the row is in; the folder comes before the commit, so that no row is ever without one.
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            db.Add(row);
            await db.SaveChangesAsync(cancellationToken);
            if (!TryFree(path, plan))
            {
                Directory.Delete(unfinished, recursive: true);
                return null;
            }

            db.Add(new LocalAccessRow { RepositoryId = row.Id, ActorId = plan.Owner.Id, Permission = RepositoryPermission.Admin });
            db.Add(new LocalAccessRow { RepositoryId = row.Id, ActorId = LocalForge.Bot.Id, Permission = RepositoryPermission.Write });
            db.AddRange(plan.Issues.Select((issue, i) => IssueOf(plan, issue, row.Id, i + 1)));
            await db.SaveChangesAsync(cancellationToken);
            Directory.Move(unfinished, path);
            CrashPoint.Here("uncommitted:repository");
            await transaction.CommitAsync(CancellationToken.None); // The folder is there: its row has to follow.
        }
        catch (DbUpdateException exception) when (StorageErrors.IsDuplicate(exception))
        {
            Directory.Delete(unfinished, recursive: true);
            return null;
        }

        return new RepositoryFacts(row.Id, plan.Name, row.DefaultBranch, head, path, Archived: false);
    }

    // A process that died between the folder and the row left a folder that nobody can see. It is its run's by its first commit,
    // and only who holds the name's row may say so: before, the folder may be one whose row is about to come.
    private bool TryFree(string path, NewLocalRepository plan)
    {
        if (!Directory.Exists(path))
        {
            return true;
        }

        if (plan.RunKey is null || repositories.FirstCommit(plan.Name, plan.Settings.DefaultBranch)?.RunKey != plan.RunKey)
        {
            return false;
        }

        Directory.Delete(path, recursive: true);
        return true;
    }

    private async Task<CommitId> FillAsync(string path, NewLocalRepository plan, CancellationToken cancellationToken)
    {
        BareRepository.Create(path, plan.Settings.DefaultBranch).Dispose();
        (CommitId commit, _) = repositories.WriteCommit(path, plan.Files, parent: null, LocalForge.Committer, plan.At, plan.Message);
        await repositories.TryMoveAsync(path, plan.Settings.DefaultBranch, expected: null, commit, cancellationToken);
        return commit;
    }

    private LocalRepositoryRow RowOf(NewLocalRepository plan) => new()
    {
        Key = LocalRepositories.KeyOf(plan.Name),
        FullName = plan.Name.ToString(),
        DefaultBranch = plan.Settings.DefaultBranch,
        Description = plan.Settings.Description,
        Visibility = plan.Settings.Visibility,
        Topics = [.. plan.Settings.Topics],
        Labels = [.. plan.Settings.Labels.Select(l => l.Name)],
        Reviews = plan.Settings.Protect ? plan.Settings.Reviews : null,
        LastNumber = plan.Issues.Count,
        CreatedAt = time.GetUtcNow(),
    };

    private LocalIssueRow IssueOf(NewLocalRepository plan, NewIssue issue, long repositoryId, long number) => new()
    {
        RepositoryId = repositoryId,
        Number = number,
        Title = issue.Title,
        Body = issue.Body,
        State = "open",
        AuthorId = LocalForge.Bot.Id,
        AuthorLogin = LocalForge.Bot.Login,
        AuthorName = LocalForge.Bot.Name,
        Labels = [.. issue.Labels],
        Milestone = plan.Milestone,
        CreatedAt = time.GetUtcNow(),
        UpdatedAt = time.GetUtcNow(),
    };
}

/// <summary>A repository that is to be made.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Files">The files of its first commit.</param>
/// <param name="Owner">Who may do everything in it.</param>
/// <param name="At">The first commit's time.</param>
internal sealed record NewLocalRepository(RepoRef Name, WorkspaceTree Files, ActorId Owner, DateTimeOffset At)
{
    /// <summary>The first commit's message.</summary>
    public string Message { get; init; } = "Start the repository\n";

    /// <summary>Its configuration.</summary>
    public RepositorySettings Settings { get; init; } = new();

    /// <summary>The issues it starts with, numbered from 1.</summary>
    public IReadOnlyList<NewIssue> Issues { get; init; } = [];

    /// <summary>The milestone of these issues.</summary>
    public string? Milestone { get; init; }

    /// <summary>The run that makes it, whose own leftover folder may be replaced; null where a person makes it.</summary>
    public string? RunKey { get; init; }
}
