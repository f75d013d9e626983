using System.Text.Json;

namespace Telephony.Media.Recording;

/// <summary>What is kept on disk of a recording beside its bytes, so that it can be stored after a crash.</summary>
internal sealed record SpoolState(string Recording, string Owner, string Call, string Leg, string Path, int SampleRate, int Channels)
{
    private const string FileName = "recording.json";

    public static SpoolState? Read(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<SpoolState>(File.ReadAllBytes(System.IO.Path.Combine(folder, FileName)));
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Write(string folder)
    {
        using var file = Spool.Create(System.IO.Path.Combine(folder, FileName));
        JsonSerializer.Serialize(file, this);
    }
}
