using AgentWorkflow.Bot.Cli;

using Microsoft.Extensions.Configuration;

namespace AgentWorkflow.Bot.Tests.Cli;

public sealed class SettingsTableTests
{
    private static void Check(string key, string value) =>
        SettingsTable.Check(new ConfigurationBuilder().AddInMemoryCollection([new(key.Replace("__", ":", StringComparison.Ordinal), value)]).Build());

    [Theory]
    [InlineData("Sandbox__Provider", "none")]
    [InlineData("sandbox__provider", "None")]
    [InlineData("Sandbox__Install__Environment__HTTPS_PROXY", "http://proxy")]
    [InlineData("Sandbox__Install__Files__0", "/etc/ca.pem")]
    [InlineData("Agents__Default", "offline")]
    [InlineData("Agents__Default", "")]
    [InlineData("Web__Login", "none")]
    [InlineData("Storage__Provider", "Disk")]
    [InlineData("Web__Login", "webhooks-only")]
    [InlineData("GitHub__AppId", "123456")]
    [InlineData("GitHub__Creator__AppId", "123457")]
    [InlineData("GitHub__Creator__PrivateKeyPath", "/run/secrets/creator.pem")]
    [InlineData("GitHub__AppId", "")]
    [InlineData("GitHub__PrivateKeyPath", "/etc/bot/app.pem")]
    [InlineData("GitHub__WebhookSecret", "It's a Secret to Everybody")]
    [InlineData("GitHub__Url", "https://github.example.com")]
    [InlineData("GitHub__ApiUrl", "http://127.0.0.1:4567/api/v3")]
    [InlineData("GitHub__PollSeconds", "60")]
    [InlineData("Forges__Owners__0", "octo-org")]
    [InlineData("Forges__Repositories__12", "octo-org/*")]
    [InlineData("Triggers__MinimumPermission", "Maintain")]
    [InlineData("Triggers__AllowedBots__0", "49699333")]
    [InlineData("Commands__Prefix", "robot")]
    [InlineData("Web__PublicUrl", "https://bot.example.com/")]
    [InlineData("Web__TrustedProxies__0", "10.0.0.0/8")]
    [InlineData("Web__TrustedProxies__1", "::1")]
    [InlineData("SomebodyElse__Provider", "x")]
    [InlineData("PATH", "/bin")]
    public void Known_Settings_And_Those_Of_Others_Pass(string key, string value) => Check(key, value);

    [Theory]
    [InlineData("Sandbox__Provder", "none", "AW2501 the setting 'Sandbox__Provder' is unknown; did you mean 'Sandbox__Provider'?")]
    [InlineData("GitHub__AppIdd", "1", "AW2501 the setting 'GitHub__AppIdd' is unknown; did you mean 'GitHub__AppId'?")]
    [InlineData("GitHub__Creator__AppId", "my-app", "AW2508 the value of GitHub__Creator__AppId must be the second App's numeric id, not 'my-app'")]
    [InlineData("GitHub__AppId", "my-app", "AW2508 the value of GitHub__AppId must be the App's numeric id, not 'my-app'")]
    [InlineData("GitHub__PrivateKeyPath", "-----BEGIN RSA PRIVATE KEY-----", "AW2508 the value of GitHub__PrivateKeyPath must be the path of the PEM file, not the key itself")]
    [InlineData("GitHub__WebhookSecret", "hush ", "AW2508 the value of GitHub__WebhookSecret must be a secret without blanks at its ends")]
    [InlineData("GitHub__Url", "http://github.example.com", "AW2508 the value of GitHub__Url must be an address like https://github.com, without a path, not 'http://github.example.com'")]
    [InlineData("GitHub__Url", "https://github.com/octo-org", "AW2508 the value of GitHub__Url must be an address like https://github.com, without a path, not 'https://github.com/octo-org'")]
    [InlineData("GitHub__ApiUrl", "https://me:pw@api.example.com", "AW2508 the value of GitHub__ApiUrl must be an address like https://github.example.com/api/v3, not 'https://me:pw@api.example.com'")]
    [InlineData("GitHub__PollSeconds", "0", "AW2508 the value of GitHub__PollSeconds must be a whole number from 1 to 86400, not '0'")]
    [InlineData("Forges__Repositories__0", "octo-org", "AW2508 the value of Forges__Repositories__0 must be a pattern like owner/name or owner/*, not 'octo-org'")]
    [InlineData("Triggers__MinimumPermission", "wrote", "AW2508 the value 'wrote' of Triggers__MinimumPermission is unknown; did you mean 'write'?")]
    [InlineData("Triggers__AllowedBots__0", "dependabot[bot]", "AW2508 the value of Triggers__AllowedBots__0 must be the numeric id of a bot, not 'dependabot[bot]'")]
    [InlineData("Commands__Prefix", "/aw", "AW2508 the value of Commands__Prefix must be both, aw or another word of small letters, not '/aw'")]
    [InlineData("Web__PublicUrl", "bot.example.com", "AW2508 the value of Web__PublicUrl must be an address like https://bot.example.com, not 'bot.example.com'")]
    [InlineData("Web__TrustedProxies__0", "proxy", "AW2508 the value of Web__TrustedProxies__0 must be an IP address, or a network like 10.0.0.0/8, not 'proxy'")]
    [InlineData("limits__runusd", "5", "AW2509 the setting 'limits__runusd' is not in this version; leave it out")]
    [InlineData("Agents__Prices__gpt__Input", "5", "AW2509 the setting 'Agents__Prices__gpt__Input' is not in this version; leave it out")]
    [InlineData("Sandbox__Provider", "nonee", "AW2508 the value 'nonee' of Sandbox__Provider is unknown; did you mean 'none'?")]
    [InlineData("Agents__Default", "openai", "AW2508 the value 'openai' of Agents__Default is not in this version; set it to 'offline' or leave it out")]
    [InlineData("Web__Login", "oidc", "AW2508 the value 'oidc' of Web__Login is not in this version; set it to one of none, webhooks-only or leave it out")]
    public void A_Wrong_Setting_Is_One_Sentence(string key, string value, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<SettingsException>(() => Check(key, value)).Message);

    [Fact]
    public void A_Key_That_Resembles_None_Is_Told_The_Known_Ones()
    {
        SettingsException refusal = Assert.Throws<SettingsException>(() => Check("Sandbox__Whatever__This__Could__Be", "1"));

        Assert.Contains("known are DataDirectory, ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_Form_Is_Of_A_Known_Key() => Assert.Empty(SettingsValues.Forms.Select(f => f.Key).Except(SettingsTable.Keys));

    [Fact]
    public void No_Key_Is_Both_In_This_Version_And_In_A_Later_One() => Assert.Empty(SettingsTable.Keys.Intersect(SettingsTable.Later, StringComparer.OrdinalIgnoreCase));
}
