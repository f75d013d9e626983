using System.Net.Sockets;
using System.Runtime.Versioning;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Telephony.Media.Remote;

/// <summary>
/// Lets another process of the same user drive a node, over the Unix socket at <paramref name="path"/> (mode 600; the kernel says who connects). Several may: epochs
/// decide between them. What goes over it: <see cref="Wire"/>.
/// </summary>
/// <param name="boot">The node's <see cref="MediaNodeState.Boot"/>.</param>
[SupportedOSPlatform("linux")]
public sealed class MediaNodeServer(IMediaNode node, string boot, string path, TimeProvider time, ILogger<MediaNodeServer> log) : IHostedService, IDisposable
{
    private const int MaxConnections = 16;

    private readonly CancellationTokenSource _ending = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private Task _accepting = Task.CompletedTask;
    private int _connections;

    /// <exception cref="InvalidOperationException">The path is too long, another node listens there, or the folder can't be written; the message says which.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(path) > UnixPeer.MaxPath)
        {
            throw new InvalidOperationException($"Telephony:Media:Socket is '{path}': a path of at most {UnixPeer.MaxPath} bytes is allowed.");
        }

        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            if (await IsListening(cancellationToken).ConfigureAwait(false)) throw new InvalidOperationException($"Telephony:Media:Socket is '{path}': another media node listens there.");
            File.Delete(path); // what a killed one left
            _listener.Bind(new UnixDomainSocketEndPoint(path));
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            _listener.Listen(MaxConnections);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"Telephony:Media:Socket is '{path}': {e.Message}", e);
        }

        _accepting = Task.Run(Accept, CancellationToken.None);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await _accepting.ConfigureAwait(false);
        File.Delete(path);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _ending.Dispose();
    }

    private async Task Accept()
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptAsync(_ending.Token).ConfigureAwait(false);
                if (Volatile.Read(ref _connections) < MaxConnections && UnixPeer.IsOurs(socket))
                {
                    _ = Serve(socket);
                    continue;
                }

                Log.ConnectionRefused(log, path);
                socket.Dispose();
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
            {
                Log.AcceptFailed(log, e, path); // no descriptors, perhaps: others are freed
                await Task.Delay(TimeSpan.FromMilliseconds(100), time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task Serve(Socket socket)
    {
        Interlocked.Increment(ref _connections);
        using var connection = new FrameConnection(socket);
        try
        {
            await new MediaSession(node, boot, connection, time, log).Run(_ending.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
        }
        catch (Exception e) // what came made no sense: its connection ends, nobody else's
        {
            Log.NotOurs(log, path, e.Message);
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }

    private async Task<bool> IsListening(CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
