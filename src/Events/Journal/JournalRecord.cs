using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Telephony.Events;

/// <summary>
/// The bytes of one <see cref="JournalEntry"/>. Header: length of the payload (4 bytes), CRC-32C of payload and position (4), position in the journal (8); all little
/// endian. Payload: format (1), tenant, stream, correlation id, first version (8), number of events (4), each event as id (16), UTC ticks (8), alias, JSON;
/// number of states (4), each as kind, tenant, id, data. Strings and data have their length before them (4), -1 for null.
/// </summary>
internal static class JournalRecord
{
    public const int HeaderSize = 16;
    public const int MaxPayload = 16 << 20;
    private const byte Format = 1;

    [ThreadStatic] private static RecordBuffer? s_buffer;
    [ThreadStatic] private static Utf8JsonWriter? s_json;

    /// <summary>The entry as a record whose position is still to be stamped. Valid on this thread until the next call.</summary>
    /// <exception cref="ArgumentException">The entry cannot be kept: its parts contradict each other, or it is larger than <see cref="MaxPayload"/>.</exception>
    public static ReadOnlySpan<byte> Encode(JournalEntry entry, EventTypes types, TimeProvider time)
    {
        var events = entry.Events.IsDefault ? [] : entry.Events;
        var states = entry.States.IsDefault ? [] : entry.States;
        if (events.Length > 0)
        {
            ArgumentException.ThrowIfNullOrEmpty(entry.Tenant);
            ArgumentException.ThrowIfNullOrEmpty(entry.Stream);
            ArgumentOutOfRangeException.ThrowIfLessThan(entry.FirstVersion, 1);
        }
        else if (states.Length == 0)
        {
            throw new ArgumentException("Neither events nor states.", nameof(entry));
        }

        var buffer = s_buffer ??= new RecordBuffer();
        buffer.Clear();
        buffer.Advance(HeaderSize);
        buffer.Write(Format);
        buffer.Write(entry.Tenant);
        buffer.Write(entry.Stream);
        buffer.Write(entry.CorrelationId);
        buffer.Write(entry.FirstVersion);
        WriteEvents(buffer, events, types, time);
        buffer.Write(states.Length);
        foreach (var state in states)
        {
            if (state.Key.Kind.Contains('\0') || state.Key.Tenant.Contains('\0') || state.Key.Id.Contains('\0')) throw new ArgumentException("A state's key with U+0000.", nameof(entry));

            buffer.Write(state.Key.Kind);
            buffer.Write(state.Key.Tenant);
            buffer.Write(state.Key.Id);
            buffer.Write(state.Data);
        }

        var length = buffer.Length - HeaderSize;
        if (length > MaxPayload) throw new ArgumentException($"An entry of {length} bytes; at most {MaxPayload} are kept.", nameof(entry));

        var record = buffer.Written;
        BinaryPrimitives.WriteInt32LittleEndian(record, length);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], Crc32C.Append(0, record[HeaderSize..]));
        return record;
    }

    /// <summary>Completes a record in place, and gives its size.</summary>
    public static int Stamp(Span<byte> record, long position)
    {
        var crc = Crc32C.Append(BinaryPrimitives.ReadUInt32LittleEndian(record[4..]), position);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], crc);
        BinaryPrimitives.WriteInt64LittleEndian(record[8..], position);
        return HeaderSize + BinaryPrimitives.ReadInt32LittleEndian(record);
    }

    /// <summary>The payload's length when this may be the header of a record at that position; -1 when it cannot be.</summary>
    public static int Length(ReadOnlySpan<byte> header, long position)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(header);
        return length is > 0 and <= MaxPayload && BinaryPrimitives.ReadInt64LittleEndian(header[8..]) == position ? length : -1;
    }

    public static bool Check(ReadOnlySpan<byte> record, long position) =>
        Crc32C.Append(Crc32C.Append(0, record[HeaderSize..]), position) == BinaryPrimitives.ReadUInt32LittleEndian(record[4..]);

    /// <summary>Reads a payload; event data and states are slices of it. False when it is not as it was written.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> payload, List<JournaledEvent>? events, List<StateRecord>? states)
    {
        var reader = new RecordReader(payload);
        if (reader.Byte() != Format) return false;

        var (tenant, stream, correlation, version) = (reader.String(), reader.String(), reader.String(), reader.Int64());
        for (var left = reader.Int32(); left > 0 && !reader.Failed; left--)
        {
            var (id, ticks, alias, data) = (reader.Guid(), reader.Int64(), reader.String(), reader.Bytes());
            if (ticks is < 0 or > 3155378975999999999 || tenant is null || stream is null || alias is null || data is null) return false;

            events?.Add(new(tenant, stream, version++, alias, id, new DateTime(ticks, DateTimeKind.Utc), data.Value, correlation));
        }

        for (var left = reader.Int32(); left > 0 && !reader.Failed; left--)
        {
            var (kind, owner, id, data) = (reader.String(), reader.String(), reader.String(), reader.Bytes());
            if (kind is null || owner is null || id is null) return false;

            states?.Add(new(new(kind, owner, id), data));
        }

        return !reader.Failed;
    }

    /// <summary>jsonb and text hold no U+0000 (a phone may well send one): U+FFFD takes its place.</summary>
    public static string? WithoutNul(string? text) => text?.Contains('\0') == true ? text.Replace('\0', '\uFFFD') : text;

    /// <summary>Replaces the escape of U+0000 by that of U+FFFD, in place.</summary>
    public static void ReplaceNul(Span<byte> json)
    {
        for (int at; (at = json.IndexOf(@"\u0000"u8)) >= 0; json = json[(at + 6)..])
        {
            var backslashes = 0;
            while (at - backslashes > 0 && json[at - backslashes - 1] == '\\') backslashes++;
            if (backslashes % 2 == 0) @"\uFFFD"u8.CopyTo(json[at..]);
        }
    }

    private static void WriteEvents(RecordBuffer buffer, ImmutableArray<object> events, EventTypes types, TimeProvider time)
    {
        buffer.Write(events.Length);
        foreach (var e in events)
        {
            var type = types.Of(e);
            var now = time.GetUtcNow();
            buffer.Write(Guid.CreateVersion7(now));
            buffer.Write((type.At?.Invoke(e) ?? now).UtcTicks);
            buffer.Write(type.Alias);

            var lengthAt = buffer.Length;
            buffer.Write(0);
            var json = s_json ??= new Utf8JsonWriter(buffer);
            json.Reset(buffer);
            JsonSerializer.Serialize(json, e, type.Json);
            json.Flush();
            BinaryPrimitives.WriteInt32LittleEndian(buffer.Written[lengthAt..], buffer.Length - lengthAt - 4);
            ReplaceNul(buffer.Written[(lengthAt + 4)..]);
        }
    }
}

