using Telephony.Media.Relay;

namespace Telephony.Media.Audio;

/// <summary>Makes a leg's packets of its mix, or of the digits that it is sent instead: RTP timestamps, telephone-events (RFC 4733 §2.5.1). On the audio thread.</summary>
internal sealed class LegSender(DtmfQueue digits)
{
    private readonly DtmfSender _dtmf = new(digits);
    private readonly DtmfGenerator _tone = new();
    private IPayloadSender? _last;
    private uint _step; // timestamps since the last packet that had one of its own
    private uint _eventStart; // of the event's segment, in timestamps since its beginning

    /// <summary>A digit is sent in this tick, and the mix isn't.</summary>
    public bool IsSendingDigit { get; private set; }

    /// <summary>Begins a tick.</summary>
    /// <param name="ticks">What it stands for.</param>
    /// <param name="held">The digit that somebody who is heard holds down; 0: none.</param>
    public void Step(IPayloadSender sender, LegFormat format, int ticks, char held, long now, Traffic traffic)
    {
        if (sender != _last) sender.Resume(format.Clock, now);
        _last = sender;
        var frame = (uint)(format.Clock / 50);
        _step += frame * (uint)ticks;
        _dtmf.Step(format.Method == DtmfMode.Info ? '\0' : held);
        IsSendingDigit = _dtmf.Digit != 0;
        if (IsSendingDigit && format is { Method: DtmfMode.TelephoneEvent, EventPayloadType: { } type }) SendEvent(sender, type, frame, now, traffic);
    }

    /// <summary>True: the frame is not to be sent, or it now is the digit's tone.</summary>
    public bool Replace(Span<short> frame, int sampleRate, LegFormat format)
    {
        if (format.Method != DtmfMode.InBand) return IsSendingDigit;
        if (!IsSendingDigit && !_isToning) return false;
        _isToning = IsSendingDigit && _dtmf.Ended == 0;
        _tone.Fill(frame, sampleRate, _isToning ? _dtmf.Digit : '\0');
        return false;
    }

    private bool _isToning;

    /// <summary>Sends the mix. Empty: nothing is due (DTX, or a longer packet is not full).</summary>
    public void Send(IPayloadSender sender, LegFormat format, ReadOnlySpan<byte> payload, long now, Traffic traffic)
    {
        if (payload.IsEmpty) return;
        sender.Send(payload, format.PayloadType, _step, marker: false, now, traffic);
        _step = 0;
    }

    private void SendEvent(IPayloadSender sender, byte payloadType, uint frame, long now, Traffic traffic)
    {
        Span<byte> payload = stackalloc byte[Dtmf.EventLength];
        var isFirst = _dtmf is { Elapsed: 1, Ended: 0 };
        if (isFirst) _eventStart = 0;
        var duration = ((uint)_dtmf.Elapsed * frame) - _eventStart;
        var isNewSegment = duration > ushort.MaxValue; // a long digit goes on in another (§2.5.1.3)
        if (isNewSegment)
        {
            _eventStart += duration - frame;
            duration = frame;
        }

        Dtmf.WriteEvent(payload, _dtmf.Digit, _dtmf.Ended > 0, (ushort)duration);
        var step = isFirst || isNewSegment ? _step : 0;
        sender.Send(payload, payloadType, step, marker: isFirst, now, traffic);
        if (step > 0) _step = 0;
    }
}
