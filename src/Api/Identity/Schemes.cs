namespace Telephony.Api.Identity;

internal static class Schemes
{
    /// <summary>Chooses one of the others by what the request carries.</summary>
    public const string Any = "any";

    /// <summary>People in browsers.</summary>
    public const string Cookie = "cookie";

    /// <summary>Programs.</summary>
    public const string ApiKey = "api_key";
}
