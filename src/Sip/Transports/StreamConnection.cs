using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Telephony.Sip;

/// <summary>A TCP or TLS connection: messages are found by their Content-Length. Holds no buffer while nothing comes.</summary>
/// <param name="host">Whom we call, as TLS checks it; null when the peer called us.</param>
internal sealed class StreamConnection(Connections connections, SipTransport transport, Socket socket, IPEndPoint remote, long id, string? host)
    : Connection(connections, transport, remote, id)
{
    private readonly Connections _connections = connections;
    private Stream _stream = Stream.Null;

    public override void Dispose() => _stream.Dispose();

    protected override async Task<bool> Open()
    {
        if (host is not null) await socket.ConnectAsync(Remote);
        socket.NoDelay = true;
        Probe();
        _stream = new NetworkStream(socket, ownsSocket: false);
        if (Flow.Transport == SipTransport.Tls)
        {
            var secure = new SslStream(_stream);
            _stream = secure;
            if (host is not null) await secure.AuthenticateAsClientAsync(_connections.Tls.Client(host));
            else await Welcome(secure);
        }

        return host is not null;
    }

    protected override async Task<string> Read()
    {
        var buffers = _connections.Buffers;
        byte[] buffer = [];
        var length = 0;
        var isWaiting = false;
        try
        {
            while (true)
            {
                if (length == 0)
                {
                    buffers.Return(buffer);
                    buffer = [];
#pragma warning disable CA2022 // it waits until there is something
                    await _stream.ReadAsync(Memory<byte>.Empty);
#pragma warning restore CA2022
                    buffer = ReceiveBuffers.Rent();
                }

                var read = await _stream.ReadAsync(buffer.AsMemory(length));
                if (read == 0) return EndedByPeer;

                length += read;
                var taken = Take(buffer.AsSpan(0, length));
                if (taken < 0) return NotSip;

                buffer.AsSpan(taken, length - taken).CopyTo(buffer);
                length -= taken;
                var hasBegun = buffer.AsSpan(0, length).IndexOfAnyExcept((byte)'\r', (byte)'\n') >= 0;
                if (hasBegun && (taken > 0 || !isWaiting)) AwaitRest();
                isWaiting = hasBegun;
                if (length == buffer.Length && !buffers.TryGrow(ref buffer)) return TooMuch; // the framer refuses what is too long
            }
        }
        finally
        {
            buffers.Return(buffer);
        }
    }

    protected override ValueTask Send(ReadOnlyMemory<byte> message) => _stream.WriteAsync(message);

    protected override Task Finish() => _stream is SslStream secure ? secure.ShutdownAsync() : Task.CompletedTask;

    protected override void Abort()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both); // or else a pending read makes it a reset
        }
        catch (SocketException)
        {
            // it was not connected (any more)
        }

        socket.Dispose();
    }

    // a phone that lost its power says no good-bye: within two minutes it is found out
    private void Probe()
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 15);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 4);
    }

    // who merely looks whether the port is open, and goes, has done no wrong
    private async Task Welcome(SslStream secure)
    {
        try
        {
            await secure.AuthenticateAsServerAsync(_connections.Tls.Server());
        }
        catch (Exception e) when (e is AuthenticationException || !IsOpen)
        {
            _connections.Receiver.OnOffence(this, Offence.Handshake);
            throw;
        }

        PeerNames = _connections.Tls.NamesOf(secure.RemoteCertificate);
    }

    // hands over all whole messages; -1 when it is not SIP
    private int Take(Span<byte> data)
    {
        var taken = 0;
        while (true)
        {
            var rest = data[taken..];
            switch (StreamFramer.Next(rest, out var length))
            {
                case StreamFramer.Frame.Message:
                    if (!Receive(rest[..length])) return -1;
                    break;
                case StreamFramer.Frame.KeepAlive:
                    KeepAlive(isPing: length == 4);
                    break;
                case StreamFramer.Frame.Incomplete:
                    return taken;
                default:
                    _connections.Receiver.OnMessage(rest, this); // answers what can be answered
                    return -1;
            }

            taken += length;
        }
    }
}
