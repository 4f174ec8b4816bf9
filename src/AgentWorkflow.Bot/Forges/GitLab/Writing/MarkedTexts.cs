using AgentWorkflow.Bot.Forges.GitLab.Reading;
using AgentWorkflow.Engine.Identity;

using Microsoft.Extensions.Options;

namespace AgentWorkflow.Bot.Forges.GitLab.Writing;

/// <summary>Our texts as GitLab takes them.</summary>
internal sealed class MarkedTexts(IOptions<GitLabOptions> options)
{
    // The limit of notes and descriptions, in characters.
    private const int Most = 1_000_000;

    /// <summary>A text with its marker, in which nothing acts.</summary>
    public static string Of(string body, string marker) => MarkedText.Of(QuickActions.Inert(body), marker, Most);

    /// <summary>Where people see a note: the API does not say.</summary>
    public string NoteAddress(RepoRef repository, long number, long note) =>
        new Uri(options.Value.WebAddress, $"{repository}/-/{Items.KindOf(number)}/{ItemNumber.Counted(number)}#note_{note}").AbsoluteUri;
}
