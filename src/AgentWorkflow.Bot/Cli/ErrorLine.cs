using System.Data.Common;

using AgentWorkflow.Bot.Agents;
using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Storage.Objects;

using Microsoft.AspNetCore.Connections;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AgentWorkflow.Bot.Cli;

/// <summary>Puts what went wrong into one line: what, where, what to do, with a stable code.</summary>
internal static class ErrorLine
{
    /// <summary>The sentence.</summary>
    /// <param name="exception">What ended the command.</param>
    /// <param name="storage">Where the data are; null when the settings themselves are wrong.</param>
    public static string Of(Exception exception, StorageOptions? storage) => OneLine(exception switch
    {
        SettingsException => exception.Message,
        StorageException e => $"{e.Code} {e.Message}",
        ObjectStoreException e => $"{e.Code} {Sentence(e.Message)}.",
        AgentException e => $"{e.Code} {e.Message}",
        AggregateException { InnerExceptions: [{ } only] } => Of(only, storage),
        OptionsValidationException e => $"AW2507 {string.Join(" ", e.Failures)}",
        LeaseLostException e => $"AW2504 {e.Message.TrimEnd('.')}; end that process or wait, then look again.",
        IOException { InnerException: AddressInUseException } => $"AW2541 {Sentence(exception.Message)}; end the program that listens there, or choose another address with --urls.",
        _ when storage is not null && StorageErrors.Explain(exception, storage) is { } e => $"{e.Code} {e.Message}",
        ForgeException e => $"AW3000 {e.Message}",
        UnauthorizedAccessException => $"AW2542 {Sentence(exception.Message)}; give this user the right to it.",
        IOException => $"AW2543 {Sentence(exception.Message)}; check the path and its disk.",
        InvalidDataException { InnerException: FormatException e } => $"AW2544 {Sentence(exception.Message)}: {e.Message}",
        DbException or DbUpdateException => $"AW2525 the database refused: {Sentence(exception.InnerException?.Message ?? exception.Message)}; run again with --verbose for details.",
        _ => $"AW2599 this is a mistake in the program ({exception.GetType().Name}: {Sentence(exception.Message)}); run again with --verbose and report what it prints.",
    });

    private static string Sentence(string message) => message.TrimEnd('.', ' ', '\n');

    private static string OneLine(string text) => string.Join(' ', text.Split(['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
