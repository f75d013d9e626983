using System.Collections.Immutable;

namespace Telephony.Sip;

/// <summary>What we register with another registrar, such as a provider's (RFC 3261 §10.2). Holds passwords: it is configuration, and kept apart from <see cref="OwnRegistration"/>.</summary>
/// <param name="Registrar">The Request-URI: the domain alone, as <c>sip:provider.example</c>.</param>
/// <param name="AddressOfRecord">Who we are there.</param>
/// <param name="Contact">Where we are to be called.</param>
/// <param name="Expires">For how many seconds we ask.</param>
/// <param name="Routes">Outbound proxies on the way to the registrar, as Route values; may be empty.</param>
/// <param name="Credentials">For 401 and 407.</param>
public sealed record RegistrationAccount(
    string Registrar, string AddressOfRecord, string Contact, uint Expires, ImmutableArray<string> Routes, ImmutableArray<DigestAccount> Credentials);
