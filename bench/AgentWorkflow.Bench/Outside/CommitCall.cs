using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

using AgentWorkflow.Bench.Stores;
using AgentWorkflow.Bot.Forges.Local;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflow.Bench.Outside;

/// <summary><c>commit N REPO BRANCH</c>: commits generated files onto a branch from <c>main</c>, as the Local forge does.</summary>
internal static class CommitCall
{
    /// <summary>Prints the time of the commit and of the branch's move, and the tree.</summary>
    public static async Task<int> RunAsync(string count, string repository, string branch)
    {
        string index = Environment.GetEnvironmentVariable("GEN_INDEX") ?? throw new InvalidOperationException("GEN_INDEX is not set; it names the JSON file that says where the files are.");
        string folder = FolderOf(index, count) ?? throw new InvalidOperationException($"'{index}' names no folder for {count}.");

        // A server is warm when it commits; this process is not. So the same commit is made once elsewhere.
        using TemporaryFolder warm = new();
        BareRepository.Create(warm["warm.git"], "main").Dispose();
        await CommitAsync(folder, warm["warm.git"], branch, CancellationToken.None);
        (double milliseconds, string tree) = await CommitAsync(folder, repository, branch, CancellationToken.None);
        await Console.Out.WriteLineAsync(new JsonObject { ["ms"] = milliseconds, ["tree"] = tree }.ToJsonString());
        return 0;
    }

    /// <summary>Commits all files of a folder above those of <c>main</c>.</summary>
    public static async Task<(double Milliseconds, string Tree)> CommitAsync(string folder, string repository, string branch, CancellationToken cancellationToken)
    {
        using TemporaryFolder data = new();
        FolderContents contents = new();
        await using ServiceProvider services = new ServiceCollection().AddSingleton<IContentStore>(contents)
            .AddStorage(new StorageOptions { DataDirectory = data.Path, ConnectionString = StorageOptions.SqliteFile(data.Path) }).AddLocalForge().BuildServiceProvider();
        LocalRepositories repositories = services.GetRequiredService<LocalRepositories>();
        DateTimeOffset at = services.GetRequiredService<TimeProvider>().GetUtcNow();
        (WorkspaceTree tree, CommitId? parent) = await BaseAsync(repository, contents, cancellationToken);
        tree = tree.Apply(new TreeDelta((await contents.ReadAsync(folder, cancellationToken)).Files, []));

        Stopwatch watch = Stopwatch.StartNew();
        (CommitId commit, CommitId written) = repositories.WriteCommit(repository, tree, parent, LocalForge.Committer, at, "Add generated files");
        bool moved = await repositories.TryMoveAsync(repository, branch, expected: null, commit, cancellationToken);
        double milliseconds = watch.Elapsed.TotalMilliseconds;
        return moved ? (milliseconds, written.Value) : throw new InvalidOperationException($"The branch '{branch}' is there already.");
    }

    private static async Task<(WorkspaceTree Tree, CommitId? Head)> BaseAsync(string repository, FolderContents contents, CancellationToken cancellationToken)
    {
        using BareRepository git = BareRepository.Open(repository);
        return git.Head("main") is { } head ? (await git.ReadTreeAsync(head, contents, cancellationToken), head) : (WorkspaceTree.Empty, null);
    }

    // The folder may stand behind the number itself or in an object there.
    private static string? FolderOf(string index, string count)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(index));
        string root = Path.GetDirectoryName(Path.GetFullPath(index)) ?? ".";
        return Texts(Find(document.RootElement, count)).Select(text => Path.Combine(root, text)).FirstOrDefault(Directory.Exists);
    }

    private static JsonElement Find(JsonElement at, string name) =>
        at.ValueKind != JsonValueKind.Object ? default
        : at.TryGetProperty(name, out JsonElement found) ? found
        : at.EnumerateObject().Select(p => Find(p.Value, name)).FirstOrDefault(e => e.ValueKind != JsonValueKind.Undefined);

    private static IEnumerable<string> Texts(JsonElement at) => at.ValueKind switch
    {
        JsonValueKind.String => [at.GetString() ?? ""],
        JsonValueKind.Object => at.EnumerateObject().SelectMany(p => Texts(p.Value)),
        _ => [],
    };
}
