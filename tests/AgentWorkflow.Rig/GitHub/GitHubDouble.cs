using System.Security.Cryptography;

using AgentWorkflow.Rig.Contract;
using AgentWorkflow.Rig.Control;
using AgentWorkflow.Rig.Git;
using AgentWorkflow.Rig.GitHub.Control;
using AgentWorkflow.Rig.GitHub.GraphQl;
using AgentWorkflow.Rig.GitHub.Rest;
using AgentWorkflow.Rig.GitHub.Webhooks;
using AgentWorkflow.Rig.GitHub.World;
using AgentWorkflow.Rig.Serving;

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AgentWorkflow.Rig.GitHub;

/// <summary>
/// A GitHub that runs on the loopback address: REST, GraphQL, archives, git, the deliveries API and signed webhooks, with a
/// journal of everything it accepted. It is laid out like an Enterprise Server (<c>/api/v3</c>, <c>/api/graphql</c>); the REST
/// interface also answers without the prefix.
/// </summary>
public sealed class GitHubDouble : LoopbackForge<GitHubWorld>
{
    private readonly GitHubDoubleOptions _options;
    private readonly RSA _key;
    private readonly Lazy<RSA> _creatorKey;
    private ControlRoutes? _control;
    private ApiPipeline? _api;
    private FileServer? _files;

    private GitHubDouble(GitHubDoubleOptions options)
        : base("github", options.Port, options.Time, Effects.Operations)
    {
        _options = options;
        PrivateKeyPath = options.AppKeyFile ?? Path.Combine(Folder, "app.pem");
        _key = OpenKey(PrivateKeyPath);
        CreatorKeyPath = PrivateKeyPath + ".creator";
        _creatorKey = new Lazy<RSA>(() => OpenKey(CreatorKeyPath));
        Webhooks = new Outbox(options);
        World = new GitHubWorld(options, Path.Combine(Folder, "repositories"), Journal, options.Time) { Outbox = Webhooks, HookUrl = options.WebhookUrl };
    }

    /// <summary>The REST interface's address.</summary>
    public string ApiUrl => Url + "/api/v3";

    /// <summary>The GraphQL interface's address.</summary>
    public string GraphQlUrl => Url + "/api/graphql";

    /// <summary>The app's number.</summary>
    public long AppId => _options.AppId;

    /// <summary>The login of the app's own account.</summary>
    public string BotLogin => World.Bot.Login;

    /// <summary>The file with the app's private key.</summary>
    public string PrivateKeyPath { get; }

    /// <summary>The file with the second app's private key, once <see cref="CreatorSettings"/> was asked for.</summary>
    public string CreatorKeyPath { get; }

    /// <summary>The secret that webhooks are signed with.</summary>
    public string WebhookSecret => _options.WebhookSecret;

    /// <summary>The webhooks.</summary>
    public Outbox Webhooks { get; }

    private protected override GitHubWorld World { get; }

    /// <summary>Starts a double.</summary>
    /// <exception cref="FileNotFoundException">The forge's description is not beside this checkout (see <see cref="SharedData.HasGitHub"/>).</exception>
    public static async Task<GitHubDouble> StartAsync(GitHubDoubleOptions? options, CancellationToken cancellationToken)
    {
        using StreamReader supplement = new(typeof(GitHubDouble).Assembly.GetManifestResourceStream("GitHub.supplement.json") ?? throw new FileNotFoundException("The supplement is not in the program."));
        ApiContract contract = ApiContract.Load(SharedData.GitHub("openapi.reduced.json"), await supplement.ReadToEndAsync(cancellationToken));
        GitHubDouble github = new(options ?? new GitHubDoubleOptions());
        await github.OpenAsync(cancellationToken);
        github.Wire(contract);
        return github;
    }

    /// <summary>Says where webhooks go from now on.</summary>
    public void SendWebhooksTo(string? url, string? secret = null)
    {
        lock (Gate)
        {
            _options.WebhookUrl = World.HookUrl = url;
            _options.WebhookSecret = secret ?? _options.WebhookSecret;
        }
    }

    /// <summary>The bot's settings for this double, as environment variables.</summary>
    public IReadOnlyDictionary<string, string> Settings() => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["GitHub__AppId"] = $"{AppId}",
        ["GitHub__PrivateKeyPath"] = PrivateKeyPath,
        ["GitHub__WebhookSecret"] = WebhookSecret,
        ["GitHub__Url"] = Url,
    };

    /// <summary>The bot's settings for the second app, which makes repositories.</summary>
    public IReadOnlyDictionary<string, string> CreatorSettings()
    {
        _ = _creatorKey.Value;
        return new Dictionary<string, string>(StringComparer.Ordinal) { ["GitHub__Creator__AppId"] = $"{World.Creator.Id}", ["GitHub__Creator__PrivateKeyPath"] = CreatorKeyPath };
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await Webhooks.DisposeAsync();
        await base.DisposeAsync();
        _key.Dispose();
        if (_creatorKey.IsValueCreated)
        {
            _creatorKey.Value.Dispose();
        }
    }

    private static RSA OpenKey(string file)
    {
        if (!File.Exists(file))
        {
            RSA made = RSA.Create(2048);
            FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using FileStream stream = new(file, options);
            stream.Write(System.Text.Encoding.ASCII.GetBytes(made.ExportRSAPrivateKeyPem() + "\n"));
            return made;
        }

        RSA key = RSA.Create();
        key.ImportFromPem(File.ReadAllText(file));
        return key;
    }

    private void Wire(ApiContract contract)
    {
        Shapes shapes = new(ApiUrl, Url, World);
        SchemaFill fill = new(contract.Schemas, ApiUrl);
        Gatekeeper gatekeeper = new(World, app => app == World.Creator ? _creatorKey.Value : _key);
        World.Payloads = new PayloadShapes(World, shapes, contract.Schemas, fill, Webhooks);
        GitHubDialect dialect = new(World, Journal, gatekeeper, new RestEndpoint(World, shapes, contract, fill, Journal), new GraphQlEndpoint(World, shapes, Journal));
        _api = new ApiPipeline(World, Gate, Journal, Faults, Limits, dialect);
        _files = new FileServer(World, Gate, new GitServer(Gate, Journal, Faults, "GitHub"), gatekeeper);
        _control = new ControlRoutes(ControlVerbs.Of(this));
    }

    private protected override async Task ServeAsync(HttpContext context)
    {
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        string[] parts = target.Split('?')[0].Split('/');
        if (_control is null || _files is null || _api is null)
        {
            context.Response.StatusCode = 503;
        }
        else if (parts.Length > 1 && parts[1] == "_rig")
        {
            await _control.ServeAsync(context, parts);
        }
        else if (parts is ["", "_codeload", _, _, _, _])
        {
            await _files.ArchiveAsync(context, target, parts);
        }
        else if (parts.Length > 3 && parts[2].EndsWith(".git", StringComparison.Ordinal))
        {
            await _files.GitAsync(context, target, $"{parts[1]}/{parts[2][..^4]}", "/" + string.Join('/', parts.Skip(3)));
        }
        else
        {
            await _api.ServeAsync(context, target);
        }
    }
}
