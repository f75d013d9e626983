namespace Telephony.Grains.Calls;

/// <summary>Causes of ITU-T Q.850, and those that SIP statuses stand for (RFC 3398 §7.2.4.1).</summary>
public static class Q850
{
    public const int Normal = 16;
    public const int NonSelected = 26;

    public static int FromSip(int status) => status switch
    {
        404 => 1,
        486 or 600 => 17,
        480 => 18,
        403 or 603 => 21,
        410 => 22,
        484 => 28,
        488 or 606 => 65,
        408 => 102,
        503 => 41,
        >= 500 and < 600 => 41,
        _ => 31,
    };

    public static int For(string reason) => reason switch
    {
        "unknown_number" => 1,
        "busy" => 17,
        "no_answer" => 19,
        "offline" => 20,
        "declined" => 21,
        "answered_elsewhere" => NonSelected,
        "restart" or "media_lost" => 41,
        "media_failed" => 47,
        "no_ports" => 34,
        "media_away" => 38,
        "bad_description" or "no_common_codec" or "security_required" or "unsupported_transport" => 65,
        "timeout" or "ack_timeout" or "prack_timeout" or "session_expired" or "media_timeout" => 102,
        "failed" => 31,
        _ => Normal,
    };
}
