using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Telephony.Blobs;

/// <summary>The client: one HTTP connection pool, requests signed with the account's key.</summary>
public sealed class BlobStore : IBlobStore, IDisposable
{
    /// <summary>What one request carries at most.</summary>
    public const int MaxBlock = 4 * 1024 * 1024;

    private const string Version = "2023-01-03", WriterHeader = "x-ms-meta-writer";
    private const int MaxBlocks = 50_000;

    private readonly BlobAccount _account;
    private readonly BlobOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;

    /// <exception cref="ArgumentException">The connection string can't be read.</exception>
    public BlobStore(BlobOptions options, TimeProvider time)
        : this(options, time, new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(10), UseCookies = false, AllowAutoRedirect = false, UseProxy = false })
    {
    }

    internal BlobStore(BlobOptions options, TimeProvider time, HttpMessageHandler handler)
    {
        if (!BlobAccount.TryParse(options.ConnectionString, out var account, out var error)) throw new ArgumentException("The connection string " + error + ".", nameof(options));
        _account = account;
        _options = options;
        _time = time;
        _http = new HttpMessageInvoker(handler);
    }

    public void Dispose() => _http.Dispose();

    public async Task CheckAsync(CancellationToken cancellation = default) =>
        (await SendAsync(new(HttpMethod.Get, "?comp=list&maxresults=1"), cancellation)).Dispose();

    public async Task CreateContainerIfMissingAsync(string container, CancellationToken cancellation = default) =>
        (await SendAsync(new(HttpMethod.Put, BlobNames.Path(container) + "?restype=container") { Accept = "ContainerAlreadyExists" }, cancellation)).Dispose();

    public async Task PutAsync(string container, string blob, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellation = default)
    {
        if (content.Length > MaxBlock)
        {
            await PutBlocksAsync(container, blob, content, contentType, cancellation);
            return;
        }

        (await SendAsync(
            new(HttpMethod.Put, BlobNames.Path(container, blob))
            {
                Content = content,
                Headers = [("x-ms-blob-type", "BlockBlob"), ("x-ms-blob-content-type", contentType)],
            },
            cancellation)).Dispose();
    }

    public async Task PutAsync(string container, string blob, Stream content, string contentType, CancellationToken cancellation = default)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MaxBlock);
        try
        {
            for (var block = 0; ; block++)
            {
                var length = await content.ReadAtLeastAsync(buffer.AsMemory(0, MaxBlock), MaxBlock, throwOnEndOfStream: false, cancellation);
                if (block == 0 && length < MaxBlock)
                {
                    await PutAsync(container, blob, buffer.AsMemory(0, length), contentType, cancellation);
                    return;
                }

                if (length == 0)
                {
                    await PutBlockListAsync(container, blob, block, contentType, cancellation);
                    return;
                }

                await PutBlockAsync(container, blob, block, buffer.AsMemory(0, length), cancellation);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public async Task<BlobContent?> GetAsync(string container, string blob, BlobRange? range = null, CancellationToken cancellation = default)
    {
        var command = new BlobCommand(HttpMethod.Get, BlobNames.Path(container, blob)) { Accept = "BlobNotFound" };
        if (range is { } part)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(part.Offset, nameof(range));
            if (part.Length is { } count) ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count, nameof(range));
            command.Headers.Add(("x-ms-range", string.Create(CultureInfo.InvariantCulture, $"bytes={part.Offset}-{part.Offset + part.Length - 1}")));
        }

        var response = await SendAsync(command, cancellation);
        if (!response.IsSuccessStatusCode)
        {
            response.Dispose();
            return null;
        }

        return new BlobContent(Properties(response), new ResponseStream(response, await response.Content.ReadAsStreamAsync(cancellation)));
    }

    public async Task<BlobProperties?> GetPropertiesAsync(string container, string blob, CancellationToken cancellation = default)
    {
        using var response = await SendAsync(new(HttpMethod.Head, BlobNames.Path(container, blob)) { Accept = "BlobNotFound" }, cancellation);
        return response.IsSuccessStatusCode ? Properties(response) : null;
    }

    public async Task<bool> CreateAppendBlobAsync(string container, string blob, string contentType, string writer, CancellationToken cancellation = default)
    {
        var command = new BlobCommand(HttpMethod.Put, BlobNames.Path(container, blob))
        {
            Headers = [("x-ms-blob-type", "AppendBlob"), ("x-ms-blob-content-type", contentType), (WriterHeader, writer), ("If-None-Match", "*")],
            Accept = "BlobAlreadyExists",
        };
        using (var response = await SendAsync(command, cancellation))
        {
            if (response.IsSuccessStatusCode) return true;
        }

        return (await GetPropertiesAsync(container, blob, cancellation))?.Writer == writer;
    }

    public async Task<long> AppendBlockAsync(string container, string blob, ReadOnlyMemory<byte> content, long position, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content.Length, MaxBlock, nameof(content));
        var end = position + content.Length;
        if (content.IsEmpty) return end;

        var command = new BlobCommand(HttpMethod.Put, BlobNames.Path(container, blob) + "?comp=appendblock")
        {
            Content = content,
            Headers = [("x-ms-blob-condition-appendpos", position.ToString(CultureInfo.InvariantCulture))],
        };
        try
        {
            (await SendAsync(command, cancellation)).Dispose();
        }
        catch (BlobException e) when (e.Error == BlobError.ConditionFailed && command.Tries > 1)
        {
            // an earlier try may have arrived although its answer did not
            if ((await GetPropertiesAsync(container, blob, cancellation))?.Length != end) throw;
        }

        return end;
    }

    public async Task PutBlockAsync(string container, string blob, int block, ReadOnlyMemory<byte> content, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(block);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(block, MaxBlocks);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content.Length, MaxBlock, nameof(content));
        (await SendAsync(
            new(HttpMethod.Put, $"{BlobNames.Path(container, blob)}?blockid={Uri.EscapeDataString(BlockId(block))}&comp=block") { Content = content },
            cancellation)).Dispose();
    }

    public async Task PutBlockListAsync(string container, string blob, int blocks, string contentType, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(blocks);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blocks, MaxBlocks);
        var list = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
        for (var i = 0; i < blocks; i++) list.Append("<Latest>").Append(BlockId(i)).Append("</Latest>");
        (await SendAsync(
            new(HttpMethod.Put, BlobNames.Path(container, blob) + "?comp=blocklist")
            {
                Content = Encoding.UTF8.GetBytes(list.Append("</BlockList>").ToString()),
                Headers = [("x-ms-blob-content-type", contentType)],
            },
            cancellation)).Dispose();
    }

    public async Task<bool> DeleteAsync(string container, string blob, CancellationToken cancellation = default)
    {
        var command = new BlobCommand(HttpMethod.Delete, BlobNames.Path(container, blob)) { Accept = "BlobNotFound" };
        using var response = await SendAsync(command, cancellation);
        return response.IsSuccessStatusCode || command.Tries > 1; // an earlier try may have deleted it
    }

    public async Task<BlobPage> ListAsync(string container, string? prefix = null, string? continuation = null, int limit = 1000, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 5000);
        var path = $"{BlobNames.Path(container)}?comp=list&maxresults={limit}&restype=container";
        if (!string.IsNullOrEmpty(prefix)) path += "&prefix=" + Uri.EscapeDataString(prefix);
        if (!string.IsNullOrEmpty(continuation)) path += "&marker=" + Uri.EscapeDataString(continuation);

        using var response = await SendAsync(new(HttpMethod.Get, path), cancellation);
        try
        {
            var list = await XDocument.LoadAsync(await response.Content.ReadAsStreamAsync(cancellation), LoadOptions.None, cancellation);
            var items = list.Root!.Element("Blobs")!.Elements("Blob").Select(Item).ToArray();
            var next = (string?)list.Root.Element("NextMarker");
            return new BlobPage(items, string.IsNullOrEmpty(next) ? null : next);
        }
        catch (Exception e) when (e is XmlException or NullReferenceException or FormatException)
        {
            throw new BlobException(BlobError.Refused, "The blob service sent a listing that can't be read.", (int)response.StatusCode, inner: e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new BlobException(BlobError.Unavailable, "The blob service broke off a listing.", inner: e);
        }
    }

    private async Task PutBlocksAsync(string container, string blob, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellation)
    {
        var blocks = 0;
        for (var at = 0; at < content.Length; at += MaxBlock, blocks++)
        {
            await PutBlockAsync(container, blob, blocks, content.Slice(at, Math.Min(MaxBlock, content.Length - at)), cancellation);
        }

        await PutBlockListAsync(container, blob, blocks, contentType, cancellation);
    }

    private static BlobItem Item(XElement blob)
    {
        var properties = blob.Element("Properties")!;
        return new BlobItem(
            blob.Element("Name")!.Value,
            new BlobProperties(
                (long)properties.Element("Content-Length")!,
                (string?)properties.Element("Content-Type") ?? "",
                ((string?)properties.Element("Etag") ?? "").Trim('"'), // with quotes in headers, without in listings
                DateTimeOffset.Parse(properties.Element("Last-Modified")!.Value, CultureInfo.InvariantCulture)));
    }

    private static BlobProperties Properties(HttpResponseMessage response)
    {
        var headers = response.Content.Headers;
        return new BlobProperties(
            headers.ContentRange?.Length ?? headers.ContentLength ?? 0,
            headers.ContentType?.ToString() ?? "",
            response.Headers.ETag?.Tag.Trim('"') ?? "",
            headers.LastModified ?? DateTimeOffset.UnixEpoch)
        {
            Writer = response.Headers.TryGetValues(WriterHeader, out var writers) ? writers.First() : null,
        };
    }

    private static string BlockId(int block)
    {
        Span<byte> number = stackalloc byte[6]; // one length within a blob
        block.TryFormat(number, out _, "D6", CultureInfo.InvariantCulture);
        Span<byte> id = stackalloc byte[8];
        Base64.EncodeToUtf8(number, id, out _, out _);
        return Encoding.ASCII.GetString(id);
    }

    /// <summary>Sends until there is an answer that stands. What comes back is a success, or the refusal that the command accepts.</summary>
    private async Task<HttpResponseMessage> SendAsync(BlobCommand command, CancellationToken cancellation)
    {
        for (var wait = _options.Backoff; ; wait *= 2)
        {
            BlobException failure;
            command.Tries++;
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                using var timer = _time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), limit, _options.Timeout, Timeout.InfiniteTimeSpan);
                using var request = Request(command);
                var response = await _http.SendAsync(request, limit.Token);
                if (response.IsSuccessStatusCode) return response;

                failure = BlobErrors.From(response);
                if (command.Accept is not null && failure.Code == command.Accept) return response;
                response.Dispose();
                if (failure.Error != BlobError.Unavailable) throw failure;
            }
            catch (HttpRequestException e)
            {
                failure = new BlobException(BlobError.Unavailable, $"The blob service at {_account.Endpoint} can't be reached: {e.Message}", inner: e);
            }
            catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
            {
                failure = new BlobException(BlobError.Unavailable, $"The blob service at {_account.Endpoint} did not answer in {_options.Timeout}.", inner: e);
            }

            if (command.Tries >= _options.Attempts) throw failure;
            await Task.Delay(wait * (1 - (Random.Shared.NextDouble() / 2)), _time, cancellation);
        }
    }

    private HttpRequestMessage Request(BlobCommand command)
    {
        var request = new HttpRequestMessage(command.Method, new Uri(_account.Endpoint, command.Path));
        foreach (var (name, value) in command.Headers) request.Headers.TryAddWithoutValidation(name, value);
        request.Headers.TryAddWithoutValidation("x-ms-version", Version);
        request.Headers.TryAddWithoutValidation("x-ms-date", _time.GetUtcNow().ToString("R", CultureInfo.InvariantCulture));
        if (command.Method == HttpMethod.Put)
        {
            request.Content = new ReadOnlyMemoryContent(command.Content);
            request.Content.Headers.ContentLength = command.Content.Length;
        }

        request.Headers.Authorization = new AuthenticationHeaderValue("SharedKey", SharedKey.Authorization(request, _account));
        return request;
    }

    private sealed record BlobCommand(HttpMethod Method, string Path)
    {
        public ReadOnlyMemory<byte> Content { get; init; }

        public List<(string Name, string Value)> Headers { get; init; } = [];

        /// <summary>An error code that is an answer.</summary>
        public string? Accept { get; init; }

        public int Tries { get; set; }
    }
}
