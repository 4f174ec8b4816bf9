using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace AgentWorkflow.Bot.Storage;

/// <summary>For <c>dotnet ef</c> alone: the model on SQLite, without a database.</summary>
internal sealed class SqliteDesign : IDesignTimeDbContextFactory<SqliteDb>
{
    /// <inheritdoc/>
    public SqliteDb CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<SqliteDb>().UseSqlite("Data Source=:memory:").Options);
}

/// <summary>For <c>dotnet ef</c> alone: the model on PostgreSQL, without a database.</summary>
internal sealed class PgDesign : IDesignTimeDbContextFactory<PgDb>
{
    /// <inheritdoc/>
    public PgDb CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<PgDb>().UseNpgsql("Host=localhost").Options);
}
