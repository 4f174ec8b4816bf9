using System.CommandLine;

using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Web.Access;

namespace AgentWorkflow.Bot.Cli;

/// <summary><c>token create|list|revoke</c>: API tokens. A token is printed once, when it is made.</summary>
internal static class TokenCommand
{
    private const int MostListed = 1_000;
    private const string By = "command line";

    private static readonly string[] Roles = [.. Enum.GetNames<Role>().Select(r => r.ToLowerInvariant())];

    /// <summary>The command.</summary>
    public static Command Create(BotHost host) => new("token", "Makes, lists and revokes tokens of the REST API.") { Make(host), List(host), Revoke(host) };

    private static Command Make(BotHost host)
    {
        Option<string> name = new("--name") { Description = "What you will know it by.", Required = true };
        Option<string> role = new("--role") { Description = "viewer: looks; operator: also starts, stops and exports; admin: also handles tokens.", Required = true };
        role.AcceptOnlyFromAmong(Roles);
        Option<string> repository = new("--repo") { Description = $"The repositories it is for: {RepositoryScope.Forms}.", HelpName = "PATTERN", DefaultValueFactory = _ => "*" };
        Option<int> days = new("--expires") { Description = $"How many days it lives, at most {ApiTokens.MostDays}.", HelpName = "DAYS", DefaultValueFactory = _ => ApiTokens.UsualDays };
        Command command = new("create", "Makes a token and prints it, once.") { name, role, repository, days };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            NewToken wanted = Read(parsed.GetRequiredValue(name), parsed.GetRequiredValue(role), parsed.GetRequiredValue(repository), parsed.GetValue(days));
            await using ServiceProvider services = await OpenAsync(host, parsed, cancellationToken);
            (ApiTokenRow row, string token) = await services.GetRequiredService<ApiTokens>().CreateAsync(wanted, By, cancellationToken);

            // The token alone on standard output, so that a script can take it.
            await parsed.InvocationConfiguration.Output.WriteLineAsync(token);
            await parsed.InvocationConfiguration.Error.WriteLineAsync($"{row.Id}: {parsed.GetValue(role)} on {row.Repository} until {row.ExpiresAt:u}. It is not shown again.");
            return 0;
        });
        return command;
    }

    private static Command List(BotHost host)
    {
        Command command = new("list", "Lists tokens, newest first, without their text.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using ServiceProvider services = await OpenAsync(host, parsed, cancellationToken);
            DateTimeOffset now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            foreach (ApiTokenRow row in await services.GetRequiredService<ApiTokens>().ListAsync(before: null, MostListed, cancellationToken))
            {
                string state = row.RevokedAt is { } revoked ? $"revoked {revoked:u}" : row.ExpiresAt <= now ? $"expired {row.ExpiresAt:u}" : $"until {row.ExpiresAt:u}";
                await parsed.InvocationConfiguration.Output.WriteLineAsync(
                    $"{row.Id}  {row.Role.ToString().ToLowerInvariant(),-8}  {row.Repository}  {state}  {(row.LastUsedAt is { } used ? $"used {used:u}" : "never used")}  {row.Name}");
            }

            return 0;
        });
        return command;
    }

    private static Command Revoke(BotHost host)
    {
        Argument<string> id = new("ID") { Description = "The token's id, as 'token list' shows it." };
        Command command = new("revoke", "Ends a token at once, everywhere.") { id };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using ServiceProvider services = await OpenAsync(host, parsed, cancellationToken);
            string wanted = parsed.GetRequiredValue(id);
            if (!await services.GetRequiredService<ApiTokens>().RevokeAsync(wanted, By, cancellationToken))
            {
                throw new SettingsException($"AW2614 there is no token '{wanted}'; 'agentworkflow token list' shows the ids");
            }

            await parsed.InvocationConfiguration.Output.WriteLineAsync($"{wanted} is revoked.");
            return 0;
        });
        return command;
    }

    private static NewToken Read(string name, string role, string repository, int days) =>
        !RepositoryScope.TryParse(repository, out RepositoryScope? scope) ? throw new SettingsException($"AW2613 '{repository}' in --repo is no pattern like {RepositoryScope.Forms}")
        : ApiTokens.Refusal(name, days) is { } refusal ? throw new SettingsException($"AW2613 {refusal}")
        : new NewToken(name, Enum.Parse<Role>(role, ignoreCase: true), scope, days);

    private static async Task<ServiceProvider> OpenAsync(BotHost host, ParseResult parsed, CancellationToken cancellationToken)
    {
        ServiceProvider services = host.BuildServices(parsed.GetValue(BotHost.Verbose));
        await services.GetRequiredService<DatabaseMigrator>().MigrateAsync(cancellationToken);
        return services;
    }
}
