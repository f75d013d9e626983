namespace Telephony.Media.Churn;

/// <summary>What the process has in use.</summary>
internal readonly record struct Resources(int Descriptors, int MediaThreads, long ManagedBytes, long ResidentBytes)
{
    /// <summary>After a full collection.</summary>
    public static Resources Take()
    {
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        var threads = 0;
        foreach (var task in Directory.GetDirectories("/proc/self/task"))
        {
            try
            {
                if (File.ReadAllText(task + "/comm").StartsWith("media ", StringComparison.Ordinal)) threads++;
            }
            catch (IOException) // it has just ended
            {
            }
        }

        // the runtime opens files of /proc for a moment now and then
        var descriptors = Enumerable.Range(0, 10).Min(_ => Directory.GetFileSystemEntries("/proc/self/fd").Length);
        return new Resources(descriptors, threads, GC.GetTotalMemory(forceFullCollection: false), Environment.WorkingSet);
    }
}
