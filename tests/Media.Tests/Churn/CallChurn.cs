using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Telephony.Media.Churn;

/// <summary>
/// Calls that come and go on a node, by a seed: answered, held, transferred, hung up in every state, or forgotten, with packets, reports and rubbish in between.
/// The node and its sockets are real, the time need not be. Used by the tests and by bench/Media.
/// </summary>
internal sealed class CallChurn : IDisposable
{
    private const int Phones = 8;

    private readonly IMediaNode _node;
    private readonly Random _random;
    private readonly int _maxCalls;
    private readonly string _owner;
    private readonly Socket[] _sockets = [.. Enumerable.Range(0, Phones).Select(_ => Bind())];
    private readonly List<Call> _calls = [];
    private readonly byte[] _buffer = new byte[4096];
    private int _next, _epoch = 1;
    private long _eventsFrom;

    public CallChurn(IMediaNode node, int seed, int maxCalls)
    {
        _node = node;
        _random = new Random(seed);
        _maxCalls = maxCalls;
        _owner = string.Create(CultureInfo.InvariantCulture, $"churn {seed}");
    }

    public long Begun { get; private set; }

    public long Forgotten { get; private set; }

    public long Refused { get; private set; }

    public long PacketsSent { get; private set; }

    public long PacketsHeard { get; private set; }

    public long Events { get; private set; }

    /// <summary>What happens in a second: a few calls begin, change and end; then the owner renews its leases and reads what it is told.</summary>
    public async Task Second()
    {
        for (var n = _random.Next(3); n > 0; n--) await Begin();
        foreach (var call in _calls.ToArray()) await Happen(call);
        Hear();
        await _node.Renew(_owner, _epoch);
        var events = await _node.ReadEvents(_owner, _eventsFrom, 1000, TimeSpan.Zero);
        Events += events.Length;
        if (!events.IsEmpty) _eventsFrom = events[^1].Number + 1;
    }

    /// <summary>Ends what is left. Legs that were forgotten are the lease's.</summary>
    public async Task End()
    {
        foreach (var call in _calls.ToArray()) await Release(call);
        Hear();
    }

    public void Dispose() => Array.ForEach(_sockets, s => s.Dispose());

    private async Task Begin()
    {
        if (_calls.Count >= _maxCalls) return;
        var name = (++_next).ToString(CultureInfo.InvariantCulture);
        var call = new Call(name, _random.Next(Phones), _random.Next(Phones));
        _calls.Add(call);
        Begun++;
        if (await _node.CreateLeg(call.A, Owner(name), MediaProfile.Phone) != MediaError.None)
        {
            Refused++;
            _calls.Remove(call);
            return;
        }

        call.Legs.Add(call.A);
        Check(await _node.SetRemote(call.A, _epoch, Description(call.PhoneA)));
    }

    private async Task Happen(Call call)
    {
        switch (_random.Next(20))
        {
            case 0:
                await Release(call);
                break;
            case 1 when _random.Next(20) == 0:
                _calls.Remove(call); // its owner has forgotten it
                Forgotten++;
                break;
            case 2:
                if (call.IsAnswered) Check(await _node.SetRemote(call.A, _epoch, Description(call.PhoneA, call.IsHeld ? "sendrecv" : "sendonly")));
                call.IsHeld ^= call.IsAnswered;
                break;
            case 3 when call.IsAnswered && _random.Next(4) == 0:
                await Transfer(call);
                break;
            case 4:
                _ = await _node.SetRemote(call.A, _epoch, "v=0\r\nnonsense"u8.ToArray());
                _ = await _node.SetRemote(call.A, 0, Description(0));
                break;
            case 5 when _random.Next(50) == 0:
                _epoch++;
                foreach (var leg in _calls.SelectMany(c => c.Legs)) await _node.Adopt(leg, Owner("later"));
                break;
            case < 10 when !call.IsAnswered:
                await Answer(call);
                break;
            default:
                Talk(call);
                break;
        }
    }

