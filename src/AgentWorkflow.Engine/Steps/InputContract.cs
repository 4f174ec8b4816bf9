using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Expressions;

namespace AgentWorkflow.Engine.Steps;

/// <summary>What is wrong with one field of <c>with</c>.</summary>
internal sealed record InputProblem(SourcePosition Position, string Code, string Message, string? Suggestion = null);

/// <summary>
/// Compares values with the record of a step type's inputs. The same walk serves the file (expressions are left open) and
/// the run (there are none left), so that both say the same of the same mistake.
/// </summary>
internal sealed class InputContract
{
    private static readonly ConcurrentDictionary<Type, JsonSerializerOptions> WithConverter = new();
    private readonly string _kind;
    private readonly List<InputProblem> _problems = [];

    private InputContract(string kind) => _kind = kind;

    /// <summary>How inputs are read: names in kebab-case, nothing unknown, nothing guessed.</summary>
    public static JsonSerializerOptions Options { get; } = CreateOptions();

    /// <summary>All that does not fit.</summary>
    public static IReadOnlyList<InputProblem> Check(IStepType type, Template with)
    {
        InputContract contract = new(type.Kind);
        contract.CheckObject(Options.GetTypeInfo(type.InputsType), with, "");
        return contract._problems;
    }

    private void CheckObject(JsonTypeInfo type, Template value, string path)
    {
        if (value is not Template.Mapping map)
        {
            Bad(value.Position, path, "a mapping");
            return;
        }

        foreach (TemplateEntry entry in map.Entries)
        {
            if (type.Properties.FirstOrDefault(p => p.Name == entry.Name) is { } property)
            {
                CheckProperty(property, entry.Value, Join(path, entry.Name));
            }
            else
            {
                _problems.Add(new InputProblem(
                    entry.Position, Codes.UnknownInputKey, $"the step type '{_kind}' has no input '{Join(path, entry.Name)}'.", NearestName.Of(entry.Name, type.Properties.Select(p => p.Name))));
            }
        }

        foreach (JsonPropertyInfo missing in type.Properties.Where(p => p.IsRequired && map.Entries.All(e => e.Name != p.Name)))
        {
            _problems.Add(new InputProblem(map.Position, Codes.MissingInputKey, $"the step type '{_kind}' needs the input '{Join(path, missing.Name)}'."));
        }
    }

    private void CheckProperty(JsonPropertyInfo property, Template value, string path)
    {
        if (value is Template.Constant { Value: null })
        {
            if (!IsNullable(property) && property.IsRequired)
            {
                Bad(value.Position, path, "a value");
            }

            return;
        }

        int before = _problems.Count;
        JsonSerializerOptions options = property.CustomConverter is { } converter ? OptionsWith(converter) : Options;
        CheckValue(property.PropertyType, options, property.CustomConverter, value, path);
        if (_problems.Count == before && value.IsConstant)
        {
            CheckAttributes(property, value, options, path);
        }
    }

    private void CheckValue(Type declared, JsonSerializerOptions options, JsonConverter? custom, Template value, string path)
    {
        Type type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (value is Template.Whole)
        {
            return;
        }

        JsonTypeInfo info = Options.GetTypeInfo(type);
        switch (custom is null ? info.Kind : JsonTypeInfoKind.None)
        {
            case JsonTypeInfoKind.Object when type != typeof(object):
                CheckObject(info, value, path);
                break;
            case JsonTypeInfoKind.Enumerable when value is Template.Sequence list:
                for (int i = 0; i < list.Items.Count; i++)
                {
                    CheckValue(info.ElementType ?? typeof(object), Options, null, list.Items[i], $"{path}[{i}]");
                }

                break;
            case JsonTypeInfoKind.Dictionary when value is Template.Mapping map:
                foreach (TemplateEntry entry in map.Entries)
                {
                    CheckValue(info.ElementType ?? typeof(object), Options, null, entry.Value, Join(path, entry.Name));
                }

                break;
            case JsonTypeInfoKind.Enumerable:
                Bad(value.Position, path, "a list");
                break;
            case JsonTypeInfoKind.Dictionary:
                Bad(value.Position, path, "a mapping");
                break;
            default:
                CheckLeaf(type, options, custom, value, path);
                break;
        }
    }

