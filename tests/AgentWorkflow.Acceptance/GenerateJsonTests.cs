using System.Text.Json;
using System.Text.Json.Nodes;

using AgentWorkflow.Acceptance.Rig;

namespace AgentWorkflow.Acceptance;

public sealed class GenerateJsonTests
{
    [Theory]
    [InlineData("python-api")]
    [InlineData("node-api")]
    [InlineData("dotnet-webapi")]
    public async Task The_Shipped_Idea_Becomes_A_Verified_Pull_Request_Whose_Claims_All_Hold(string stack)
    {
        Tool.Require("git", stack switch { "python-api" => "python3", "node-api" => "node", _ => "dotnet" });
        using BotProgram bot = new();

        Ended ended = (await bot.RunAsync("generate", Ideas.Shipped, "--json", "--input", $"stack={stack}")).Require(0);

        JsonObject result = ended.Json;
        ResultShape.Check(result);
        Assert.Contains("verify", ended.Error, StringComparison.Ordinal);
        Assert.Equal("succeeded", result["run"]!["status"]!.GetValue<string>());
        Assert.Equal("passed", result["verification"]!["status"]!.GetValue<string>());
        Assert.True(result["verification"]!["tests"]!["passed"]!.GetValue<int>() > 20);
        Assert.Equal(0, result["verification"]!["tests"]!["failed"]!.GetValue<int>());
        Assert.False(result["pullRequest"]!["draft"]!.GetValue<bool>());
        Assert.All(result["effects"]!.AsArray(), e => Assert.Equal("applied", e!["outcome"]!.GetValue<string>()));
        Assert.True(File.Exists(Path.Combine(bot.Data, "pull-requests", $"{result["repository"]!["name"]}", $"{result["pullRequest"]!["number"]}.md")), "the pull request's text is missing");
        string clone = await CloneHoldsAsync(bot, result);
        ArchivesHold(result);
        await RecordHoldsAsync(bot, result, clone);
        await CommandsHoldAsync(result, clone);
    }

    [Fact]
    public async Task The_Same_Idea_Gives_The_Same_Tree_And_The_Same_Archives_And_A_Taken_Name_Gets_A_Number()
    {
        Tool.Require("git", "python3");
        using BotProgram one = new();
        using BotProgram other = new();

        string[] ask = ["generate", Ideas.Shipped, "--json", "--input", "stack=python-api"];
        JsonObject first = (await one.RunAsync(ask)).Require(0).Json;
        JsonObject elsewhere = (await other.RunAsync(ask)).Require(0).Json;
        JsonObject again = (await one.RunAsync(ask)).Require(0).Json;

        Assert.Equal(Digests(first), Digests(elsewhere));
        Assert.Equal($"{first["pullRequest"]!["tree"]}", $"{elsewhere["pullRequest"]!["tree"]}");
        Assert.Equal($"{first["pullRequest"]!["tree"]}", $"{again["pullRequest"]!["tree"]}");
        Assert.Equal("ideas/lending-library", $"{first["repository"]!["name"]}");
        Assert.Equal("ideas/lending-library-2", $"{again["repository"]!["name"]}");
    }

    private static IEnumerable<string> Digests(JsonObject result) => result["archives"]!.AsArray().Select(a => $"{a!["format"]} {a["sha256"]}");

    private static async Task<string> CloneHoldsAsync(BotProgram bot, JsonObject result)
    {
        string clone = Path.Combine(bot.Folder, "clone");
        await Tool.GitAsync(bot.Folder, "clone", "-q", $"{result["repository"]!["path"]}", "-b", $"{result["pullRequest"]!["branch"]}", clone);
        Assert.Equal($"{result["pullRequest"]!["commit"]}", await Tool.GitAsync(clone, "rev-parse", "HEAD"));
        Assert.Equal($"{result["pullRequest"]!["tree"]}", await Tool.GitAsync(clone, "rev-parse", "HEAD^{tree}"));
        Assert.Equal("1", await Tool.GitAsync(clone, "rev-list", "--count", $"origin/{result["repository"]!["base"]}..HEAD"));
        string[] said = [.. result["files"]!.AsArray().Select(f => $"{f!["path"]}").Order(StringComparer.Ordinal)];
        string[] there = [.. (await Tool.GitAsync(clone, "-c", "core.quotePath=false", "ls-files")).Split('\n').Order(StringComparer.Ordinal)];
        Assert.Equal(said, there);
        foreach (JsonNode? file in result["files"]!.AsArray())
        {
            string path = Path.Combine(clone, $"{file!["path"]}");
            Assert.Equal($"{file["sha256"]}", Tool.Sha256(path));
            Assert.Equal(file["size"]!.GetValue<long>(), new FileInfo(path).Length);
        }

        return clone;
    }

    private static void ArchivesHold(JsonObject result)
    {
        Assert.Equal(["zip", "tar.gz"], result["archives"]!.AsArray().Select(a => $"{a!["format"]}"));
        foreach (JsonNode? archive in result["archives"]!.AsArray())
        {
            Assert.Equal($"{archive!["sha256"]}", Tool.Sha256($"{archive["path"]}"));
            Assert.Equal(archive["size"]!.GetValue<long>(), new FileInfo($"{archive["path"]}").Length);
        }
    }

    private static async Task RecordHoldsAsync(BotProgram bot, JsonObject result, string clone)
    {
        string record = $"{result["verificationRecord"]}";
        (await bot.RunAsync("verify-record", record, "--repo", clone)).Require(0);
        (await bot.RunAsync("verify-record", record, "--repo", clone, "--key", Path.Combine(bot.Data, "signing-key.pem"))).Require(0);

        using System.Security.Cryptography.ECDsa stranger = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        bot.Write("stranger.pem", stranger.ExportSubjectPublicKeyInfoPem());
        (await bot.RunAsync("verify-record", record, "--repo", clone, "--key", "stranger.pem")).Require(1);

        // The payload and the signature are long texts: a letter in the middle of either is a byte of what is signed or signs.
        string text = await File.ReadAllTextAsync(record, TestContext.Current.CancellationToken);
        foreach (string member in new[] { "payload", "sig" })
        {
            int place = text.IndexOf($"\"{member}\"", StringComparison.Ordinal) + member.Length + 40;
            bot.Write("flipped.json", text[..place] + (text[place] == 'A' ? 'B' : 'A') + text[(place + 1)..]);
            (await bot.RunAsync("verify-record", "flipped.json", "--repo", clone)).Require(1);
        }

        string changed = Path.Combine(bot.Folder, "changed");
        await Tool.GitAsync(bot.Folder, "clone", "-q", clone, changed);
        await File.AppendAllTextAsync(Path.Combine(changed, "README.md"), " ", TestContext.Current.CancellationToken);
        await Tool.GitAsync(changed, "commit", "-qam", "Change one byte");
        (await bot.RunAsync("verify-record", record, "--repo", changed)).Require(1);
    }

    private static async Task CommandsHoldAsync(JsonObject result, string clone)
    {
        foreach (JsonNode? command in result["verification"]!["commands"]!.AsArray())
        {
            string[] run = command!["run"]!.Deserialize<string[]>()!;
            (await Tool.RunAsync(clone, run[0], run[1..])).Require(command["exitCode"]!.GetValue<int>());
        }
    }
}
