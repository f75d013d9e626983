using System.Text;

namespace Telephony.Sip.Fuzzing;

/// <summary>Reads damaged values of every typed header. What is accepted must say the same after it was written and read again.</summary>
internal static class HeaderFuzz
{
    private static readonly Target[] Targets =
    [
        Of<EventPackage>("dialog;id=a7;shared", "presence.winfo"),
        Of<SubscriptionState>("active;expires=600;x=\"y z\"", "terminated;reason=probation;retry-after=30"),
        Of<ReferTo>("\"B, b\" <sip:b@h;method=BYE?Replaces=1%40h%3Bto-tag%3Da%3Bfrom-tag%3Db&X=%zz>;x", "sip:b@h;x=1"),
        Of<ReferredBy>("<sip:a@h>;cid=\"20398823.2UWQFN309shb3@referrer.example\";x"),
        Of<Replaces>("1@h;to-tag=a;from-tag=b;early-only;x=y"),
        Of<TargetDialog>("1@h;local-tag=a;remote-tag=b;x=y"),
        Of<Reason>("Q.850;cause=16;text=\"Term\\\"inated\";x", "SIP"),
        Of<Privacy>("id; header;x;critical"),
        Of<HistoryInfo>("<sip:b@h;cause=302?Reason=SIP%3Bcause%3D302&Privacy=history>;index=1.2;mp=1;x"),
        Of<Diversion>("\"A\" <sip:a@h>;reason=user-busy;counter=2;privacy=off;screen=no", "<tel:+1>;reason=\"x y\""),
        Of<RemotePartyId>("\"A\" <sip:a@h;user=phone>;party=calling;privacy=full;screen=yes;id-type=subscriber"),
        Of<AlertInfo>("<urn:alert:service:call-waiting@x>;info=a;delay=0", "info=alert-autoanswer", "Bellcore-dr1", "http://h/x.wav;info=\"a b\""),
        Of<CallInfo>("<http://h/p.jpg>;purpose=icon", "<sip:h>;answer-after=0;x", ";answer-after=3"),
        Of<RetryAfter>("18000 (in a (long) meeting);duration=3600;x", "5"),
        Of<SipWarning>("307 isi.edu \"Session \\\"x\\\" not understood\""),
        Of<SipDate>("Sat, 13 Nov 2010 23:29:00 GMT"),
        Of<ContentDisposition>("session;handling=optional;x=\"a;b\""),
    ];

    /// <returns>How many of the values were accepted.</returns>
    /// <exception cref="FuzzException">Something failed; it says with what.</exception>
    public static long Run(int seed, long count)
    {
        var mutator = new Mutator(seed);
        var samples = Targets.SelectMany(target => target.Samples).ToList();
        var accepted = 0L;
        for (var round = 0L; round < count; round++)
        {
            var target = Targets[mutator.Random.Next(Targets.Length)];
            var bytes = mutator.Mutate(target.Samples[mutator.Random.Next(target.Samples.Length)], samples);
            try
            {
                if (target.Try(Encoding.UTF8.GetString(bytes).ReplaceLineEndings(" ").Replace('\0', ' '))) accepted++; // as the parser hands it on
            }
            catch (Exception e)
            {
                throw new FuzzException($"seed {seed}, value {round}", bytes, e);
            }
        }

        return accepted;
    }

    /// <summary>Reads all that is typed in a message.</summary>
    public static void Read(SipMessage message)
    {
        foreach (var target in Targets) target.ReadAll(message);
        _ = PartyIdentity.Asserted(message).Length + PartyIdentity.Preferred(message).Length + AcceptRange.Of(message, "application/sdp", "text/plain");
        _ = DiversionHistory.ToHistory(message.Headers<Diversion>(), "sip:x@y").Length + DiversionHistory.ToDiversions(message.Headers<HistoryInfo>()).Length;
        _ = (message.Header<RAck>(), message.Header<SessionExpires>(), message.Header<MinSe>()?.Interval, message is SipResponse response ? RAck.Of(response) : null);
        if (message is SipRequest request) _ = AutoAnswer.Read(request);
    }

    private static Target Of<T>(params string[] samples)
        where T : class, ISipHeader<T> => new([.. samples.Select(Encoding.UTF8.GetBytes)], Try<T>, message => message.Headers<T>());

    private static bool Try<T>(string text)
        where T : class, ISipHeader<T>
    {
        if (!T.TryParse(text, out var value)) return false;

        Derived(value);
        var written = value.ToString()!;
        if (!Lexer.IsFieldText(written)) throw new InvalidOperationException("A line break in " + written);
        if (!T.TryParse(written, out var again)) throw new InvalidOperationException("What was written is refused: " + written);
        if (!again.Equals(value)) throw new InvalidOperationException($"{written} says something else: {again}");
        return true;
    }

    // what is only read when it is asked for
    private static void Derived(object value) => _ = value switch
    {
        ReferTo refer => refer.Method.Name.Length + (refer.Replaces?.CallId.Length ?? 0) + (refer.IsAttended ? 1 : 0),
        HistoryInfo entry => entry.Reasons.Length + (entry.From?.Length ?? 0) + (entry.Cause ?? 0) + (entry.IsPrivate ? 1 : 0)
            + DiversionHistory.ToDiversions([entry, entry]).Length,
        Diversion diversion => DiversionHistory.ToHistory([diversion, diversion], "sip:x@y").Length,
        AlertInfo alert => alert.Alert?.Length ?? 0,
        _ => 0,
    };

    private sealed record Target(byte[][] Samples, Func<string, bool> Try, Action<SipMessage> ReadAll);
}
