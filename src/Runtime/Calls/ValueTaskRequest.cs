using System.Threading.Tasks.Sources;

namespace Telephony.Runtime.Calls;

/// <summary>A call of a method that returns <see cref="ValueTask"/>: the caller awaits the request itself, so nothing is allocated.</summary>
internal abstract class ValueTaskRequest(int method) : Request(method), IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _answer = new() { RunContinuationsAsynchronously = true };
    private ValueTask _task;
    private Exception? _failure;

    /// <summary>Generated.</summary>
    protected abstract ValueTask Invoke(object grain);

    /// <summary>Called by generated code.</summary>
    internal ValueTask Send(GrainReference target)
    {
        var isOneWay = Method.IsOneWay;
        if (!Call(target)) return isOneWay ? default : new(this, _answer.Version);

        var failure = _failure;
        Recycle();
        return failure is null ? default : ValueTask.FromException(failure);
    }

    void IValueTaskSource.GetResult(short token)
    {
        var isAnswered = _answer.GetStatus(token) != ValueTaskSourceStatus.Pending; // throws for a token of an earlier use
        try
        {
            _answer.GetResult(token);
        }
        finally
        {
            if (isAnswered) Release();
        }
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _answer.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _answer.OnCompleted(continuation, state, token, flags);

    protected sealed override Exception? Failure => _failure;

    protected sealed override bool Begin(object grain)
    {
        var task = Invoke(grain);
        if (task.IsCompleted)
        {
            task.GetAwaiter().GetResult(); // a failure is caught outside
            return true;
        }

        _task = task;
        return false;
    }

    protected sealed override void WhenEnded(Action ended) => _task.GetAwaiter().UnsafeOnCompleted(ended);

    protected sealed override void Collect()
    {
        try
        {
            _task.GetAwaiter().GetResult();
        }
        catch (Exception e)
        {
            _failure = e;
        }
    }

    protected sealed override void Collect(Exception failure) => _failure = failure;
    protected sealed override void Open() { }

    protected sealed override void Answer()
    {
        if (_failure is { } failure) _answer.SetException(failure);
        else _answer.SetResult(true);
    }

    protected sealed override void Answer(Exception failure) => _answer.SetException(failure);

    protected override void Reset()
    {
        _answer.Reset();
        _task = default;
        _failure = null;
    }
}

/// <summary>A call of a method that returns <see cref="ValueTask{T}"/>: the caller awaits the request itself, so nothing is allocated.</summary>
internal abstract class ValueTaskRequest<T>(int method) : Request(method), IValueTaskSource<T>
{
    private ManualResetValueTaskSourceCore<T> _answer = new() { RunContinuationsAsynchronously = true };
    private ValueTask<T> _task;
    private T _result = default!;
    private Exception? _failure;

    /// <summary>Generated.</summary>
    protected abstract ValueTask<T> Invoke(object grain);

    /// <summary>Called by generated code.</summary>
    internal ValueTask<T> Send(GrainReference target)
    {
        if (!Call(target)) return new(this, _answer.Version);

        var failure = _failure;
        var result = _result;
        Recycle();
        return failure is null ? new(result) : ValueTask.FromException<T>(failure);
    }

    T IValueTaskSource<T>.GetResult(short token)
    {
        var isAnswered = _answer.GetStatus(token) != ValueTaskSourceStatus.Pending; // throws for a token of an earlier use
        try
        {
            return _answer.GetResult(token);
        }
        finally
        {
            if (isAnswered) Release();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _answer.GetStatus(token);

    void IValueTaskSource<T>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _answer.OnCompleted(continuation, state, token, flags);

    protected sealed override Exception? Failure => _failure;

    protected sealed override bool Begin(object grain)
    {
        var task = Invoke(grain);
        if (task.IsCompleted)
        {
            Keep(task.GetAwaiter().GetResult()); // a failure is caught outside
            return true;
        }

        _task = task;
        return false;
    }

    protected sealed override void WhenEnded(Action ended) => _task.GetAwaiter().UnsafeOnCompleted(ended);

    protected sealed override void Collect()
    {
        try
        {
            Keep(_task.GetAwaiter().GetResult());
        }
        catch (Exception e)
        {
            _failure = e;
        }
    }

    protected sealed override void Collect(Exception failure) => _failure = failure;
    protected sealed override void Open() { }

    protected sealed override void Answer()
    {
        if (_failure is { } failure) _answer.SetException(failure);
        else _answer.SetResult(_result);
    }

    protected sealed override void Answer(Exception failure) => _answer.SetException(failure);

    protected override void Reset()
    {
        _answer.Reset();
        _task = default;
        _result = default!;
        _failure = null;
    }

    private void Keep(T result) => _result = Copier is { } copier ? copier.Copy(result) : result;
}
