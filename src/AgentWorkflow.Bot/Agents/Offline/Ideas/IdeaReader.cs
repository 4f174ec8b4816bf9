using System.Text;

using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>An idea's Markdown to requirements, without a model. The same idea gives the same requirements, to the byte.</summary>
internal static class IdeaReader
{
    private const int MaxBytes = 1024 * 1024;
    private const int MaxStories = 500;
    private const int MaxNotes = 100;

    private const string Example = "Write for example: '# Lending library', then '- As a librarian I want to register a book', then a heading 'Entities' with a table of fields.";

    /// <summary>Reads an idea.</summary>
    /// <param name="idea">Markdown.</param>
    /// <param name="fallbackTitle">The issue's title, for an idea without one of its own; null when there is none.</param>
    /// <exception cref="AgentException">AW1001 empty, AW1002 not a text, AW1003 too large, AW1004 nothing to read, AW1005 nested too deep.</exception>
    public static Requirements Read(string idea, string? fallbackTitle)
    {
        Check(idea);
        CleanText clean = OutsideText.Clean(idea.ReplaceLineEndings("\n"));
        Outline outline = OutlineReader.Read(clean.Text);
        List<RawStory> stories = StoryReader.Read(outline);
        string title = Title(outline, stories, fallbackTitle)
            ?? throw new AgentException("AW1004", "The idea has no heading, no list item and no sentence of three words, so there is nothing to build. " + Example);

        List<string> notes = [];
        if (clean.Sentence is { } sentence)
        {
            notes.Add(sentence);
        }

        if (outline.HiddenComments > 0)
        {
            notes.Add($"{outline.HiddenComments} HTML {(outline.HiddenComments == 1 ? "comment was" : "comments were")} left out.");
        }

        var model = new RawModel();
        EntityReader.Read(outline, model);
        if (model.Entities.Count == 0)
        {
            SentenceEntities.Read(stories, model);
        }

        (List<Entity> entities, List<Relation> relations) = ModelBuilder.Build(model, notes);
        var matcher = new StoryMatcher(entities);
        if (stories.Count > MaxStories)
        {
            notes.Add($"The idea has {stories.Count} stories; the first {MaxStories} were taken.");
        }

        return new Requirements
        {
            Title = title,
            Name = ProjectName.From(title),
            Summary = Summary(outline, stories, title),
            Stories = [.. stories.Take(MaxStories).Select((s, i) => Finish(s, i + 1, matcher))],
            Entities = entities,
            Relations = relations,
            Notes = notes.Count <= MaxNotes ? notes : [.. notes.Take(MaxNotes), $"{notes.Count - MaxNotes} more notes were left out."],
        };
    }

    private static void Check(string idea)
    {
        if (string.IsNullOrWhiteSpace(idea))
        {
            throw new AgentException("AW1001", "The idea is empty. " + Example);
        }

        int strange = idea.Count(c => c is '\uFFFD' or '\0' || char.IsControl(c) && c is not ('\n' or '\r' or '\t' or '\f' or '\v'));
        if (idea.Contains('\0') || strange * 20 > idea.Length)
        {
            throw new AgentException("AW1002", "The idea is not a text: it looks like a binary file or one in another encoding; save it as Markdown in UTF-8.");
        }

        if (Encoding.UTF8.GetByteCount(idea) > MaxBytes)
        {
            throw new AgentException("AW1003", "The idea is larger than 1 MiB; keep what is to be built and leave the rest out.");
        }
    }

    private static string? Title(Outline outline, List<RawStory> stories, string? fallbackTitle)
    {
        List<Section> headings = [.. outline.Sections.Where(s => s.Level is > 0 and < 7 && English.Of(s.Heading).Count > 0)];
        bool something = headings.Count > 0 || outline.Sections.Any(s => s.Blocks.Exists(b => b is Block.Points or Block.Grid or Block.Fence
            || b is Block.Prose prose && Sentences.Of(prose.Text).Any(t => English.Of(t).Count >= 3)));
        if (!something)
        {
            return null;
        }

        IEnumerable<string?> candidates =
        [
            headings.Find(h => h.Level == 1)?.Heading,
            outline.FrontTitle,
            IssueForm.Answer(outline, "name", "title", "project", "project name", "project title", "app name", "idea"),
            string.IsNullOrWhiteSpace(fallbackTitle) ? null : InlineText.OneLine(OutsideText.Clean(fallbackTitle).Text),
            outline.Sections[0].Blocks is [Block.Prose first, _, ..] && English.Of(first.Text).Count is > 0 and <= 8 && !first.Text.EndsWith('.') ? first.Text : null,
            headings.Find(h => Headings.Of(h.Heading) == Topic.Other && !h.Path().Any(p => Headings.Of(p.Heading) != Topic.Other))?.Heading,
            outline.Sections.SelectMany(s => s.Blocks).OfType<Block.Prose>().SelectMany(p => Sentences.Of(p.Text)).FirstOrDefault(t => English.Of(t).Count >= 3),
            stories.FirstOrDefault()?.Title,
            headings.FirstOrDefault()?.Heading,
        ];
        return English.Cut(candidates.FirstOrDefault(c => c is not null && English.Of(c).Count > 0)?.TrimEnd('.', ' ') ?? "Project", 100);
    }

    private static string Summary(Outline outline, List<RawStory> stories, string title)
    {
        HashSet<int> told = [.. stories.Select(s => s.Line)];
        Block.Prose? prose = outline.Sections.Where(s => Headings.Of(s) == Topic.Other).SelectMany(s => s.Blocks).OfType<Block.Prose>()
            .FirstOrDefault(p => !told.Contains(p.Line) && English.Of(p.Text).Count >= 3 && !IssueForm.IsNoAnswer(p.Text) && p.Text != title);
        return prose is null ? "" : English.Cut(prose.Text, 1000);
    }

    private static Story Finish(RawStory story, int number, StoryMatcher matcher)
    {
        StoryMatch match = matcher.Match(story.Sentence?.Want ?? story.Title);
        IEnumerable<string> criteria = story.Criteria.Concat(match.Conditions);
        return new Story($"S{number}", story.Title, story.Sentence?.Role, story.Sentence?.Want, story.Sentence?.SoThat, [.. criteria.Take(50)], match.Operations, story.Line);
    }
}
