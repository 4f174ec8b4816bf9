using System.Security.Cryptography;

using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Storage;

/// <summary>Randomness of the operating system: what nobody can guess.</summary>
internal sealed class SystemRandomSource : IRandomSource
{
    /// <inheritdoc/>
    public string NextBase32(int length) => RandomNumberGenerator.GetString(IRandomSource.Alphabet, length);
}
