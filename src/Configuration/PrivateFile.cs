using System.Runtime.InteropServices;

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
            if (!OperatingSystem.IsWindows() && Link(aside, path) == 0)
            {
                File.Delete(aside);
                return true;
            }

            File.Move(aside, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(aside);
            return false;
        }
    }

    /// <summary>link(2): fails when the name is there, and of two who try at once one wins. <c>File.Move</c> looks first and renames then, so that both would.</summary>
    [DllImport("libc", EntryPoint = "link")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string existing, [MarshalAs(UnmanagedType.LPUTF8Str)] string name);

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
