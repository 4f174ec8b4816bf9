using System.Security.Cryptography;

using AgentWorkflow.Rig.Contract;
using AgentWorkflow.Rig.Faults;
using AgentWorkflow.Rig.GitHub.Control;
using AgentWorkflow.Rig.GitHub.GraphQl;
using AgentWorkflow.Rig.GitHub.Rest;
using AgentWorkflow.Rig.GitHub.Webhooks;
using AgentWorkflow.Rig.GitHub.World;
using AgentWorkflow.Rig.Journal;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentWorkflow.Rig.GitHub;

/// <summary>
/// A GitHub that runs on the loopback address: REST, GraphQL, archives, git, the deliveries API and signed webhooks, with a
/// journal of everything it accepted. It is laid out like an Enterprise Server (<c>/api/v3</c>, <c>/api/graphql</c>); the REST
/// interface also answers without the prefix.
/// </summary>
public sealed class GitHubDouble : IAsyncDisposable
{
    private readonly GitHubDoubleOptions _options;
    private readonly string _folder;
    private readonly RSA _key;
    private readonly WebApplication _host;
    private readonly Lock _gate = new();
    private readonly GitHubWorld _world;
    private ControlRoutes? _control;
    private ApiPipeline? _api;
    private FileServer? _files;

    private GitHubDouble(GitHubDoubleOptions options)
    {
        _options = options;
        _folder = Directory.CreateTempSubdirectory("agentworkflow-github-").FullName;
        PrivateKeyPath = options.AppKeyFile ?? Path.Combine(_folder, "app.pem");
        _key = OpenKey(PrivateKeyPath);
        Journal = new ForgeJournal(options.Time);
        Limits = new LimitBook(options.Time);
        Webhooks = new Outbox(options);
        _world = new GitHubWorld(options, Path.Combine(_folder, "repositories"), Journal, options.Time) { Outbox = Webhooks, HookUrl = options.WebhookUrl };
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.Listen(System.Net.IPAddress.Loopback, options.Port);
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.AddServerHeader = false;
        });
        _host = builder.Build();
        _host.Run(ServeAsync);
    }

    /// <summary>The web address, as for <c>GitHub__Url</c>.</summary>
    public string Url { get; private set; } = "";

    /// <summary>The REST interface's address.</summary>
    public string ApiUrl => Url + "/api/v3";

    /// <summary>The GraphQL interface's address.</summary>
    public string GraphQlUrl => Url + "/api/graphql";

    /// <summary>The app's number.</summary>
    public long AppId => _options.AppId;

    /// <summary>The login of the app's own account.</summary>
    public string BotLogin => _world.Bot.Login;

    /// <summary>The file with the app's private key.</summary>
    public string PrivateKeyPath { get; }

    /// <summary>The secret that webhooks are signed with.</summary>
    public string WebhookSecret => _options.WebhookSecret;

    /// <summary>What was asked and accepted.</summary>
    public ForgeJournal Journal { get; }

    /// <summary>What goes wrong.</summary>
    public FaultBook Faults { get; } = new();

    /// <summary>Points and forbidden times.</summary>
    public LimitBook Limits { get; }

    /// <summary>The webhooks.</summary>
    public Outbox Webhooks { get; }

    /// <summary>Starts a double.</summary>
    /// <exception cref="FileNotFoundException">The forge's description is not beside this checkout (see <see cref="SharedData.HasGitHub"/>).</exception>
    public static async Task<GitHubDouble> StartAsync(GitHubDoubleOptions? options, CancellationToken cancellationToken)
    {
        ApiContract contract = ApiContract.Load(SharedData.GitHub("openapi.reduced.json"));
        GitHubDouble github = new(options ?? new GitHubDoubleOptions());
        await github._host.StartAsync(cancellationToken);
        github.Url = github._host.Urls.First();
        github.Wire(contract);
        return github;
    }

    /// <summary>Does something as people or apps do, and reads what there is, while no request is at work.</summary>
    public T Do<T>(Func<GitHubWorld, T> what)
    {
        lock (_gate)
        {
            return what(_world);
        }
    }

    /// <inheritdoc cref="Do{T}"/>
    public void Do(Action<GitHubWorld> what)
    {
        lock (_gate)
        {
            what(_world);
        }
    }

    /// <summary>Says where webhooks go from now on.</summary>
    public void SendWebhooksTo(string? url, string? secret = null)
    {
        lock (_gate)
        {
            _options.WebhookUrl = _world.HookUrl = url;
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

    /// <summary>Waits until it is told to stop from outside.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _host.WaitForShutdownAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Webhooks.DisposeAsync();
        await _host.StopAsync(CancellationToken.None);
        await _host.DisposeAsync();
        _world.Dispose();
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
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
        Shapes shapes = new(ApiUrl, Url, _world);
        SchemaFill fill = new(contract.Schemas, ApiUrl);
        Gatekeeper gatekeeper = new(_world, _key);
        _world.Payloads = new PayloadShapes(_world, shapes, contract.Schemas, fill, Webhooks);
        _api = new ApiPipeline(_world, _gate, Journal, Faults, Limits, gatekeeper, new RestEndpoint(_world, shapes, contract, fill, Journal), new GraphQlEndpoint(_world, shapes, Journal));
        _files = new FileServer(_world, _gate, Journal, Faults, gatekeeper);
        _control = new ControlRoutes(this);
    }

    private async Task ServeAsync(HttpContext context)
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
