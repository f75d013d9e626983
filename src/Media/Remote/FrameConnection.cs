using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text.Json;

namespace Telephony.Media.Remote;

/// <summary>
/// Frames over a socket, both ways. Any thread may write: what comes while the socket is being written to leaves with the next write, so that many small frames
/// share a system call.
/// </summary>
internal sealed class FrameConnection : IDisposable
{
    private const int MaxUnsent = 4 * Wire.MaxFrame;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_frame;

    private readonly Lock _lock = new();
    private readonly Socket _socket;
    private readonly PipeReader _reader;
    private ArrayBufferWriter<byte> _filling = new(4096), _sending = new(4096);
    private bool _isSending;

    public FrameConnection(Socket socket)
    {
        _socket = socket;
        _reader = PipeReader.Create(new NetworkStream(socket, ownsSocket: true), new StreamPipeReaderOptions(bufferSize: 65536, minimumReadSize: 16384));
    }

    /// <summary>Adds a frame; it leaves with <see cref="Flush"/>.</summary>
    /// <exception cref="InvalidDataException">It is longer than a frame may be.</exception>
    public void Write<T>(T state, Action<Utf8JsonWriter, T> write)
    {
        var frame = t_frame ??= new ArrayBufferWriter<byte>(1024);
        frame.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(frame, new JsonWriterOptions { SkipValidation = true })) write(json, state);
        if (frame.WrittenCount > Wire.MaxFrame) throw new InvalidDataException($"A frame of {frame.WrittenCount} bytes.");
        lock (_lock)
        {
            if (_filling.WrittenCount > MaxUnsent)
            {
                Abort(); // the other side does not read
                return;
            }

            BinaryPrimitives.WriteInt32LittleEndian(_filling.GetSpan(Wire.HeadLength), frame.WrittenCount);
            _filling.Advance(Wire.HeadLength);
            _filling.Write(frame.WrittenSpan);
        }

        if (frame.Capacity > 1 << 20) t_frame = null;
    }

    public void Flush()
    {
        lock (_lock)
        {
            if (_isSending || _filling.WrittenCount == 0) return;
            _isSending = true;
        }

        _ = Send();
    }

    /// <summary>Reads frames until the other side ends, or <paramref name="take"/> says so with false. After each batch <paramref name="flush"/> is called.</summary>
    /// <exception cref="InvalidDataException">Not our frames.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task Read(Func<ReadOnlySequence<byte>, bool> take, Action? flush, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            var buffer = result.Buffer;
            var goOn = true;
            while (goOn && Wire.TryRead(ref buffer, out var frame)) goOn = take(frame);
            _reader.AdvanceTo(buffer.Start, goOn ? buffer.End : buffer.Start);
            flush?.Invoke();
            if (!goOn || result.IsCompleted) return;
        }
    }

    public void Abort() => _socket.Dispose();

    public void Dispose() => Abort();

    private async Task Send()
    {
        try
        {
            while (true)
            {
                lock (_lock)
                {
                    if (_filling.WrittenCount == 0)
                    {
                        _isSending = false;
                        return;
                    }

                    (_filling, _sending) = (_sending, _filling);
                }

                for (var rest = _sending.WrittenMemory; !rest.IsEmpty;) rest = rest[await _socket.SendAsync(rest, SocketFlags.None).ConfigureAwait(false)..];
                if (_sending.Capacity > 1 << 20) _sending = new ArrayBufferWriter<byte>(4096);
                else _sending.ResetWrittenCount();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Abort(); // the reader says so; nothing more leaves
        }
    }
}
