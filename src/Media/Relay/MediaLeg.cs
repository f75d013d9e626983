using System.Collections.Immutable;
using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Telephony.Media.Audio;
using Telephony.Media.Dtls;
using Telephony.Media.Quality;
using Telephony.Media.Rtcp;
using Telephony.Media.Sdp;
using Telephony.Media.Srtp;

namespace Telephony.Media.Relay;

/// <summary>
/// A leg: its ports and way to its peer, the stream from there and the stream to there, what was agreed with the peer, and who is heard. Its lock guards epoch and
/// descriptions; the node's lock guards owner, topology and the sweep's notes.
/// </summary>
internal sealed class MediaLeg
{
    private readonly MediaThread _thread;
    private readonly ReportWriter _writer;
    private readonly List<IDisposable> _retired = [];
    private long _rtcpSent;
    private StreamAgreement? _agreement;

    public MediaLeg(string name, MediaOwner owner, PortPair ports, LocalSession session, MediaThread thread, TimeProvider time, IAudioEvents events)
    {
        Name = name;
        Call = owner.Call;
        Epoch = owner.Epoch;
        CreatedAt = SilentSince = time.GetTimestamp();
        Ports = ports;
        Session = session;
        Inbound = new InboundStream(time.TimestampFrequency);
        Transport = new LegTransport(ports, Inbound, time.TimestampFrequency) { Digits = new DigitWatch(name, time.TimestampFrequency, events) };
        Outbound = new OutboundStream(name, Transport, time);
        Reports = new RtcpSession(Inbound, Outbound, time, Random.Shared);
        Quality = new QualityMeter(Inbound, Outbound, Reports);
        _writer = new ReportWriter(name, Inbound, Outbound, Reports, Quality, time);
        Transport.Reports = Reports;
        _thread = thread;
        thread.Join(this);
        thread.Add(Transport.Rtp);
        thread.Add(Transport.Rtcp);
    }

    public string Name { get; }

    public string Call { get; set; }

    public PortPair Ports { get; }

    public LegTransport Transport { get; }

    public InboundStream Inbound { get; }

    public OutboundStream Outbound { get; }

    public RtcpSession Reports { get; }

    public QualityMeter Quality { get; }

    /// <summary>Where its thread keeps it.</summary>
    public List<MediaLeg>? Slice { get; set; }

    /// <summary>Null: there is no DTLS here, and it is never agreed to.</summary>
    public Handshakes? Handshakes { get; init; }

    /// <summary>ICE and DTLS of a leg that agreed to them. Changed under its lock.</summary>
    public DtlsTransport? Dtls { get; private set; }

    /// <summary>What the peer is, as it was made.</summary>
    public required MediaProfile Profile { get; init; }

    /// <summary>Guards the two below, and changes of <see cref="Agreement"/>.</summary>
    public Lock Lock { get; } = new();

    public long Epoch { get; set; }

    public LocalSession Session { get; }

    /// <summary>What was agreed last; null: nothing yet. Readable from any thread.</summary>
    public StreamAgreement? Agreement => Volatile.Read(ref _agreement);

    /// <summary>The owner's record, for lease and events. Under the node's lock, as all below.</summary>
    public required OwnerRecord Owner { get; set; }

    public long CreatedAt { get; set; }

    public ImmutableArray<MediaLeg> Hears { get; set; } = [];

    public List<MediaLeg> HeardBy { get; } = [];

    /// <summary>How loud it hears others, by their names, where that is not 1.</summary>
    public ImmutableDictionary<string, float> Gains { get; set; } = ImmutableDictionary<string, float>.Empty;

    /// <summary>What an audio thread has to do with it; null: nothing so far.</summary>
    public AudioParty? Audio { get; set; }

    /// <summary>What feeds <see cref="Outbound"/> now; null: nothing, or the threads have not yet passed by since it changed.</summary>
    public IFeeder? Feeder { get; set; }

    /// <summary>What is to feed it.</summary>
    public IFeeder? Wanted { get; set; }

    /// <summary>A route to it that was not enough for what its sender sends, and is not chosen again; null: none.</summary>
    public MediaRoute? Outgrown { get; set; }

    /// <summary>How many changes of the feeder wait for the threads.</summary>
    public int FeederChanges { get; set; }

    /// <summary>It is being released.</summary>
    public bool IsGone { get; set; }

    // the sweep's notes
    public long LatchesSeen { get; set; }

    public long PacketsSeen { get; set; }

    public long SilentSince { get; set; }

    public bool IsSilenceTold { get; set; }

    /// <summary>It is connected and talks both ways: silence means something. Who holds the other (sendonly) may have no music to send.</summary>
    public bool IsExpectedToSend => (HeardBy.Count > 0 || Hears.Length > 0) && Agreement is { Direction: MediaDirection.SendReceive };

    /// <summary>True: the command may go on, and its epoch is the leg's from now on. Under the leg's lock.</summary>
    public bool TryEnter(long epoch)
    {
        if (epoch < Epoch) return false;
        Epoch = epoch;
        return true;
    }

