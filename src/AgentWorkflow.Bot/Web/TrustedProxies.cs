using System.Net;

using Microsoft.AspNetCore.HttpOverrides;

namespace AgentWorkflow.Bot.Web;

/// <summary>Takes the sender's address from <c>X-Forwarded-For</c> where a proxy that the operator named says it; from nobody else.</summary>
internal static class TrustedProxies
{
    /// <summary>Adds it where proxies are named; it comes before every route.</summary>
    public static void UseTrustedProxies(this WebApplication app)
    {
        IList<string> named = (app.Configuration.GetSection(WebOptions.Section).Get<WebOptions>() ?? new WebOptions()).TrustedProxies;
        if (named.All(string.IsNullOrEmpty))
        {
            return;
        }

        ForwardedHeadersOptions options = new() { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (string name in named.Where(n => n.Length > 0))
        {
            if (IPAddress.TryParse(name, out IPAddress? address))
            {
                options.KnownProxies.Add(address);
            }
            else
            {
                options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(name));
            }
        }

        app.UseForwardedHeaders(options);
    }
}
