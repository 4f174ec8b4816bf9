using System.Globalization;
using System.Security.Cryptography;

using AgentWorkflow.Rig.Git;
using AgentWorkflow.Rig.GitLab.Webhooks;
using AgentWorkflow.Rig.Journal;
using AgentWorkflow.Rig.Serving;

namespace AgentWorkflow.Rig.GitLab.World;

/// <summary>
/// Everything that the double keeps, and what people do to it. Each change lands in the journal and goes out to the project's
/// webhooks, whoever makes it. Callers hold the double's lock: outside a fault's delegate go through <see cref="LoopbackForge{TWorld}.Do{T}"/>.
/// </summary>
public sealed partial class GitLabWorld : IForgeWorld, IDisposable
{
    private readonly Dictionary<string, long> _ids = new(StringComparer.Ordinal);
    private readonly string _folder;
    private readonly GitLabDoubleOptions _options;

    internal GitLabWorld(GitLabDoubleOptions options, string folder, ForgeJournal journal)
    {
        _folder = folder;
        _options = options;
        Journal = journal;
        Bot = AddAccount(options.BotUsername, bot: true);
        Token = GiveToken(Bot, options.Scopes, null, options.Token);
    }

    /// <summary>The bot's service account.</summary>
    public Account Bot { get; }

    /// <summary>The service account's token.</summary>
    public AccessToken Token { get; }

    /// <summary>All users.</summary>
    public List<Account> Accounts { get; } = [];

    /// <summary>All tokens by their secret.</summary>
    public Dictionary<string, AccessToken> Tokens { get; } = new(StringComparer.Ordinal);

    /// <summary>Groups and people's own namespaces.</summary>
    public List<Group> Groups { get; } = [];

    /// <summary>The projects, deleted ones too.</summary>
    public List<Project> Projects { get; } = [];

