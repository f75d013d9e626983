using System.Text.Json;
using Telephony.Grains.Tests.Fakes;
using Telephony.Sip;

namespace Telephony.Simulation.Tests;

/// <summary>
/// Some minutes of an office, all of it decided by a seed: who calls whom, what each phone answers and when, and which turns the grains take. Messages come twice, late and
/// in the wrong order. At the end everybody hangs up.
/// </summary>
internal sealed class CallSimulation : IAsyncDisposable
{
    private static readonly string[] Extensions = ["100", "101", "102"];
    private static readonly int[] Finals = [486, 603, 480, 404, 488, 500, 503, 600];

    private readonly Random _random;
    private readonly World _world;
    private readonly List<TestCall> _calls = [];

    public CallSimulation(int seed)
    {
        _random = new Random(seed);
        _world = World.Start(seed: seed, deactivatesAtRandom: 0.1);
    }

    public World World => _world;

    public IReadOnlyList<TestCall> Calls => _calls;

    /// <summary>Everything that was journalled, as text.</summary>
    public string Log => string.Join('\n', _world.Journal.Streams.OrderBy(stream => stream.Key.Stream, StringComparer.Ordinal)
        .SelectMany(stream => stream.Value.Select(e => $"{e.GetType().Name} {JsonSerializer.Serialize(e, e.GetType())}")));

    public async Task Run(int steps)
    {
        await _world.Register("100", 5080);
        await _world.Register("101", 5081);
        await _world.Register("101-home", 5091);
        await _world.Register("102", 5082);
        for (var i = 0; i < steps; i++) await Step();
        await End();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private async Task Step()
    {
        if (_calls.Count == 0 || (_calls.Count < 6 && _random.Next(5) == 0))
        {
            var to = _random.Next(10) == 0 ? "999" : Extensions[_random.Next(3)];
            _calls.Add(await _world.Call(Extensions[_random.Next(3)], to, _random.Next(8) == 0 ? null : "sdp of caller"));
            return;
        }

        var call = _calls[_random.Next(_calls.Count)];
        var fork = call.Forks.Count == 0 ? -1 : _random.Next(call.Forks.Count);
        switch (_random.Next(14))
        {
            case 0: await call.Cancel(); break;
            case 1: await call.Ack(_random.Next(2) == 0 ? null : "sdp of caller, in the ACK"); break;
            case 2: await call.AckTimesOut(); break;
            case 3 when IsInDialog(call): await call.FromCaller(SipMethod.Bye); break;
            case 4 when IsInDialog(call): await call.FromCaller(SipMethod.Invite, "sdp of caller, again"); break;
            case 5 when IsInDialog(call): await call.FromCaller(SipMethod.Info); break;
            case 6 when fork >= 0: await call.FromCallee(SipMethod.Bye, fork: fork); break;
            case 7 when fork >= 0: await call.FromCallee(SipMethod.Invite, "sdp of callee, again", fork); break;
            case 8 when fork >= 0: await call.Answer(fork, 180); break;
            case 9 when fork >= 0: await call.Answer(fork, 183, "sdp of callee, early"); break;
            case 10 when fork >= 0: await call.PickUp(fork); break;
            case 11 when fork >= 0: await call.Answer(fork, Finals[_random.Next(Finals.Length)]); break;
            case 12 when fork >= 0: await call.Answer(fork, 408, source: SipResponseSource.TimedOut); break;
            default: await _world.Time.Advance(TimeSpan.FromMilliseconds(_random.Next(8_000))); break;
        }
    }

    /// <summary>Everybody hangs up, and what was asked is answered.</summary>
    private async Task End()
    {
        foreach (var call in _calls)
        {
            await call.Cancel();
            if (IsInDialog(call)) await call.FromCaller(SipMethod.Bye);
            for (var fork = 0; fork < call.Forks.Count; fork++) await call.Answer(fork, 487);
            await call.AnswerAll();
        }

        await _world.Time.Advance(TimeSpan.FromMinutes(2));
    }

    private static bool IsInDialog(TestCall call) => call.Answers.Any(status => status is > 100 and < 300);
}
