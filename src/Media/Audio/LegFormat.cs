namespace Telephony.Media.Audio;

/// <summary>How a leg's peer is spoken to. Immutable.</summary>
/// <param name="PayloadType">Of audio.</param>
/// <param name="Clock">Hertz of the RTP timestamps.</param>
/// <param name="EventPayloadType">Of telephone-events with this clock (RFC 4733 §2.5.1.2); null: the peer takes none.</param>
/// <param name="Dtmf">How digits go to the peer.</param>
internal sealed record LegFormat(byte PayloadType, int Clock, byte? EventPayloadType, DtmfMode Dtmf)
{
    /// <summary>The method that <see cref="DtmfMode.Auto"/> comes to, and what stands in for one that the peer does not take.</summary>
    public DtmfMode Method => Dtmf switch
    {
        DtmfMode.Auto or DtmfMode.TelephoneEvent => EventPayloadType is null ? DtmfMode.InBand : DtmfMode.TelephoneEvent,
        var mode => mode,
    };
}
