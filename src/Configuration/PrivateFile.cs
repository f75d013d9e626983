namespace Telephony.Configuration;

/// <summary>Files that only their owner may read (mode 600, in folders of mode 700). A reader sees the old content or the whole new one.</summary>
public static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void CreateFolder(string path)
    {
        if (Directory.Exists(path)) return;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
    }

    /// <summary>Writes the file, or replaces it.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content) => File.Move(WriteAside(path, content), path, overwrite: true);

    /// <summary>Writes the file unless it is there already.</summary>
    public static bool TryCreate(string path, ReadOnlySpan<byte> content)
    {
        var aside = WriteAside(path, content);
        try
        {
            File.Move(aside, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(aside);
            return false;
        }
    }

    private static string WriteAside(string path, ReadOnlySpan<byte> content)
    {
        var aside = $"{path}.{Guid.NewGuid():n}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using var file = new FileStream(aside, options);
        file.Write(content);
        file.Flush(flushToDisk: true);
        return aside;
    }
}
