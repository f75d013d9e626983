using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace Telephony.Api.Tests;

/// <summary>A client of the hub: SignalR's JSON protocol over a WebSocket.</summary>
internal sealed class HubClient : IAsyncDisposable
{
    private const char End = '\u001e';
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly ClientWebSocket _socket = new();
    private readonly Channel<JsonElement> _messages = Channel.CreateUnbounded<JsonElement>();
    private int _invocations;
    private volatile bool _isTired;
    private Task _reading = Task.CompletedTask;

    public static async Task<HubClient> Connect(ApiHost host, Browser? browser = null, string? key = null, string? origin = null, int? receiveBuffer = null)
    {
        var client = new HubClient();
        if (browser is not null) client._socket.Options.SetRequestHeader("Cookie", browser.CookieHeader);
        if (origin is not null) client._socket.Options.SetRequestHeader("Origin", origin);
        var address = new UriBuilder(host.Address) { Scheme = "ws", Path = "/hubs/telephony", Query = key is null ? "" : $"access_token={key}" }.Uri;
        if (receiveBuffer is { } bytes)
        {
            var handler = new SocketsHttpHandler
            {
                ConnectCallback = async (context, cancellationToken) =>
                {
                    var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp) { ReceiveBufferSize = bytes };
                    await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                    return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
                },
            };
            await client._socket.ConnectAsync(address, new HttpMessageInvoker(handler), default);
        }
        else
        {
            await client._socket.ConnectAsync(address, default);
        }

        await client.Send("""{"protocol":"json","version":1}""");
        client._reading = client.Read();
        return client;
    }

    /// <summary>Completes once the server has closed the connection.</summary>
    public Task Closed => _reading.WaitAsync(Limit);

    /// <summary>Reads one message more, and then none.</summary>
    public void StopReading() => _isTired = true;

    /// <summary>Calls a method of the hub, and waits for its result. Messages before it are dropped.</summary>
    public async Task<JsonElement> Invoke(string method, params object[] arguments)
    {
        var id = $"{++_invocations}";
        await Send(JsonSerializer.Serialize(new { type = 1, invocationId = id, target = method, arguments }));
        while (true)
        {
            var message = await Next();
            if (message.TryGetProperty("invocationId", out var of) && of.GetString() == id) return message;
        }
    }

    /// <summary>The argument of the next message to the client, which must be this one.</summary>
    public async Task<JsonElement> Hear(string target)
    {
        var message = await Next();
        Assert.Equal(target, message.GetProperty("target").GetString());
        return message.GetProperty("arguments")[0];
    }

    public async Task<bool> HearsNothing()
    {
        await Send("""{"type":1,"invocationId":"nothing","target":"SubscribePresence","arguments":[]}"""); // whatever was sent before comes before its answer
        return (await Next()).TryGetProperty("invocationId", out _);
    }

    /// <summary>The server keeps the connection.</summary>
    public async Task<bool> IsOpen()
    {
        try
        {
            await Invoke("SubscribePresence");
            return true;
        }
        catch (Exception exception) when (exception is ChannelClosedException or WebSocketException or IOException)
        {
            return false;
        }
    }

    public Task Send(string message) => _socket.SendAsync(Encoding.UTF8.GetBytes(message + End), WebSocketMessageType.Text, true, default);

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _reading;
        _socket.Dispose();
    }

    private async Task<JsonElement> Next()
    {
        while (true)
        {
            var message = await _messages.Reader.ReadAsync().AsTask().WaitAsync(Limit);
            if (message.TryGetProperty("type", out var type) && type.GetInt32() is 1 or 3) return message; // not the handshake, nor pings
        }
    }

    private async Task Read()
    {
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        try
        {
            while (!_isTired && await _socket.ReceiveAsync(buffer, default) is { MessageType: WebSocketMessageType.Text } part)
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, part.Count));
                var all = text.ToString();
                var end = all.LastIndexOf(End);
                if (end < 0) continue;
                text.Clear().Append(all.AsSpan(end + 1));
                foreach (var message in all[..end].Split(End)) _messages.Writer.TryWrite(JsonDocument.Parse(message).RootElement);
            }
        }
        catch (WebSocketException)
        {
        }
        catch (OperationCanceledException)
        {
        }

        _messages.Writer.TryComplete();
    }
}
