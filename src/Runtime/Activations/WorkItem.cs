namespace Telephony.Runtime.Activations;

/// <summary>Something that an activation does in one turn. It links itself into the activation's queue, so queueing allocates nothing.</summary>
internal abstract class WorkItem
{
    internal WorkItem? Next;

    /// <summary>Runs as a turn of <paramref name="activation"/>; throws nothing.</summary>
    internal abstract void Run(Activation activation);
}

/// <summary>First in, first out; guarded by its owner.</summary>
internal struct WorkQueue
{
    private WorkItem? _first, _last;

    internal readonly WorkItem? First => _first;

    internal void Enqueue(WorkItem item)
    {
        if (_last is null) _first = item;
        else _last.Next = item;
        _last = item;
    }

    internal WorkItem? Dequeue()
    {
        if (_first is not { } item) return null;

        _first = item.Next;
        if (_first is null) _last = null;
        item.Next = null;
        return item;
    }

    /// <summary>Takes the first item that matches; there is one, and it is not the first of all.</summary>
    internal Message Dequeue(Predicate<WorkItem> match)
    {
        var before = _first!;
        while (!match(before.Next!)) before = before.Next!;
        var item = before.Next!;
        before.Next = item.Next;
        if (_last == item) _last = before;
        item.Next = null;
        return (Message)item;
    }
}