    /// <summary>From now on packets go by this agreement; <see cref="Topology.Replan"/> is to follow. Under the leg's lock.</summary>
    public void Apply(StreamAgreement agreement)
    {
        if (agreement.Security is Sdp.Dtls dtls) Secure(dtls, agreement.Rtp);
        else Protect(agreement.Security, _agreement?.Security);
        Volatile.Write(ref _agreement, agreement);
        Transport.Digits!.Apply(agreement);
        if (agreement.Security is not Sdp.Dtls { Ice: not null }) // which finds the address, and keeps it when a description comes anew
        {
            Transport.Rtp.Describe(agreement.Rtp is { } rtp ? new PeerAddress(rtp) : null);
            Transport.Rtcp.Describe(agreement.Rtcp is { } rtcp ? new PeerAddress(rtcp) : null);
        }

        Transport.IsRtcpMux = agreement.IsRtcpMux;
        Inbound.Clock = agreement.Formats[0].Clock;
        Quality.Codec = CodecImpairment.Of(agreement.Formats[0].Name);
    }

    /// <summary>Its transport is ready, or has failed. Under the node's lock.</summary>
    public void Tell(MediaEventKind kind, string? why, DateTimeOffset at, ILogger log)
    {
        if (kind == MediaEventKind.TransportFailed) Log.TransportFailed(log, Name, Call, why!);
        Owner.Add(new MediaEvent(0, Name, Call, kind, at) { Subject = why });
    }

    /// <summary>What the threads may still use until they have passed by, and is to be disposed of then.</summary>
    public IReadOnlyList<IDisposable> TakeRetired()
    {
        lock (Lock)
        {
            if (_retired.Count == 0) return [];
            var retired = _retired.ToArray();
            _retired.Clear();
            return retired;
        }
    }

    /// <summary>Its turn, once a second: the sample of its quality, and a report to the peer when one is due. On its packet thread.</summary>
    public void EachSecond(MediaThread thread)
    {
        if (Inbound.Packets + Outbound.Packets == 0) return; // it rings
        Quality.Sample();
        if (Reports.IsDue(thread.Now)) Send(isBye: false, thread.Now);
    }

    /// <summary>Stops to receive. Under the node's lock; then the threads must pass by before <see cref="FreeHandles"/>.</summary>
    public void StopReceiving()
    {
        _thread.Remove(Transport.Rtp);
        _thread.Remove(Transport.Rtcp);
        _thread.Leave(this);
    }

    /// <summary>Says goodbye to the peer and frees what the threads used.</summary>
    public void FreeHandles()
    {
        if (Outbound.Packets > 0) Send(isBye: true, _thread.Now);
        _thread.Free(Transport.Rtp);
        _thread.Free(Transport.Rtcp);
        Dtls?.Dispose();
        Transport.Security?.Dispose();
        foreach (var retired in TakeRetired()) retired.Dispose();
    }

    /// <summary>Exact when the threads have passed by.</summary>
    public MediaLegStatistics Statistics() => new(
        Inbound.Packets, Inbound.Bytes, Outbound.Packets, Outbound.Bytes, Transport.RtcpReceived, Volatile.Read(ref _rtcpSent), Transport.Dropped + Outbound.Unsent);

    [SkipLocalsInit]
    private void Send(bool isBye, long now)
    {
        Span<byte> buffer = stackalloc byte[ReportWriter.MaxLength + MediaThread.Slack];
        var length = isBye ? _writer.WriteBye(buffer, now) : _writer.Write(buffer, now);
        if (Transport.SendRtcp(buffer, length) != SendResult.Sent) return;
        _rtcpSent++;
        if (!isBye) _thread.Traffic.Sent(length); // which is not on the thread
    }

    // DTLS finds its keys by itself; until then nothing goes
    private void Secure(Sdp.Dtls agreed, IPEndPoint? described)
    {
        if (Dtls is null)
        {
            if (Transport.Security is { } before) _retired.Add(before);
            Transport.Security = TransportSecurity.WithoutKeys;
            Transport.Hook = Dtls = Handshakes!.Open(Name, Transport);
        }

        Dtls.Use(agreed, new IceCredentials(Session.Transport.IceUfrag, Session.Transport.IcePassword), described);
    }

    // keys that are repeated go on with their packets' numbers (RFC 4568 §7.1.4)
    private void Protect(StreamSecurity security, StreamSecurity? before)
    {
        if (Equals(security, before)) return;
        if (Dtls is { } dtls)
        {
            dtls.Stop();
            _retired.Add(dtls);
            Transport.Hook = Dtls = null;
        }

        var (old, oldKeys, keys) = (Transport.Security, before as Sdes, security as Sdes);
        var (keepsSend, keepsReceive) = (keys is not null && keys.Send == oldKeys?.Send, keys is not null && keys.Receive == oldKeys?.Receive);
        Transport.Security = keys is null ? null : new TransportSecurity(
            keepsSend ? old!.Rtp : new SrtpSender(keys.Send), keepsSend ? old!.Rtcp : new SrtpSender(keys.Send), keepsReceive ? old!.Receiver : new SrtpReceiver(keys.Receive));
        if (old is null) return;
        IEnumerable<IDisposable?> retired = [keepsSend ? null : old.Rtp, keepsSend ? null : old.Rtcp, keepsReceive ? null : old.Receiver];
        _retired.AddRange(retired.OfType<IDisposable>());
    }
}
