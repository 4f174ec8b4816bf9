using AgentWorkflow.Bot.Cli;
using AgentWorkflow.Engine.Execution;

using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Dependencies;
using ArchUnitNET.Loader;

namespace AgentWorkflow.Bot.Tests.Architecture;

/// <summary>The table of <c>docs/ARCHITECTURE.md</c>, checked against what is compiled.</summary>
public sealed class RoomTests
{
    private const string Root = "AgentWorkflow.Bot.";

    private static readonly Lazy<IReadOnlyList<IType>> s_types = new(() =>
        [.. new ArchLoader().LoadAssemblies(typeof(BotHost).Assembly, typeof(RunMachine).Assembly).Build().Types]);

    [Fact]
    public void A_Room_Uses_The_Rooms_Of_Its_Row_And_No_Others()
    {
        Dictionary<string, HashSet<string>> allowed = Table();

        List<string> wrong =
        [
            .. from arrow in Arrows()
               where !allowed.TryGetValue(arrow.From, out HashSet<string>? may) || !may.Contains(arrow.To)
               group arrow.Type by (arrow.From, arrow.To) into group_
               select $"{group_.Key.From} -> {group_.Key.To}: {string.Join(", ", group_.Distinct().Take(3))}",
        ];

        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_Folder_Of_The_Program_Is_A_Room() =>
        Assert.Equal(
            Table().Keys.Order(StringComparer.Ordinal),
            Directory.GetDirectories(Path.Combine(Repository(), "src", "AgentWorkflow.Bot")).Select(d => Path.GetFileName(d)).Where(d => d is not ("bin" or "obj" or "Properties")).Order(StringComparer.Ordinal));

    [Fact]
    public void The_Engine_Knows_No_Web_No_Database_No_Network_And_No_Hosting()
    {
        string[] used = [.. typeof(RunMachine).Assembly.GetReferencedAssemblies().Select(a => a.Name!)];

        string[] world = ["Microsoft.AspNetCore", "Microsoft.EntityFrameworkCore", "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Http", "System.Net.Http", "System.Net.Sockets", "AgentWorkflow.Bot", "Quartz"];
        Assert.DoesNotContain(used, name => world.Any(w => name.StartsWith(w, StringComparison.Ordinal)));
    }

    [Fact]
    public void The_Engine_Asks_No_Clock_No_Chance_And_No_File()
    {
        string[] world = ["System.TimeProvider", "System.Diagnostics.Stopwatch", "System.Random", "System.IO.File", "System.IO.Directory", "System.Diagnostics.Process", "System.Environment"];
        List<string> wrong =
        [
            .. from type in s_types.Value
               where type.FullName.StartsWith("AgentWorkflow.Engine.", StringComparison.Ordinal)
               from dependency in type.Dependencies
               where world.Contains(dependency.Target.FullName)
                   || (dependency is MethodCallDependency call && (call.TargetMember.FullName.Contains("get_UtcNow", StringComparison.Ordinal) || call.TargetMember.FullName.Contains("get_Now", StringComparison.Ordinal) || call.TargetMember.FullName.Contains("Guid::NewGuid", StringComparison.Ordinal)))
               select $"{type.FullName} -> {dependency.Target.FullName}",
        ];

        Assert.Empty(wrong.Distinct());
    }

    [Fact]
    public void Git_Is_Touched_Where_The_Local_Forge_Is_And_Where_One_Commit_Is_Fetched()
    {
        // An archive of GitHub's is not always the commit: then that one commit comes by git.
        string fetch = Root + "Forges.Git.ShallowFetch";
        Assert.DoesNotContain(
            UsersOf("LibGit2Sharp"),
            t => !t.StartsWith(Root + "Forges.Local.", StringComparison.Ordinal) && !t.StartsWith(Root + "Exports.", StringComparison.Ordinal) && !t.StartsWith(fetch, StringComparison.Ordinal));
    }

    [Fact]
    public void The_Database_Is_Asked_Only_In_Rooms_That_Have_Rows()
    {
        HashSet<string> withRows = [.. s_types.Value.Where(t => t.Name.EndsWith("Row", StringComparison.Ordinal)).Select(RoomOf), "Storage"];

        // Whether a project is in use is a question across the rows of several rooms, and how much is kept another.
        withRows.Add("Retention");

        // The error line names its errors; it reads no row.
        string[] others = [Root + "Cli.ErrorLine"];
        Assert.DoesNotContain(UsersOf("Microsoft.EntityFrameworkCore"), t => !withRows.Contains(RoomOf(t)) && !others.Contains(t));
    }

    private static IEnumerable<(string From, string To, string Type)> Arrows() =>
        from type in s_types.Value
        let room = RoomOf(type)
        where room.Length > 0
        from dependency in type.Dependencies
        let to = RoomOf(dependency.Target)
        where to.Length > 0 && to != room
        select (room, to, type.FullName);

    private static IEnumerable<string> UsersOf(string library) =>
        s_types.Value.Where(t => t.FullName.StartsWith(Root, StringComparison.Ordinal) && t.Dependencies.Any(d => d.Target.FullName.StartsWith(library + ".", StringComparison.Ordinal)))
            .Select(t => t.FullName).Distinct();

    private static string RoomOf(IType type) => RoomOf(type.FullName);

    private static string RoomOf(string type) => type.StartsWith(Root, StringComparison.Ordinal) && type.Split('.') is { Length: > 3 } parts ? parts[2] : "";

    private static Dictionary<string, HashSet<string>> Table() =>
        File.ReadLines(Path.Combine(Repository(), "docs", "ARCHITECTURE.md"))
            .SkipWhile(l => !l.StartsWith("| room |", StringComparison.Ordinal)).Skip(2).TakeWhile(l => l.StartsWith('|'))
            .Select(l => l.Split('|', StringSplitOptions.TrimEntries))
            .ToDictionary(cells => cells[1], cells => cells[2].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToHashSet());

    private static string Repository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "docs", "ARCHITECTURE.md")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
