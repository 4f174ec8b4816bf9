using AgentWorkflow.Bench.Outside;
using AgentWorkflow.Bench.Tables;

// A call from outside prints one JSON line; 'tables' prints Markdown.
switch (args)
{
    case ["commit", string count, string repository, string branch]:
        return await CommitCall.RunAsync(count, repository, branch);
    case ["render"]:
        return await RenderCall.RunAsync();
    case ["render", "once", string folder, string values, string output]:
        return await RenderCall.WriteAsync(folder, values, output);
    case ["archive", string format, string folder, string output]:
        return await ArchiveCall.RunAsync(format, folder, output);
    case ["engine"]:
        return await EngineCall.RunAsync();
    case ["tables", .. string[] names]:
        return await AllTables.RunAsync(names);
    default:
        await Console.Error.WriteLineAsync("agentworkflow-bench: commit N REPO BRANCH | render [once DIR VARS OUT] | archive zip|targz DIR OUT | engine | tables [NAME]...");
        return 2;
}
