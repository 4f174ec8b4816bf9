using System.Security.Cryptography;
using System.Text;

using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Storage.Objects;

/// <summary>Tries the store of objects by using it: writes, lists, reads and deletes one.</summary>
internal sealed class ObjectStoreProbe(IObjectStore objects, IRandomSource random)
{
    private const string Folder = "probe";

    /// <summary>What is wrong, or null.</summary>
    public async Task<IOException?> TryAsync(CancellationToken cancellationToken)
    {
        string name = $"{Folder}/{random.NextBase32(16)}.txt";
        byte[] content = Encoding.UTF8.GetBytes(name);
        try
        {
            await objects.PutAsync(name, async (target, cancel) => await target.WriteAsync(content, cancel), cancellationToken);
            bool isListed = await objects.ListAsync(Folder, cancellationToken).AnyAsync(found => found.Name == name, cancellationToken);
            bool isSame;
            await using (Stream stored = await objects.OpenReadAsync(name, offset: 0, cancellationToken))
            {
                isSame = (await SHA256.HashDataAsync(stored, cancellationToken)).AsSpan().SequenceEqual(SHA256.HashData(content));
            }

            await objects.DeleteAsync(name, cancellationToken);
            return !isSame ? new ObjectStoreException("AW2582", $"{objects.AddressOf(name)} is not what was written there a moment ago; the bot needs a store whose writes can be read at once")
                : !isListed ? new ObjectStoreException("AW2582", $"{objects.AddressOf(name)} is not listed though it was written; the bot needs the right to list what is there")
                : await objects.FindAsync(name, cancellationToken) is not null ? new ObjectStoreException("AW2582", $"{objects.AddressOf(name)} is still there after it was deleted; turn off what keeps deleted objects from going")
                : null;
        }
        catch (IOException e)
        {
            return e;
        }
    }
}
