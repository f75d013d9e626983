using System.Text.Json;
using System.Text.Json.Serialization;

namespace Telephony.Media.Recording;

/// <summary>What is kept on disk of a recording beside its bytes, so that it can be stored after a crash.</summary>
internal sealed record SpoolState(string Recording, string Owner, string Call, string Leg, [property: JsonPropertyName("Path")] string WantedPath, int SampleRate, int Channels, int Part = 1)
{
    private const string FileName = "recording.json";

    /// <summary>Where it is stored: as wanted, or with its number before the extension (<c>call.2.wav</c>).</summary>
    [JsonIgnore]
    public string Path => Part == 1 ? WantedPath : System.IO.Path.ChangeExtension(WantedPath, Part + System.IO.Path.GetExtension(WantedPath));

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
        var path = System.IO.Path.Combine(folder, FileName);
        using (var file = Spool.Create(path + ".new")) JsonSerializer.Serialize(file, this);
        File.Move(path + ".new", path, overwrite: true); // whole, or not at all
    }
}
