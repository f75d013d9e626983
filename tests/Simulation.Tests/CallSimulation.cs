using System.Text.Json;
using Telephony.Grains.Calls;
using Telephony.Grains.Tests.Fakes;
using Telephony.Sip;

namespace Telephony.Simulation.Tests;

/// <summary>
/// Some minutes of an office, all of it decided by a seed: who calls whom, what each phone answers and when, and which turns the grains take. Messages come twice, late and
/// in the wrong order; the silo is killed and comes back, with its media or without; the media node is lost. At the end everybody hangs up.
/// </summary>
internal sealed class CallSimulation : IAsyncDisposable
{
    private static readonly string[] Extensions = ["100", "101", "102"];
    private static readonly string?[] Callers =
        [null, "Supported: 100rel, timer\nAllow: INVITE, ACK, BYE, PRACK, UPDATE", "Require: 100rel\nAllow: INVITE, ACK, BYE, PRACK, UPDATE", "Supported: timer\nSession-Expires: 90;refresher=uac"];
    private static readonly string?[] Callees =
        [null, "Allow: INVITE, ACK, BYE, PRACK, UPDATE", "Require: timer\nSession-Expires: 90;refresher=uas", "Session-Expires: 120;refresher=uac\nAllow: INVITE, ACK, BYE, UPDATE"];
    private static readonly int[] ToUpdates = [200, 200, 200, 491, 488, 405, 408, 481, 422, 500];
    private static readonly int[] Finals = [486, 603, 480, 404, 488, 500, 503, 600];

    private readonly Random _random;
    private readonly List<TestCall> _calls = [];
    private readonly List<(TestCall Call, string Transaction)> _reinvites = [];
    private World _world;

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

    /// <summary>Calls that were live when the silo was killed.</summary>
    public HashSet<CallId> Killed { get; } = [];

