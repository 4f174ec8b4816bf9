using AgentWorkflow.Rig.Contract;
using AgentWorkflow.Rig.Control;
using AgentWorkflow.Rig.Git;
using AgentWorkflow.Rig.GitLab.Control;
using AgentWorkflow.Rig.GitLab.Rest;
using AgentWorkflow.Rig.GitLab.Webhooks;
using AgentWorkflow.Rig.GitLab.World;
using AgentWorkflow.Rig.Serving;

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AgentWorkflow.Rig.GitLab;

/// <summary>
/// A GitLab that runs on the loopback address: REST v4, git, webhooks with their history, and a journal of everything it accepted.
/// </summary>
public sealed class GitLabDouble : LoopbackForge<GitLabWorld>
{
    private readonly GitLabDoubleOptions _options;
    private ControlRoutes? _control;
    private ApiPipeline? _api;
    private GitServer? _git;
    private Gatekeeper? _gatekeeper;

    private GitLabDouble(GitLabDoubleOptions options)
        : base("gitlab", options.Port, options.Time, Effects.Operations)
    {
        _options = options;
        Webhooks = new HookOutbox(options.Time);
        World = new GitLabWorld(options, Path.Combine(Folder, "repositories"), Journal);
    }

    /// <summary>The REST interface's address.</summary>
    public string ApiUrl => Url + "/api/v4";

    /// <summary>The bot's user name.</summary>
    public string BotUsername => World.Bot.Username;

    /// <summary>The bot's token.</summary>
    public string Token => World.Token.Value;

    /// <summary>The webhooks.</summary>
    public HookOutbox Webhooks { get; }

    private protected override GitLabWorld World { get; }

    /// <summary>Starts a double.</summary>
    /// <exception cref="FileNotFoundException">The forge's description is not beside this checkout (see <see cref="SharedData.HasGitLab"/>).</exception>
    public static async Task<GitLabDouble> StartAsync(GitLabDoubleOptions? options, CancellationToken cancellationToken)
    {
        ApiContract contract = Contract();
        GitLabDouble gitlab = new(options ?? new GitLabDoubleOptions());
        await gitlab.OpenAsync(cancellationToken);
        gitlab.Wire(contract);
        return gitlab;
    }

    /// <summary>Says where webhooks go from now on, those of existing projects as well.</summary>
    public void SendWebhooksTo(string? url, string? secret = null, string? signingToken = null) => Do(w =>
    {
        (_options.WebhookUrl, _options.WebhookSecret, _options.SigningToken) = (url, secret, signingToken);
        foreach (Project project in w.Projects)
        {
            project.Hooks.Clear();
            if (url is not null)
            {
                w.AddHook(project, url, secret, signingToken);
            }
        }
    });

    /// <summary>The bot's settings for this double, as environment variables.</summary>
    public IReadOnlyDictionary<string, string> Settings()
    {
        Dictionary<string, string> settings = new(StringComparer.Ordinal) { ["GitLab__Url"] = Url, ["GitLab__Token"] = Token };
        if (_options.WebhookSecret is { } secret)
        {
            settings["GitLab__WebhookSecret"] = secret;
        }

        if (_options.SigningToken is { } signing)
        {
            settings["GitLab__SigningToken"] = signing;
        }

        return settings;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await Webhooks.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>GitLab's description with what it lacks.</summary>
    internal static ApiContract Contract()
    {
        using StreamReader supplement = new(typeof(GitLabDouble).Assembly.GetManifestResourceStream("GitLab.supplement.json") ?? throw new FileNotFoundException("The supplement is not in the program."));
        return ApiContract.Load(SharedData.GitLab("openapi_v2.reduced.json"), supplement.ReadToEnd());
    }

    private void Wire(ApiContract contract)
    {
        Shapes shapes = new(Url);
        Webhooks.Instance = Url;
        _gatekeeper = new Gatekeeper(World);
        World.Payloads = new PayloadShapes(World, Url, Webhooks);
        _api = new ApiPipeline(World, Gate, Journal, Faults, Limits, new GitLabDialect(World, _gatekeeper, new RestEndpoint(World, shapes, contract, Journal)));
        _git = new GitServer(Gate, Journal, Faults, "GitLab");
        _control = new ControlRoutes(ControlVerbs.Of(this));
    }

    private protected override async Task ServeAsync(HttpContext context)
    {
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        string path = target.Split('?')[0];
        string[] parts = path.Split('/');
        int git = path.IndexOf(".git/", StringComparison.Ordinal);
        if (_control is null || _api is null || _git is null)
        {
            context.Response.StatusCode = 503;
        }
        else if (parts.Length > 1 && parts[1] == "_rig")
        {
            await _control.ServeAsync(context, parts);
        }
        else if (git > 0 && !path.StartsWith("/api/", StringComparison.Ordinal))
        {
            await _git.ServeAsync(context, target, path[(git + ".git".Length)..], "oauth2", pushes => Enter(context, path[1..git], pushes));
        }
        else
        {
            await _api.ServeAsync(context, target);
        }
    }

    private GitEntry Enter(HttpContext context, string path, bool pushes)
    {
        (Caller caller, Answer? refusal) = _gatekeeper!.Identify(context.Request.Headers);
        Project? project = World.FindProject(path);
        Need need = pushes ? new Need(30, "api", "write_repository") : new Need(20, "api", "read_repository", "write_repository") { Open = true };
        refusal ??= project is null ? Refusal.NotFound("Project") : Gatekeeper.Refuse(caller, need, project, pushes);

        // git asks first without credentials and sends them only when it is asked for them.
        int? status = refusal is null ? null : caller.Token is null ? 401 : refusal.Status;
        int level = project is null || caller.Token is null ? 0 : project.Level(caller.Token.User);
        return new GitEntry(caller.Name, project?.Git, status, (name, before, after) => World.Pushed(project!, name, before, after, caller.Token?.User ?? World.Bot))
        {
            Closed = [.. project?.Protected.Where(p => p.Push == 0 || level < p.Push).Select(p => "refs/heads/" + p.Name) ?? []],
        };
    }
}