    /// <summary>Paths that moved on: the old path to the project.</summary>
    public Dictionary<string, Project> Moved { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The release that the instance says it is.</summary>
    public string Version => _options.Version;

    TimeProvider IForgeWorld.Time => Time;

    int IForgeWorld.HiddenReads
    {
        get => HiddenReads;
        set => HiddenReads = value;
    }

    internal ForgeJournal Journal { get; }

    internal TimeProvider Time => _options.Time;

    internal PayloadShapes? Payloads { get; set; }

    internal int HiddenReads { get; set; }

    internal DateTimeOffset Now
    {
        get
        {
            DateTimeOffset now = Time.GetUtcNow();
            return new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
        }
    }

    /// <summary>A user by name; people are made where they are absent.</summary>
    public Account Person(string username) => FindAccount(username) ?? AddAccount(username);

    /// <summary>A user by name, or null.</summary>
    public Account? FindAccount(string username) => Accounts.Find(a => a.Username.Equals(username, StringComparison.OrdinalIgnoreCase));

    /// <summary>Adds a user with a namespace of its own.</summary>
    public Account AddAccount(string username, bool bot = false, bool admin = false)
    {
        Account account = new() { Id = Next("account", 1000), Username = username, Bot = bot, Admin = admin, CreatedAt = Now };
        Accounts.Add(account);
        Groups.Add(new Group { Id = Next("group", 300), Path = username, Owner = account });
        return account;
    }

    /// <summary>Gives a user another name; the old one is free for somebody else. Roles stay with the user.</summary>
    public void Rename(string username, string newUsername) => Person(username).Username = newUsername;

    /// <summary>Blocks a user, or lets it in again.</summary>
    public void Block(string username, bool blocked = true) => Person(username).State = blocked ? "blocked" : "active";

    /// <summary>Makes an access token.</summary>
    public AccessToken GiveToken(Account user, IEnumerable<string> scopes, DateOnly? expires = null, string? value = null)
    {
        AccessToken token = new()
        {
            Id = Next("token", 7000),
            Value = value ?? "glpat-" + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-", 20),
            User = user,
            Scopes = new(scopes, StringComparer.Ordinal),
            ExpiresAt = expires ?? DateOnly.FromDateTime(Now.UtcDateTime).AddDays(300),
            CreatedAt = Now,
        };
        Tokens.Add(token.Value, token);
        return token;
    }

    /// <summary>Makes a project access token: its user is a bot with that role.</summary>
    public AccessToken GiveProjectToken(string path, int level, params string[] scopes)
    {
        Project project = Project(path);
        Account user = AddAccount($"project_{project.Id}_bot_{Next("project-bot", 1):x8}", bot: true);
        project.Members[user.Id] = level;
        return GiveToken(user, scopes);
    }

    /// <summary>A group by its whole path, made where it is absent (with the groups above it).</summary>
    public Group Group(string path)
    {
        if (FindGroup(path) is { } there)
        {
            return there;
        }

        int slash = path.LastIndexOf('/');
        Group group = new() { Id = Next("group", 300), Path = path[(slash + 1)..], Parent = slash < 0 ? null : Group(path[..slash]) };
        Groups.Add(group);
        return group;
    }

    /// <summary>A group or a namespace by its whole path, or null.</summary>
    public Group? FindGroup(string path) => Groups.Find(g => !g.Deleted && g.FullPath.Equals(path, StringComparison.OrdinalIgnoreCase));

    /// <summary>Makes a project with a first commit on its default branch; the bot gets a role.</summary>
    /// <param name="path">The whole path; groups are made where they are absent.</param>
    /// <param name="files">The first commit's files; one README where null; no commit at all where empty.</param>
    /// <param name="visibility"><c>private</c>, <c>internal</c> or <c>public</c>.</param>
    /// <param name="botLevel">The bot's access level; 0 for none.</param>
    public Project CreateProject(string path, IReadOnlyDictionary<string, string>? files = null, string visibility = "private", int botLevel = 30)
    {
        int slash = path.LastIndexOf('/');
        Project project = AddProject(Group(path[..slash]), path[(slash + 1)..], visibility);
        if (botLevel > 0)
        {
            project.Members[Bot.Id] = botLevel;
        }

        files ??= new Dictionary<string, string>(StringComparer.Ordinal) { ["README.md"] = $"# {project.Path}\n" };
        if (files.Count > 0)
        {
            project.Git.CommitFiles("main", files.Select(f => KeyValuePair.Create(f.Key, (string?)f.Value)), "Start", "start", Now);
            project.Protected.Add(new ProtectedBranch(Next("protected", 1), "main"));
        }

        if (_options.WebhookUrl is { } url)
        {
            AddHook(project, url, _options.WebhookSecret, _options.SigningToken);
        }

        return project;
    }

    /// <summary>A project that is there, by its whole path.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public Project Project(string path) => FindProject(path) ?? throw new KeyNotFoundException($"There is no project {path}.");

    /// <summary>A project that is there, by its whole path or its number, or null.</summary>
    public Project? FindProject(string pathOrId) => long.TryParse(pathOrId, NumberStyles.None, CultureInfo.InvariantCulture, out long id)
        ? Projects.Find(p => !p.Deleted && p.Id == id)
        : Projects.Find(p => !p.Deleted && p.FullPath.Equals(pathOrId, StringComparison.OrdinalIgnoreCase)) ?? (Moved.TryGetValue(pathOrId, out Project? moved) && !moved.Deleted ? moved : null);

    /// <summary>Gives a user a role in a project or group: 0, 10, 15, 20, 30, 40, 50.</summary>
    public void Grant(string path, string username, int level)
    {
        Dictionary<long, int> members = FindProject(path)?.Members ?? FindGroup(path)?.Members ?? throw new KeyNotFoundException($"There is no project or group {path}.");
        _ = level == 0 ? members.Remove(Person(username).Id) : (members[Person(username).Id] = level) > 0;
    }

    /// <summary>Protects a branch; <c>*</c> at the end stands for any rest.</summary>
    /// <param name="path">The project.</param>
    /// <param name="branch">The branch.</param>
    /// <param name="push">The level that may push; 0 for nobody.</param>
    /// <param name="merge">The level that may merge; 0 for nobody.</param>
    public void Protect(string path, string branch, int push = 40, int merge = 40)
    {
        Project project = Project(path);
        project.Protected.RemoveAll(p => p.Name == branch);
        project.Protected.Add(new ProtectedBranch(Next("protected", 1), branch, push, merge));
    }

    /// <summary>Gives a project another path; the old path leads on.</summary>
    public void Transfer(string path, string newPath)
    {
        Project project = Project(path);
        int slash = newPath.LastIndexOf('/');
        Moved[project.FullPath] = project;
        project.Namespace = Group(newPath[..slash]);
        project.Path = newPath[(slash + 1)..];
    }

    /// <summary>Makes a webhook for the events that the bot needs.</summary>
    public Hook AddHook(Project project, string url, string? token, string? signingToken, params string[] events)
    {
        Hook hook = new() { Id = Next("hook", 90), Uuid = NewUuid(), Url = url, Token = token, SigningToken = signingToken, CreatedAt = Now };
        hook.Events.UnionWith(events.Length > 0 ? events : ["issues_events", "confidential_issues_events", "note_events", "confidential_note_events", "push_events", "merge_requests_events", "pipeline_events"]);
        project.Hooks.Add(hook);
        return hook;
    }

    /// <inheritdoc/>
    public void Dispose() => Projects.ForEach(p => p.Git.Dispose());

    internal static string NewUuid() => new Guid(RandomNumberGenerator.GetBytes(16)).ToString();

    internal static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    internal Project AddProject(Group group, string path, string visibility)
    {
        long id = Next("project", 5000);
        Project project = new() { Id = id, Namespace = group, Path = path, Git = new GitStore(System.IO.Path.Combine(_folder, id.ToString(CultureInfo.InvariantCulture) + ".git")), CreatedAt = Now, Visibility = visibility };
        Projects.Add(project);
        return project;
    }

    /// <summary>Whether a user (null for nobody) sees a project at all.</summary>
    internal static bool Sees(Account? user, Project project) =>
        project.Visibility == "public" || (user is not null && (project.Visibility == "internal" || project.Level(user) > 0));

    internal long Next(string kind, long first) => _ids[kind] = _ids.TryGetValue(kind, out long last) ? last + 1 : first;

    internal void Effect(string kind, Project project, string subject, string text, Account actor) => Journal.Effect(kind, project.FullPath, subject, text, actor.Username);
}
