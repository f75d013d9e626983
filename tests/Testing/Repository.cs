namespace Telephony.Testing;

/// <summary>Where the sources are, for tests that need files or tools from there.</summary>
public static class Repository
{
    /// <summary>The folder that holds <c>Telephony.sln</c>.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Telephony.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException($"No Telephony.sln above {AppContext.BaseDirectory}.");
    }
}
