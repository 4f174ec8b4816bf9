namespace AgentWorkflow.Bench.Tables;

internal static class AllTables
{
    public static Task<int> RunAsync(string[] names) => Task.FromResult(names.Length);
}
