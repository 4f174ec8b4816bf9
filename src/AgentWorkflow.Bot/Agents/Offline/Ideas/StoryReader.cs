namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>A story as it was found, before anybody asked what of it can be generated.</summary>
internal sealed record RawStory(string Title, StorySentence? Sentence, List<string> Criteria, int Line);

/// <summary>Finds stories: sentences, task lists, points below "User stories", headings that are a sentence.</summary>
internal sealed class StoryReader
{
    private readonly List<RawStory> _stories = [];

    private StoryReader()
    {
    }

    /// <summary>The stories in the idea's order.</summary>
    public static List<RawStory> Read(Outline outline)
    {
        var reader = new StoryReader();
        foreach (Section section in outline.Sections)
        {
            reader.ReadSection(section);
        }

        return reader._stories;
    }

    private void ReadSection(Section section)
    {
        Topic topic = Headings.Of(section);
        if (topic is Topic.Aside || topic is Topic.Entities && !section.Blocks.Exists(IsTaskList))
        {
            return;
        }

        bool opened = Headings.Of(section.Heading) == Topic.Other && OpenStory(section.Heading, section.Line, inStories: topic == Topic.Stories && IsNumbered(section.Heading));
        bool criteria = opened || topic == Topic.Criteria && _stories.Count > 0;
        foreach (Block block in section.Blocks)
        {
            switch (block)
            {
                case Block.Prose prose when opened && _stories[^1].Sentence is null && StorySentence.Read(prose.Text, inList: true) is { } sentence:
                    _stories[^1] = _stories[^1] with { Sentence = sentence };
                    break;
                case Block.Prose prose when !criteria:
                    ReadProse(prose);
                    break;
                case Block.Points points when criteria:
                    _stories[^1].Criteria.AddRange(points.Items.SelectMany(Flat));
                    break;
                case Block.Points points:
                    ReadPoints(points.Items, topic == Topic.Stories);
                    break;
                default:
                    break;
            }
        }
    }

    private void ReadPoints(IReadOnlyList<Point> points, bool inStories)
    {
        foreach (Point point in points)
        {
            StorySentence? sentence = StorySentence.Read(Plain(point.Text), inList: true);
            bool group = sentence is null && point.Points.Count > 0
                && (point.Points.Any(p => StorySentence.Read(Plain(p.Text), inList: true) is not null) || point.Points.All(p => p.IsTask) && English.Of(point.Text).Count <= 4);
            if (group || sentence is null && !point.IsTask && !inStories)
            {
                ReadPoints(point.Points, inStories);
            }
            else if (English.Of(point.Text).Count > 0)
            {
                _stories.Add(new RawStory(Title(point.Text), sentence, [.. point.Points.SelectMany(Flat)], point.Line));
            }
        }
    }

    private void ReadProse(Block.Prose prose)
    {
        foreach (string sentence in Sentences.Of(prose.Text))
        {
            if (StorySentence.Read(Plain(sentence), inList: false) is { } read)
            {
                _stories.Add(new RawStory(Title(sentence), read, [], prose.Line));
            }
        }
    }

    private bool OpenStory(string heading, int line, bool inStories)
    {
        StorySentence? sentence = StorySentence.Read(Plain(heading), inList: true);
        if (sentence is null && !inStories)
        {
            return false;
        }

        _stories.Add(new RawStory(Title(heading), sentence, [], line));
        return true;
    }

    private static bool IsTaskList(Block block) => block is Block.Points points && points.Items.Any(p => p.IsTask);

    private static IEnumerable<string> Flat(Point point) =>
        (point.Text.Length > 0 ? (string[])[English.Cut(point.Text, 300)] : []).Concat(point.Points.SelectMany(Flat));

    private static string Title(string text) => English.Cut(Plain(text), 200).TrimEnd('.', ' ', ':');

    // "US-1:", "Story 3 -", "S4." are numbers of somebody's list, not words of the wish.
    private static string Plain(string text)
    {
        int end = NumberEnd(text);
        return text[end..].TrimStart(' ', ':', '.', '-', ')', '\u2013', '\u2014');
    }

    private static bool IsNumbered(string text) => NumberEnd(text) is > 0 and var end && end < text.Length;

    private static int NumberEnd(string text)
    {
        string lower = text.ToLowerInvariant();
        foreach (string prefix in (string[])["user story", "story", "us", "s", "feature", "req", "fr", "epic", "#", ""])
        {
            int at = prefix.Length;
            if (!lower.StartsWith(prefix, StringComparison.Ordinal))
            {
                continue;
            }

            while (at < lower.Length && lower[at] is ' ' or '-' or '#' && at < prefix.Length + 2)
            {
                at++;
            }

            int digits = at;
            while (at < lower.Length && char.IsAsciiDigit(lower[at]))
            {
                at++;
            }

            if (at > digits && at - digits <= 4 && at < lower.Length && lower[at] is ':' or '.' or ')' or '-' or ' ' && (prefix.Length > 0 || lower[at] != ' '))
            {
                return at;
            }
        }

        return 0;
    }
}
