namespace Telephony.Prompts;

/// <summary>Holds a file until it is disposed, so that one process at a time writes the folder.</summary>
internal static class FolderLock
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100), Longest = TimeSpan.FromMinutes(5);

    public static async Task<IDisposable> Take(string path, TimeProvider time)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (time.GetElapsedTime(start) < Longest)
            {
                await Task.Delay(Poll, time);
            }
        }
    }
}
