using System.Collections.Immutable;

namespace Telephony.Sip;

/// <summary>What we can do, and the answers that say so (RFC 3261 §11.2, §8.2): written in one place, so that all of them say the same.</summary>
/// <param name="Methods">For Allow.</param>
/// <param name="ContentTypes">For Accept.</param>
/// <param name="Extensions">Option tags, for Supported.</param>
/// <param name="Packages">Event packages, for Allow-Events (RFC 6665 §8.2.2).</param>
/// <param name="InfoPackages">For Recv-Info (RFC 6086 §5.2).</param>
public sealed record SipCapabilities(
    ImmutableArray<SipMethod> Methods,
    ImmutableArray<string> ContentTypes,
    ImmutableArray<string> Extensions,
    ImmutableArray<string> Packages,
    ImmutableArray<string> InfoPackages)
{
    public string Allow => string.Join(", ", Methods.Select(method => method.Name));

    public string Accept => string.Join(", ", ContentTypes);

    public string Supported => string.Join(", ", Extensions);

    public string AllowEvents => string.Join(", ", Packages);

    /// <summary>Puts what a peer may want to know into an INVITE, its 2xx, or the answer to OPTIONS (§11.2, §13.2.1).</summary>
    public TBuilder Write<TBuilder>(TBuilder message)
        where TBuilder : SipMessageBuilder<TBuilder>
    {
        message.Set("Allow", Allow).Set("Accept", Accept);
        if (!Extensions.IsEmpty) message.Set("Supported", Supported);
        if (!Packages.IsEmpty) message.Set("Allow-Events", AllowEvents);
        if (!InfoPackages.IsEmpty) message.Set("Recv-Info", string.Join(", ", InfoPackages));
        return message;
    }

    /// <summary>The answer to OPTIONS: with the status that an INVITE would get now (§11.2).</summary>
    public SipResponseBuilder AnswerOptions(SipRequest options, int status = 200) =>
        Write(SipResponse.For(options, status)).Set("Accept-Encoding", "identity").Set("Accept-Language", "en");

    /// <summary>Why a request can't be served, whatever it is about (§8.2.1 to §8.2.3): 405, 420 or 415, with what could be; null when it can.</summary>
    public SipAnswer? Refuse(SipRequest request)
    {
        if (!Methods.Contains(request.Method)) return SipAnswer.Of(405, ("Allow", Allow));

        var unknown = request.Headers("Require").Where(tag => !Extensions.Contains(tag, StringComparer.OrdinalIgnoreCase)).ToList();
        if (unknown.Count > 0 && request.Method != SipMethod.Ack && request.Method != SipMethod.Cancel) return SipAnswer.Of(420, ("Unsupported", string.Join(", ", unknown)));
        if (request.Body.IsEmpty) return null;

        var encodings = request.Headers("Content-Encoding").Where(encoding => !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase));
        if (encodings.Any()) return SipAnswer.Of(415, ("Accept-Encoding", "identity"));
        return IsReadable(request) ? null : SipAnswer.Of(415, ("Accept", Accept));
    }

    /// <summary>The methods that a peer allows; empty when it does not say (RFC 3261 §20.5).</summary>
    public static ImmutableHashSet<SipMethod> MethodsOf(SipMessage message) =>
        [.. message.Headers("Allow").Where(method => Lexer.IsToken(method)).Select(SipMethod.Of)];

    /// <summary>The values of Supported, Require, Allow-Events and the like as a set, in any case.</summary>
    public static ImmutableHashSet<string> TagsOf(SipMessage message, string field) =>
        message.Headers(field).Where(tag => Lexer.IsToken(tag)).ToImmutableHashSet(StringComparer.OrdinalIgnoreCase);

    private bool IsReadable(SipRequest request)
    {
        if (request.Header<ContentDisposition>()?.Handling is { } handling && handling.Equals("optional", StringComparison.OrdinalIgnoreCase)) return true;
        if (!request.IsMultipart) return ContentTypes.Any(type => request.ContentType is { } given && Multipart.IsType(System.Text.Encoding.UTF8.GetBytes(given), type));

        var parts = request.BodyParts();
        return parts.Count > 0 && parts.All(part => !part.IsRequired || ContentTypes.Any(part.Is));
    }
}
