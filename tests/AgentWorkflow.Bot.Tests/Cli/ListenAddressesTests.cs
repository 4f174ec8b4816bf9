using AgentWorkflow.Bot.Cli;

using Microsoft.Extensions.Configuration;

namespace AgentWorkflow.Bot.Tests.Cli;

public sealed class ListenAddressesTests
{
    private static readonly IConfiguration Nothing = new ConfigurationBuilder().Build();

    [Theory]
    [InlineData(null, "http://127.0.0.1:5080")]
    [InlineData("http://localhost:1", "http://localhost:1")]
    [InlineData("http://127.0.0.2:80;http://[::1]:81", "http://127.0.0.2:80 http://[::1]:81")]
    public void Addresses_Of_This_Machine_Are_Taken(string? urls, string expected) =>
        Assert.Equal(expected, string.Join(' ', ListenAddresses.Of(urls, Nothing)));

    [Theory]
    [InlineData("http://0.0.0.0:80")]
    [InlineData("http://[::]:80")]
    [InlineData("http://*:80")]
    [InlineData("http://+:80")]
    [InlineData("http://localhost.example.invalid:80")]
    [InlineData("http://127.0.0.1:80;http://192.0.2.1:80")]
    public void Any_Other_Address_Is_Refused(string urls) =>
        Assert.StartsWith("AW2547 ", Assert.Throws<SettingsException>(() => ListenAddresses.Of(urls, Nothing)).Message, StringComparison.Ordinal);

    [Fact]
    public void Strangers_May_Come_Where_The_Operator_Opens_The_Public_Routes()
    {
        IConfiguration open = new ConfigurationBuilder().AddInMemoryCollection([new("Web:Login", "webhooks-only")]).Build();

        Assert.Equal(["http://0.0.0.0:80"], ListenAddresses.Of("http://0.0.0.0:80", open));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("5080")]
    [InlineData("http://127.0.0.1:80/path")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("http://unix:/run/x.sock")]
    [InlineData(";")]
    [InlineData("")]
    public void What_Is_No_Address_Is_Refused(string urls) =>
        Assert.StartsWith("AW2545 ", Assert.Throws<SettingsException>(() => ListenAddresses.Of(urls, Nothing)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_Web_Servers_Own_Settings_Cannot_Open_Another_Door()
    {
        IConfiguration given = new ConfigurationBuilder().AddInMemoryCollection([new("Kestrel:Endpoints:Out:Url", "http://0.0.0.0:80")]).Build();

        Assert.StartsWith("AW2546 ", Assert.Throws<SettingsException>(() => ListenAddresses.Of(null, given)).Message, StringComparison.Ordinal);
    }
}
