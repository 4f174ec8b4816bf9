using System.Security.Cryptography;
using System.Text;

namespace AgentWorkflow.Engine.Effects;

/// <summary>
/// The key of a run, derived from what caused it, so that the same cause can never make two (promise B.1). The commit and the
/// workflow's content are pinned on the run and not part of the key: an edit between webhook and sweep makes no second run.
/// </summary>
public sealed record RunKey
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    private RunKey(string value) => Value = value;

    /// <summary>25 characters of lower-case base32.</summary>
    public string Value { get; }

    /// <summary>Derives the key.</summary>
    /// <param name="forgeHost">The forge's host name; <c>local</c> for the Local forge.</param>
    /// <param name="repositoryId">The forge's numeric id: names can change hands.</param>
    /// <param name="triggerKind">What kind of thing caused it: <c>comment</c>, <c>label</c>, <c>push</c>, <c>schedule</c>, <c>manual</c>.</param>
    /// <param name="triggerId">That thing's id.</param>
    /// <param name="workflowPath">The workflow's path.</param>
    public static RunKey Derive(string forgeHost, long repositoryId, string triggerKind, string triggerId, string workflowPath) =>
        new(Base32(string.Join('|', forgeHost, repositoryId, triggerKind, triggerId, workflowPath))[..25]);

    /// <summary>The key of a branch: it belongs to (repository, issue, generation), not to one run.</summary>
    /// <returns>8 characters of lower-case base32.</returns>
    public static string DeriveBranchKey(string forgeHost, long repositoryId, long issue, int generation) =>
        Base32(string.Join('|', forgeHost, repositoryId, "branch", issue, generation))[..8];

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static string Base32(string text)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        StringBuilder result = new(52);
        int bits = 0;
        int held = 0;
        foreach (byte b in hash)
        {
            bits = (bits << 8) | b;
            for (held += 8; held >= 5; held -= 5)
            {
                result.Append(Alphabet[(bits >> (held - 5)) & 31]);
            }

            bits &= (1 << held) - 1;
        }

        return result.ToString();
    }
}
