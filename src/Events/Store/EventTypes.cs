using System.Buffers;
using System.Collections.Frozen;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Telephony.Events;

/// <summary>The event types of some assemblies and the aliases they are stored under. An alias that is not among them is still readable as JSON.</summary>
public sealed class EventTypes
{
    private static readonly SearchValues<char> AliasChars = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");

    private readonly FrozenDictionary<Type, EventType> _byType;
    private readonly FrozenDictionary<string, EventType> _byAlias;

    /// <exception cref="InvalidOperationException">Two types have one alias, or an alias is not snake_case.</exception>
    public EventTypes(IEnumerable<Assembly> assemblies)
    {
        var byAlias = new Dictionary<string, EventType>();
        foreach (var type in assemblies.Distinct().SelectMany(a => a.GetTypes()))
        {
            if (type.GetCustomAttribute<EventTypeAttribute>(inherit: false) is not { Alias: var alias }) continue;

            if (alias.Length is 0 or > 500 || alias.AsSpan().ContainsAnyExcept(AliasChars))
            {
                throw new InvalidOperationException($"The alias '{alias}' of {type} is not snake_case.");
            }

            if (!byAlias.TryAdd(alias, new(alias, type)))
            {
                throw new InvalidOperationException($"The alias '{alias}' is that of {byAlias[alias].Type} and of {type}.");
            }
        }

        _byAlias = byAlias.ToFrozenDictionary();
        _byType = byAlias.Values.ToFrozenDictionary(t => t.Type);
    }

    /// <summary>How events are written: camelCase, enums as snake_case strings, nothing for null.</summary>
    public static JsonSerializerOptions Json { get; } = CreateJson();

    /// <summary>Null for an alias that no type has (any more).</summary>
    public Type? Find(string alias) => _byAlias.GetValueOrDefault(alias)?.Type;

    /// <summary>The event as an object, or null when its alias is unknown here.</summary>
    /// <exception cref="JsonException">The data is not what the type was.</exception>
    public object? Read(StoredEvent e) => Read(e.Type, e.Data.Span);

    /// <summary>As <see cref="Read(StoredEvent)"/>.</summary>
    public object? Read(string alias, ReadOnlySpan<byte> data) => _byAlias.TryGetValue(alias, out var type) ? JsonSerializer.Deserialize(data, type.Json) : null;

    internal EventType? Registered(string alias) => _byAlias.GetValueOrDefault(alias);

    internal EventType Of(object e) => _byType.TryGetValue(e.GetType(), out var type)
        ? type
        : throw new ArgumentException($"{e.GetType()} is no registered event type: give it [EventType] and its assembly to AddEventTypes.", nameof(e));

    private static JsonSerializerOptions CreateJson()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        };
        options.MakeReadOnly();
        return options;
    }
}

/// <summary>What is known of one event type.</summary>
internal sealed class EventType(string alias, Type type)
{
    public string Alias { get; } = alias;
    public Type Type { get; } = type;

    /// <summary>As Marten names it.</summary>
    public string DotnetType { get; } = $"{type.FullName}, {type.Assembly.GetName().Name}";

    public JsonTypeInfo Json { get; } = EventTypes.Json.GetTypeInfo(type);

    /// <summary>Reads the event's own time, when it has one.</summary>
    public Func<object, DateTimeOffset>? At { get; } = AtOf(type);

    private static Func<object, DateTimeOffset>? AtOf(Type type)
    {
        if (type.GetProperty("At", typeof(DateTimeOffset)) is not { } property) return null;

        var e = Expression.Parameter(typeof(object));
        return Expression.Lambda<Func<object, DateTimeOffset>>(Expression.Property(Expression.Convert(e, type), property), e).Compile();
    }
}
