using System.Buffers;
using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Telephony.Media.Remote;

/// <summary>
/// The one connection to a media node: made again when it ends, asked each second whether the node still answers, and shared by all commands, which don't wait for each other.
/// </summary>
internal sealed class RemoteLink(string id, string path, TimeProvider time, ILogger log) : IAsyncDisposable
{
    /// <summary>Commands without an answer; one more fails at once.</summary>
    private const int MaxPending = 10_000;

    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(1), SilentFor = TimeSpan.FromSeconds(3), TryEvery = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentDictionary<uint, PendingCommand> _pending = new();
    private volatile FrameConnection? _connection;
    private volatile MediaNodeState? _state;
    private TaskCompletionSource _here = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;
    private Hello? _hello;
    private string? _boot, _awayFor;
    private uint _last;
    private bool _isDisposed;

    /// <summary>Null: the node is away.</summary>
    public MediaNodeState? State => _state;

    public event Action<string>? Lost;

    public void Start() => _running = Task.Run(Run);

    public async Task<bool> WaitUntilHere(TimeSpan limit)
    {
        await Volatile.Read(ref _here).Task.WaitAsync(limit, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _state is not null;
    }

    /// <param name="away">What it gives when the node is away, or does not answer within <paramref name="limit"/>.</param>
    /// <exception cref="InvalidOperationException">The node refused the command: a broken caller, or an older node.</exception>
    public ValueTask<T> Call<T>(string command, object?[] arguments, TimeSpan limit, T away)
    {
        if (_connection is not { } connection || _pending.Count >= MaxPending) return new(away);

        var number = Interlocked.Increment(ref _last);
        var pending = new PendingCommand<T>(time.GetTimestamp() + (long)(limit.TotalSeconds * time.TimestampFrequency), away);
        _pending[number] = pending;
        connection.Write((number, command, arguments), static (json, request) => Write(json, request.number, request.command, request.arguments));
        connection.Flush();
        if (_connection != connection && _pending.TryRemove(number, out _)) pending.GiveUp(); // it ended meanwhile
        return new(pending.Result);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true)) return;
        await _ending.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _ending.Dispose();
    }

    private static void Write(Utf8JsonWriter json, uint number, string command, object?[] arguments)
    {
        var types = MediaCommand.All[command].Parameters;
        json.WriteStartArray();
        json.WriteNumberValue(number);
        json.WriteStringValue(command);
        for (var i = 0; i < arguments.Length; i++) JsonSerializer.Serialize(json, arguments[i], types[i], Wire.Json);
        json.WriteEndArray();
    }

    private async Task Run()
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), _ending.Token).ConfigureAwait(false);
                if (!UnixPeer.IsOurs(socket)) throw new IOException("it belongs to another user");
                using var connection = new FrameConnection(socket);
                await Serve(connection).ConfigureAwait(false);
                throw new IOException("the connection has ended");
            }
            catch (SocketException e)
            {
                IsAway(e.Message);
                if (e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.AddressNotAvailable) IsLost(); // nobody listens, so the process is gone
            }
            catch (OperationCanceledException)
            {
            }
            catch (Exception e) // whatever came or did not: it is tried again
            {
                IsAway(e.Message);
            }

            await Task.Delay(TryEvery, time, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        IsAway(null);
    }

    private async Task Serve(FrameConnection connection)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
        _hello = null;
        connection.Write(new Hello(Wire.Version, id, ""), static (json, hello) => JsonSerializer.Serialize(json, hello, Wire.Json));
        connection.Flush();
        var asking = Ask(connection, over.Token);
        try
        {
            await connection.Read(frame => Take(frame, connection), null, over.Token).ConfigureAwait(false);
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private bool Take(ReadOnlySequence<byte> frame, FrameConnection connection)
    {
        var json = new Utf8JsonReader(frame);
        if (_hello is null)
        {
            Greeted(JsonSerializer.Deserialize<Hello>(ref json, Wire.Json)!, connection);
            return true;
        }

        json.Read(); // [
        json.Read();
        if (!_pending.TryRemove(json.GetUInt32(), out var pending)) return true; // it took too long
        try
        {
            pending.Answer(ref json);
            return true;
        }
        finally
        {
            pending.GiveUp(); // unless it is answered
        }
    }

    private void Greeted(Hello hello, FrameConnection connection)
    {
        if (hello.Version != Wire.Version) throw new InvalidDataException($"it speaks version {hello.Version} of the protocol, this is {Wire.Version}: use programs of one release");
        if (hello.Id != id) throw new InvalidDataException($"it is node '{hello.Id}': see Telephony:Media:Nodes and that node's Telephony:Media:Id");
        if (_boot is not null && _boot != hello.Boot) IsLost();
        (_hello, _boot, _connection) = (hello, hello.Boot, connection);
    }

    /// <summary>Asks the node how it is, each second; one that says nothing for a while loses its connection.</summary>
    private async Task Ask(FrameConnection connection, CancellationToken cancellationToken)
    {
        var heardAt = time.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), time); // until the greeting
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_connection == connection)
            {
                timer.Period = AskEvery;
                var asked = Call<MediaNodeState?>(nameof(IMediaNode.GetState), [], SilentFor, null).AsTask();
                _ = asked.ContinueWith(
                    answer =>
                    {
                        if (answer.Result is not { } state || _connection != connection) return;
                        heardAt = time.GetTimestamp();
                        IsHere(state);
                    }, CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }

            GiveUpLate();
            if (time.GetElapsedTime(heardAt) < SilentFor) continue;
            IsAway("it does not answer");
            connection.Abort();
            return;
        }
    }

    private void GiveUpLate()
    {
        var now = time.GetTimestamp();
        foreach (var (number, pending) in _pending)
        {
            if (now >= pending.Deadline && _pending.TryRemove(number, out _)) pending.GiveUp();
        }
    }

    private void IsHere(MediaNodeState state)
    {
        if (_state is null) Log.Here(log, id, state.Boot, state.Legs);
        _state = state;
        _awayFor = null;
        Volatile.Read(ref _here).TrySetResult();
    }

    /// <param name="reason">Null: we end ourselves.</param>
    private void IsAway(string? reason)
    {
        _connection = null;
        if (_state is not null)
        {
            Volatile.Write(ref _here, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            _state = null;
        }

        if (reason is not null && _awayFor != reason) Log.Away(log, id, path, reason);
        _awayFor = reason;
        foreach (var (number, _) in _pending)
        {
            if (_pending.TryRemove(number, out var pending)) pending.GiveUp();
        }
    }

    private void IsLost()
    {
        if (_boot is not { } boot) return;
        _boot = null;
        Log.Lost(log, id, boot);
        Lost?.Invoke(boot);
    }
}
