using System.Runtime.ExceptionServices;

using Refit;

namespace AgentWorkflow.Bot.Forges.GitLab.Http;

/// <summary>Makes requests: every failure comes out as a <see cref="ForgeException"/>.</summary>
internal sealed class GitLabClient(IGitLabApi api)
{
    /// <summary>The client for the API.</summary>
    public const string Name = "gitlab";

    /// <summary>A request's property with what it is for, in words.</summary>
    public const string What = "what";

    /// <summary>A request's property that says that a limit which it meets is of that kind of request alone.</summary>
    public const string OwnLimit = "own-limit";

    /// <summary>How GitLab writes a page's size at most.</summary>
    public const int PageSize = 100;

    private const int MostPages = 20;

    /// <summary>Makes one.</summary>
    public async Task<T> SendAsync<T>(Func<IGitLabApi, Task<T>> request)
    {
        try
        {
            return await request(api);
        }
        catch (ApiRequestException exception) when (exception.InnerException is ForgeException refused)
        {
            ExceptionDispatchInfo.Throw(refused);
            throw;
        }
        catch (ApiException exception)
        {
            // Without the inner exception's text: it quotes the answer.
            throw new ForgeException(ForgeFault.Unavailable, $"AW3030: GitLab's answer to {exception.HttpMethod} cannot be read.", exception);
        }
    }

    /// <summary>Makes one that is answered with nothing.</summary>
    public Task SendAsync(Func<IGitLabApi, Task> request) => SendAsync(async a =>
    {
        await request(a);
        return true;
    });

    /// <summary>Makes one; null where GitLab does not have what it asks for.</summary>
    public async Task<T?> FindAsync<T>(Func<IGitLabApi, Task<T>> request)
        where T : class
    {
        try
        {
            return await SendAsync(request);
        }
        catch (ForgeException exception) when (exception.Fault is ForgeFault.NotFound)
        {
            return null;
        }
    }

    /// <summary>All of a list, page after page, up to a sensible end.</summary>
    public async Task<List<T>> ListAsync<T>(Func<IGitLabApi, int, Task<List<T>>> request)
    {
        List<T> all = [];
        for (int page = 1; page <= MostPages; page++)
        {
            int now = page;
            List<T> next = await SendAsync(a => request(a, now));
            all.AddRange(next);
            if (next.Count < PageSize)
            {
                break;
            }
        }

        return all;
    }
}
