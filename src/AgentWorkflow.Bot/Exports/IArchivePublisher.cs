using AgentWorkflow.Engine.Effects;

namespace AgentWorkflow.Bot.Exports;

/// <summary>Writes archives that runs ask for; the one effect that needs no forge.</summary>
internal interface IArchivePublisher
{
    /// <summary>Writes the archive under its content-addressed name, or finds it there; the receipt has <c>path</c>, <c>sha256</c>, <c>size</c>.</summary>
    Task<Receipt> PublishAsync(PublishArchive effect, CancellationToken cancellationToken);
}
