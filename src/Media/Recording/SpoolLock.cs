namespace Telephony.Media.Recording;

/// <summary>A folder of recordings has one node, or each would store what the other still records. The kernel ends the lock with the process.</summary>
internal static class SpoolLock
{
    /// <returns>Held until it is disposed.</returns>
    /// <exception cref="InvalidOperationException">Another node has the folder, or it can't be made or written to.</exception>
    public static FileStream Take(string folder)
    {
        try
        {
            Spool.CreateFolder(folder);
            var how = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
            if (!OperatingSystem.IsWindows()) how.UnixCreateMode = Spool.OwnerOnly;
            return new FileStream(Path.Combine(folder, "lock"), how);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"Telephony:Media:Recording:Folder is '{folder}', allowed is a folder that can be written to and that no other media node uses: {e.Message}", e);
        }
    }
}
