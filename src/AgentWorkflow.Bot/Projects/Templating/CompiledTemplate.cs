using System.Text;

using AgentWorkflow.Engine.Definition;

using Scriban.Parsing;

using ScribanTemplate = Scriban.Template;

namespace AgentWorkflow.Bot.Projects.Templating;

/// <summary>A template whose texts are parsed. It is made once for each content and used by any number of renderings at once.</summary>
internal sealed class CompiledTemplate
{
    private static readonly ParserOptions Parsing = new() { ExpressionDepthLimit = 100 };
    private static readonly LexerOptions Expressions = new() { Mode = ScriptMode.ScriptOnly };
    private readonly Dictionary<string, ScribanTemplate> _bodies = new(StringComparer.Ordinal);
    private readonly List<Diagnostic> _problems = [];

    private readonly Action<string>? _tell;

    private CompiledTemplate(Template source, Action<string>? tell)
    {
        Source = source;
        _tell = tell;
        Files = [.. source.Files.Select(Compile)];
        Install = [.. source.Install.Select(command => command.Select(CompileText).ToArray())];
        Verify = [.. source.Verify.Select(command => command.Select(CompileText).ToArray())];
        Reports = [.. source.Reports.Select(CompileText)];
        Start = [.. source.Start.Select(CompileText)];
    }

    /// <summary>What it was made from.</summary>
    public Template Source { get; }

    /// <summary>The files in the manifest's order.</summary>
    public IReadOnlyList<CompiledFile> Files { get; }

    /// <summary>Argument lists.</summary>
    public IReadOnlyList<IReadOnlyList<CompiledText>> Install { get; }

    /// <summary>Argument lists.</summary>
    public IReadOnlyList<IReadOnlyList<CompiledText>> Verify { get; }

    /// <summary>Globs.</summary>
    public IReadOnlyList<CompiledText> Reports { get; }

    /// <summary>Lines for a shell.</summary>
    public IReadOnlyList<CompiledText> Start { get; }

    /// <summary>Mistakes in the texts; nothing is rendered when there are any.</summary>
    public IReadOnlyList<Diagnostic> Problems => _problems;

    /// <summary>Parses all texts.</summary>
    /// <param name="template">The template.</param>
    /// <param name="tell">Hears which file is next, as <see cref="TemplateFile.Place"/> writes it.</param>
    public static CompiledTemplate Compile(Template template, Action<string>? tell = null) => new(template, tell);

    private CompiledFile Compile(TemplateFile file)
    {
        _tell?.Invoke(file.Place);
        return new CompiledFile(
            file,
            CompileText(file.To),
            file.For is null ? null : CompileExpression(file.For),
            file.If is null ? null : CompileExpression(file.If),
            file.IsRendered ? CompileBody(file) : null);
    }

    private ScribanTemplate? CompileBody(TemplateFile file)
    {
        if (_bodies.TryGetValue(file.From, out ScribanTemplate? known) || !Source.Folder.Files.TryGetValue(file.From, out ReadOnlyMemory<byte> content))
        {
            return known;
        }

        try
        {
            string text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(content.Span);
            ScribanTemplate body = ScribanTemplate.Parse(text.TrimStart('\uFEFF'), file.From, Parsing);
            Collect(body, message => (file.From, message.Span.Start.Line + 1, message.Span.Start.Column + 1));
            return _bodies[file.From] = body;
        }
        catch (DecoderFallbackException)
        {
            _problems.Add(new Diagnostic(file.From, 1, 1, Severity.Error, "AW1505", "The file is not UTF-8 text; a name without '.sbn' copies it byte for byte."));
            return null;
        }
    }

    private CompiledText CompileText(TemplateText text)
    {
        if (!text.Text.Contains("{{", StringComparison.Ordinal))
        {
            return new CompiledText(text, null);
        }

        ScribanTemplate parsed = ScribanTemplate.Parse(text.Text, TemplateFolder.ManifestName, Parsing);
        Collect(parsed, message => (TemplateFolder.ManifestName, text.Line, text.Column));
        return new CompiledText(text, parsed);
    }

    private CompiledText CompileExpression(TemplateText text)
    {
        ScribanTemplate parsed = ScribanTemplate.Parse(text.Text, TemplateFolder.ManifestName, Parsing, Expressions);
        Collect(parsed, message => (TemplateFolder.ManifestName, text.Line, text.Column));
        return new CompiledText(text, parsed);
    }

    private void Collect(ScribanTemplate parsed, Func<LogMessage, (string File, int Line, int Column)> place)
    {
        foreach (LogMessage message in parsed.Messages.Where(m => m.Type == ParserMessageType.Error))
        {
            (string file, int line, int column) = place(message);
            _problems.Add(new Diagnostic(file, Math.Max(line, 1), Math.Max(column, 1), Severity.Error, "AW1505", $"{message.Message.Trim().TrimEnd('.')}."));
        }
    }
}

/// <summary>A file with its texts parsed.</summary>
internal sealed record CompiledFile(TemplateFile Source, CompiledText To, CompiledText? For, CompiledText? If, ScribanTemplate? Body);

/// <summary>A text of the manifest, parsed; without a script it is what it says.</summary>
internal sealed record CompiledText(TemplateText Source, ScribanTemplate? Script);
