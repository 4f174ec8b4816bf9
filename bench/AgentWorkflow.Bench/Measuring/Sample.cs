using System.Text;

namespace AgentWorkflow.Bench.Measuring;

/// <summary>Files like source code, the same on every machine.</summary>
internal static class Sample
{
    private static readonly string[] Words = "public return string value item list when order customer null await task result number name create update delete find total".Split(' ');

    /// <summary>Writes files of about one size into folders of forty.</summary>
    public static async Task WriteAsync(string folder, int count, int size)
    {
        for (int i = 0; i < count; i++)
        {
            string path = Path.Combine(folder, "src", $"module{i / 40}", $"File{i}.cs");
            Directory.CreateDirectory(Path.GetDirectoryName(path) ?? folder);
            await File.WriteAllTextAsync(path, Text((uint)i + 1, size));
        }
    }

    /// <summary>A text of that length.</summary>
    public static string Text(uint seed, int size)
    {
        StringBuilder text = new(size + 16);
        while (text.Length < size)
        {
            // Xorshift: no two files alike, no run unlike another.
            seed ^= seed << 13;
            seed ^= seed >> 17;
            seed ^= seed << 5;
            text.Append(Words[seed % (uint)Words.Length]).Append(seed % 7 == 0 ? $" = {seed};\n" : seed % 5 == 0 ? "(" : " ");
        }

        text.Length = size;
        return text.ToString();
    }
}
