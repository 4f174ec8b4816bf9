using System.Globalization;
using System.Security.Cryptography;

using AgentWorkflow.Rig.Git;
using AgentWorkflow.Rig.GitHub.Webhooks;
using AgentWorkflow.Rig.Journal;
using AgentWorkflow.Rig.Serving;

namespace AgentWorkflow.Rig.GitHub.World;

/// <summary>
/// Everything that the double keeps, and what people and apps do to it. Each change lands in the journal and goes out as a
/// webhook, whoever makes it. Callers hold the double's lock: outside a fault's delegate go through <see cref="LoopbackForge{TWorld}.Do{T}"/>.
/// </summary>
public sealed partial class GitHubWorld : IForgeWorld, IDisposable
{
    private readonly Dictionary<string, long> _ids = new(StringComparer.Ordinal);
    private readonly string _folder;

    internal GitHubWorld(GitHubDoubleOptions options, string folder, ForgeJournal journal, TimeProvider time)
    {
        _folder = folder;
        Journal = journal;
        Time = time;
        Bot = AddAccount(options.AppSlug + "[bot]", "Bot");
        AppOwner = AddAccount(options.AppOwner, "Organization");
        App = new ForgeApp { Id = options.AppId, Slug = options.AppSlug, Bot = Bot, Owner = AppOwner, Permissions = AppPermissions };
        string creator = options.AppSlug + "-creator";
        Creator = new ForgeApp
        {
            Id = options.AppId + 1,
            Slug = creator,
            Bot = AddAccount(creator + "[bot]", "Bot"),
            Owner = AppOwner,
            Permissions = new(StringComparer.Ordinal)
            {
                ["metadata"] = "read",
                ["administration"] = "write",
                ["contents"] = "write",
                ["issues"] = "write",
                ["members"] = "read",
                ["organization_administration"] = "read",
            },
        };
    }

    /// <summary>The app that the webhooks go to.</summary>
    public ForgeApp App { get; }

    /// <summary>A second app, which makes repositories; it is installed where <see cref="InstallCreator"/> says.</summary>
    public ForgeApp Creator { get; }

    /// <summary>The app's own account.</summary>
    public Account Bot { get; }

    /// <summary>Who owns the app.</summary>
    public Account AppOwner { get; }

    /// <summary>What the app asks for: what a new installation is granted.</summary>
    public Dictionary<string, string> AppPermissions { get; } = new(StringComparer.Ordinal)
    {
        ["metadata"] = "read",
        ["contents"] = "write",
        ["issues"] = "write",
        ["pull_requests"] = "write",
        ["checks"] = "write",
        ["actions"] = "read",
        ["statuses"] = "read",
        ["workflows"] = "write",
    };

    /// <summary>The events that the app listens to; others are not sent.</summary>
    public HashSet<string> AppEvents { get; } = new(StringComparer.Ordinal)
    {
        "issue_comment", "issues", "pull_request", "pull_request_review", "pull_request_review_comment", "push", "check_run", "check_suite", "workflow_run", "status", "repository", "merge_group", "installation", "installation_repositories",
    };