/// <summary>An event on its way from the journal to PostgreSQL.</summary>
internal readonly record struct JournaledEvent(
    string Tenant, string Stream, long Version, string Alias, Guid Id, DateTime At, ReadOnlyMemory<byte> Data, string? CorrelationId);

/// <summary>Where a thread builds its records.</summary>
internal sealed class RecordBuffer : IBufferWriter<byte>
{
    private const int Usual = 16 << 10;
    private byte[] _bytes = new byte[Usual];

    public int Length { get; private set; }
    public Span<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Empties it; the memory of an unusually large record is given back.</summary>
    public void Clear()
    {
        if (_bytes.Length > 64 * Usual) _bytes = new byte[Usual];
        Length = 0;
    }

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(Length);
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Length += bytes.Length;
    }

    public void Write(byte value)
    {
        GetSpan(1)[0] = value;
        Length++;
    }

    public void Write(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(GetSpan(4), value);
        Length += 4;
    }

    public void Write(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(GetSpan(8), value);
        Length += 8;
    }

    public void Write(Guid value)
    {
        value.TryWriteBytes(GetSpan(16));
        Length += 16;
    }

    public void Write(string? text)
    {
        if (text is null)
        {
            Write(-1);
            return;
        }

        text = JournalRecord.WithoutNul(text)!;
        var length = Encoding.UTF8.GetBytes(text, GetSpan(4 + Encoding.UTF8.GetMaxByteCount(text.Length))[4..]);
        Write(length);
        Length += length;
    }

    public void Write(ReadOnlyMemory<byte>? data)
    {
        Write(data?.Length ?? -1);
        if (data is { } bytes) Write(bytes.Span);
    }

    private void Reserve(int more)
    {
        more = Math.Max(more, 256);
        if (_bytes.Length - Length < more) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + more));
    }
}

/// <summary>Reads what <see cref="RecordBuffer"/> wrote; beyond the end everything is 0 or null and <see cref="Failed"/> is set.</summary>
internal struct RecordReader(ReadOnlyMemory<byte> bytes)
{
    private ReadOnlyMemory<byte> _rest = bytes;

    public bool Failed { get; private set; }

    public byte Byte() => Take(1) is { Length: 1 } taken ? taken.Span[0] : (byte)0;
    public int Int32() => Take(4) is { Length: 4 } taken ? BinaryPrimitives.ReadInt32LittleEndian(taken.Span) : 0;
    public long Int64() => Take(8) is { Length: 8 } taken ? BinaryPrimitives.ReadInt64LittleEndian(taken.Span) : 0;
    public Guid Guid() => Take(16) is { Length: 16 } taken ? new Guid(taken.Span) : default;
    public string? String() => Bytes() is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null;

    public ReadOnlyMemory<byte>? Bytes()
    {
        var length = Int32();
        return Failed || length < 0 ? default(ReadOnlyMemory<byte>?) : Take(length);
    }

    private ReadOnlyMemory<byte> Take(int count)
    {
        if (Failed || count > _rest.Length)
        {
            Failed = true;
            return default;
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
