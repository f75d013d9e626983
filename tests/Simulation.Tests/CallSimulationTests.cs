using Telephony.Grains.Calls;
using Telephony.Grains.Directory;
using Telephony.Sip;

namespace Telephony.Simulation.Tests;

public class CallSimulationTests
{
    private const int Seeds = 150;
    private const int Steps = 60;

    /// <summary>The slice of every test run; <c>TELEPHONY_SEEDS</c> asks for more, <c>TELEPHONY_FIRST_SEED</c> for others.</summary>
    [Fact]
    public async Task No_call_is_stuck_no_port_is_leaked_and_no_leg_ends_twice()
    {
        var first = Setting("TELEPHONY_FIRST_SEED", 1);
        var last = first + Setting("TELEPHONY_SEEDS", Seeds) - 1;
        for (var seed = first; seed <= last; seed++)
        {
            await using var simulation = new CallSimulation(seed);
            try
            {
                await simulation.Run(Steps);
                await Check(simulation);
            }
            catch (Exception error)
            {
                Assert.Fail($"Seed {seed}: {error.Message}\n{error.StackTrace}\n{simulation.Log}");
            }
        }
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_events()
    {
        var (one, again, another) = (await Log(7), await Log(7), await Log(8));

        Assert.Equal(Normal(one), Normal(again));
        Assert.NotEqual(Normal(one), Normal(another));
    }

    private static async Task Check(CallSimulation simulation)
    {
        var world = simulation.World;
        foreach (var call in simulation.Calls)
        {
            var events = call.Events;
            Assert.IsType<CallStarted>(events[0]);
            Assert.IsType<CallEnded>(events[^1]);
            Assert.Single(events.OfType<CallEnded>());
            var legs = 1 + events.OfType<LegOffered>().Count();
            Assert.Equal(Enumerable.Range(0, legs), events.OfType<LegEnded>().Select(e => e.Leg).Order());
            Assert.Equal(call.Ended!.Outcome == CallOutcome.Answered, events.OfType<LegAnswered>().Any());
            var finals = call.Answers.Where(status => status >= 200).ToList();
            if (simulation.Killed.Contains(call.Id)) finals = [.. finals.Distinct()]; // one that may not have left is said again
            if (finals.Count == 0 && simulation.Killed.Contains(call.Id) && call.TakesReliable) continue; // killed while the 200 waited for a PRACK, and the media gone
            Assert.Single(finals); // the caller had one final response, whatever happened
        }

        Assert.Empty(world.Media.Legs);
        Assert.Empty(world.Media.Offered);
        Assert.Empty(world.Spare.Legs);
        Assert.Distinct(world.Edge.Sent.Where(sent => sent.Request.Method == SipMethod.Prack).Select(sent => (sent.Request.CallId, sent.Request.To.Tag, sent.Request.Header("RAck")))); // RFC 3262 §4
        Assert.DoesNotContain(world.Journal.States.Keys, key => key.Kind == CallSnapshot.Kind);
        foreach (var extension in new[] { "100", "101", "102" }) Assert.Equal(PresenceStatus.Available, await world.StatusOf(extension));

        // an answer that nobody wanted any more was acknowledged and hung up: as many dialogs were ended as were made
        var byes = world.Edge.Sent.Where(sent => sent.Request.Method == SipMethod.Bye).Select(sent => sent.Request.CallId).ToList();
        Assert.Equal(byes.Count, byes.Distinct().Count());
    }

    private static async Task<string> Log(int seed)
    {
        await using var simulation = new CallSimulation(seed);
        await simulation.Run(Steps);
        return simulation.Log;
    }

    // call ids are UUIDs, so they differ; everything else must not
    private static string Normal(string log) => string.Join('\n', log.Split('\n').Order());

    private static int Setting(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), out var value) ? value : otherwise;
}