    private async Task Answer(Call call)
    {
        if (await _node.CreateLeg(call.B, Owner(call.Name), MediaProfile.Phone) != MediaError.None)
        {
            Refused++;
            return;
        }

        call.Legs.Add(call.B);
        call.PortB = Port(await _node.CreateOffer(call.B, _epoch, call.A));
        Check(await _node.SetRemote(call.B, _epoch, Description(call.PhoneB)));
        call.PortA = Port(await _node.CreateAnswer(call.A, _epoch, call.B));
        Check(await _node.Connect(_epoch, [new MediaPath(call.A, call.B), new MediaPath(call.B, call.A)]));
        call.IsAnswered = true;
    }

    private async Task Transfer(Call call)
    {
        var (old, target) = (call.B, $"{call.Name}-{_random.Next()}");
        if (await _node.CreateLeg(target, Owner(call.Name), MediaProfile.Phone) != MediaError.None)
        {
            Refused++;
            return;
        }

        call.Legs.Add(target);
        (call.B, call.PhoneB) = (target, _random.Next(Phones));
        call.PortB = Port(await _node.CreateOffer(target, _epoch, call.A));
        Check(await _node.SetRemote(target, _epoch, Description(call.PhoneB)));
        Check(await _node.Connect(_epoch, [new MediaPath(call.A, target), new MediaPath(target, call.A)]));
        await _node.Release(old, _epoch);
        call.Legs.Remove(old);
    }

    private async Task Release(Call call)
    {
        _calls.Remove(call);
        Talk(call); // some are on their way when it goes
        foreach (var leg in call.Legs) await _node.Release(leg, _epoch);
    }

    private void Talk(Call call)
    {
        if (!call.IsAnswered) return;
        for (var i = 0; i < 5; i++)
        {
            call.Sequence++;
            Send(call.PhoneA, Packet(call, 1), call.PortA);
            Send(call.PhoneB, Packet(call, 2), call.PortB);
        }

        Send(_random.Next(Phones), Packet(call, 3), call.PortA); // a stranger, or another source
        var rubbish = new byte[_random.Next(300)];
        _random.NextBytes(rubbish);
        Send(call.PhoneA, rubbish, call.PortA + _random.Next(2));
        Hear();
    }

    private void Send(int phone, byte[] packet, int port)
    {
        _sockets[phone].SendTo(packet, new IPEndPoint(IPAddress.Loopback, port));
        PacketsSent++;
    }

    private void Hear()
    {
        foreach (var socket in _sockets)
        {
            for (; socket.Available > 0; PacketsHeard++) socket.Receive(_buffer);
        }
    }

    private MediaOwner Owner(string call) => new(_owner, _epoch, call);

    private byte[] Description(int phone, string direction = "sendrecv") => Encoding.ASCII.GetBytes(
        $"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {((IPEndPoint)_sockets[phone].LocalEndPoint!).Port} RTP/AVP 0 101\r\n"
        + $"a=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na={direction}\r\n");

    private static byte[] Packet(Call call, uint source)
    {
        var packet = new byte[172];
        packet[0] = 0x80;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), call.Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), call.Sequence * 160u);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), source);
        return packet;
    }

    private static int Port(MediaDescription description)
    {
        Check(description.Error);
        var line = Encoding.ASCII.GetString(description.Sdp.Span).Split("\r\n").First(l => l.StartsWith("m=audio ", StringComparison.Ordinal));
        return int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    private static void Check(MediaError error)
    {
        if (error != MediaError.None) throw new InvalidOperationException(error.ToString());
    }

    private static Socket Bind()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private sealed class Call(string name, int phoneA, int phoneB)
    {
        public string Name => name;
        public string A { get; } = name + "a";
        public string B { get; set; } = name + "b";
        public int PhoneA => phoneA;
        public int PhoneB { get; set; } = phoneB;
        public int PortA { get; set; }
        public int PortB { get; set; }
        public bool IsAnswered { get; set; }
        public bool IsHeld { get; set; }
        public ushort Sequence { get; set; }
        public List<string> Legs { get; } = [];
    }
}
