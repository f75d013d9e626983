namespace Telephony.Media.Relay;

/// <summary>How a media thread hears of datagrams. All but <see cref="Add"/>, <see cref="Remove"/>, <see cref="Free"/> and <see cref="Wake"/> is for that thread alone.</summary>
internal abstract unsafe class DatagramReceiver : IDisposable
{
    private readonly int _event = Libc.Checked(Libc.eventfd(0, Libc.EFD_NONBLOCK | Libc.EFD_CLOEXEC));

    /// <summary>Readable when the thread is to look up.</summary>
    protected int Event => _event;

    /// <summary>The best that the system allows.</summary>
    public static DatagramReceiver Create(bool isUringWanted) => (isUringWanted ? UringReceiver.TryCreate() : null) ?? (DatagramReceiver)new EpollReceiver();

    /// <summary>Starts to receive from this channel. From any thread.</summary>
    public abstract void Add(MediaChannel channel);

    /// <summary>Stops to receive from this channel. It may still be in use until the thread has passed by; only then <see cref="Free"/> it and close its socket.</summary>
    public abstract void Remove(MediaChannel channel);

    /// <summary>Frees what was kept for the channel.</summary>
    public abstract void Free(MediaChannel channel);

    /// <summary>Ends the thread's wait. From any thread.</summary>
    public void Wake()
    {
        var one = 1UL;
        _ = Libc.write(_event, &one, sizeof(ulong));
    }

    /// <summary>Waits until something has come or <see cref="Wake"/> was called, and hands it to its channels.</summary>
    public abstract void Receive(MediaThread thread);

    /// <summary>Carries out what was asked for before this: what was removed is not used after it.</summary>
    public virtual void Settle(MediaThread thread)
    {
    }

    public virtual void Dispose() => _ = Libc.close(_event);

    protected void TakeWake()
    {
        ulong count;
        _ = Libc.read(_event, &count, sizeof(ulong));
    }
}