    private void CheckLeaf(Type type, JsonSerializerOptions options, JsonConverter? custom, Template value, string path)
    {
        if (!value.IsConstant)
        {
            // Text with expressions in it is text; whether that reads as anything else is known at run time.
            if (type == typeof(bool) || (type.IsPrimitive && type != typeof(char)))
            {
                Bad(value.Position, path, Expected(type, options, custom));
            }

            return;
        }

        JsonNode? node = Value(value);
        if (TryRead(node, type, options, out _))
        {
            return;
        }

        string? suggestion = type.IsEnum && node?.GetValueKind() == JsonValueKind.String ? NearestName.Of(node.GetValue<string>(), NamesOf(type)) : null;
        Bad(value.Position, path, Expected(type, options, custom), suggestion);
    }

    private void CheckAttributes(JsonPropertyInfo property, Template value, JsonSerializerOptions options, string path)
    {
        object[] attributes =
        [
            .. property.AttributeProvider?.GetCustomAttributes(typeof(ValidationAttribute), inherit: true) ?? [],
            .. property.AssociatedParameter?.AttributeProvider?.GetCustomAttributes(typeof(ValidationAttribute), inherit: true) ?? [],
        ];
        if (attributes.Length == 0 || !TryRead(Value(value), property.PropertyType, options, out object? read))
        {
            return;
        }

        foreach (ValidationAttribute attribute in attributes.OfType<ValidationAttribute>().Where(a => !a.IsValid(read)))
        {
            _problems.Add(new InputProblem(value.Position, Codes.BadInputValue, $"the input '{path}' of '{_kind}' does not fit: {attribute.FormatErrorMessage(path)}"));
        }
    }

    private void Bad(SourcePosition position, string path, string expected, string? suggestion = null) =>
        _problems.Add(new InputProblem(position, Codes.BadInputValue, path.Length == 0 ? $"'with' is {expected}." : $"the input '{path}' of '{_kind}' is {expected}.", suggestion));

    private static bool TryRead(JsonNode? node, Type type, JsonSerializerOptions options, out object? read)
    {
        read = null;
        try
        {
            read = node.Deserialize(type, options);
            return true;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException or FormatException or ArgumentException)
        {
            return false;
        }
    }

    private static JsonNode? Value(Template constant) => constant.Evaluate(new Evaluation(new ExpressionContext(new Dictionary<string, JsonNode?>())));

    private static bool IsNullable(JsonPropertyInfo property) =>
        Nullable.GetUnderlyingType(property.PropertyType) is not null
        || (!property.PropertyType.IsValueType && property.IsSetNullable && property.AssociatedParameter is not { IsNullable: false });

    private static string Expected(Type type, JsonSerializerOptions options, JsonConverter? custom) =>
        (custom ?? options.GetConverter(type)) is IInputFormat format ? format.Expected
        : type.IsEnum ? $"one of {string.Join(", ", NamesOf(type))}"
        : type == typeof(string) ? "text (put quotes around it)"
        : type == typeof(bool) ? "true or false"
        : type == typeof(int) || type == typeof(long) || type == typeof(short) || type == typeof(byte) || type == typeof(uint) ? "a whole number"
        : type == typeof(decimal) || type == typeof(double) || type == typeof(float) ? "a number"
        : "another kind of value; see the reference";

    private static IEnumerable<string> NamesOf(Type type) => Enum.GetNames(type).Select(JsonNamingPolicy.KebabCaseLower.ConvertName);

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static JsonSerializerOptions OptionsWith(JsonConverter converter) =>
        WithConverter.GetOrAdd(converter.GetType(), _ =>
        {
            JsonSerializerOptions options = new(Options) { Converters = { converter } };
            options.MakeReadOnly();
            return options;
        });

    private static JsonSerializerOptions CreateOptions()
    {
        JsonSerializerOptions options = new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            NumberHandling = JsonNumberHandling.Strict,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            AllowDuplicateProperties = false,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        };
        options.MakeReadOnly();
        return options;
    }
}
