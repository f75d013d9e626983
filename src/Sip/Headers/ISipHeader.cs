using System.Diagnostics.CodeAnalysis;

namespace Telephony.Sip;

/// <summary>
/// A header field's value as a type (RFC 3261 §20): plain data, written by <see cref="object.ToString"/> with the parameters that nobody knew. Read one with
/// <see cref="SipMessage.Header{T}"/>, write one with <c>builder.Add(value)</c>.
/// </summary>
public interface ISipHeader<TSelf>
    where TSelf : class, ISipHeader<TSelf>
{
    /// <summary>The field's long name.</summary>
    static abstract string Field { get; }

    /// <summary>Reads one value, folded lines as one. False when it is malformed.</summary>
    static abstract bool TryParse(string text, [NotNullWhen(true)] out TSelf? value);
}
