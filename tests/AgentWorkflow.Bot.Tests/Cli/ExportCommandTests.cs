using System.CommandLine;

using AgentWorkflow.Bot.Cli;
using AgentWorkflow.Bot.Exports;
using AgentWorkflow.Bot.Projects.Records;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Engine.Identity;

using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflow.Bot.Tests.Cli;

public sealed class ExportCommandTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    private readonly IDatabaseFixture _database = database;
    private readonly MemoryContentStore _contents = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_Newest_Project_Of_A_Repository_Is_Written_To_The_Named_File()
    {
        await SaveAsync("ideas/library");
        string file = Path.Combine(_database.Options.DataDirectory, "mine.tar.gz");

        (int code, string output, _) = await RunAsync("export", "ideas/library", "--format", "tar.gz", "--output", file);

        Assert.Equal(0, code);
        Assert.Equal($"{file}  {new FileInfo(file).Length} bytes  sha256 ", output[..(output.IndexOf("sha256 ", StringComparison.Ordinal) + 7)]);
    }

    [Fact]
    public async Task Without_A_File_It_Is_Kept_In_The_Data_Directory()
    {
        GeneratedProject project = await SaveAsync("ideas/kept");

        (int code, string output, _) = await RunAsync("export", project.Id, "--format", "zip");

        Assert.Equal(0, code);
        Assert.StartsWith(Path.Combine(_database.Options.DataDirectory, "exports", "kept-"), output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_Unknown_Project_Is_Told_In_One_Line()
    {
        (int code, _, string error) = await RunAsync("export", "ideas/none", "--format", "zip");

        Assert.Equal(1, code);
        Assert.Contains("AW2553 there is no project 'ideas/none'", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_Missing_Or_Unknown_Format_Is_Wrong_Usage()
    {
        RootCommand root = new() { ExportCommand.Create(_ => Services()) };

        Assert.NotEmpty(root.Parse(["export", "x"]).Errors);
        Assert.NotEmpty(root.Parse(["export", "x", "--format", "rar"]).Errors);
    }

    private Task<GeneratedProject> SaveAsync(string repository)
    {
        Assert.True(RepoRef.TryParse(repository, out RepoRef? repo));
        return new ProjectStore(_database.Factory, new SystemRandomSource(), TimeProvider.System)
            .SaveAsync("run of " + repository, "local", repo, "An idea", tree: null, _contents.Tree(("README.md", "text")), Cancel);
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        RootCommand root = new() { ExportCommand.Create(_ => Services()) };
        using StringWriter output = new();
        using StringWriter error = new();
        int code = await root.Parse(args).InvokeAsync(new InvocationConfiguration { Output = output, Error = error }, Cancel);
        return (code, output.ToString(), error.ToString());
    }

    private ServiceProvider Services() => new ServiceCollection()
        .AddStorage(_database.Options).AddSingleton<IContentStore>(_contents).AddSingleton<ProjectStore>().AddExports().BuildServiceProvider();
}
