using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Telephony.Media;

/// <summary>
/// The shared libraries that the node uses when they are there. One that is missing switches off only what needs it; <see cref="Report"/> names the Debian package.
/// </summary>
internal static class NativeLibraries
{
    public const string Opus = "libopus.so.0";
    public const string SpeexDsp = "libspeexdsp.so.1";
    public const string Ssl = "libssl.so.3";

    private static readonly (string Library, string Package, string Feature)[] Known =
    [
        (Opus, "libopus0", "Opus can't be transcoded"),
        (SpeexDsp, "libspeexdsp1", "codecs of different sample rates can't be transcoded"),
        (Ssl, "libssl3", "browsers have no audio"),
    ];

    private static readonly ConcurrentDictionary<string, bool> Present = new();

    /// <summary>Whether the library can be loaded. Asked of the system once for each; a library that is installed later is found at the next start.</summary>
    public static bool IsPresent(string library) => Present.GetOrAdd(library, static name => NativeLibrary.TryLoad(name, out _));

    /// <summary>One line for each library that is missing.</summary>
    public static void Report(ILogger log)
    {
        foreach (var (library, package, feature) in Missing(IsPresent)) Log.LibraryMissing(log, library, package, feature);
    }

    internal static IEnumerable<(string Library, string Package, string Feature)> Missing(Func<string, bool> isPresent) => Known.Where(k => !isPresent(k.Library));
}
