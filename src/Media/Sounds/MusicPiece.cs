namespace Telephony.Media.Sounds;

/// <summary>A piece of hold music as it is written down: see <see cref="HoldMusic"/>.</summary>
internal sealed record MusicPiece(int BeatsPerMinute, int[][] Chords, int[] Melody);
