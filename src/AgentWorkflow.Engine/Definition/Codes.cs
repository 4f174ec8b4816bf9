using System.Reflection;

namespace AgentWorkflow.Engine.Definition;

/// <summary>The stable codes of the workflow language. The text of each attribute is what the reference says.</summary>
public static class Codes
{
    /// <summary>The file's size.</summary>
    [CodeMeaning("The file is larger than 1 MiB.")]
    public const string TooLarge = "AW0001";

    /// <summary>The file's encoding.</summary>
    [CodeMeaning("The file is not UTF-8 (it is UTF-16 or UTF-32, or a byte does not fit).")]
    public const string NotUtf8 = "AW0002";

    /// <summary>A character that must not stand in a file as it is.</summary>
    [CodeMeaning("A character must not stand in a file: NUL and other control characters, Unicode line breaks, text direction marks.")]
    public const string ForbiddenCharacter = "AW0003";

    /// <summary>Broken YAML.</summary>
    [CodeMeaning("The text is not YAML.")]
    public const string NotYaml = "AW0004";

    /// <summary>Depth budget.</summary>
    [CodeMeaning("Lists and mappings are nested deeper than 64 levels.")]
    public const string TooDeep = "AW0005";

    /// <summary>Node budget.</summary>
    [CodeMeaning("The file holds more than 10,000 values and keys.")]
    public const string TooManyNodes = "AW0006";

    /// <summary>Scalar budget.</summary>
    [CodeMeaning("One text is longer than 65,536 characters.")]
    public const string TextTooLong = "AW0007";

    /// <summary>Repeated key.</summary>
    [CodeMeaning("A mapping has the same key twice.")]
    public const string DuplicateKey = "AW0008";

    /// <summary>Aliases.</summary>
    [CodeMeaning("Anchors, aliases and merge keys are not part of the language.")]
    public const string Alias = "AW0009";

    /// <summary>Tags.</summary>
    [CodeMeaning("Tags are not part of the language.")]
    public const string Tag = "AW0010";

    /// <summary>Documents and directives.</summary>
    [CodeMeaning("A file is one document without directives.")]
    public const string Document = "AW0011";

    /// <summary>Keys that are not text.</summary>
    [CodeMeaning("A key is a list or a mapping; keys are texts.")]
    public const string ComplexKey = "AW0012";

    /// <summary>Nothing there.</summary>
    [CodeMeaning("The file is empty.")]
    public const string Empty = "AW0013";

    /// <summary>The list of remarks was cut.</summary>
    [CodeMeaning("There are more than 100 remarks; the rest is left out.")]
    public const string TooManyRemarks = "AW0014";

    /// <summary>A scalar that other YAML readers type differently.</summary>
    [CodeMeaning("Warning: an unquoted text that other YAML readers take for a number or a truth value (no, True, 0o17, 12:30:45, .inf); here it is text. Quotes say so.")]
    public const string Ambiguous = "AW0015";

    /// <summary>A number out of reach.</summary>
    [CodeMeaning("A number is too large to be kept.")]
    public const string NumberTooLarge = "AW0016";

    /// <summary>Unknown key.</summary>
    [CodeMeaning("A key is not part of the language here.")]
    public const string UnknownKey = "AW0020";

    /// <summary>Missing key.</summary>
    [CodeMeaning("A required key is missing.")]
    public const string MissingKey = "AW0021";

    /// <summary>Wrong kind of value.</summary>
    [CodeMeaning("A value has the wrong type.")]
    public const string WrongType = "AW0022";

    /// <summary>Not one of the allowed values.</summary>
    [CodeMeaning("A value is not one of the allowed ones.")]
    public const string NotAllowed = "AW0023";

    /// <summary>Out of range.</summary>
    [CodeMeaning("A number, length or count is out of its range.")]
    public const string OutOfRange = "AW0024";

    /// <summary>A badly formed name.</summary>
    [CodeMeaning("A name has characters that names do not have.")]
    public const string BadName = "AW0025";

    /// <summary>Nothing starts it.</summary>
    [CodeMeaning("`on` names nothing that starts the workflow.")]
    public const string NoTrigger = "AW0040";

    /// <summary>A word of the bot.</summary>
    [CodeMeaning("The command or name is one of the bot's own words.")]
    public const string ReservedWord = "AW0041";

    /// <summary>Bad cron text.</summary>
    [CodeMeaning("A schedule is not a cron text of five fields.")]
    public const string BadCron = "AW0042";

    /// <summary>Bad glob.</summary>
    [CodeMeaning("A glob is empty, absolute, or leaves the repository.")]
    public const string BadGlob = "AW0043";

    /// <summary>A default that does not fit its type.</summary>
    [CodeMeaning("An input's default does not fit its type or options.")]
    public const string BadDefault = "AW0044";

    /// <summary>Options and type do not fit.</summary>
    [CodeMeaning("A choice has no options, or options stand on an input that is not a choice.")]
    public const string BadOptions = "AW0045";

    /// <summary>Two workflows of one name or command.</summary>
    [CodeMeaning("Two workflow files share a name or a command.")]
    public const string NameTaken = "AW0047";

    /// <summary>Step id twice.</summary>
    [CodeMeaning("Two steps share an id.")]
    public const string DuplicateStep = "AW0102";

