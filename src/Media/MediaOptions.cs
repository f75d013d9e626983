using Telephony.Media.Recording;

namespace Telephony.Media;

/// <summary>The media node: section <c>Telephony:Media</c>.</summary>
public sealed class MediaOptions
{
    /// <summary>The node's name in the data of calls. Default <c>local</c>.</summary>
    public string Id { get; set; } = "local";

    /// <summary>
    /// The media nodes that run as processes of their own, as <c>id=path of its socket</c>, parted by commas. Default: none, the node is in this process.
    /// </summary>
    public string Nodes { get; set; } = "";

    /// <summary>The Unix socket at which a media node that is a process of its own is driven. Default <c>media-&lt;Id&gt;.sock</c> in <c>Telephony:Data</c>.</summary>
    public string Socket { get; set; } = "";

    /// <summary>The ports of RTP (even) and RTCP (the odd one after it). Default <c>30000-39999</c>: 5,000 legs. A port that is taken is skipped.</summary>
    public string PortRange { get; set; } = "30000-39999";

    /// <summary>The IP address that peers are told to send to. Default <c>127.0.0.1</c>.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The IP address that the ports are opened on; empty: <see cref="Address"/>. Behind a NAT that forwards the ports, the inner address or <c>0.0.0.0</c>.</summary>
    public string Bind { get; set; } = "";

    /// <summary>
    /// The codecs that a call is transcoded to where its parties have none in common, preferred first, with commas: of <c>opus</c>, <c>G722</c>, <c>PCMA</c>, <c>PCMU</c>, <c>L16</c>. Empty: calls
    /// are not transcoded, and have what both parties have. Default: all but the last.
    /// </summary>
    public string Codecs { get; set; } = "opus,G722,PCMA,PCMU";

    /// <summary>Threads that move packets. Default: half of the cores, 1 to 8.</summary>
    public int Threads { get; set; } = Math.Clamp(Environment.ProcessorCount / 2, 1, 8);

    /// <summary>Threads that mix, transcode and play. Default: half of the cores, 1 to 8.</summary>
    public int AudioThreads { get; set; } = Math.Clamp(Environment.ProcessorCount / 2, 1, 8);

    /// <summary>How long a leg lives after its owner's last <see cref="IMediaNode.Renew"/>. Default 60 s.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>After how long without RTP a connected leg that should send, so is not on hold, is told of as <see cref="MediaEventKind.Silent"/>; 0: never. Default 60 s.</summary>
    public TimeSpan SilentAfter { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Receive by io_uring where the kernel has it (6.1 and later) and allows it; else, and where this is false, by epoll. Default true.</summary>
    public bool IoUring { get; set; } = true;

    public RecordingOptions Recording { get; set; } = new();
}
