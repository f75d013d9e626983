namespace Telephony.Media.Sdp;

/// <summary>A direction as two questions, and what two sides' directions come to.</summary>
internal static class MediaDirections
{
    public static MediaDirection Of(bool sends, bool receives) =>
        sends ? (receives ? MediaDirection.SendReceive : MediaDirection.SendOnly)
        : receives ? MediaDirection.ReceiveOnly : MediaDirection.Inactive;

    public static bool Sends(this MediaDirection direction) => direction is MediaDirection.SendReceive or MediaDirection.SendOnly;

    public static bool Receives(this MediaDirection direction) => direction is MediaDirection.SendReceive or MediaDirection.ReceiveOnly;

    /// <summary>What is left of a side's wish when the other side has said what it does (RFC 3264 §6.1): nobody sends what nobody receives.</summary>
    public static MediaDirection Facing(this MediaDirection wish, MediaDirection other) => Of(wish.Sends() && other.Receives(), wish.Receives() && other.Sends());

    /// <summary>As the attribute's name.</summary>
    public static string Name(this MediaDirection direction) => direction switch
    {
        MediaDirection.SendOnly => "sendonly",
        MediaDirection.ReceiveOnly => "recvonly",
        MediaDirection.Inactive => "inactive",
        _ => "sendrecv",
    };

    public static MediaDirection? Find(ReadOnlySpan<char> name) => name switch
    {
        "sendrecv" => MediaDirection.SendReceive,
        "sendonly" => MediaDirection.SendOnly,
        "recvonly" => MediaDirection.ReceiveOnly,
        "inactive" => MediaDirection.Inactive,
        _ => null,
    };
}
