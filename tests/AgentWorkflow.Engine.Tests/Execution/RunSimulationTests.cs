using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Execution;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Engine.Tests.Execution;

/// <summary>Random workflows with random outcomes, deaths, words and pauses: what must hold in all of them.</summary>
public sealed class RunSimulationTests
{
    private const int Seeds = 2000;

    [Fact]
    public void Two_Thousand_Random_Runs_Keep_The_Rules_And_End() =>
        Parallel.For(0, Seeds, new ParallelOptions { CancellationToken = TestContext.Current.CancellationToken }, seed => new RunSimulation(seed).Play());

    [Fact]
    public void The_Same_Seed_Gives_The_Same_Run()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            Assert.Equal(new RunSimulation(seed).Play(), new RunSimulation(seed).Play());
        }
    }

    /// <summary>A world that is made of one seed.</summary>
    private sealed class RunSimulation
    {
        private const int MostMoves = 3000;

        private readonly Random _chance;
        private readonly RunScript _run;
        private readonly Dictionary<string, string[]> _needs = [];
        private readonly HashSet<string> _atWork = [];
        private readonly StringBuilder _journal = new();
        private readonly int _seed;
        private readonly HashSet<string> _gaveUp = [];
        private int _deaths;
        private int _recorded;
        private int _seen;
        private int _barren;

        public RunSimulation(int seed)
        {
            _seed = seed;
#pragma warning disable CA5394 // A seed is wanted here: the same world again.
            _chance = new Random(seed);
            _run = new RunScript(Steps());
        }

        public string Play()
        {
            Claim(takenOver: false);
            for (int move = 0; !_run.State.IsOver; move++)
            {
                Assert.True(move < MostMoves, $"seed {_seed}: no end in sight: {_run}");
                Move();
            }

            Assert.All(_run.State.Steps, s => Assert.True(s.IsOver, $"seed {_seed}: {_run}"));
            Assert.Equal(_run.State.Status == RunStatus.Cancelled, _run.State.Code == "AW2004");
            return _journal.Append(_run).ToString();
        }

        private void Move()
        {
            List<StepState> waiting = _run.State.Steps.FindAll(s => s.Status is StepStatus.Waiting or StepStatus.Retrying).ToList();
            switch (_chance.Next(40))
            {
                case 0 when _deaths < 12:
                    _deaths++;
                    Claim(takenOver: true);
                    break;
                case 1 when _deaths < 12:
                    Claim(takenOver: false);
                    break;
                case 2:
                    Happens(_chance.Next(2) == 0 ? new RunEvent.TimePassed() : new RunEvent.Endured());
                    break;
                case 3:
                    // A late or doubled word from outside changes nothing that is not waiting.
                    Happens(new RunEvent.Answered(_run.State.Steps[_chance.Next(_run.State.Steps.Count)].Key, []));
                    break;
                case 4 when _chance.Next(20) == 0:
                    Happens(new RunEvent.CancelRequested("enough"));
                    break;
                default:
                    if (_atWork.Count > 0)
                    {
                        Answer(_atWork.Order(StringComparer.Ordinal).ElementAt(_chance.Next(_atWork.Count)));
                    }
                    else if (waiting.Count > 0)
                    {
                        _run.Now = _run.Now.AddSeconds(30);
                        Happens(_chance.Next(2) == 0 ? new RunEvent.TimePassed() : new RunEvent.Answered(null, new JsonObject { ["approved"] = true }));
                    }
                    else
                    {
                        Assert.Fail($"seed {_seed}: nothing is at work, nothing waits, and it is not over: {_run}");
                    }

                    break;
            }
        }

        private void Answer(string work)
        {
            _atWork.Remove(work);
            _run.Now = _run.Now.AddSeconds(_chance.Next(5));
            if (work[0] == '!')
            {
                _recorded++;
                EffectOutcome outcome = _chance.Next(8) == 0 ? EffectOutcome.Refused : EffectOutcome.Applied;
                Happens(new RunEvent.Applied(work[1..], [new Receipt(new EffectKey("k"), "reaction", outcome, ImmutableSortedDictionary<string, string>.Empty, "no")]));
                return;
            }

            StepState step = _run.State[work];
            StepResult result = _chance.Next(12) switch
            {
                0 or 1 => new StepResult.Failed("AW9999", $"{work} broke"),
                2 => new StepResult.Wait("a word", _chance.Next(2) == 0 ? null : _run.Now.AddSeconds(20)),
                3 or 4 when step.Receipts.Count < 3 => new StepResult.Act([new AddReaction(new EffectKey("k"), 1, "eyes")]),
                _ => new StepResult.Done(new JsonObject { ["list"] = new JsonArray([.. Enumerable.Range(0, _chance.Next(5)).Select(i => JsonValue.Create(i))]) }),
            };
            Happens(new RunEvent.Returned(work, result, TreeDelta.None));
        }

        private void Claim(bool takenOver)
        {
            // The process is gone, and with it what it was doing.
            _atWork.Clear();
            Happens(new RunEvent.Claimed(takenOver, _recorded));
        }

        private void Happens(RunEvent happened)
        {
            RunState before = _run.State;
            int known = _run.Todo.Count;
            _run.Happens(happened);
            foreach (string work in _run.State.IsOver ? [] : _run.Todo.Skip(known))
            {
                Assert.True(_atWork.Add(work), $"seed {_seed}: '{work}' was called while it was at work");
                StepState step = _run.State[work.TrimStart('!')];
                Assert.False(step.IsOver, $"seed {_seed}: '{work}' is over and was called");
                Assert.All(_needs[step.StepId], n => Assert.True(_run.State[n].IsOver, $"seed {_seed}: '{work}' began before '{n}' was over"));
            }

            foreach (StepState old in before.Steps.Where(s => s.IsOver))
            {
                Assert.True(ReferenceEquals(old, _run.State[old.Key]), $"seed {_seed}: '{old.Key}' was over and changed");
            }

            Assert.All(_run.State.Steps.Where(s => s.Item is null).Select(s => s.StepId).Zip(_needs.Keys), pair => Assert.Equal(pair.Second, pair.First));
            Assert.True(_run.State.Steps.Count(s => s.Item is not null && s.Status is StepStatus.Running or StepStatus.Acting) <= 100);
            CheckDeaths(happened);
            _journal.Append(happened.GetType().Name).Append(' ').Append(_run).Append('\n');
        }

        /// <summary>A run is given up only after five deaths in a row between which nothing got done (promise P31).</summary>
        private void CheckDeaths(RunEvent happened)
        {
            _barren = happened switch
            {
                RunEvent.Claimed { TakenOver: true } claimed => (claimed.Recorded > _seen ? 0 : _barren) + 1,
                RunEvent.Claimed => 0,
                RunEvent.Returned { Result: StepResult.Wait } or RunEvent.TimePassed => _barren,
                _ => 0,
            };
            _seen = happened is RunEvent.Claimed { Recorded: int recorded } ? recorded : _seen;
            bool isGivenUp = happened is RunEvent.Claimed && _run.State.Steps.Exists(s => s.Code == "AW2003" && s.FinishedAt == _run.Now && _gaveUp.Add(s.Key));
            Assert.True(!isGivenUp || _barren >= 5, $"seed {_seed}: given up after {_barren} deaths without progress");
            _barren = isGivenUp ? 0 : _barren;
        }

        private string Steps()
        {
            int count = _chance.Next(5, 13);
            StringBuilder text = new();
            HashSet<string> lists = [];
            for (int i = 0; i < count; i++)
            {
                string[] needs = [.. Enumerable.Range(0, i).Where(_ => _chance.Next(3) == 0).Select(n => $"s{n}")];
                _needs[$"s{i}"] = needs;
                text.Append($"  - id: s{i}\n    uses: echo\n    needs: [{string.Join(", ", needs)}]\n");
                text.Append(_chance.Next(5) == 0 ? $"    if: ${{{{ {Pick("failure()", "always()", "1 == 2", "1 == 1")} }}}}\n" : "");
                text.Append(_chance.Next(5) == 0 ? "    continue-on-error: true\n" : "");
                text.Append(_chance.Next(4) == 0 ? $"    retry: {{ attempts: {_chance.Next(2, 4)}, backoff: {_chance.Next(1, 30)} }}\n" : "");
                bool each = _chance.Next(4) == 0;
                text.Append(each ? $"    for-each: ${{{{ {(needs.Length > 0 ? $"steps.{needs[0]}.outputs{(lists.Contains(needs[0]) ? "" : ".list")}" : "fromJSON('[1,2,3,4]')")} }}}}\n    max-parallel: {_chance.Next(1, 4)}\n" : "");
                if (each)
                {
                    lists.Add($"s{i}");
                }
            }

            return text.ToString();
        }

        private string Pick(params string[] of) => of[_chance.Next(of.Length)];
#pragma warning restore CA5394
    }
}
