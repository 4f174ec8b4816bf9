using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Tests.Storage;

namespace AgentWorkflow.Bot.Tests.Forges.GitHub;

/// <summary>Looking again costs nothing where nothing is new.</summary>
public sealed class GitHubDeliveriesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_Look_That_Finds_Nothing_New_Is_Not_Counted()
    {
        await using GitHubForgeKit kit = await GitHubForgeKit.StartAsync(new MemoryContentStore());
        kit.Double.Do(w => w.CreateRepository("octo/pets"));
        kit.Double.Limits.PerHour = 3;
        List<string> first = await ListAsync(kit);

        for (int look = 0; look < 10; look++)
        {
            Assert.Equal(first, await ListAsync(kit));
        }

        kit.Double.Do(w => w.OpenIssue("octo/pets", "ada", "Pets", "Idea"));
        Assert.Equal(first.Count + 1, (await ListAsync(kit)).Count);
        Assert.Equal(10, kit.Double.Journal.Requests.Count(r => r.Status == 304));
        kit.Double.Journal.RequireNoViolations();
    }

    private static async Task<List<string>> ListAsync(GitHubForgeKit kit)
    {
        List<string> found = [];
        await foreach (ArchivedDelivery delivery in kit.Get<IDeliveryArchive>().ListAsync(DateTimeOffset.MinValue, Cancel))
        {
            found.Add(delivery.DeliveryId);
        }

        return found;
    }
}
