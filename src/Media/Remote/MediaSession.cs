using System.Buffers;
using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Telephony.Media.Remote;

/// <summary>One who drives the node over a socket: commands begin in the order in which they come, and are answered as they end.</summary>
internal sealed class MediaSession(IMediaNode node, string boot, FrameConnection connection, TimeProvider time, ILogger log)
{
    /// <summary>Commands under way; one more is refused.</summary>
    private const int MaxCommands = 20_000;

    private static readonly TimeSpan HelloWithin = TimeSpan.FromSeconds(5);

    private int _underWay;
    private bool _isGreeted;

    /// <summary>Until the other side ends.</summary>
    public async Task Run(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var stranger = time.CreateTimer(_ => { if (!_isGreeted) connection.Abort(); }, null, HelloWithin, Timeout.InfiniteTimeSpan);
        connection.Write(new Hello(Wire.Version, node.Id, boot), static (json, hello) => JsonSerializer.Serialize(json, hello, Wire.Json));
        connection.Flush();
        await connection.Read(Take, connection.Flush, ending.Token).ConfigureAwait(false);
    }

    private bool Take(ReadOnlySequence<byte> frame)
    {
        var json = new Utf8JsonReader(frame);
        if (!_isGreeted)
        {
            var hello = JsonSerializer.Deserialize<Hello>(ref json, Wire.Json);
            _isGreeted = hello?.Version == Wire.Version;
            if (!_isGreeted) Log.OtherVersion(log, node.Id, hello?.Version ?? 0, Wire.Version);
            return _isGreeted;
        }

        json.Read(); // [
        json.Read();
        var id = json.GetUInt32();
        json.Read();
        var name = json.GetString()!;
        if (!MediaCommand.All.TryGetValue(name, out var command)) Refuse(id, $"This node is older: it knows no {name}.");
        else if (Volatile.Read(ref _underWay) >= MaxCommands) Refuse(id, $"{MaxCommands} commands are under way.");
        else if (TryReadArguments(ref json, command, out var arguments)) _ = Invoke(id, command, arguments);
        else Refuse(id, $"The arguments of {name} can't be read.");
        return true;
    }

    private static bool TryReadArguments(ref Utf8JsonReader json, MediaCommand command, out object?[] arguments)
    {
        arguments = new object?[command.Parameters.Length];
        try
        {
            var given = 0;
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                if (given < arguments.Length) arguments[given] = JsonSerializer.Deserialize(ref json, command.Parameters[given], Wire.Json);
                else json.Skip();
                given++;
            }

            for (var i = given; i < arguments.Length; i++) arguments[i] = command.Parameters[i].IsValueType ? Activator.CreateInstance(command.Parameters[i]) : null;
            return true;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException)
        {
            return false;
        }
    }

    private async Task Invoke(uint id, MediaCommand command, object?[] arguments)
    {
        Interlocked.Increment(ref _underWay);
        try
        {
            var task = command.Invoke(node, arguments);
            var isLater = !task.IsCompleted;
            Answer(id, await task.ConfigureAwait(false), command.Result);
            if (isLater) connection.Flush();
        }
        catch (Exception e)
        {
            var error = e is TargetInvocationException { InnerException: { } inner } ? inner : e;
            if (error is not (ArgumentException or ObjectDisposedException)) Log.CommandFailed(log, error, command.Name);
            Refuse(id, error.Message);
            connection.Flush();
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private void Refuse(uint id, string error) => Answer(id, null, typeof(object), error);

    private void Answer(uint id, object? result, Type type, string? error = null) =>
        connection.Write((id, result, type, error), static (json, answer) =>
        {
            json.WriteStartArray();
            json.WriteNumberValue(answer.id);
            json.WriteStringValue(answer.error);
            if (answer.error is null) JsonSerializer.Serialize(json, answer.result, answer.type, Wire.Json);
            json.WriteEndArray();
        });
}
