using System.Net;
using System.Runtime.InteropServices;
using Telephony.Media.Sdp;

namespace Telephony.Media.Relay;

/// <summary>
/// A leg: its ports, its peer's description and ours, and who hears it. Its lock guards epoch and descriptions; the node's lock guards owner, routes and the sweep's
/// notes; the media threads read <see cref="Routes"/> and <see cref="IsRtcpMux"/> and count.
/// </summary>
internal sealed class MediaLeg
{
    private readonly MediaThread _thread;
    private readonly GCHandle<MediaChannel> _rtpHandle, _rtcpHandle;
    private readonly List<MediaRoute> _ended = [];
    private volatile bool _isRtcpMux;
    private long _packetsSent, _bytesSent, _rtcpSent, _failed;

    public MediaLeg(string name, MediaOwner owner, long createdAt, PortPair ports, LocalSession session, MediaThread thread)
    {
        Name = name;
        Call = owner.Call;
        Epoch = owner.Epoch;
        CreatedAt = SilentSince = createdAt;
        Ports = ports;
        Session = session;
        Rtp = new MediaChannel(ports.Rtp, isRtcp: false);
        Rtcp = new MediaChannel(ports.Rtcp, isRtcp: true);
        _thread = thread;
        thread.Add(Rtp, out _rtpHandle);
        thread.Add(Rtcp, out _rtcpHandle);
    }

    public string Name { get; }

    public string Call { get; set; }

    /// <summary>What its peer is.</summary>
    public required MediaProfile Profile { get; init; }

    public PortPair Ports { get; }

    public MediaChannel Rtp { get; }

    public MediaChannel Rtcp { get; }

    /// <summary>Guards the five below.</summary>
    public Lock Lock { get; } = new();

    public long Epoch { get; set; }

    public LocalSession Session { get; }

    /// <summary>The peer's last offer or answer.</summary>
    public SessionDescription? Remote { get; private set; }

    /// <summary>The peer's offer of a change that has no answer yet.</summary>
    public SessionDescription? Offered { get; set; }

    /// <summary>RTCP goes where RTP goes: both sides have said so (RFC 5761 §5.1.1).</summary>
    public bool IsRtcpMux => _isRtcpMux;

    /// <summary>Who hears this leg. Set under the node's lock.</summary>
    public MediaRoute[] Routes
    {
        get => Rtp.Routes;
        private set => Rtp.Routes = Rtcp.Routes = value;
    }

    /// <summary>Routes of others to this leg. Under the node's lock, as all below.</summary>
    public List<MediaRoute> Heard { get; } = [];

    public long CreatedAt { get; set; }

    /// <summary>The owner's record, for lease and events.</summary>
    public required OwnerRecord Owner { get; set; }

    // the sweep's notes
    public long LatchesSeen { get; set; }

    public long PacketsSeen { get; set; }

    public long SilentSince { get; set; }

    public bool IsSilenceTold { get; set; }

    /// <summary>It is connected, and its peer says that it sends: silence means something.</summary>
    public bool IsExpectedToSend => (Routes.Length > 0 || Heard.Count > 0) && Remote is { Audio.Direction: MediaDirection.SendReceive or MediaDirection.SendOnly };

    /// <summary>True: the command may go on, and its epoch is the leg's from now on. Under the leg's lock.</summary>
    public bool TryEnter(long epoch)
    {
        if (epoch < Epoch) return false;
        Epoch = epoch;
        return true;
    }

    /// <summary>Under the leg's lock.</summary>
    public void Describe(SessionDescription remote)
    {
        if (Remote == remote && Offered is null)
        {
            SetRtcpMux(); // our answer alone is new
            return;
        }

        (Remote, Offered) = (remote, null);
        Session.Settle();
        var audio = remote.Audio;
        Rtp.Describe(Address(new IPEndPoint(audio.Connection!, audio.Port)));
        var rtcp = audio.Rtcp ?? (audio.Port < 65535 ? new IPEndPoint(audio.Connection!, audio.Port + 1) : null);
        if (rtcp is not null && rtcp.AddressFamily == Session.Address.AddressFamily) Rtcp.Describe(Address(rtcp));
        SetRtcpMux();
    }

    private void SetRtcpMux() => _isRtcpMux = Session.IsRtcpMux && Remote is { Audio.IsRtcpMux: true };

    /// <summary>From now on <paramref name="to"/> hears this leg. Under the node's lock.</summary>
    public void AddRoute(MediaLeg to)
    {
        var route = new MediaRoute(this, to);
        to.Heard.Add(route);
        Routes = [.. Routes, route];
    }

    /// <summary>From now on only the legs that <paramref name="keep"/> names hear this leg. Under the node's lock.</summary>
    public void KeepRoutes(Func<MediaLeg, bool> keep)
    {
        var ended = Routes.Where(r => !keep(r.To)).ToArray();
        if (ended.Length == 0) return;
        Routes = [.. Routes.Except(ended)];
        foreach (var route in ended) route.To.EndRoute(route);
    }

    /// <summary>Stops to receive. Under the node's lock; then the threads must pass by before <see cref="FreeHandles"/>.</summary>
    public void StopReceiving()
    {
        _thread.Remove(Rtp);
        _thread.Remove(Rtcp);
    }

    /// <summary>Frees what the threads used.</summary>
    public void FreeHandles()
    {
        _rtpHandle.Dispose();
        _rtcpHandle.Dispose();
    }

    /// <summary>Exact when the threads have passed by.</summary>
    public MediaLegStatistics Statistics()
    {
        CountEnded();
        foreach (var route in Heard) Count(route);
        Heard.Clear();
        return new MediaLegStatistics(
            Rtp.Packets, Rtp.Bytes, _packetsSent, _bytesSent, Rtp.Rtcp + Rtcp.Rtcp, _rtcpSent, Rtp.Dropped + Rtcp.Dropped + _failed);
    }

    // a route that ends may still send one packet: it is counted when the next one ends, long after
    private void EndRoute(MediaRoute route)
    {
        CountEnded();
        Heard.Remove(route);
        _ended.Add(route);
    }

    private void CountEnded()
    {
        foreach (var route in _ended) Count(route);
        _ended.Clear();
    }

    private void Count(MediaRoute route)
    {
        _packetsSent += route.Packets;
        _bytesSent += route.Bytes;
        _rtcpSent += route.Rtcp;
        _failed += route.Failed;
    }

    private static PeerAddress? Address(IPEndPoint endpoint) =>
        endpoint.Address.Equals(IPAddress.Any) || endpoint.Address.Equals(IPAddress.IPv6Any) ? null : new PeerAddress(endpoint);
}
