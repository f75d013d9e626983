using System.Text;
using Telephony.Media.Relay;
using Telephony.Media.Sdp;

namespace Telephony.Media.Ice;

/// <summary>
/// A leg's ICE-lite agent (RFC 8445 §2.5): it answers checks, and goes where the peer, which always controls, nominates. Pure: bytes and time in, bytes out. It never sends
/// a check of its own, but notices when the peer's stop (RFC 7675).
/// </summary>
/// <remarks>
/// Who doesn't know our password gets no answer at all: there is nothing that a stranger may learn or reflect. Checks from the nominated address and those from elsewhere have
/// limits of their own, so that a flood from elsewhere does not end a call. Used on one thread, but for <see cref="Use"/>.
/// </remarks>
/// <param name="frequency">Of the timestamps, a second.</param>
internal sealed class IceAgent(long frequency)
{
    /// <summary>The longest answer.</summary>
    public const int MaxAnswer = 256;

    /// <summary>Consent that is not renewed for so long has ended (RFC 7675 §5.1).</summary>
    public static readonly TimeSpan ConsentLifetime = TimeSpan.FromSeconds(30);

    private Secrets? _secrets;
    private CheckLimit _fromPeer = new(frequency), _fromOthers = new(frequency);
    private PeerAddress? _nominated, _checked;
    private uint _priority;
    private long _nominatedAt, _checkedAt;

    /// <summary>Where packets go; null: no pair has been nominated yet.</summary>
    public PeerAddress? Nominated => _nominated;

    /// <summary>The timestamp of the last good check; 0: none yet.</summary>
    public long CheckedAt => Volatile.Read(ref _checkedAt);

    /// <summary>
    /// Our credentials. Others than before are an ICE restart (§2.4): the old ones, and the pair that they found, stay good until a check comes with the new. From any thread.
    /// </summary>
    public void Use(IceCredentials local)
    {
        var secrets = Volatile.Read(ref _secrets);
        if (secrets?.Ufrag.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(local.Ufrag)) == true) return;
        var before = secrets is null ? null : secrets with { Before = null };
        Volatile.Write(ref _secrets, new Secrets(Encoding.UTF8.GetBytes(local.Ufrag), Encoding.UTF8.GetBytes(local.Password), before));
    }

    /// <summary>Whether a good check came from there: the nominated address, or the last one that was checked.</summary>
    public bool IsChecked(ReadOnlySpan<byte> source) => _nominated?.Is(source) == true || _checked?.Is(source) == true;

    /// <summary>Whether the peer's consent has ended: it was there, and was not renewed. From any thread.</summary>
    public bool IsConsentOver(long now) => CheckedAt is not 0 and var at && now - at >= ConsentLifetime.TotalSeconds * frequency;

    /// <summary>Takes a datagram.</summary>
    /// <param name="source">A <c>struct sockaddr</c>.</param>
    /// <param name="answer">At least <see cref="MaxAnswer"/> bytes.</param>
    public IceResult OnDatagram(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> source, long now, Span<byte> answer, out int length)
    {
        length = 0;
        if (!StunMessage.TryParse(datagram, out var message)) return IceResult.Dropped;
        if (message.Type == Stun.BindingIndication) return IceResult.Taken; // keeps a NAT open (RFC 8445 §11)
        if (message.Type != Stun.BindingRequest || Volatile.Read(ref _secrets) is not { } current) return IceResult.Dropped;

        var used = current.IsMeant(message.Username) ? current : current.Before?.IsMeant(message.Username) == true ? current.Before : null;
        if (used is null) return IceResult.Dropped;
        if (!(_nominated?.Is(source) == true ? ref _fromPeer : ref _fromOthers).TryTake(now)) return IceResult.Dropped;
        if (!message.HasIntegrity(used.Password)) return IceResult.Dropped;

        var isFault = message.Unknown > 0 || message.IsFromControlled;
        var writer = new StunWriter(answer, isFault ? Stun.BindingError : Stun.BindingSuccess, message.Transaction);
        if (message.Unknown > 0) WriteUnknown(ref writer, message);
        else if (message.IsFromControlled) writer.AddError(487, "Role Conflict"u8); // we can't be the one that controls (§6.1.1, §7.3.1.1)
        else writer.AddXorMappedAddress(source);
        writer.End(used.Password, message.IsSha256);
        length = writer.Length;
        return isFault ? IceResult.Answered : Check(message, source, now, current, used);
    }

    private IceResult Check(in StunMessage message, ReadOnlySpan<byte> source, long now, Secrets current, Secrets used)
    {
        if (used == current && current.Before is not null)
        {
            Interlocked.CompareExchange(ref _secrets, current with { Before = null }, current);
            _priority = 0; // whatever is nominated now takes the place of the old pair
        }

        Volatile.Write(ref _checkedAt, Math.Max(now, 1));
        if (_checked?.Is(source) != true) _checked = _nominated?.Is(source) == true ? _nominated : new PeerAddress(source);
        if (!message.IsNominating) return IceResult.Answered;

        var isSame = _nominated?.Is(source) == true;
        if (!isSame && message.Priority < _priority && now - _nominatedAt < frequency) return IceResult.Answered; // a peer that nominates all it has, within a second
        (_nominated, _priority, _nominatedAt) = (isSame ? _nominated : _checked, message.Priority, now);
        return IceResult.Nominated;
    }

    private static void WriteUnknown(ref StunWriter writer, in StunMessage message)
    {
        Span<byte> types = stackalloc byte[2 * message.Unknown];
        for (var i = 0; i < message.Unknown; i++) (types[2 * i], types[(2 * i) + 1]) = ((byte)(message.UnknownAt(i) >> 8), (byte)message.UnknownAt(i));
        writer.AddError(420, "Unknown Attribute"u8);
        writer.Add(Stun.UnknownAttributes, types);
    }

    /// <param name="Before">Those before a restart; of several restarts without a check between, only the last.</param>
    private sealed record Secrets(byte[] Ufrag, byte[] Password, Secrets? Before)
    {
        // ours, a colon, the peer's (RFC 8445 §7.2.2)
        public bool IsMeant(ReadOnlySpan<byte> username) => username.Length > Ufrag.Length && username[Ufrag.Length] == ':' && username.StartsWith(Ufrag);
    }
}
