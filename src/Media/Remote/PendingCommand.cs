using System.Text.Json;

namespace Telephony.Media.Remote;

/// <summary>A command that was sent and has no answer yet.</summary>
internal abstract class PendingCommand(long deadline)
{
    /// <summary>A timestamp: after it the node counts as away for this command.</summary>
    public long Deadline { get; } = deadline;

    /// <summary>Takes what comes after the id.</summary>
    public abstract void Answer(ref Utf8JsonReader json);

    /// <summary>There will be no answer.</summary>
    public abstract void GiveUp();
}

/// <param name="away">What the command gives when there is no answer.</param>
internal sealed class PendingCommand<T>(long deadline, T away) : PendingCommand(deadline)
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Result => _answer.Task;

    public override void Answer(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType is JsonTokenType.String)
        {
            _answer.TrySetException(new InvalidOperationException(json.GetString()));
            return;
        }

        json.Read();
        _answer.TrySetResult(JsonSerializer.Deserialize<T>(ref json, Wire.Json)!);
    }

    public override void GiveUp() => _answer.TrySetResult(away);
}
