using System.Collections.Frozen;
using AgentWorkflow.Bot.Projects.Api;

namespace AgentWorkflow.Bot.Projects.Stacks.NodeApi;

/// <summary>Names that a JavaScript module can declare, and keys that an object literal can have.</summary>
internal static class JavaScriptName
{
    // Reserved words of modules (always strict), words that strict code may not bind, and globals that a reader expects to be the platform's.
    private static readonly FrozenSet<string> Reserved = FrozenSet.ToFrozenSet(
        """
        arguments as async await boolean break byte case catch char class const continue debugger default definitions delete do double else enum eval export
        extends false final finally float for from function get goto if implements import in instanceof int interface let long native new null of package
        private protected public return set short static super switch synchronized this throw throws transient true try typeof undefined var void volatile
        while with yield
        array bigint buffer console date error fetch global globalthis infinity json map math module nan navigator number object performance process
        promise proxy reflect regexp require set string symbol url weakmap weakset
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>A name in lower camel case that may be declared anywhere: ASCII, no reserved word, no global of the platform.</summary>
    /// <param name="name">Anything at all, as people wrote it.</param>
    /// <param name="fallback">One lower-case word that stands in where no letter is left.</param>
    public static string Of(string name, string fallback) => Of(Words.Of(name, fallback));

    /// <summary>The same for words.</summary>
    public static string Of(Words words) => IsFree(words.Camel) ? words.Camel : words.Camel + "_";

    /// <summary>The name as a key of an object literal, quoted where it must be; <c>__proto__</c> is a key, not the prototype.</summary>
    public static string Key(string name) =>
        name == "__proto__" ? "['__proto__']"
        : IsIdentifier(name) ? name
        : JavaScriptLiteral.Text(name);

    private static bool IsFree(string name) => !Reserved.Contains(name);

    // Keys may be reserved words; only their letters matter.
    private static bool IsIdentifier(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '$');
}