    public async Task Run(int steps)
    {
        await Register();
        for (var i = 0; i < steps; i++) await Step();
        await End();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private async Task Step()
    {
        if (_calls.Count == 0 || (_calls.Count < 6 && _random.Next(5) == 0))
        {
            var to = _random.Next(10) == 0 ? "999" : Extensions[_random.Next(3)];
            _calls.Add(await _world.Call(Extensions[_random.Next(3)], to, _random.Next(8) == 0 ? null : "sdp of caller", headers: _random.GetItems(Callers, 1)[0]));
            return;
        }

        var call = _calls[_random.Next(_calls.Count)];
        var fork = call.Forks.Count == 0 ? -1 : _random.Next(call.Forks.Count);
        switch (_random.Next(32))
        {
            case 0: await call.Cancel(); break;
            case 1: await call.Ack(_random.Next(2) == 0 ? null : "sdp of caller, in the ACK"); break;
            case 2: await call.AckTimesOut(); break;
            case 3 when IsInDialog(call): await call.FromCaller(SipMethod.Bye); break;
            case 4 when IsInDialog(call): _reinvites.Add((call, await call.FromCaller(SipMethod.Invite, "sdp of caller, again"))); break;
            case 5 when IsInDialog(call): await call.FromCaller(SipMethod.Info); break;
            case 6 when fork >= 0: await call.FromCallee(SipMethod.Bye, fork: fork); break;
            case 7 when fork >= 0: await call.FromCallee(SipMethod.Invite, "sdp of callee, again", fork); break;
            case 8 when fork >= 0: await call.Answer(fork, 180); break;
            case 9 when fork >= 0: await call.Answer(fork, 183, "sdp of callee, early"); break;
            case 10 when fork >= 0: await call.Answer(fork, 200, $"sdp of callee {fork}", headers: _random.GetItems(Callees, 1)[0]); break;
            case 11 when fork >= 0: await call.Answer(fork, Finals[_random.Next(Finals.Length)]); break;
            case 12 when fork >= 0: await call.Answer(fork, 408, source: SipResponseSource.TimedOut); break;
            case 13 when fork >= 0: await call.Answer(fork, 183, "sdp of callee, early and reliable", headers: Reliable() + "\nAllow: PRACK, UPDATE"); break;
            case 14 when fork >= 0: await call.Answer(fork, 180, headers: Reliable()); break;
            case 15 when fork >= 0: await call.Answer(fork, 200); break; // the answer was in a 183, or is missing
            case 16 or 17 when IsInDialog(call) && call.LastAnswer.Header("RSeq") is not null: await call.Prack(_random.Next(4) == 0 ? "sdp of caller, in PRACK" : null); break;
            case 18 when IsInDialog(call): await call.Prack(rseq: 1); break;
            case 19 when IsInDialog(call) && call.LastAnswer.Header("RSeq") is not null: await call.PrackTimesOut(); break;
            case 20 when IsInDialog(call): await call.FromCaller(SipMethod.Update, _random.Next(2) == 0 ? null : "sdp of caller, updated"); break;
            case 21 when fork >= 0: await call.FromCallee(SipMethod.Update, _random.Next(2) == 0 ? null : "sdp of callee, updated", fork); break;
            case 22 or 23 when call.Sent(SipMethod.Update).Count > 0:
                await call.Reply(SipMethod.Update, _random.GetItems(ToUpdates, 1)[0], _random.Next(3) == 0 ? null : "sdp of the one who was asked", "Min-SE: 200");
                break;
            case 24 when call.Sent(SipMethod.Prack).Count > 0: await call.Reply(SipMethod.Prack, _random.Next(5) == 0 ? 481 : 200); break;
            case 25 when fork >= 0: await call.Answer(fork, _random.Next(2) == 0 ? 491 : 422, headers: "Min-SE: 200"); break;
            case 26: await _world.Time.Advance(TimeSpan.FromSeconds(_random.Next(120))); break; // sessions expire
            case 27 when IsInDialog(call): _reinvites.Add((call, await call.FromCaller(SipMethod.Invite, "sdp of caller"))); break; // nothing new
            case 28 or 29 when _reinvites.Count > 0:
                var (asked, transaction) = _reinvites[_random.Next(_reinvites.Count)];
                if (!_world.Edge.Owners.ContainsKey(transaction)) break;
                if (_world.Edge.Answers(transaction).Any(status => status == 200)) await asked.AckOf(transaction);
                else await asked.CancelOf(transaction);
                break;
            case 30 when _random.Next(3) == 0: await Kill(); break;
            case 31 when _random.Next(3) == 0: await LoseMedia(); break;
            default: await _world.Time.Advance(TimeSpan.FromMilliseconds(_random.Next(8_000))); break;
        }
    }

    private async Task Register()
    {
        await _world.Register("100", 5080, expires: 3600);
        await _world.Register("101", 5081, expires: 3600);
        await _world.Register("101-home", 5091, expires: 3600);
        await _world.Register("102", 5082, expires: 3600);
    }

    /// <summary>The media node's process ends; calls move to the other one, if it is there, and new ones go to the first when it is back.</summary>
    private async Task LoseMedia()
    {
        _world.Spare.IsAway = _random.Next(4) == 0;
        await _world.LoseMedia();
        await _world.Time.Advance(TimeSpan.FromSeconds(_random.Next(30)));
        _world.Media.IsAway = false;
    }

    private async Task Kill()
    {
        Killed.UnionWith(_calls.Where(call => call.Ended is null).Select(call => call.Id));
        _world = await _world.Restart(mediaLiveOn: _random.Next(4) > 0, away: TimeSpan.FromSeconds(_random.Next(1, 90)));
        for (var i = 0; i < _calls.Count; i++) _calls[i] = _calls[i].In(_world);
        for (var i = 0; i < _reinvites.Count; i++) _reinvites[i] = _reinvites[i] with { Call = _reinvites[i].Call.In(_world) };
        await Register();
    }

    private string Reliable() => $"Require: 100rel\nRSeq: {_random.Next(1, 4)}";

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
