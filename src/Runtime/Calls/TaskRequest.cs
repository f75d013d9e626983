using Telephony.Runtime.Copying;

namespace Telephony.Runtime.Calls;

/// <summary>A call of a method that returns <see cref="Task"/>.</summary>
internal abstract class TaskRequest(int method) : Request(method)
{
    private Task? _task;
    private TaskCompletionSource? _answer;

    /// <summary>Generated.</summary>
    protected abstract Task Invoke(object grain);

    /// <summary>Called by generated code.</summary>
    internal Task Send(GrainReference target)
    {
        if (Method.IsOneWay)
        {
            if (!Call(target)) return Task.CompletedTask; // the request is not ours any more
        }
        else if (!Call(target))
        {
            var answer = _answer!.Task;
            Release();
            return answer;
        }

        var ended = _task!;
        Recycle();
        return ended;
    }

    protected sealed override Exception? Failure => _task!.Exception?.InnerException;

    protected sealed override bool Begin(object grain) => (_task = Invoke(grain) ?? throw new InvalidOperationException($"{this} returned null.")).IsCompleted;
    protected sealed override void WhenEnded(Action ended) => _task!.GetAwaiter().UnsafeOnCompleted(ended);
    protected sealed override void Collect() { }
    protected sealed override void Collect(Exception failure) => _task = Task.FromException(failure);
    protected sealed override void Open() => _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    protected sealed override void Answer() => _answer!.SetFromTask(_task!);
    protected sealed override void Answer(Exception failure) => _answer!.SetException(failure);
    protected override void Reset() => (_task, _answer) = (null, null);
}

/// <summary>A call of a method that returns <see cref="Task{T}"/>.</summary>
internal abstract class TaskRequest<T>(int method) : Request(method)
{
    private Task<T>? _task;
    private TaskCompletionSource<T>? _answer;

    /// <summary>Generated.</summary>
    protected abstract Task<T> Invoke(object grain);

    /// <summary>Called by generated code.</summary>
    internal Task<T> Send(GrainReference target)
    {
        if (!Call(target))
        {
            var answer = _answer!.Task;
            Release();
            return answer;
        }

        var ended = Copied(_task!, Copier);
        Recycle();
        return ended;
    }

    protected sealed override Exception? Failure => _task!.Exception?.InnerException;

    protected sealed override bool Begin(object grain) => (_task = Invoke(grain) ?? throw new InvalidOperationException($"{this} returned null.")).IsCompleted;
    protected sealed override void WhenEnded(Action ended) => _task!.GetAwaiter().UnsafeOnCompleted(ended);
    protected sealed override void Collect() { }
    protected sealed override void Collect(Exception failure) => _task = Task.FromException<T>(failure);
    protected sealed override void Open() => _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    protected sealed override void Answer() => _answer!.SetFromTask(Copied(_task!, Copier));
    protected sealed override void Answer(Exception failure) => _answer!.SetException(failure);
    protected override void Reset() => (_task, _answer) = (null, null);

    private static Task<T> Copied(Task<T> task, DeepCopier? copier)
    {
        if (copier is null || !task.IsCompletedSuccessfully) return task;

        try
        {
            return Task.FromResult(copier.Copy(task.Result));
        }
        catch (Exception e)
        {
            return Task.FromException<T>(e);
        }
    }
}
