using System.Text.Json;

namespace Telephony.Grains.Calls.History;

/// <summary>Enum members as they stand in tables and JSON.</summary>
internal static class SnakeCase
{
    public static string Of<T>(T value) where T : struct, Enum => Names<T>.ByValue[value];

    /// <exception cref="FormatException">No member of <typeparamref name="T"/> has the name.</exception>
    public static T Parse<T>(string name) where T : struct, Enum =>
        Names<T>.ByName.TryGetValue(name, out var value) ? value : throw new FormatException($"'{name}' is no {typeof(T).Name}.");

    private static class Names<T> where T : struct, Enum
    {
        public static readonly Dictionary<T, string> ByValue = Enum.GetValues<T>().ToDictionary(v => v, v => JsonNamingPolicy.SnakeCaseLower.ConvertName(v.ToString()));
        public static readonly Dictionary<string, T> ByName = ByValue.ToDictionary(v => v.Value, v => v.Key);
    }
}
