using System.Text;

using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Steps.Command;

/// <summary>Gives lines on to the step's log and keeps their beginning and end for the outputs.</summary>
internal sealed class CommandLog(IStepLog log)
{
    private const int HeadLength = 32 << 10;
    private const int TailLength = 96 << 10;
    private readonly Lock _lock = new();
    private readonly StringBuilder _head = new();
    private readonly Queue<string> _tail = new();
    private int _tailLength;
    private int _left;

    /// <summary>What was said, with a line in place of what was left out.</summary>
    public string Text
    {
        get
        {
            lock (_lock)
            {
                string gap = _left == 0 ? "" : $"... {_left} lines are left out here; the run's log has them ...\n";
                return _head + gap + string.Concat(_tail);
            }
        }
    }

    /// <summary>Adds a line.</summary>
    public void Write(string line)
    {
        log.Write(line);
        lock (_lock)
        {
            if (_left == 0 && _tail.Count == 0 && _head.Length + line.Length < HeadLength)
            {
                _head.Append(line).Append('\n');
                return;
            }

            _tail.Enqueue(line + "\n");
            _tailLength += line.Length + 1;
            while (_tailLength > TailLength && _tail.TryDequeue(out string? oldest))
            {
                _tailLength -= oldest.Length;
                _left++;
            }
        }
    }
}
