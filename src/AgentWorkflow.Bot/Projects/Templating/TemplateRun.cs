using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Identity;

using Scriban;
using Scriban.Runtime;
using Scriban.Syntax;

using ScribanTemplate = Scriban.Template;

namespace AgentWorkflow.Bot.Projects.Templating;

/// <summary>One rendering in this process: one context for all files of it.</summary>
internal sealed class TemplateRun : IDisposable
{
    private const int MaxText = 4096;
    private const int LongestShown = 200;
    private static readonly ScriptObject Functions = TemplateFunctions.Create();
    private readonly CompiledTemplate _template;
    private readonly TemplateLimits _limits;
    private readonly TemplateContext _context;
    private readonly TemplateOutput _output = new();
    private readonly List<RenderedFile> _files = [];
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);
    private readonly List<Diagnostic> _problems = [];
    private long _bytes;

    private TemplateRun(CompiledTemplate template, JsonObject model, TemplateLimits limits, CancellationToken cancellationToken)
    {
        _template = template;
        _limits = limits;
        _context = new TemplateContext(new ScriptObject())
        {
            StrictVariables = true,
            EnableRelaxedMemberAccess = false,
            AutoIndent = false,
            LoopLimit = limits.Iterations,
            LoopLimitQueryable = limits.Iterations,
            RecursiveLimit = 50,
            ObjectRecursionLimit = 20,
            RegexTimeOut = TimeSpan.FromMilliseconds(200),
            // Both cut without a word, so they stand above ours, which refuse.
            LimitToString = limits.FileBytes * 2,
            OutputLimit = 0,
            CancellationToken = cancellationToken,
            TemplateLoader = null,
        };
        _context.PushGlobal(Functions);
        _context.PushGlobal((ScriptObject)(TemplateValues.FromJson(model) ?? new ScriptObject()));
        _context.PushOutput(_output);
    }

    /// <summary>Renders a part, or all parts when <paramref name="part"/> is null.</summary>
    public static RenderedTemplate Render(
        CompiledTemplate template, string? part, JsonObject model, TemplateLimits limits, CancellationToken cancellationToken, Action<string>? tell = null)
    {
        if (template.Problems.Count > 0)
        {
            return RenderedTemplate.Refused(template.Problems);
        }

        using var run = new TemplateRun(template, model, limits, cancellationToken);
        return run.Render(part, tell);
    }

    /// <inheritdoc/>
    public void Dispose() => _output.Dispose();

    private RenderedTemplate Render(string? part, Action<string>? tell)
    {
        foreach (CompiledFile file in _template.Files.Where(f => part is null || f.Source.Part == part))
        {
            tell?.Invoke(file.Source.Place);

            // The first mistake of a file says enough; other files may have others.
            Try(file.Source.From, file.To.Source, () => RenderFile(file));
        }

        IReadOnlyList<IReadOnlyList<string>> install = Commands(_template.Install);
        IReadOnlyList<IReadOnlyList<string>> verify = Commands(_template.Verify);
        IReadOnlyList<string> reports = Texts(_template.Reports);
        IReadOnlyList<string> start = Texts(_template.Start);
        return _problems.Count > 0
            ? RenderedTemplate.Refused(_problems)
            : new RenderedTemplate { Files = _files, Install = install, Verify = verify, Reports = reports, Start = start, Problems = [] };
    }

    private void RenderFile(CompiledFile file)
    {
        if (file.For is null)
        {
            RenderOnce(file, item: null, bind: false);
            return;
        }

        if (Evaluate(file.For) is not System.Collections.IList list)
        {
            Add(file.For.Source, "AW1506", $"'for: {file.For.Source.Text}' is not a list.");
            return;
        }

        foreach (object? item in list)
        {
            RenderOnce(file, item, bind: true);
        }
    }

    private void RenderOnce(CompiledFile file, object? item, bool bind)
    {
        var scope = new ScriptObject();
        if (bind)
        {
            scope["item"] = item;
        }

        _context.PushGlobal(scope);
        try
        {
            if (file.If is not null && !_context.ToBool(default, Evaluate(file.If)))
            {
                return;
            }

            string to = Text(file.To);
            if (!RepoPath.TryParse(to, out RepoPath? path, out string? refusal))
            {
                Add(file.To.Source, "AW1508", $"'{ShortText.Of(to, LongestShown)}' cannot be written: {refusal}.");
            }
            else if (!_paths.Add(path.Value))
            {
                Add(file.To.Source, "AW1509", $"'{path}' is made twice; give each file its own path.");
            }
            else if (_files.Count == _limits.Files)
            {
                Add(file.To.Source, "AW1507", $"'{path}' is one file more than the {_limits.Files} that a template may make.");
            }
            else
            {
                Keep(file, path, Content(file));
            }
        }
        finally
        {
            _context.PopGlobal();
        }
    }

    private void Keep(CompiledFile file, RepoPath path, ReadOnlyMemory<byte> content)
    {
        _bytes += content.Length;
        if (content.Length > _limits.FileBytes || _bytes > _limits.TotalBytes)
        {
            long limit = content.Length > _limits.FileBytes ? _limits.FileBytes : _limits.TotalBytes;
            Add(file.To.Source, "AW1507", $"'{path}' passes the limit of {limit} bytes for {(limit == _limits.FileBytes ? "a file" : "all files")}.");
            return;
        }

        _files.Add(new RenderedFile(path, content, file.Source.Executable, file.Source.WhenExists));
    }

    private ReadOnlyMemory<byte> Content(CompiledFile file)
    {
        if (file.Body is null)
        {
            return _template.Source.Folder.Files[file.Source.From];
        }

        Write(file.Body, _limits.FileBytes);
        return _output.ToBytes();
    }

    private void Write(ScribanTemplate script, int limit)
    {
        _output.Clear();
        _output.Limit = limit;
        script.Render(_context);
    }

    private string Text(CompiledText text)
    {
        if (text.Script is null)
        {
            return text.Source.Text;
        }

        Write(text.Script, MaxText);
        return _output.ToText();
    }

    private object? Evaluate(CompiledText text)
    {
        _output.Clear();
        _output.Limit = MaxText;
        return text.Script?.Evaluate(_context);
    }

    private List<string[]> Commands(IReadOnlyList<IReadOnlyList<CompiledText>> commands) => [.. commands.Select(command => Texts(command).ToArray())];

    private List<string> Texts(IReadOnlyList<CompiledText> texts)
    {
        var result = new List<string>();
        foreach (CompiledText text in texts)
        {
            Try(TemplateFolder.ManifestName, text.Source, () => result.Add(Text(text)));
        }

        return result;
    }

    private void Try(string file, TemplateText at, Action action)
    {
        try
        {
            action();
        }
        catch (TemplateLimitException e)
        {
            Add(at, "AW1507", $"'{ShortText.Of(at.Text, LongestShown)}' passes a limit: {e.Message}.");
        }
        catch (ScriptRuntimeException e) when (e.InnerException is TemplateLimitException limit)
        {
            Add(at, "AW1507", $"'{ShortText.Of(at.Text, LongestShown)}' passes a limit: {limit.Message}.");
        }
        catch (ScriptRuntimeException e) when (!_context.CancellationToken.IsCancellationRequested)
        {
            bool own = e.Span.FileName == TemplateFolder.ManifestName || e.Span.FileName is null;
            _problems.Add(new Diagnostic(
                own ? TemplateFolder.ManifestName : file, own ? at.Line : e.Span.Start.Line + 1, own ? at.Column : e.Span.Start.Column + 1,
                Severity.Error, "AW1506", $"{e.OriginalMessage.Trim().TrimEnd('.')}."));
        }
    }

    private void Add(TemplateText at, string code, string message) =>
        _problems.Add(new Diagnostic(TemplateFolder.ManifestName, at.Line, at.Column, Severity.Error, code, message));
}
