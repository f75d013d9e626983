namespace Telephony.Media.Sounds;

/// <summary>The hold music that comes with the system: composed here, so that nobody has a right to it, and played by <see cref="MusicSynthesis"/>. Each piece ends where it begins.</summary>
internal static class HoldMusic
{
    // chords as MIDI notes, two bars of 4/4 each; a melody note a quarter, counted from the chord's lowest note up its notes and on into the next octave, -1: none
    private static readonly Dictionary<string, MusicPiece> Pieces = new(StringComparer.Ordinal)
    {
        ["default"] = new(
            BeatsPerMinute: 76,
            Chords: [[53, 60, 64, 69], [50, 57, 60, 65], [46, 53, 57, 62], [48, 55, 58, 64], [53, 60, 64, 67], [45, 52, 55, 60], [46, 53, 57, 65], [48, 55, 58, 62],
                [50, 57, 60, 64], [43, 50, 58, 65], [48, 55, 58, 64], [53, 57, 60, 64]],
            Melody: [1, 2, 3, 5, 4, 3, 2, -1, 1, 3, 5, 6, 5, -1, 3, 2]),
        ["dawn"] = new(
            BeatsPerMinute: 66,
            Chords: [[48, 55, 62, 64], [45, 52, 59, 60], [53, 60, 64, 67], [43, 50, 59, 62], [48, 55, 59, 64], [52, 59, 62, 67], [53, 57, 60, 64], [43, 53, 57, 62],
                [50, 57, 60, 65], [43, 50, 57, 59]],
            Melody: [2, -1, 3, 4, -1, 3, 2, -1, 1, -1, 3, 5, -1, 4, 3, -1]),
        ["harbour"] = new(
            BeatsPerMinute: 88,
            Chords: [[50, 57, 61, 66], [47, 54, 57, 62], [43, 50, 55, 59], [45, 52, 57, 61], [54, 57, 61, 66], [47, 54, 59, 62], [52, 55, 59, 62], [45, 52, 55, 61],
                [50, 57, 62, 66], [43, 50, 54, 59], [52, 55, 59, 64], [45, 52, 57, 62], [45, 52, 55, 61], [50, 57, 62, 66]],
            Melody: [1, 3, 2, 4, 3, 5, 4, 2, 1, 3, 2, 5, 4, -1, 3, -1]),
    };

    public static IEnumerable<string> Names => Pieces.Keys;

    public static AudioClip? Find(string name) => Pieces.TryGetValue(name, out var piece) ? MusicSynthesis.Play(piece) : null;
}
