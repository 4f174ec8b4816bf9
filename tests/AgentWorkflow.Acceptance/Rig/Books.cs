using Microsoft.Data.Sqlite;

namespace AgentWorkflow.Acceptance.Rig;

/// <summary>Looks into a data directory from outside: the database with SQL, the repositories with git.</summary>
internal static class Books
{
    /// <summary>The first column of a query, one text a row.</summary>
    public static IReadOnlyList<string> Query(BotProgram bot, string sql)
    {
        string file = Path.Combine(bot.Data, "agentworkflow.db");
        if (!File.Exists(file))
        {
            return [];
        }

        using SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 30 }.ToString());
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants of tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        using SqliteDataReader reader = command.ExecuteReader();
        List<string> rows = [];
        while (reader.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i).ToString())));
        }

        return rows;
    }

    /// <summary>The ids of runs.</summary>
    public static IReadOnlyList<string> Runs(BotProgram bot) =>
        Has(bot, "Runs") ? Query(bot, "SELECT Id FROM Runs ORDER BY CreatedAt") : [];

    /// <summary>True when the database has the table already.</summary>
    public static bool Has(BotProgram bot, string table) => Query(bot, "SELECT name FROM sqlite_master WHERE type = 'table'").Contains(table);

    /// <summary>Everything that an interrupted run must have in common with an undisturbed one, as text.</summary>
    public static async Task<string> OutsideAsync(BotProgram bot, string repository = "ideas/pets")
    {
        string git = Path.Combine(bot.Data, "repositories", repository + ".git");
        List<string> said = [.. Query(bot, "SELECT 'run ' || Status || ', over ' || (FinishedAt IS NOT NULL) || ', held ' || (LeaseOwner IS NOT NULL) FROM Runs")];
        foreach (string branch in (await Tool.GitAsync(git, "for-each-ref", "--format=%(refname:short)")).Split('\n'))
        {
            string commits = branch == "main" ? "1" : await Tool.GitAsync(git, "rev-list", "--count", $"main..{branch}");
            said.Add($"branch {branch}, {commits} commit, tree {await Tool.GitAsync(git, "rev-parse", branch + "^{tree}")}");
        }

        await Tool.GitAsync(git, "fsck", "--strict");
        said.AddRange(Query(bot, "SELECT 'pull request #' || Number || ' ' || State || ', draft ' || Draft || ': ' || Title || ' on ' || Branch FROM LocalIssues WHERE Branch IS NOT NULL"));
        said.AddRange(Query(bot, "SELECT 'comment of ours on #' || Number FROM LocalComments WHERE Marker IS NOT NULL"));
        said.AddRange(Query(bot, "SELECT 'reaction ' || Content FROM LocalReactions"));
        said.AddRange(Query(bot, "SELECT 'check ' || Name || ' ' || Conclusion || ' ' || Title FROM LocalChecks"));
        said.AddRange(Query(bot, "SELECT 'archive ' || FileName || ' ' || Sha256 FROM RepositoryExports ORDER BY FileName"));
        said.AddRange(Query(bot, "SELECT 'project of tree ' || Tree || ', files ' || (SELECT count(*) FROM ProjectFiles) FROM Projects"));
        said.AddRange(Query(bot, "SELECT 'effect ' || Kind || ' without a receipt' FROM RunEffects WHERE Receipt IS NULL"));
        said.AddRange(new[] { "exports", "records", "pull-requests", "work" }.Select(folder => $"{Files(bot, folder)} files in {folder}"));
        return string.Join('\n', said);
    }

    /// <summary>How many files are in a folder of the data directory.</summary>
    public static int Files(BotProgram bot, string folder)
    {
        string place = Path.Combine(bot.Data, folder);
        return Directory.Exists(place) ? Directory.EnumerateFiles(place, "*", SearchOption.AllDirectories).Count() : 0;
    }
}
