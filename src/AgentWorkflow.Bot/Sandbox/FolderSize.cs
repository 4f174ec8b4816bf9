using System.IO.Enumeration;

namespace AgentWorkflow.Bot.Sandbox;

/// <summary>How much a folder holds.</summary>
internal static class FolderSize
{
    private const long Block = 4096;
    private const long TooDeep = 1L << 60;

    /// <summary>The lengths of all files, each rounded up to a block and a block for each entry, so that a million empty files count too. Links are not followed.</summary>
    public static long Of(string folder)
    {
        try
        {
            return new FileSystemEnumerable<long>(
                folder,
                (ref FileSystemEntry entry) => ((entry.IsDirectory ? 0 : entry.Length) + Block - 1) / Block * Block + Block,
                new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None })
            {
                ShouldRecursePredicate = (ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
            }.Sum();
        }
        catch (PathTooLongException)
        {
            // Nothing honest is nested so deep, and what lies below could not be counted.
            return TooDeep;
        }
        catch (Exception moving) when (moving is IOException or UnauthorizedAccessException)
        {
            // The commands delete folders while they are counted; the next count is soon.
            return 0;
        }
    }
}
