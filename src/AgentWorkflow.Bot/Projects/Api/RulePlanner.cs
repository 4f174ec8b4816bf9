using System.Text.RegularExpressions;
using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Projects.Api;

/// <summary>The rules of one field that fit its type and each other.</summary>
/// <param name="said">The field in a sentence, e.g. <c>Book.title</c>.</param>
/// <param name="notes">What was left out is told here.</param>
internal sealed class RulePlanner(string said, List<string> notes)
{
    /// <summary>The longest length a rule may ask for; a sample of that length is part of a generated test.</summary>
    public const int LongestLength = 5000;

    /// <summary>The greatest whole number that every JSON reader keeps exactly.</summary>
    public const decimal Greatest = 9007199254740991m;

    /// <summary>The rules, in a fixed order.</summary>
    public IReadOnlyList<Rule> Rules(FieldPlan field)
    {
        var rules = new List<Rule>();
        if (field is { Required: true, Kind: FieldKind.Text or FieldKind.LongText })
        {
            rules.Add(new Rule.NotBlank());
        }

        AddLengths(field, rules);
        AddBounds(field, rules);
        if (field.Source.Pattern is { Length: > 0 } pattern && Fits(field.IsText && IsExpression(pattern), "pattern"))
        {
            rules.Add(new Rule.Pattern(pattern));
        }

        if (field.Values.Count > 0)
        {
            rules.Add(new Rule.OneOf());
        }

        return rules;
    }

    private void AddLengths(FieldPlan field, List<Rule> rules)
    {
        var (min, max) = (field.Source.MinLength, field.Source.MaxLength);
        if (min is null && max is null)
        {
            return;
        }

        var list = field.Kind == FieldKind.List;
        var sane = (list || field.IsText) && min is null or >= 0 && max is null or > 0 && (min ?? 0) <= (max ?? int.MaxValue)
            && (min ?? 0) <= (field.IsReferenceList ? ApiPlan.Samples : LongestLength / (list ? 50 : 1));
        if (!Fits(sane, "length"))
        {
            return;
        }

        if (min is > 0)
        {
            rules.Add(list ? new Rule.MinItems(min.Value) : new Rule.MinLength(min.Value));
        }

        if (max is not null)
        {
            rules.Add(list ? new Rule.MaxItems(max.Value) : new Rule.MaxLength(max.Value));
        }
    }

    private void AddBounds(FieldPlan field, List<Rule> rules)
    {
        var (min, max) = (field.Source.Min, field.Source.Max);
        if (min is null && max is null)
        {
            return;
        }

        var sane = field.IsNumber && (min ?? -Greatest) <= (max ?? Greatest) && Math.Abs(min ?? 0) < Greatest && Math.Abs(max ?? 0) < Greatest
            && (field.Kind != FieldKind.Integer || decimal.Ceiling(min ?? 0) <= decimal.Floor(max ?? Greatest));
        if (!Fits(sane, "min and max"))
        {
            return;
        }

        // A whole number knows whole bounds alone, money two places: the nearest that mean the same.
        var scale = field.Kind switch { FieldKind.Integer => 1m, FieldKind.Money => 100m, _ => 0m };
        if (min is not null)
        {
            rules.Add(new Rule.Min(scale == 0 ? Plain(min.Value) : Plain(decimal.Ceiling(min.Value * scale) / scale)));
        }

        if (max is not null)
        {
            rules.Add(new Rule.Max(scale == 0 ? Plain(max.Value) : Plain(decimal.Floor(max.Value * scale) / scale)));
        }
    }

    // 10.00 and 10 are one number and must give one text.
    private static decimal Plain(decimal value) => value / 1.000000000000000000000000000m;

    private bool Fits(bool fits, string rule)
    {
        if (!fits)
        {
            notes.Add($"{said}: the rule \"{rule}\" cannot hold for its type or contradicts itself, so it is not checked.");
        }

        return fits;
    }

    private static bool IsExpression(string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.CultureInvariant, TimeSpan.FromMilliseconds(100));
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
