using AgentWorkflow.Acceptance.Rig;

namespace AgentWorkflow.Acceptance;

/// <summary>
/// Crash anywhere, same result (promise P17), and never half of it outside (P29): the process dies at the places worth dying at,
/// once or more, and the command line or a server goes on. By default at a part of them, so that the suite stays short; with
/// <c>AGENTWORKFLOW_FULL=1</c> at every one.
/// </summary>
public sealed class CrashTests
{
    // Steps side by side may share a transaction, so that one run passes a few points less than another.
    private const int Fewer = 6;

    [Fact]
    public async Task A_Crash_At_Any_Point_Leads_To_The_Same_Result()
    {
        (_, string[] points) = await CrashWorld.UndisturbedAsync();

        await CrashWorld.ForEachAsync(Enumerable.Range(1, points.Length), sample: 8, async n =>
        {
            using BotProgram bot = CrashWorld.WithPets();
            if (!await CrashWorld.CrashAsync(bot, CrashWorld.Ask, n, mayEnd: n > points.Length - Fewer))
            {
                return await CrashWorld.DifferenceAsync(bot, $"{n}, which is after the end");
            }

            string wrong = await CrashWorld.HalvesAsync(bot, $"{n} {points[n - 1]}");

            // One death, two ways to go on from it.
            using BotProgram same = CrashWorld.WithPets();
            (await Tool.RunAsync(bot.Folder, "cp", "-a", bot.Data, same.Data)).Require(0);
            await CrashWorld.RecoverAsync(bot, byServe: false);
            wrong += await CrashWorld.DifferenceAsync(bot, $"{n} {points[n - 1]}, then the command line");
            if (CrashWorld.WasAskedFor(same))
            {
                await CrashWorld.RecoverAsync(same, byServe: true);
                wrong += await CrashWorld.DifferenceAsync(same, $"{n} {points[n - 1]}, then a server");
            }

            return wrong;
        });
    }

    [Fact]
    public async Task A_Crash_And_Another_During_The_Recovery_Lead_To_The_Same_Result()
    {
        (_, string[] points) = await CrashWorld.UndisturbedAsync();
        int first = Array.IndexOf(points, "claimed") + 1;

        await CrashWorld.ForEachAsync(Enumerable.Range(first, points.Length - first - Fewer), sample: 4, async n =>
        {
            using BotProgram bot = CrashWorld.WithPets();
            await CrashWorld.CrashAsync(bot, CrashWorld.Ask, n);
            int again = 1 + (n * 7 % 19);
            string[] recovery = n % 2 == 0 ? CrashWorld.Serve : ["generate", "--retry", Assert.Single(Books.Runs(bot))];

            // A server does not end by itself: where so few points are left, the command line is the one that dies.
            recovery = points.Length - n < 20 + Fewer ? ["generate", "--retry", Assert.Single(Books.Runs(bot))] : recovery;
            await CrashWorld.CrashAsync(bot, recovery, again, mayEnd: true);
            string wrong = await CrashWorld.HalvesAsync(bot, $"{n} {points[n - 1]}, then {again}");
            await CrashWorld.RecoverAsync(bot, byServe: n % 4 < 2);
            return wrong + await CrashWorld.DifferenceAsync(bot, $"{n} {points[n - 1]}, then {again}");
        });
    }

    /// <summary>A recovery passes a dozen points before it comes to new ones, so every sixteenth is about as often as a run can die and yet get on.</summary>
    [Fact]
    public async Task A_Run_That_Dies_Again_And_Again_Leads_To_The_Same_Result()
    {
        (_, string[] points) = await CrashWorld.UndisturbedAsync();
        int first = Array.IndexOf(points, "claimed") + 1;
        int most = points.Length;

        await CrashWorld.ForEachAsync(CrashWorld.Full ? Enumerable.Range(16, 8) : [23], sample: 1, async stride =>
        {
            using BotProgram bot = CrashWorld.WithPets();
            await CrashWorld.CrashAsync(bot, CrashWorld.Ask, first);
            string run = Assert.Single(Books.Runs(bot));
            int crashes = 1;
            for (; await CrashWorld.CrashAsync(bot, ["generate", "--retry", run], stride, mayEnd: true); crashes++)
            {
                Assert.True(crashes < most, $"it never gets on when it dies at every {stride}th point");
            }

            return await CrashWorld.DifferenceAsync(bot, $"{crashes} crashes, each after {stride} points");
        });
    }

    [Fact]
    public async Task A_Killed_Serve_Is_Followed_By_Another_Or_By_The_Command_Line()
    {
        (_, string[] points) = await CrashWorld.UndisturbedAsync();
        int asked = Array.IndexOf(points, "made:comment") + 1;

        await CrashWorld.ForEachAsync(Enumerable.Range(1, points.Length - asked - Fewer), sample: 3, async n =>
        {
            using BotProgram bot = CrashWorld.WithPets();
            await CrashWorld.CrashAsync(bot, CrashWorld.Ask, asked);
            await CrashWorld.CrashAsync(bot, CrashWorld.Serve, n);
            string wrong = await CrashWorld.HalvesAsync(bot, $"serve at {n}");
            await CrashWorld.RecoverAsync(bot, byServe: n % 2 == 0);
            return wrong + await CrashWorld.DifferenceAsync(bot, $"serve at {n}");
        });
    }
}
