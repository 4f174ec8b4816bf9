using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Storage.Objects;

using Microsoft.Extensions.Configuration;

namespace AgentWorkflow.Bot.Tests.Storage.Objects;

public sealed class S3OptionsTests
{
    [Theory]
    [InlineData("https://s3.eu-central-1.amazonaws.com", null, "eu-central-1")]
    [InlineData("https://mine.s3.us-gov-west-1.amazonaws.com", null, "us-gov-west-1")]
    [InlineData("http://127.0.0.1:9000", null, "us-east-1")]
    [InlineData("https://s3.example.com", "garage", "garage")]
    public void The_Region_Is_The_One_That_Is_Set_Or_That_Of_The_Address(string endpoint, string? region, string expected) =>
        Assert.Equal(expected, Read(("Endpoint", endpoint), ("Bucket", "b-1"), ("AccessKey", "id"), ("SecretKey", "key"), ("Region", region))?.Region);

    [Theory]
    [InlineData("Endpoint")]
    [InlineData("Bucket")]
    [InlineData("AccessKey")]
    [InlineData("SecretKey")]
    public void What_Is_Missing_Is_Named(string key)
    {
        (string, string?)[] all = [("Endpoint", "https://s3.example.com"), ("Bucket", "b-1"), ("AccessKey", "id"), ("SecretKey", "key")];

        StorageException refusal = Assert.Throws<StorageException>(() => Read([.. all.Where(p => p.Item1 != key)]));

        Assert.Equal("AW2574", refusal.Code);
        Assert.Contains($"Storage__S3__{key}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_Is_Printed_Holds_No_Key()
    {
        S3Options? options = Read(("Endpoint", "https://s3.example.com"), ("Bucket", "b-1"), ("AccessKey", "the-id"), ("SecretKey", "the-key"));

        Assert.Equal("s3://b-1 at s3.example.com", $"{options}");
        Assert.Equal("AW2575", Assert.Throws<StorageException>(() => Read(("Endpoint", "s3.example.com"))).Code);
    }

    private static S3Options? Read(params (string Key, string? Value)[] settings) => S3Options.Read(new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"Storage:S3:{s.Key}", s.Value)).Append(new("Storage:Provider", "s3"))).Build());
}
