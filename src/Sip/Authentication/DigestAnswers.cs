using System.Collections.Immutable;

namespace Telephony.Sip;

/// <summary>
/// What one peer asked of us and how often it was answered, kept by who sends the requests and handed from one to the next: nonces are used again with the next count
/// (RFC 7616 §3.4). Begin with <see cref="None"/>.
/// </summary>
/// <param name="Tries">How often the request in hand was answered.</param>
[GenerateSerializer, Immutable]
public sealed record DigestAnswers([property: Id(0)] ImmutableArray<DigestAnswer> Given, [property: Id(1)] int Tries)
{
    public static DigestAnswers None { get; } = new([], 0);

    internal DigestAnswer? Find(DigestChallenge challenge) => Given.FirstOrDefault(answer => answer.Challenge.IsLike(challenge));

    internal DigestAnswers With(DigestAnswer answer) => this with { Given = Given.RemoveAll(old => old.Challenge.IsLike(answer.Challenge)).Add(answer) };
}

/// <summary>The last answer to a challenge of one realm (RFC 3261 §22.3).</summary>
/// <param name="Count">How often its nonce was used (nc).</param>
[GenerateSerializer, Immutable]
public sealed record DigestAnswer([property: Id(0)] DigestChallenge Challenge, [property: Id(1)] string CNonce, [property: Id(2)] uint Count);

/// <summary>A request with its credentials, to be sent in a new transaction (RFC 3261 §8.1.3.5).</summary>
/// <param name="Answers">For the next call of <see cref="DigestClient"/>.</param>
[GenerateSerializer, Immutable]
public sealed record DigestRetry([property: Id(0)] SipRequest Request, [property: Id(1)] DigestAnswers Answers);