    /// <summary>The accounts by login.</summary>
    public Dictionary<string, Account> Accounts { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The repositories, deleted ones too.</summary>
    public List<ForgeRepository> Repositories { get; } = [];

    /// <summary>The installations, taken-off ones too.</summary>
    public List<Installation> Installations { get; } = [];

    /// <summary>Tokens by their secret.</summary>
    public Dictionary<string, AccessToken> Tokens { get; } = new(StringComparer.Ordinal);

    /// <summary>Names that moved on: the old <c>owner/name</c> to the repository.</summary>
    public Dictionary<string, ForgeRepository> Moved { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What payloads and answers claim about every author: nobody may believe it.</summary>
    public string AuthorAssociation { get; set; } = "NONE";

    internal ForgeJournal Journal { get; }

    internal TimeProvider Time { get; }

    internal Outbox? Outbox { get; set; }

    internal string? HookUrl { get; set; }

    internal HashSet<string> ArchiveTickets { get; } = new(StringComparer.Ordinal);

    internal PayloadShapes? Payloads { get; set; }

    /// <summary>How many reads will not see what is made now: set by a fault while a request is at work.</summary>
    internal int HiddenReads { get; set; }

    TimeProvider IForgeWorld.Time => Time;

    int IForgeWorld.HiddenReads
    {
        get => HiddenReads;
        set => HiddenReads = value;
    }

    internal DateTimeOffset Now
    {
        get
        {
            DateTimeOffset now = Time.GetUtcNow();
            return new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        }
    }

    /// <summary>An account by its login; people are made where they are absent.</summary>
    public Account Person(string login) => Accounts.TryGetValue(login, out Account? there) ? there : AddAccount(login, "User");

    /// <summary>Adds an account.</summary>
    public Account AddAccount(string login, string type)
    {
        Account account = new() { Id = Next("account", 1000), Login = login, Type = type };
        Accounts.Add(login, account);
        return account;
    }

    /// <summary>Gives an account another login; the old one is free for somebody else. Grants stay with the account.</summary>
    public void Rename(string login, string newLogin)
    {
        Account account = Accounts[login];
        Accounts.Remove(login);
        account.Login = newLogin;
        Accounts.Add(newLogin, account);
        foreach (ForgeRepository repository in Repositories)
        {
            if (repository.People.Remove(login, out Grant? grant))
            {
                repository.People[newLogin] = grant;
            }
        }
    }

    /// <summary>The app on an account, installed where it is not.</summary>
    public Installation Install(string login)
    {
        Account account = Accounts.TryGetValue(login, out Account? there) ? there : AddAccount(login, "Organization");
        Installation? installation = Installations.Find(i => i.App == App && i.Account == account && !i.Deleted);
        if (installation is null)
        {
            installation = new Installation { Id = Next("installation", 1), App = App, Account = account, CreatedAt = Now, Permissions = new(AppPermissions, StringComparer.Ordinal) };
            Installations.Add(installation);
            Payloads?.Installation("created", installation);
        }

        return installation;
    }

    /// <summary>Installs the second app in an organisation.</summary>
    public Installation InstallCreator(string login)
    {
        Account account = Accounts.TryGetValue(login, out Account? there) ? there : AddAccount(login, "Organization");
        Installation installation = new() { Id = Next("installation", 1), App = Creator, Account = account, CreatedAt = Now, Permissions = new(Creator.Permissions, StringComparer.Ordinal) };
        Installations.Add(installation);
        return installation;
    }

    /// <summary>Makes somebody <c>admin</c> or <c>member</c> of an organisation; null takes them out.</summary>
    public void Join(string organisation, string login, string? role)
    {
        Account account = Accounts[organisation];
        if (role is null)
        {
            account.Members.Remove(login);
        }
        else
        {
            account.Members[Person(login).Login] = role;
        }
    }

    /// <summary>Makes a repository with a first commit on its default branch; the app is installed on its owner.</summary>
    /// <param name="fullName"><c>owner/name</c>.</param>
    /// <param name="files">The first commit's files; one README where null; no commit at all where empty.</param>
    /// <param name="isPrivate">Whether only its people see it.</param>
    /// <param name="installed">Whether the app is installed on the owner.</param>
    public ForgeRepository CreateRepository(string fullName, IReadOnlyDictionary<string, string>? files = null, bool isPrivate = false, bool installed = true)
    {
        string[] parts = fullName.Split('/');
        Account owner = Accounts.TryGetValue(parts[0], out Account? there) ? there : AddAccount(parts[0], "Organization");
        if (installed)
        {
            Install(owner.Login);
        }

        ForgeRepository repository = Empty(owner, parts[1], isPrivate);
        files ??= new Dictionary<string, string>(StringComparer.Ordinal) { ["README.md"] = $"# {parts[1]}\n" };
        if (files.Count > 0)
        {
            repository.Git.CommitFiles("main", files.Select(f => KeyValuePair.Create(f.Key, (string?)f.Value)), "Start", owner.Login, Now);
        }

        return repository;
    }

    /// <summary>Makes an empty repository with the labels that every new one has.</summary>
    internal ForgeRepository AddRepository(Account owner, string name, bool isPrivate, string? description, Account by)
    {
        ForgeRepository repository = Empty(owner, name, isPrivate);
        repository.Description = description;
        LabelOf(repository, "bug", "d73a4a", "Something isn't working");
        Effect("repository", repository, isPrivate ? "private" : "public", description ?? "", by);
        Payloads?.Repository("created", repository);
        return repository;
    }

    private ForgeRepository Empty(Account owner, string name, bool isPrivate)
    {
        long id = Next("repository", 5000);
        GitStore git = new(Path.Combine(_folder, id.ToString(CultureInfo.InvariantCulture) + ".git"));
        ForgeRepository repository = new() { Id = id, Owner = owner, Name = name, Git = git, CreatedAt = Now, Private = isPrivate };
        Repositories.Add(repository);
        return repository;
    }

    /// <summary>A repository that is there, by <c>owner/name</c>.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public ForgeRepository Repository(string fullName) => Find(fullName) ?? throw new KeyNotFoundException($"There is no repository {fullName}.");

    /// <summary>A repository that is there, or null.</summary>
    public ForgeRepository? Find(string fullName) => Repositories.Find(r => !r.Deleted && r.FullName.Equals(fullName, StringComparison.OrdinalIgnoreCase));

    /// <summary>Gives a person a permission: <c>none</c>, <c>read</c>, <c>triage</c>, <c>write</c>, <c>maintain</c>, <c>admin</c>.</summary>
    /// <param name="fullName">The repository.</param>
    /// <param name="login">The person.</param>
    /// <param name="permission">The permission, or a custom role's base.</param>
    /// <param name="roleName">A custom role's name.</param>
    public void Grant(string fullName, string login, string permission, string? roleName = null) =>
        Repository(fullName).People[Person(login).Login] = new Grant(permission, roleName ?? permission);

    /// <summary>Suspends the installation of an account, or lets it go on.</summary>
    public void Suspend(string login, bool suspended = true)
    {
        Installation installation = Install(login);
        installation.SuspendedAt = suspended ? Now : null;
        Payloads?.Installation(suspended ? "suspend" : "unsuspend", installation);
    }

    /// <summary>Takes the app off an account.</summary>
    public void Uninstall(string login)
    {
        Installation installation = Install(login);
        installation.Deleted = true;
        Payloads?.Installation("deleted", installation);
    }

    /// <summary>Gives a repository another name (and owner); the old name leads on.</summary>
    public void Transfer(string fullName, string newFullName)
    {
        ForgeRepository repository = Repository(fullName);
        string[] parts = newFullName.Split('/');
        Moved[repository.FullName] = repository;
        repository.Owner = Accounts.TryGetValue(parts[0], out Account? there) ? there : AddAccount(parts[0], "Organization");
        repository.Name = parts[1];
        Payloads?.Repository("transferred", repository);
    }

    /// <summary>Archives a repository.</summary>
    public void Archive(string fullName)
    {
        ForgeRepository repository = Repository(fullName);
        repository.Archived = true;
        Payloads?.Repository("archived", repository);
    }

    /// <summary>Deletes a repository.</summary>
    public void Delete(string fullName)
    {
        ForgeRepository repository = Repository(fullName);
        repository.Deleted = true;
        Payloads?.Repository("deleted", repository);
    }

    /// <summary>Makes an access token.</summary>
    internal AccessToken IssueToken(Installation installation, Dictionary<string, string> permissions, HashSet<long>? repositories)
    {
        AccessToken token = new()
        {
            Value = "ghs_" + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 36),
            Installation = installation,
            Permissions = permissions,
            Repositories = repositories,
            ExpiresAt = Now.AddHours(1),
        };
        Tokens.Add(token.Value, token);
        return token;
    }

    /// <summary>A secret that lets one archive be fetched without other credentials, as long as the double runs.</summary>
    internal string ArchiveTicket()
    {
        string ticket = RandomNumberGenerator.GetHexString(29, lowercase: true);
        ArchiveTickets.Add(ticket);
        return ticket;
    }

    /// <summary>The next number of a kind.</summary>
    internal long Next(string kind, long first) => _ids[kind] = _ids.TryGetValue(kind, out long last) ? last + 1 : first;

    /// <inheritdoc/>
    public void Dispose() => Repositories.ForEach(r => r.Git.Dispose());

    internal void Effect(string kind, ForgeRepository repository, string subject, string text, Account actor) => Journal.Effect(kind, repository.FullName, subject, text, actor.Login);
}
