using System.Net;
using System.Net.WebSockets;
using System.Text.Unicode;

namespace Telephony.Sip;

/// <summary>A WebSocket that the web server accepted (RFC 7118): one SIP message in each of its messages, text or binary.</summary>
internal sealed class WebSocketConnection(Connections connections, WebSocket socket, SipTransport transport, IPEndPoint remote, long id)
    : Connection(connections, transport, remote, id)
{
    private readonly Connections _connections = connections;
    private WebSocketCloseStatus _status = WebSocketCloseStatus.NormalClosure;

    public override void Dispose() => socket.Dispose();

    protected override Task<bool> Open() => Task.FromResult(false);

    protected override async Task<string> Read()
    {
        var buffers = _connections.Buffers;
        var buffer = ReceiveBuffers.Rent();
        var length = 0;
        var isWaiting = false;
        try
        {
            while (true)
            {
                var part = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                if (part.MessageType == WebSocketMessageType.Close) return EndedByPeer;

                if (!part.EndOfMessage && !isWaiting) AwaitRest(); // once: parts with nothing in them win no time
                isWaiting = !part.EndOfMessage;
                length += part.Count;
                if (length > SipParser.MaxMessage)
                {
                    _status = WebSocketCloseStatus.MessageTooBig;
                    return "its message was too long";
                }

                if (part.EndOfMessage)
                {
                    if (!Take(buffer.AsSpan(0, length)) && !_connections.Receiver.Admits(Remote.Address))
                    {
                        _status = WebSocketCloseStatus.PolicyViolation;
                        return "its address is banned";
                    }

                    length = 0;
                    if (buffer.Length <= ReceiveBuffers.First) continue;
                    buffers.Return(buffer);
                    buffer = ReceiveBuffers.Rent();
                }
                else if (length == buffer.Length && !buffers.TryGrow(ref buffer))
                {
                    _status = WebSocketCloseStatus.InternalServerError;
                    return TooMuch;
                }
            }
        }
        finally
        {
            buffers.Return(buffer);
        }
    }

    /// <summary>As text, which every peer understands; what is not UTF-8 can only be sent as binary (RFC 6455 §8.1).</summary>
    protected override ValueTask Send(ReadOnlyMemory<byte> message) => socket.SendAsync(
        message, Utf8.IsValid(message.Span) ? WebSocketMessageType.Text : WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);

    protected override Task Finish() => socket.CloseOutputAsync(_status, null, CancellationToken.None);

    protected override void Abort() => socket.Abort();

    // a message that is not SIP is dropped or answered 400: the next one begins where it must, unlike in a stream
    private bool Take(Span<byte> message)
    {
        if (message.IndexOfAnyExcept((byte)'\r', (byte)'\n') >= 0) return Receive(message);
        KeepAlive(isPing: message.SequenceEqual("\r\n\r\n"u8)); // RFC 7118 §6
        return true;
    }
}
