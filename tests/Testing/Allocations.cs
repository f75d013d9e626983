namespace Telephony.Testing;

/// <summary>What code allocates on the thread that runs it.</summary>
public static class Allocations
{
    /// <summary>
    /// Bytes that <paramref name="act"/> leaves each time. It runs seven times, and the least of the last five counts: the others may pay for what is made once, as by the
    /// compiler that replaces code while it runs.
    /// </summary>
    public static long Of(Action act)
    {
        act();
        act();
        return Enumerable.Range(0, 5).Min(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            act();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
    }
}
