using System.Net;

using AgentWorkflow.Bot.Web;

namespace AgentWorkflow.Bot.Cli;

/// <summary>
/// The addresses that <c>serve</c> listens on. This version knows no login, so only this machine may come, unless the operator
/// says that strangers shall find the public routes: any other address is refused at start instead of being served to them.
/// </summary>
internal static class ListenAddresses
{
    /// <summary>The address when none is given.</summary>
    public const string Default = "http://127.0.0.1:5080";

    /// <summary>The addresses to listen on.</summary>
    /// <param name="urls">What the command line says, split by <c>;</c>; null for the default.</param>
    /// <param name="configuration">All settings: the web server's own may name further addresses.</param>
    /// <exception cref="SettingsException">An address is none, or is not of this machine alone.</exception>
    public static string[] Of(string? urls, IConfiguration configuration)
    {
        if (configuration.GetSection("Kestrel:Endpoints").GetChildren().FirstOrDefault() is { } endpoint)
        {
            throw new SettingsException($"AW2546 the setting 'Kestrel__Endpoints__{endpoint.Key}' is not for this program; say the address with --urls");
        }

        bool isOpen = string.Equals(configuration["Web:Login"], WebOptions.WebhooksOnly, StringComparison.OrdinalIgnoreCase);
        string[] addresses = (urls ?? Default).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return addresses.Length == 0 ? throw new SettingsException($"AW2545 --urls names no address; give one like {Default}") : [.. addresses.Select(a => Check(a, isOpen))];
    }

    private static string Check(string address, bool isOpen)
    {
        // '*' and '+' mean every address to the web server, and are no host names.
        if (!Uri.TryCreate(address.Replace("*", "0.0.0.0", StringComparison.Ordinal).Replace("+", "0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out Uri? parsed)
            || parsed.Scheme != Uri.UriSchemeHttp || parsed.PathAndQuery != "/")
        {
            throw new SettingsException($"AW2545 '{address}' in --urls is no address like {Default}");
        }

        bool isLoopback = parsed.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(parsed.Host.Trim('[', ']'), out IPAddress? ip) && IPAddress.IsLoopback(ip));
        return isLoopback || isOpen
            ? address
            : throw new SettingsException($"AW2547 '{address}' can be reached from other machines, and this version has no login to keep strangers out; set Web__Login to 'webhooks-only' to serve them only the public routes, or use {Default} and a tunnel such as 'ssh -L'");
    }
}
