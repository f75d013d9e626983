namespace Telephony.Sip.Fuzzing;

/// <summary>Parses damaged messages, and reads and rewrites what is accepted.</summary>
internal static class MessageFuzz
{
    /// <returns>How many of the messages were accepted.</returns>
    /// <exception cref="FuzzException">Something failed; it says with what.</exception>
    public static long Run(int seed, long count, IReadOnlyList<byte[]> samples)
    {
        var mutator = new Mutator(seed);
        var accepted = 0L;
        for (var round = 0L; round < count; round++)
        {
            var bytes = mutator.Mutate(samples[mutator.Random.Next(samples.Count)], samples);
            try
            {
                if (Try(bytes)) accepted++;
            }
            catch (Exception e)
            {
                throw new FuzzException($"seed {seed}, message {round}", bytes, e);
            }
        }

        return accepted;
    }

    private static bool Try(byte[] bytes)
    {
        if (SipRequest.TryParse(bytes, out var request, out _))
        {
            Read(request);
            UsageFuzz.Receive(request);
            _ = request.Method.Name.Length + request.RequestUri.ToString().Length + request.Routes.Count;
            Same(request, request.ToBuilder().Build());
            Read(SipResponse.For(request, 200, toTag: "t").Build());
            Read(request.WithVia("SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKf"));
            return true;
        }

        if (!SipResponse.TryParse(bytes, out var response, out _)) return false;

        Read(response);
        UsageFuzz.Receive(response);
        Same(response, response.ToBuilder().Build());
        return true;
    }

    private static void Read(SipMessage message)
    {
        if (message.Vias.Count == 0) throw new InvalidOperationException("No Via in a message that was accepted.");
        _ = message.From.Tag?.Length + message.To.Uri.User?.Length + message.CallId.Length + message.CSeq.Number + message.Contacts.Count + message.RecordRoutes.Count;
        _ = message.Headers("Supported").Count + message.Headers("X-Any").Count + (message.Header("Subject")?.Length ?? 0) + message.Expires + message.MaxForwards;
        HeaderFuzz.Read(message);
        foreach (var part in message.BodyParts()) _ = part.ContentType.Length + part.Content.Length + (part.IsRequired ? 1 : 0);
    }

    // a copy by the builder says the same, and so does what a parser reads in it
    private static void Same(SipMessage message, SipMessage copy)
    {
        var error = SipParser.Parse(copy.Wire.ToArray(), out var layout);
        if (error.IsError || layout is null) throw new InvalidOperationException("What the builder wrote is refused: " + error.Reason);
        if (layout.Body != copy.Layout.Body || layout.Length != copy.Layout.Length || layout.Status != copy.Layout.Status
            || !layout.First.Equals(copy.Layout.First) || !layout.Second.Equals(copy.Layout.Second) || !layout.Fields.AsSpan().SequenceEqual(copy.Layout.Fields))
        {
            throw new InvalidOperationException("The builder's index is not the parser's.");
        }

        if (message.CallId != copy.CallId || message.CSeq != copy.CSeq || message.Vias.Count != copy.Vias.Count || !message.Body.Span.SequenceEqual(copy.Body.Span))
        {
            throw new InvalidOperationException("The copy says something else.");
        }
    }
}
