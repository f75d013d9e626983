using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Telephony.Testing;

/// <summary>
/// A TCP relay in front of a server such as PostgreSQL. Closed, it resets every connection and refuses new ones, as if the server had stopped; it opens again on the same port.
/// </summary>
public sealed class Gate : IAsyncDisposable
{
    private readonly EndPoint _server;
    private readonly ConcurrentDictionary<Socket, Socket> _pairs = new();
    private Socket? _listener;

    public Gate(string host, int port)
    {
        _server = new DnsEndPoint(host, port);
        Port = FreePorts.One();
        Open();
    }

    public int Port { get; }

    public void Open()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        listener.Listen(100);
        _listener = listener;
        _ = Accept(listener);
    }

    public void Close()
    {
        _listener?.Dispose();
        foreach (var (client, server) in _pairs)
        {
            client.Close(0);
            server.Close(0);
        }
    }

    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    private async Task Accept(Socket listener)
    {
        try
        {
            while (true) _ = Relay(await listener.AcceptAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // closed
        }
    }

    private async Task Relay(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            _pairs[client] = server;
            try
            {
                await server.ConnectAsync(_server);
                await Task.WhenAny(Copy(client, server), Copy(server, client));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // closed
            }

            _pairs.TryRemove(client, out _);
        }
    }

    private static async Task Copy(Socket from, Socket to)
    {
        var buffer = new byte[65536];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer)) > 0)
            {
                for (var sent = 0; sent < read;) sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // closed
        }
    }
}
