using System.Collections.Frozen;

using AgentWorkflow.Bot.Projects.Api;

namespace AgentWorkflow.Bot.Projects.Stacks.DotnetWebApi;

/// <summary>Tables and columns of SQLite that need no quotes: a keyword gets an underscore at its end.</summary>
internal sealed class SqlNames
{
    private static readonly FrozenSet<string> Keywords = (
        "abort action add after all alter always analyze and as asc attach autoincrement before begin between by cascade case cast check collate column commit " +
        "conflict constraint create cross current current_date current_time current_timestamp database default deferrable deferred delete desc detach distinct do " +
        "drop each else end escape except exclude exclusive exists explain fail filter first following for foreign from full generated glob group groups having if " +
        "ignore immediate in index indexed initially inner insert instead intersect into is isnull join key last left like limit match materialized natural no not " +
        "nothing notnull null nulls of offset on or order others outer over partition plan pragma preceding primary query raise range recursive references regexp " +
        "reindex release rename replace restrict returning right rollback row rows savepoint select set table temp temporary then ties to transaction trigger " +
        "unbounded union unique update using vacuum values view virtual when where window with within without rowid oid true false").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private readonly NameScope _scope;

    /// <summary>A scope in which some names are taken.</summary>
    public SqlNames(params IEnumerable<string> taken) => _scope = new NameScope(taken);

    /// <summary>A free name like the wish.</summary>
    public string Take(string snake)
    {
        var name = snake.StartsWith("sqlite_", StringComparison.Ordinal) ? "t_" + snake : snake;
        return _scope.Take(Keywords.Contains(name) ? name + "_" : name);
    }
}
