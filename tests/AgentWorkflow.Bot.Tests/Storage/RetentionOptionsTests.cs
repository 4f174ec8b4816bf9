using AgentWorkflow.Bot.Storage;

using Microsoft.Extensions.Configuration;

namespace AgentWorkflow.Bot.Tests.Storage;

/// <summary>P100: the times, and which do not fit together.</summary>
public sealed class RetentionOptionsTests
{
    [Fact]
    public void Unset_They_Are_Those_Of_The_Promise()
    {
        RetentionOptions times = Read();

        Assert.Equal([7, 90, 14, 30, 90, 400], new[] { times.Payloads, times.Deliveries, times.Archives, times.Workspaces, times.Projects, times.Runs }.Select(t => t.TotalDays));
    }

    [Fact]
    public void Each_Key_Is_Read()
    {
        foreach (string key in RetentionOptions.Keys)
        {
            Assert.True(Read((key, "399")) != Read(), key);
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("forever")]
    [InlineData("36501")]
    public void What_Is_No_Number_Of_Days_Is_Refused(string days) =>
        Assert.Equal("AW2583", Assert.Throws<StorageException>(() => Read(("Retention:ArchiveDays", days))).Code);

    [Theory]
    [InlineData("ProjectDays")]
    [InlineData("DeliveryDays")]
    [InlineData("WorkspaceDays")]
    public void A_Run_Does_Not_Go_Before_What_Belongs_To_It(string key)
    {
        StorageException refusal = Assert.Throws<StorageException>(() => Read(($"Retention:{key}", "401")));

        Assert.Equal("AW2584", refusal.Code);
        Assert.Contains(key, refusal.Message, StringComparison.Ordinal);
    }

    private static RetentionOptions Read(params (string Key, string Value)[] settings) =>
        RetentionOptions.Read(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build());
}
