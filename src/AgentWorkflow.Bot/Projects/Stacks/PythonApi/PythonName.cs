using AgentWorkflow.Bot.Projects.Api;

namespace AgentWorkflow.Bot.Projects.Stacks.PythonApi;

/// <summary>
/// The one place where words become Python identifiers. What it returns can be a variable, an attribute, a module's file name or a class:
/// no keyword of any kind, no built-in, no module of the standard library where that would be hidden, no device of Windows.
/// Names that must differ go through a <see cref="NameScope"/> with these functions as its writers.
/// </summary>
internal static class PythonName
{
    /// <summary><c>due_date</c>, for variables, functions and modules; a taken name gets an underscore at its end: <c>class_</c>.</summary>
    public static string Snake(Words words)
    {
        var name = words.Snake;
        return PythonReserved.LowerCase.Contains(name) || PythonReserved.Devices.Contains(name) ? name + "_" : name;
    }

    /// <summary><c>DueDate</c>, for classes.</summary>
    public static string Pascal(Words words)
    {
        var name = words.Pascal;
        return PythonReserved.PascalCase.Contains(name) ? name + "_" : name;
    }

    /// <summary><c>DUE_DATE</c>, for constants; nothing of the language is written like that.</summary>
    public static string Constant(Words words) => words.Snake.ToUpperInvariant();

    /// <summary>A package at the top: <c>lending_library</c>; one that would hide a module of the interpreter gets <c>_app</c>: <c>calendar_app</c>.</summary>
    public static string Package(string projectName)
    {
        var name = Words.Of(projectName, "app").Snake;
        var taken = PythonReserved.LowerCase.Contains(name) || PythonReserved.Devices.Contains(name) || PythonReserved.Packages.Contains(name);
        return taken ? name + "_app" : name;
    }
}