    /// <summary>Unknown step in needs.</summary>
    [CodeMeaning("`needs` names a step that does not exist.")]
    public const string UnknownNeed = "AW0103";

    /// <summary>Unknown step type.</summary>
    [CodeMeaning("`uses` names no step type.")]
    public const string UnknownStepType = "AW0104";

    /// <summary>Announced step type.</summary>
    [CodeMeaning("The step type is part of the language but not of this version.")]
    public const string AnnouncedStepType = "AW0105";

    /// <summary>Cycle.</summary>
    [CodeMeaning("Steps need each other in a circle.")]
    public const string Cycle = "AW0106";

    /// <summary>Missing permission.</summary>
    [CodeMeaning("A step type needs a permission that the workflow does not declare.")]
    public const string MissingPermission = "AW0107";

    /// <summary>Two writers.</summary>
    [CodeMeaning("Steps that may run side by side may write the same files.")]
    public const string OverlappingWrites = "AW0108";

    /// <summary>Unknown input of a step type.</summary>
    [CodeMeaning("`with` holds a key that the step type does not have.")]
    public const string UnknownInputKey = "AW0110";

    /// <summary>Missing input of a step type.</summary>
    [CodeMeaning("`with` lacks a key that the step type requires.")]
    public const string MissingInputKey = "AW0111";

    /// <summary>Value that does not fit the step type's input.</summary>
    [CodeMeaning("A value under `with` does not fit the step type.")]
    public const string BadInputValue = "AW0112";

    /// <summary>A key without effect.</summary>
    [CodeMeaning("Warning: `max-parallel` without `for-each` has no effect.")]
    public const string NoEffect = "AW0113";

    /// <summary>Syntax of an expression.</summary>
    [CodeMeaning("An expression cannot be read.")]
    public const string ExpressionSyntax = "AW0120";

    /// <summary>Bounds of an expression.</summary>
    [CodeMeaning("An expression is longer than 8,192 characters or nested deeper than 64 levels.")]
    public const string ExpressionTooLarge = "AW0121";

    /// <summary>Open braces.</summary>
    [CodeMeaning("`${{` is not closed by `}}`.")]
    public const string ExpressionOpen = "AW0122";

    /// <summary>Expression expected.</summary>
    [CodeMeaning("An expression is needed here.")]
    public const string ExpressionNeeded = "AW0123";

    /// <summary>Unknown context.</summary>
    [CodeMeaning("An expression starts with a name that is no context.")]
    public const string UnknownContext = "AW0130";

    /// <summary>Unknown step in an expression.</summary>
    [CodeMeaning("An expression names a step that does not exist.")]
    public const string UnknownStep = "AW0131";

    /// <summary>Step that is not waited for.</summary>
    [CodeMeaning("An expression reads a step that is not waited for.")]
    public const string NotAncestor = "AW0132";

    /// <summary>Unknown member.</summary>
    [CodeMeaning("An expression reads a member or output that does not exist.")]
    public const string UnknownMember = "AW0133";

    /// <summary>Item outside of for-each.</summary>
    [CodeMeaning("`item` is used in a step without `for-each`.")]
    public const string ItemOutside = "AW0134";

    /// <summary>Undeclared input.</summary>
    [CodeMeaning("An expression reads an input that is not declared.")]
    public const string UnknownInput = "AW0135";

    /// <summary>Unknown function.</summary>
    [CodeMeaning("An expression calls a function that does not exist.")]
    public const string UnknownFunction = "AW0136";

    /// <summary>Wrong number of arguments.</summary>
    [CodeMeaning("A function is called with too few or too many arguments.")]
    public const string ArgumentCount = "AW0137";

    /// <summary>Status functions.</summary>
    [CodeMeaning("`success`, `failure`, `always` and `cancelled` are called outside of `if`.")]
    public const string StatusOutside = "AW0138";

    /// <summary>Run time: an expression failed.</summary>
    [CodeMeaning("At run time: an expression could not be evaluated.")]
    public const string EvaluationFailed = "AW0150";

    /// <summary>Run time: a value does not fit.</summary>
    [CodeMeaning("At run time: an evaluated value does not fit the step type.")]
    public const string BindingFailed = "AW0151";

    /// <summary>All codes with their meanings, in order.</summary>
    public static IReadOnlyList<CodeMeaning> All { get; } =
    [
        .. typeof(Codes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(f => f.IsLiteral)
            .Select(f => new CodeMeaning((string)(f.GetRawConstantValue() ?? ""), f.GetCustomAttribute<CodeMeaningAttribute>()?.Meaning ?? ""))
            .OrderBy(c => c.Code, StringComparer.Ordinal),
    ];
}

/// <summary>A code and what it means.</summary>
/// <param name="Code"><c>AWnnnn</c>.</param>
/// <param name="Meaning">One sentence.</param>
public sealed record CodeMeaning(string Code, string Meaning);

/// <summary>Says what a code means, for the reference.</summary>
[AttributeUsage(AttributeTargets.Field)]
internal sealed class CodeMeaningAttribute(string meaning) : Attribute
{
    /// <summary>One sentence.</summary>
    public string Meaning { get; } = meaning;
}
