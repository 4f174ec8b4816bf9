using System.Text;

namespace AgentWorkflow.Bot.Steps.PullRequest.Text;

/// <summary>Draws paths as an indented tree.</summary>
internal static class FileTree
{
    /// <summary>One line a folder or file; the paths come sorted.</summary>
    public static string Draw(IEnumerable<string> paths)
    {
        StringBuilder text = new();
        string[] above = [];
        foreach (string path in paths)
        {
            string[] parts = path.Split('/');
            int same = 0;
            while (same < parts.Length - 1 && same < above.Length && parts[same] == above[same])
            {
                same++;
            }

            for (int depth = same; depth < parts.Length; depth++)
            {
                text.Append(' ', depth * 2).Append(parts[depth]).Append(depth < parts.Length - 1 ? "/\n" : "\n");
            }

            above = parts[..^1];
        }

        return text.ToString();
    }
}
