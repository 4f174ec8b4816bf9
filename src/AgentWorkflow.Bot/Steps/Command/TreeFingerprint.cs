using System.Security.Cryptography;
using System.Text;

using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Steps.Command;

/// <summary>One digest of a list of files, so that two steps can tell that they mean the very same files.</summary>
internal static class TreeFingerprint
{
    /// <summary>The lower-case hexadecimal SHA-256 of the lines <c>mode sha256 path</c> in the tree's order.</summary>
    public static string Of(WorkspaceTree tree) =>
        Of(tree.Files.Select(f => $"{(f.Value.Executable ? "100755" : "100644")} {f.Value.Sha256} {f.Key.Value}"));

    /// <summary>The lower-case hexadecimal SHA-256 of lines.</summary>
    public static string Of(IEnumerable<string> lines)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string line in lines)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(line + "\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
