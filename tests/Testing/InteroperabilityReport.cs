using System.Security.Cryptography;
using System.Text;

namespace Telephony.Testing;

/// <summary>The rows of <c>docs/interoperability.md</c>: a test in which a program of somebody else's did well says so as its last step, and <c>test.sh</c> writes the page.</summary>
public static class InteroperabilityReport
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "TestResults", "interoperability");

    /// <param name="program">Its package, of Debian or of npm.</param>
    /// <param name="transport">Rows that differ in this alone become one row.</param>
    /// <param name="what">What was tried.</param>
    /// <param name="result">What came of it, when that is not simply that it works.</param>
    public static void Works(string program, string transport, string what, string result = "works")
    {
        var row = string.Join('\t', program, transport, what, result);
        Directory.CreateDirectory(s_folder);
        File.WriteAllText(Path.Combine(s_folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(row)))[..16]), row + "\n");
    }
}
