using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using Telephony.Media.Srtp;

namespace Telephony.Media.Sdp;

/// <summary>Gathers what the lines of a session or a stream say; a stream's start from its session's.</summary>
internal sealed class MediaStreamReader
{
    private readonly Dictionary<byte, string> _maps = [], _parameters = [];
    private readonly List<CryptoAttribute> _crypto = [];
    private List<Fingerprint> _fingerprints = [];
    private bool _hasOwnFingerprints, _isRtcpMux, _isSilenceUnwanted;
    private IPAddress? _connection;
    private MediaDirection _direction;
    private DtlsSetup _setup;
    private string? _ufrag, _password, _mid, _rtcp;
    private int? _packetTime, _maxPacketTime;

    /// <summary>The streams' names in <c>a=group:BUNDLE</c> (RFC 9143).</summary>
    public ImmutableArray<string> Bundle { get; private set; } = [];

    /// <summary>A reader of a stream in this session.</summary>
    public MediaStreamReader Stream() => new()
    {
        Bundle = Bundle,
        _connection = _connection,
        _direction = _direction,
        _setup = _setup,
        _ufrag = _ufrag,
        _password = _password,
        _fingerprints = [.. _fingerprints],
    };

    public void Read(byte type, string value)
    {
        if (type == 'c')
        {
            _connection = SdpFields.TryAddress(value, out var address) ? address : null;
            return;
        }

        if (type != 'a') return;

        var colon = value.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            if (MediaDirections.Find(value) is { } direction) _direction = direction;
            else if (value == "rtcp-mux") _isRtcpMux = true;
            return;
        }

        var (name, rest) = (value[..colon], value[(colon + 1)..]);
        switch (name)
        {
            case "rtpmap": Keep(_maps, rest); break;
            case "fmtp": Keep(_parameters, rest); break;
            case "ptime": _packetTime = Milliseconds(rest); break;
            case "maxptime": _maxPacketTime = Milliseconds(rest); break;
            case "rtcp": _rtcp = rest; break;
            case "crypto" when CryptoAttribute.TryParse(Encoding.Latin1.GetBytes(rest), out var crypto): _crypto.Add(crypto); break;
            case "fingerprint" when Fingerprint.Parse(rest) is { } fingerprint: Add(fingerprint); break;
            case "setup": _setup = Setup(rest.Trim()); break;
            case "ice-ufrag": _ufrag = rest; break;
            case "ice-pwd": _password = rest; break;
            case "mid": _mid = rest; break;
            case "group" when rest.StartsWith("BUNDLE ", StringComparison.Ordinal): Bundle = [.. rest.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1)]; break;
            case "silenceSupp": _isSilenceUnwanted = rest.StartsWith("off", StringComparison.Ordinal); break;
        }
    }

    /// <summary>All of it. Null: the <c>m=</c> line is malformed.</summary>
    public MediaStream? Finish(string line)
    {
        var fields = line.Split(' ', 4, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 4) return null;
        var slash = fields[1].IndexOf('/', StringComparison.Ordinal); // 49170/2: we take the first
        if (!int.TryParse(slash < 0 ? fields[1] : fields[1].AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > 65535) return null;

        var formats = ImmutableArray.CreateBuilder<RtpFormat>();
        var unexplained = ImmutableArray.CreateBuilder<byte>();
        var isRtp = fields[2].Contains("RTP/", StringComparison.Ordinal);
        foreach (var type in isRtp ? fields[3].Split(' ', StringSplitOptions.RemoveEmptyEntries) : [])
        {
            if (!byte.TryParse(type, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > 127) continue;
            if (unexplained.Contains(number) || formats.Any(f => f.PayloadType == number)) continue;
            var parameters = _parameters.GetValueOrDefault(number, "");
            var format = _maps.TryGetValue(number, out var map) ? RtpFormat.Parse(number, map, parameters) : RtpFormat.Static(number, parameters);
            if (format is not null) formats.Add(format.Shared);
            else unexplained.Add(number);
        }

        return new MediaStream(fields[0], port, fields[2], fields[3])
        {
            Connection = _connection,
            Rtcp = Rtcp(),
            IsRtcpMux = _isRtcpMux,
            Direction = _direction,
            Formats = formats.ToImmutable(),
            Unexplained = unexplained.ToImmutable(),
            PacketTime = _packetTime,
            MaxPacketTime = _maxPacketTime,
            IsSilenceUnwanted = _isSilenceUnwanted,
            Crypto = [.. _crypto],
            Fingerprints = [.. _fingerprints],
            Setup = _setup,
            Ice = IceCredentials.Parse(_ufrag, _password),
            Mid = _mid,
            IsBundled = _mid is not null && Bundle.Contains(_mid),
        };
    }

    private void Add(Fingerprint fingerprint)
    {
        if (!_hasOwnFingerprints) _fingerprints.Clear(); // those of the session
        _hasOwnFingerprints = true;
        _fingerprints.Add(fingerprint);
    }

    // <payload type> <value>; the first counts
    private static void Keep(Dictionary<byte, string> into, string value)
    {
        var space = value.IndexOf(' ', StringComparison.Ordinal);
        if (space > 0 && byte.TryParse(value.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out var type) && type <= 127) into.TryAdd(type, value[(space + 1)..].Trim());
    }

    // 20, and from some phones 20.0
    private static int? Milliseconds(string value) =>
        decimal.TryParse(value.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var time) && time is >= 1 and <= 1000 ? (int)time : null;

    private static DtlsSetup Setup(string value) => value switch
    {
        "active" => DtlsSetup.Active,
        "passive" => DtlsSetup.Passive,
        "actpass" => DtlsSetup.ActivePassive,
        "holdconn" => DtlsSetup.HoldConnection,
        _ => DtlsSetup.Unsaid,
    };

    private IPEndPoint? Rtcp()
    {
        if (_rtcp is null) return null;
        var fields = _rtcp.Trim().Split(' ', 2);
        if (!int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is 0 or > 65535) return null;
        var address = fields.Length == 2 && SdpFields.TryAddress(fields[1], out var own) ? own : _connection;
        return address is null ? null : new IPEndPoint(address, port);
    }
}
