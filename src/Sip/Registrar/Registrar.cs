using System.Collections.Immutable;
using System.Globalization;

namespace Telephony.Sip;

/// <summary>
/// A registrar's rules (RFC 3261 §10.3, Path: RFC 3327, outbound: RFC 5626 §6): what a REGISTER does to the bindings of an address-of-record. All of it or nothing.
/// </summary>
public static class Registrar
{
    /// <summary>The longest contact that is bound, with its parameters: all of them stand in one answer.</summary>
    private const int MaxContact = 2048;

    /// <summary>Applies a REGISTER that was authenticated and is for this address-of-record.</summary>
    public static RegistrarResult Apply(
        ImmutableArray<Binding> current, SipRequest register, SipFlow flow, DateTimeOffset now, RegistrarLimits limits)
    {
        var bindings = current.RemoveAll(binding => binding.ExpiresAt <= now);
        RegistrarResult Refuse(int status, string? reason = null, params ImmutableArray<KeyValuePair<string, string>> headers) =>
            new(bindings, status, reason ?? SipStatus.Reason(status), headers);

        var path = register.Headers("Path");
        if (path.Count > 0 && !HasOption(register, "path"))
        {
            return Refuse(421, null, new KeyValuePair<string, string>("Require", "path")); // RFC 3327 §5.3
        }

        var (callId, cseq) = (register.CallId, register.CSeq.Number);
        bool IsStale(Binding binding) => binding.CallId == callId && binding.CSeq >= cseq; // §10.3 step 7: out of order or repeated

        if (register.HasWildcardContact)
        {
            if (register.Contacts.Count > 0 || register.Headers("Contact").Count > 1 || register.Expires != 0) return Refuse(400, "Contact * needs Expires 0 alone");
            return bindings.Any(IsStale) ? Refuse(500, "Out of order") : Accept([], register, now);
        }

        var next = bindings;
        var (isOutbound, flows) = (HasOption(register, "outbound"), 0);
        foreach (var contact in register.Contacts)
        {
            if (!contact.Uri.IsSip) return Refuse(400, "Contact is not a SIP URI");
            if (contact.ToString().Length > MaxContact) return Refuse(513);
            if (Wish(contact, register, limits) is not { } seconds) return Refuse(400, "Bad expires");

            var granted = Math.Min(seconds, (long)limits.MaxExpires.TotalSeconds);
            if (granted > 0 && granted < (long)limits.MinExpires.TotalSeconds)
            {
                return Refuse(423, null, new KeyValuePair<string, string>("Min-Expires", Text((long)limits.MinExpires.TotalSeconds)));
            }

            if (ToBinding(contact, register, path, flow, now.AddSeconds(granted)) is not { } binding) return Refuse(400, "Bad q or reg-id");
            if (granted > 0 && binding.RegId is not null)
            {
                if (++flows > 1) return Refuse(400, "More than one reg-id"); // RFC 5626 §4.2
                if (isOutbound && !IsFirstHopOutbound(register, path)) return Refuse(439);
            }

            if (next.FirstOrDefault(known => IsSame(known, binding, contact.Uri)) is { } old)
            {
                if (IsStale(old) && bindings.Contains(old)) return Refuse(500, "Out of order");
                next = granted == 0 ? next.Remove(old) : next.Replace(old, binding);
            }
            else if (granted > 0)
            {
                next = next.Add(binding);
            }
        }

        if (next.Length > limits.MaxBindings && next.Length > bindings.Length) return Refuse(403, "Too many bindings");

        var accepted = Accept(next, register, now);
        if (!isOutbound || flows == 0) return accepted;

        var required = accepted.Headers.Add(new("Require", "outbound"));
        return accepted with { Headers = flow.Connection == 0 ? required : required.Add(new("Flow-Timer", Text((long)limits.FlowTimer.TotalSeconds))) };
    }

    private static bool HasOption(SipRequest register, string tag) => register.HasOption("Supported", tag) || register.HasOption("Require", tag);

    // RFC 5626 §6: it came without a proxy, or by one that keeps the flow
    private static bool IsFirstHopOutbound(SipRequest register, IReadOnlyList<string> path) =>
        register.Vias.Count == 1 || path.Count > 0 && NameAddress.TryParse(path[^1], out var first) && first.Uri.Parameters.Contains("ob");

    private static RegistrarResult Accept(ImmutableArray<Binding> bindings, SipRequest register, DateTimeOffset now)
    {
        var headers = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        foreach (var binding in bindings)
        {
            var seconds = Math.Max(1, (long)Math.Ceiling((binding.ExpiresAt - now).TotalSeconds));
            headers.Add(new("Contact", $"<{binding.Contact}>{binding.Parameters};expires={Text(seconds)}"));
        }

        if (HasOption(register, "path"))
        {
            foreach (var path in register.Headers("Path")) headers.Add(new("Path", path));
            headers.Add(new("Supported", "path"));
        }

        return new(bindings, 200, SipStatus.Reason(200), headers.ToImmutable());
    }

    // the contact's own time, else the message's, else ours; null when it is no number
    private static long? Wish(NameAddress contact, SipRequest register, RegistrarLimits limits) => contact.Parameters["expires"] switch
    {
        { } text => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? (long)Math.Min(seconds, uint.MaxValue) : null,
        null => register.Expires ?? (long)limits.DefaultExpires.TotalSeconds,
    };

    private static Binding? ToBinding(NameAddress contact, SipRequest register, IReadOnlyList<string> path, SipFlow flow, DateTimeOffset expiresAt)
    {
        var q = 1.0;
        if (contact.Parameters["q"] is { } preference
            && (!double.TryParse(preference, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out q) || q is < 0 or > 1))
        {
            return null;
        }

        int? regId = null;
        if (contact.Parameters["reg-id"] is { } number && contact.Parameters.Contains("+sip.instance")) // without an instance it is ignored (RFC 5626 §6)
        {
            if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id == 0) return null;
            regId = id;
        }

        return new(
            contact.Uri.ToString(), contact.Parameters.Without("expires"), contact.Parameters["+sip.instance"], regId, q, expiresAt,
            register.CallId, register.CSeq.Number, [.. path], flow, register.Header("User-Agent"));
    }

    // RFC 5626 §6: with an instance and a reg-id those two name the binding, else the URI does
    private static bool IsSame(Binding known, Binding binding, SipUri uri) =>
        known.Instance is not null && known.RegId is not null && binding.RegId is not null
            ? known.Instance == binding.Instance && known.RegId == binding.RegId
            : known.Contact == binding.Contact || SipUri.TryParse(known.Contact, out var other) && other.IsSameAs(uri);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
