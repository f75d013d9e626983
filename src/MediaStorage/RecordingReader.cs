using System.Buffers.Binary;
using Telephony.Blobs;
using Telephony.Media.Sounds;

namespace Telephony.MediaStorage;

/// <summary>Reads a recording as a WAV file whose head says how long it is, also while it still grows: its blob begins with a head that says "to the end".</summary>
public static class RecordingReader
{
    /// <summary>Opens the recording as it is now. Null: there is none. The caller disposes the stream.</summary>
    /// <exception cref="BlobException">The store is away, or refuses.</exception>
    public static async Task<(Stream Stream, long Length)?> OpenAsync(IBlobStore blobs, string path, CancellationToken cancellation = default)
    {
        if (await blobs.GetAsync(BlobRecordingStore.Container, path, cancellation: cancellation).ConfigureAwait(false) is not { } blob) return null;
        var head = new byte[WavHeader.Length];
        var read = await blob.Stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        if (read == head.Length)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(4), (uint)(blob.Properties.Length - 8));
            BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(40), (uint)(blob.Properties.Length - WavHeader.Length));
        }

        return (new HeadedStream(head.AsMemory(0, read), blob.Stream), blob.Properties.Length);
    }

    private sealed class HeadedStream(ReadOnlyMemory<byte> head, Stream rest) : Stream
    {
        private ReadOnlyMemory<byte> _head = head;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => TakeHead(buffer.AsSpan(offset, count)) is > 0 and var taken ? taken : rest.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            TakeHead(buffer.Span) is > 0 and var taken ? new(taken) : rest.ReadAsync(buffer, cancellationToken);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) rest.Dispose();
            base.Dispose(disposing);
        }

        private int TakeHead(Span<byte> buffer)
        {
            var part = _head.Span[..Math.Min(buffer.Length, _head.Length)];
            part.CopyTo(buffer);
            _head = _head[part.Length..];
            return part.Length;
        }
    }
}
