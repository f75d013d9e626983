using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Telephony.Media.Sdp;

/// <summary>A peer's offer or answer (RFC 8866), read once and never changed. Lines that we don't understand are kept and mean nothing.</summary>
internal sealed class SessionDescription
{
    /// <summary>What a description may have at most; a browser's has about 6 kB and 150 lines.</summary>
    public const int MaxLength = 32 * 1024, MaxLines = 1000, MaxStreams = 16;

    private SessionDescription(ImmutableArray<SdpLine> lines, ImmutableArray<MediaStream> streams) => (Lines, Streams) = (lines, streams);

    /// <summary>All of them, in their order.</summary>
    public ImmutableArray<SdpLine> Lines { get; }

    /// <summary>At least one.</summary>
    public ImmutableArray<MediaStream> Streams { get; }

    /// <summary>As it was read, but for the line ends, which are CRLF.</summary>
    public byte[] Write()
    {
        var writer = new SdpWriter();
        foreach (var line in Lines) writer.Line((char)line.Type, line.Value);
        return writer.ToBytes();
    }

    /// <param name="reason">Why it can't be read.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out SessionDescription? description, [NotNullWhen(false)] out string? reason)
    {
        description = null;
        var lines = ImmutableArray.CreateBuilder<SdpLine>(32);
        var streams = ImmutableArray.CreateBuilder<MediaStream>(2);
        reason = ReadLines(text, lines) ?? WrongHead(lines) ?? ReadStreams(lines, streams);
        if (reason is null) description = new SessionDescription(lines.ToImmutable(), streams.ToImmutable());
        return description is not null;
    }

    private static string? ReadLines(ReadOnlySpan<byte> text, ImmutableArray<SdpLine>.Builder lines)
    {
        if (text.Length > MaxLength) return "it is too long";

        var reader = new SdpReader(text);
        while (reader.TryRead(out var line))
        {
            if (lines.Count == MaxLines) return "it has too many lines";
            lines.Add(line);
        }

        return reader.IsMalformed ? $"line {lines.Count + 1} is malformed" : null;
    }

    private static string? ReadStreams(ImmutableArray<SdpLine>.Builder lines, ImmutableArray<MediaStream>.Builder streams)
    {
        var session = new MediaStreamReader();
        var at = 0;
        for (; at < lines.Count && lines[at].Type != 'm'; at++) session.Read(lines[at].Type, lines[at].Value);

        while (at < lines.Count)
        {
            if (streams.Count == MaxStreams) return "it has too many streams";
            var (media, stream) = (lines[at].Value, session.Stream());
            for (at++; at < lines.Count && lines[at].Type != 'm'; at++) stream.Read(lines[at].Type, lines[at].Value);
            if (stream.Finish(media) is not { } finished) return $"stream {streams.Count + 1} is malformed";
            streams.Add(finished);
        }

        return streams.Count == 0 ? "it has no streams" : null;
    }

    // v=, o= and s= come first, in this order (§5)
    private static string? WrongHead(ImmutableArray<SdpLine>.Builder lines)
    {
        if (lines.Count < 4 || lines[0].Type != 'v' || lines[1].Type != 'o' || lines[2].Type != 's') return "it does not begin with v=, o= and s=";
        if (lines[0].Value != "0") return "its version is not 0";
        return lines[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 6 ? null : "its o= line is malformed";
    }
}
