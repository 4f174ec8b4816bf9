using System.Diagnostics;

using AgentWorkflow.Bot.Agents;
using AgentWorkflow.Bot.Agents.Offline.Ideas;
using AgentWorkflow.Bot.Projects.Specification;

using CsCheck;

namespace AgentWorkflow.Bot.Tests.Agents.Offline.Ideas;

public sealed class IdeaReaderPropertyTests
{
    private static readonly string[] Pieces =
    [
        "# ", "## Entities\n", "### Book\n", "- ", "- [ ] ", "  - ", "\n", "\n\n", "|", "| Field | Type | Rules |\n|---|---|---|\n", "| a | text | required |\n", "```sql\n", "```mermaid\n", "```\n",
        "erDiagram\n", "A ||--o{ B : has\n", "A {\n", "}\n", "CREATE TABLE ", "t (", ");", "id INT PRIMARY KEY, ", "REFERENCES ", "CHECK (a > 1)", "'", "\"", "As a user I want to ", "so that ", "User can ", "with ", "add a book",
        ": ", "(", ")", "[", "]", "/", "\\", "pattern /^a+$/", "enum(a, b)", "reference to ", "list of ", "min 5", "max 2", "default ", "one of ", "<!-- ", "-->", "**", "_", "`", "> ", "---\n", "title: x\n", "\u200B", "\uD83D", "😀", "é", "9", "-1..5", "_No response_", "\r\n", "\t", "&amp;", "<br>",
    ];

    private static readonly Gen<string> Idea = Gen.OneOf(
        Gen.Int[0, Pieces.Length - 1].Array[0, 60].Select(p => string.Concat(p.Select(i => Pieces[i]))),
        Gen.String,
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[0, Pieces.Length - 1], Gen.Int[0, 30]).Select((at, piece, cut) => Mutate(at, Pieces[piece], cut)));

    private static readonly string[] Seeds = [.. Directory.EnumerateFiles(IdeaFiles.Golden, "*.md").Concat(Directory.EnumerateFiles(IdeaFiles.Examples, "*.md")).Order(StringComparer.Ordinal).Select(File.ReadAllText)];

    [Fact]
    public void Any_Text_Gives_Valid_Requirements_Or_A_Refusal_And_Always_The_Same() => Idea.Sample(
        idea =>
        {
            string first = Read(idea, out Requirements? requirements);
            Assert.Equal(first, Read(idea, out _));
            if (requirements is not null)
            {
                Check(requirements);
            }
        },
        iter: 2_000);

    public static TheoryData<string, int> Heavy => new()
    {
        { "[", 100_000 }, { "*a **a ", 50_000 }, { "`", 300_000 }, { "| a ", 100_000 }, { "- a\n", 100_000 }, { "> ", 10_000 }, { "<", 100_000 }, { "- [ ] User can add a book\n", 10_000 }, { "As a a a ", 50_000 },
        { "](", 100_000 }, { "![", 100_000 }, { "__a", 100_000 }, { "\n## Entities\n\n- a: pattern /(a+)+", 3_000 }, { "(((((", 50_000 }, { "a|", 200_000 }, { "&", 300_000 }, { "```sql\nCREATE TABLE t(a INT,", 5_000 }, { "~~~\n", 100_000 }, { "\t", 500_000 },
    };

    [Theory]
    [MemberData(nameof(Heavy))]
    public void Heavy_Ideas_Are_Read_Or_Refused_In_Time(string piece, int times)
    {
        string idea = "# Heavy\n\n" + string.Concat(Enumerable.Repeat(piece, times));
        long start = Stopwatch.GetTimestamp();

        Read(idea, out _);

        // Far above what it takes, so that a busy machine passes: it tells minutes from seconds, no more.
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 60);
    }

    [Fact]
    public void Ten_Thousand_Stories_Are_Cut_With_A_Note()
    {
        Read("# Many\n\n" + string.Concat(Enumerable.Range(0, 10_000).Select(i => $"- [ ] User can add book {i}\n")), out Requirements? requirements);

        Assert.Equal(500, requirements!.Stories.Count);
        Assert.Contains("The idea has 10000 stories; the first 500 were taken.", requirements.Notes);
    }

    [Fact]
    public void A_Table_Line_That_Slipped_Into_A_Diagram_Leaves_A_Valid_Model()
    {
        Read("""
            # Band calendar

            ```mermaid
            erDiagram
                GIG {
                    string status "one of planned, confirmed, played"
                }
                SONG {
                    string title "required"
                    int minutes "1..20"
               | a | text | required |
            ```
            """, out Requirements? requirements);

        Check(requirements!);
    }

    private static void Check(Requirements r)
    {
        Assert.Matches("^[a-z][a-z0-9-]{0,39}$", r.Name);
        Assert.NotEqual('-', r.Name[^1]);
        Assert.NotEmpty(r.Title);
        Assert.DoesNotContain('\n', r.Title);
        Assert.Equal(r.Entities.Count, r.Entities.Select(e => English.Key(e.Name)).Distinct(StringComparer.Ordinal).Count());
        HashSet<string> names = [.. r.Entities.Select(e => e.Name)];
        foreach (Field field in r.Entities.SelectMany(e => e.Fields))
        {
            Assert.True(field.Type.Target is null || names.Contains(field.Type.Target));
            Assert.True(!(field.Min > field.Max) && !(field.MinLength > field.MaxLength));
            Assert.Equal(field.Type.Kind == FieldKind.Enum, field.Type.Values.Count > 0);
            Assert.True(field.Type.Kind is not (FieldKind.Reference) || field.Type.Target is not null);
        }

        Assert.All(r.Entities, e => Assert.Equal(e.Fields.Count, e.Fields.Select(f => English.Key(f.Name)).Distinct(StringComparer.Ordinal).Count()));
        Assert.All(r.Stories.SelectMany(s => s.Operations), o => Assert.Contains(o.Entity, names));
        Assert.NotNull(RequirementsJson.Read(RequirementsJson.Write(r)));
    }

    private static string Read(string idea, out Requirements? requirements)
    {
        try
        {
            requirements = IdeaReader.Read(idea, null);
            return IdeaFiles.Say(requirements);
        }
        catch (AgentException e)
        {
            requirements = null;
            return e.Code + e.Message;
        }
    }

    private static string Mutate(int at, string piece, int cut)
    {
        string seed = Seeds[at % Seeds.Length];
        int place = at % seed.Length;
        return seed[..place] + piece + seed[Math.Min(seed.Length, place + cut)..];
    }
}
