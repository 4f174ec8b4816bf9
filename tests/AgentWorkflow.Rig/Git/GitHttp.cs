using System.Diagnostics;
using System.Globalization;
using System.Text;

using Microsoft.AspNetCore.Http;

namespace AgentWorkflow.Rig.Git;

/// <summary>Git's own smart HTTP behind this server: starts <c>git http-backend</c> and passes on what it says.</summary>
internal static class GitHttp
{
    /// <summary>Answers one request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="repository">The bare repository.</param>
    /// <param name="rest">What follows the repository in the path, with its slash.</param>
    /// <param name="user">Who is asking.</param>
    /// <param name="closed">The refs that may not be pushed to, with <c>*</c> for any rest.</param>
    public static async Task ServeAsync(HttpContext context, string repository, string rest, string user, IEnumerable<string> closed)
    {
        ProcessStartInfo start = GitProgram.Describe(repository, ["http-backend"]);
        start.Environment["GIT_PROJECT_ROOT"] = repository;
        start.Environment["GIT_HTTP_EXPORT_ALL"] = "1";
        start.Environment["REMOTE_USER"] = user;
        start.Environment["RIG_PROTECTED"] = string.Join(' ', closed);
        start.Environment["PATH_INFO"] = rest;
        start.Environment["QUERY_STRING"] = context.Request.QueryString.Value?.TrimStart('?') ?? "";
        start.Environment["REQUEST_METHOD"] = context.Request.Method;
        start.Environment["CONTENT_TYPE"] = context.Request.ContentType ?? "";
        start.Environment["HTTP_CONTENT_ENCODING"] = context.Request.Headers.ContentEncoding.ToString();
        start.Environment["GIT_PROTOCOL"] = context.Request.Headers["Git-Protocol"].ToString();
        if (context.Request.ContentLength is { } length)
        {
            start.Environment["CONTENT_LENGTH"] = length.ToString(CultureInfo.InvariantCulture);
        }

        using Process git = Process.Start(start) ?? throw new InvalidOperationException("git did not start");
        Task errors = git.StandardError.ReadToEndAsync(context.RequestAborted);
        Task sending = SendAsync(context.Request.Body, git.StandardInput.BaseStream, context.RequestAborted);
        await ReplyAsync(context, git.StandardOutput.BaseStream);
        await sending;
        await errors;
        await git.WaitForExitAsync(context.RequestAborted);
    }

    private static async Task SendAsync(Stream from, Stream to, CancellationToken cancellationToken)
    {
        try
        {
            await from.CopyToAsync(to, cancellationToken);
            to.Close();
        }
        catch (IOException)
        {
            // git answered without reading everything.
        }
    }

    private static async Task ReplyAsync(HttpContext context, Stream said)
    {
        while (await LineAsync(said, context.RequestAborted) is { Length: > 0 } line)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            string name = line[..colon];
            string value = line[(colon + 1)..].Trim();
            if (name.Equals("Status", StringComparison.OrdinalIgnoreCase))
            {
                context.Response.StatusCode = int.Parse(value.Split(' ')[0], CultureInfo.InvariantCulture);
            }
            else
            {
                context.Response.Headers[name] = value;
            }
        }

        await said.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static async Task<string> LineAsync(Stream said, CancellationToken cancellationToken)
    {
        StringBuilder line = new();
        byte[] one = new byte[1];
        while (await said.ReadAsync(one, cancellationToken) == 1 && one[0] != '\n')
        {
            line.Append(one[0] == '\r' ? "" : ((char)one[0]).ToString());
        }

        return line.ToString();
    }
}
