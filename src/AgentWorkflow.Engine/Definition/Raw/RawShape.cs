using System.Collections.Concurrent;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;

using AgentWorkflow.Engine.Definition.Yaml;

namespace AgentWorkflow.Engine.Definition.Raw;

/// <summary>What a place in the language holds.</summary>
internal enum RawKind
{
    Text,
    Whole,
    Number,
    Truth,
    Duration,
    Scalar,
    Mapping,
    Anything,
    List,
    Table,
    Record,
}

/// <summary>A key of a record: what may stand there. Made by reflection once.</summary>
internal sealed record RawKey(string Name, PropertyInfo Property, RawKind Kind, Type? Element, RawKind ElementKind)
{
    /// <summary>One sentence.</summary>
    public string Description { get; } = Property.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "";

    /// <summary>True where a file without it is refused.</summary>
    public bool IsRequired { get; } = Property.IsDefined(typeof(RequiredAttribute));

    /// <summary>True where one element may stand for a list.</summary>
    public bool OneOrMany { get; } = Property.IsDefined(typeof(OneOrManyAttribute));

    /// <summary>Limits of a number.</summary>
    public (decimal Least, decimal Most)? Range { get; } = Property.GetCustomAttribute<RangeAttribute>() is { } range
        ? (Convert.ToDecimal(range.Minimum, null), Convert.ToDecimal(range.Maximum, null))
        : null;

    /// <summary>Limits of a list.</summary>
    public (int Least, int Most)? Count { get; } = Property.GetCustomAttribute<LengthAttribute>() is { } length ? (length.MinimumLength, length.MaximumLength) : null;

    /// <summary>The longest text.</summary>
    public int? MaxLength { get; } = Property.GetCustomAttribute<MaxLengthAttribute>()?.Length;

    /// <summary>The allowed texts; empty means any.</summary>
    public IReadOnlyList<string> Allowed { get; } = [.. Property.GetCustomAttribute<AllowedValuesAttribute>()?.Values.OfType<string>() ?? []];

    /// <summary>The pattern of a text, or of a table's names.</summary>
    public string? Pattern { get; } = Property.GetCustomAttribute<PatternAttribute>()?.Pattern;
}

/// <summary>A record of the language with its keys.</summary>
internal sealed class RawShape
{
    private static readonly ConcurrentDictionary<Type, RawShape> Known = new();

    private RawShape(Type type)
    {
        Type = type;
        Description = type.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "";
        Shorthand = type.GetCustomAttribute<ShorthandAttribute>()?.Key;
        Keys = [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(p => p.IsDefined(typeof(DescriptionAttribute)))
            .Select(KeyOf)];
    }

    /// <summary>The record.</summary>
    public Type Type { get; }

    /// <summary>One sentence.</summary>
    public string Description { get; }

    /// <summary>The key that a single text stands for, or null.</summary>
    public string? Shorthand { get; }

    /// <summary>The keys in the order of the record.</summary>
    public IReadOnlyList<RawKey> Keys { get; }

    /// <summary>The shape of a record.</summary>
    public static RawShape Of(Type type) => Known.GetOrAdd(type, t => new RawShape(t));

    private static RawKey KeyOf(PropertyInfo property)
    {
        RawKind kind = KindOf(property.PropertyType);
        Type? element = kind switch
        {
            RawKind.List or RawKind.Table => property.PropertyType.GetGenericArguments()[0],
            RawKind.Record => property.PropertyType,
            _ => null,
        };
        return new RawKey(JsonNamingPolicy.KebabCaseLower.ConvertName(property.Name), property, kind, element, element is null ? kind : KindOf(element));
    }

    private static RawKind KindOf(Type type) =>
        type == typeof(Located<string>) ? RawKind.Text
        : type == typeof(Located<long>) ? RawKind.Whole
        : type == typeof(Located<decimal>) ? RawKind.Number
        : type == typeof(Located<bool>) ? RawKind.Truth
        : type == typeof(Located<TimeSpan>) ? RawKind.Duration
        : type == typeof(ScalarNode) ? RawKind.Scalar
        : type == typeof(MapNode) ? RawKind.Mapping
        : type == typeof(Node) ? RawKind.Anything
        : type.IsAssignableTo(typeof(RawRecord)) ? RawKind.Record
        : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(RawList<>) ? RawKind.List
        : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(RawTable<>) ? RawKind.Table
        : throw new NotSupportedException($"{type} is no kind of the language.");
}
