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
    [InlineData("SomebodyElse__Provider", "x")]
    [InlineData("PATH", "/bin")]
    public void Known_Settings_And_Those_Of_Others_Pass(string key, string value) => Check(key, value);

    [Theory]
    [InlineData("Sandbox__Provder", "none", "AW2501 the setting 'Sandbox__Provder' is unknown; did you mean 'Sandbox__Provider'?")]
    [InlineData("GitHub__AppIdd", "1", "AW2501 the setting 'GitHub__AppIdd' is unknown; did you mean 'GitHub__AppId'?")]
    [InlineData("GitHub__AppId", "1", "AW2509 the setting 'GitHub__AppId' is not in this version; leave it out")]
    [InlineData("limits__minutes", "5", "AW2509 the setting 'limits__minutes' is not in this version; leave it out")]
    [InlineData("Agents__Prices__gpt__Input", "5", "AW2509 the setting 'Agents__Prices__gpt__Input' is not in this version; leave it out")]
    [InlineData("Sandbox__Provider", "nonee", "AW2508 the value 'nonee' of Sandbox__Provider is unknown; did you mean 'none'?")]
    [InlineData("Agents__Default", "openai", "AW2508 the value 'openai' of Agents__Default is not in this version; set it to 'offline' or leave it out")]
    [InlineData("Web__Login", "oidc", "AW2508 the value 'oidc' of Web__Login is not in this version; set it to 'none' or leave it out")]
    public void A_Wrong_Setting_Is_One_Sentence(string key, string value, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<SettingsException>(() => Check(key, value)).Message);

    [Fact]
    public void A_Key_That_Resembles_None_Is_Told_The_Known_Ones()
    {
        SettingsException refusal = Assert.Throws<SettingsException>(() => Check("Sandbox__Whatever__This__Could__Be", "1"));

        Assert.Contains("known are DataDirectory, ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_Key_Is_Both_In_This_Version_And_In_A_Later_One() => Assert.Empty(SettingsTable.Keys.Intersect(SettingsTable.Later, StringComparer.OrdinalIgnoreCase));
}
