using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Storage;

using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentWorkflow.Bot.Web.Api;

/// <summary>A page of a list.</summary>
/// <param name="Items">What is on it.</param>
/// <param name="Next">The <c>after</c> of the next page; null on the last one.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>What every list is asked with.</summary>
internal static class Paging
{
    /// <summary>How many items a page has unless told.</summary>
    public const int Usual = 50;

    /// <summary>How many a page has at most.</summary>
    public const int Most = 1_000;

    /// <summary>Reads where a page begins and how long it is.</summary>
    /// <returns>What is wrong; null where nothing is.</returns>
    public static ProblemHttpResult? Read(int? limit, string? after, out int most, out PagePlace? before)
    {
        before = null;
        most = limit ?? Usual;
        return most is < 1 or > Most ? Problems.Of(StatusCodes.Status400BadRequest, "AW2622", $"A page has 1 to {Most} items, not {most}.", "limit")
            : after is not null && !PagePlace.TryParse(after, out before) ? WrongPlace()
            : null;
    }

    /// <summary>The refusal of a place that no page named.</summary>
    public static ProblemHttpResult WrongPlace() => Problems.Of(StatusCodes.Status400BadRequest, "AW2623", "The place in 'after' is none; take it from 'next' of the page before.", "after");

    /// <summary>The page of rows that were asked for with one more than it holds: whether there is a next one shows in that.</summary>
    public static Page<TItem> Of<TRow, TItem>(IReadOnlyList<TRow> rows, int most, Func<TRow, TItem> item, Func<TRow, PagePlace> place) =>
        new([.. rows.Take(most).Select(item)], rows.Count > most ? place(rows[most - 1]).ToString() : null);

    /// <summary>Reads the filter <c>repository</c>.</summary>
    public static ProblemHttpResult? Read(string? repository, out RepositoryScope wanted)
    {
        RepositoryScope? scope = RepositoryScope.Everything;
        bool isFine = repository is null || RepositoryScope.TryParse(repository, out scope);
        wanted = scope ?? RepositoryScope.Everything;
        return isFine ? null : Problems.Of(StatusCodes.Status400BadRequest, "AW2624", $"'{repository}' is no pattern like {RepositoryScope.Forms}.", "repository");
    }
}
