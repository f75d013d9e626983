namespace Telephony.Events.Tests;

/// <summary>A folder of a test's own, gone with it.</summary>
internal sealed class TestFolder : IDisposable
{
    public string Path { get; } = Create();

    public string Journal => System.IO.Path.Combine(Path, "journal");

    public static implicit operator string(TestFolder folder) => folder.Path;

    /// <summary>The files as they are, as a crash would leave them.</summary>
    public TestFolder Copy()
    {
        var copy = new TestFolder();
        Directory.CreateDirectory(copy.Journal);
        foreach (var file in Directory.EnumerateFiles(Journal, "*.journal")) File.Copy(file, System.IO.Path.Combine(copy.Journal, System.IO.Path.GetFileName(file)));
        return copy;
    }

    // In memory where that is possible: some tests open a journal a thousand times, and each time syncs.
    private static string Create() => Directory.Exists("/dev/shm")
        ? Directory.CreateDirectory($"/dev/shm/telephony-events-{Guid.NewGuid():N}").FullName
        : Directory.CreateTempSubdirectory("telephony-events-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
