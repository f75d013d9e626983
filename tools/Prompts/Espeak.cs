using System.ComponentModel;
using System.Diagnostics;

namespace Telephony.Prompts;

/// <summary>The speech synthesiser, a process for each text: it takes about 10 ms.</summary>
internal static class Espeak
{
    private const string WordsPerMinute = "155";

    /// <summary>A WAV file.</summary>
    /// <exception cref="PromptException">espeak-ng is not installed, or refuses.</exception>
    public static async Task<byte[]> Say(string text, string voice)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("espeak-ng", ["-v", voice, "-s", WordsPerMinute, "--stdout", "--", text])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var errors = process.StandardError.ReadToEndAsync();
            using var wav = new MemoryStream();
            await process.StandardOutput.BaseStream.CopyToAsync(wav);
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? wav.ToArray() : throw new PromptException($"espeak-ng -v {voice} failed: {(await errors).Trim().ReplaceLineEndings(" ")}");
        }
        catch (Win32Exception)
        {
            throw new PromptException("espeak-ng is missing, which speaks the prompts: install the Debian package espeak-ng");
        }
    }
}
