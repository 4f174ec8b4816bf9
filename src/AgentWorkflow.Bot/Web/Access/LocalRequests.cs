using System.Net;

namespace AgentWorkflow.Bot.Web.Access;

/// <summary>Whether a request was made on this machine, by a program or a page of ours. What came through a proxy was not, whatever it says.</summary>
internal static class LocalRequests
{
    private static readonly string[] s_proxies = ["Forwarded", "Via", "X-Real-IP"];
    private static readonly string[] s_proxyFamilies = ["X-Forwarded-", "X-Original-"];

    /// <summary>Why it is not local; null where it is.</summary>
    public static (string Code, string Sentence)? Refusal(HttpRequest request) =>
        request.HttpContext.Connection.RemoteIpAddress is not { } from || !IPAddress.IsLoopback(from)
            ? ("AW2605", "Only this machine may come here, since this version has no login; use a tunnel such as 'ssh -L 5080:127.0.0.1:5080'.")
        : request.Headers.Keys.FirstOrDefault(IsOfProxy) is { } header
            ? ("AW2606", $"The request came through a proxy (it has the header {header}), and only direct ones count as local.")
        : !IsThisMachine(request.Host)
            ? ("AW2607", $"The host '{request.Host.Host}' is not this machine; say 127.0.0.1 or localhost.")
        : request.Headers.Origin is { Count: > 0 } origin && origin.ToString() != OriginOf(request)
            ? ("AW2608", $"A page of '{origin}' may not ask here.")
        : null;

    /// <summary>True where a browser says that one of our own pages asks, or a person at its address bar. For requests with a cookie, which any page could cause.</summary>
    public static bool IsOfOwnPage(HttpRequest request)
    {
        string site = request.Headers["Sec-Fetch-Site"].ToString();
        bool reads = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        return reads ? site is "" or "same-origin" or "none" : site == "same-origin" || (site.Length == 0 && request.Headers.Origin == OriginOf(request));
    }

    private static bool IsOfProxy(string header) =>
        s_proxies.Contains(header, StringComparer.OrdinalIgnoreCase) || s_proxyFamilies.Any(f => header.StartsWith(f, StringComparison.OrdinalIgnoreCase));

    // The port may be another one: that of a tunnel.
    private static bool IsThisMachine(HostString host) =>
        host.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    private static string OriginOf(HttpRequest request) => $"{request.Scheme}://{request.Host.Value}";
}
