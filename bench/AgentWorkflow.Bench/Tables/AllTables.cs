namespace AgentWorkflow.Bench.Tables;

/// <summary>All tables, or those that are named.</summary>
internal static class AllTables
{
    private static readonly (string Name, Func<Task> Print)[] Tables =
    [
        ("generate", GenerateTable.PrintAsync),
        ("steps", StepTable.PrintAsync),
        ("pages", PageTable.PrintAsync),
        ("render", RenderTable.PrintAsync),
        ("commit", CommitTable.PrintAsync),
        ("push", PushTable.PrintAsync),
        ("archive", ArchiveTable.PrintAsync),
        ("serve", ServeTable.PrintAsync),
        ("webhooks", WebhookTable.PrintAsync),
        ("reaction", ReactionTable.PrintAsync),
    ];

    /// <summary>Prints them.</summary>
    public static async Task<int> RunAsync(string[] names)
    {
        foreach ((_, Func<Task> print) in Tables.Where(t => names.Length == 0 || names.Contains(t.Name)))
        {
            await print();
        }

        return 0;
    }
}
