using AgentWorkflow.Rig.GitHub.World;
using AgentWorkflow.Rig.Serving;

namespace AgentWorkflow.Rig.GitHub.Rest;

/// <summary>Who asks: nobody, the app by its JWT, or an installation by a token.</summary>
internal sealed record Caller(ForgeApp? App, AccessToken? Token) : ICaller
{
    public static Caller Anonymous { get; } = new(null, null);

    /// <summary>Whether the app itself asks, and not an installation of it.</summary>
    public bool IsApp => App is not null && Token is null;

    public string Name => IsApp ? "app" : Token is null ? "anonymous" : $"installation {Token.Installation.Id}";

    /// <summary>Whether a token has one of the alternatives <c>name:access|name:access</c>.</summary>
    public bool Has(string needs) => Token is not null && needs.Split('|').Any(n => n.Split(':') is [var name, var access] && Token.Has(name, access));
}
