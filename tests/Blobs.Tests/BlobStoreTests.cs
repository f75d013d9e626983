using System.Security.Cryptography;
using System.Text;
using Telephony.Testing;

namespace Telephony.Blobs;

/// <summary>Against a real Azurite.</summary>
public sealed class BlobStoreTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>, IAsyncLifetime, IDisposable
{
    private readonly BlobStore _store = new(new BlobOptions { ConnectionString = azurite.ConnectionString }, TimeProvider.System);
    private readonly string _container = "test-" + Guid.CreateVersion7().ToString("N");

    public Task InitializeAsync() => _store.CreateContainerIfMissingAsync(_container);

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task A_service_that_is_there_and_knows_our_key_passes_the_check() => await _store.CheckAsync();

    [Fact]
    public async Task A_container_may_be_made_twice() => await _store.CreateContainerIfMissingAsync(_container);

    [Fact]
    public async Task What_was_put_comes_back_with_its_type_and_length()
    {
        await _store.PutAsync(_container, "greetings/hello.txt", "hello"u8.ToArray(), "text/plain; charset=utf-8");

        await using var blob = await _store.GetAsync(_container, "greetings/hello.txt");

        Assert.Equal("hello", await Text(blob));
        Assert.Equal(5, blob!.Properties.Length);
        Assert.Equal("text/plain; charset=utf-8", blob.Properties.ContentType);
        Assert.Equal(blob.Properties, await _store.GetPropertiesAsync(_container, "greetings/hello.txt"));
    }

    [Theory]
    [InlineData("a b+c%d&e=f?g#h.txt")]
    [InlineData("données/été 日本.wav")]
    [InlineData("~tilde/(paren)/'quote'/!bang*")]
    public async Task Any_name_is_kept_as_it_is(string name)
    {
        await _store.PutAsync(_container, name, "x"u8.ToArray(), "text/plain");

        var page = await _store.ListAsync(_container, prefix: name);

        Assert.Equal(name, Assert.Single(page.Items).Name);
        await using var blob = await _store.GetAsync(_container, name);
        Assert.Equal("x", await Text(blob));
        Assert.True(await _store.DeleteAsync(_container, name));
    }

    [Fact]
    public async Task A_range_is_read_alone_and_tells_the_whole_length()
    {
        await _store.PutAsync(_container, "digits", "0123456789"u8.ToArray(), "text/plain");

        await using var middle = await _store.GetAsync(_container, "digits", new BlobRange(2, 3));
        await using var rest = await _store.GetAsync(_container, "digits", new BlobRange(7));

        Assert.Equal("234", await Text(middle));
        Assert.Equal(10, middle!.Properties.Length);
        Assert.Equal("789", await Text(rest));
        var e = await Assert.ThrowsAsync<BlobException>(() => _store.GetAsync(_container, "digits", new BlobRange(20, 1)));
        Assert.Equal(BlobError.RangeOutside, e.Error);
    }

    [Fact]
    public async Task A_put_replaces_what_was_there()
    {
        await _store.PutAsync(_container, "again", "first"u8.ToArray(), "text/plain");
        var before = await _store.GetPropertiesAsync(_container, "again");

        await _store.PutAsync(_container, "again", "second"u8.ToArray(), "text/html");

        await using var blob = await _store.GetAsync(_container, "again");
        Assert.Equal("second", await Text(blob));
        Assert.NotEqual(before!.ETag, blob!.Properties.ETag);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(BlobStore.MaxBlock - 1)]
    [InlineData(BlobStore.MaxBlock)]
    [InlineData((2 * BlobStore.MaxBlock) + 17)]
    public async Task A_stream_of_any_length_arrives_whole(int length)
    {
        var content = RandomNumberGenerator.GetBytes(length);

        await _store.PutAsync(_container, "stream", new MemoryStream(content), "audio/wav");

        await using var blob = await _store.GetAsync(_container, "stream");
        Assert.Equal(content, await Bytes(blob));
        Assert.Equal("audio/wav", blob!.Properties.ContentType);
    }

    [Fact]
    public async Task Large_memory_is_put_in_blocks()
    {
        var content = RandomNumberGenerator.GetBytes(BlobStore.MaxBlock + 1);

        await _store.PutAsync(_container, "large", content, "audio/wav");

        await using var blob = await _store.GetAsync(_container, "large");
        Assert.Equal(content, await Bytes(blob));
    }

    [Fact]
    public async Task Blocks_become_a_blob_with_their_list()
    {
        await _store.PutBlockAsync(_container, "blocks", 1, "two"u8.ToArray());
        await _store.PutBlockAsync(_container, "blocks", 0, "one "u8.ToArray());
        Assert.Null(await _store.GetPropertiesAsync(_container, "blocks"));

        await _store.PutBlockListAsync(_container, "blocks", 2, "text/plain");

        await using var blob = await _store.GetAsync(_container, "blocks");
        Assert.Equal("one two", await Text(blob));
    }

    [Fact]
    public async Task An_append_blob_grows_from_the_length_that_the_writer_knows()
    {
        Assert.True(await _store.CreateAppendBlobAsync(_container, "log", "application/x-ndjson", "me"));
        var position = await _store.AppendBlockAsync(_container, "log", "one\n"u8.ToArray(), 0);

        Assert.Equal(8, await _store.AppendBlockAsync(_container, "log", "two\n"u8.ToArray(), position));

        var e = await Assert.ThrowsAsync<BlobException>(() => _store.AppendBlockAsync(_container, "log", "two\n"u8.ToArray(), position));
        Assert.Equal(BlobError.ConditionFailed, e.Error);
        await using var blob = await _store.GetAsync(_container, "log");
        Assert.Equal("one\ntwo\n", await Text(blob));
    }

    [Fact]
    public async Task An_append_blob_is_made_once_and_only_its_writer_may_make_it_again()
    {
        await _store.CreateAppendBlobAsync(_container, "log", "text/plain", "me");
        await _store.AppendBlockAsync(_container, "log", "one"u8.ToArray(), 0);
        await _store.PutAsync(_container, "plain", "x"u8.ToArray(), "text/plain");

        Assert.True(await _store.CreateAppendBlobAsync(_container, "log", "text/plain", "me"));
        Assert.False(await _store.CreateAppendBlobAsync(_container, "log", "text/plain", "another"));
        Assert.False(await _store.CreateAppendBlobAsync(_container, "plain", "text/plain", "me"));

        var blob = await _store.GetPropertiesAsync(_container, "log");
        Assert.Equal((3, "me"), (blob!.Length, blob.Writer));
    }

    [Fact]
    public async Task A_block_can_not_be_appended_to_another_kind_of_blob()
    {
        await _store.PutAsync(_container, "plain", "x"u8.ToArray(), "text/plain");

        var e = await Assert.ThrowsAsync<BlobException>(() => _store.AppendBlockAsync(_container, "plain", "y"u8.ToArray(), 1));

        Assert.Equal(BlobError.ConditionFailed, e.Error);
    }

    [Fact]
    public async Task A_deleted_blob_is_gone()
    {
        await _store.PutAsync(_container, "short", "x"u8.ToArray(), "text/plain");

        Assert.True(await _store.DeleteAsync(_container, "short"));

        Assert.False(await _store.DeleteAsync(_container, "short"));
        Assert.Null(await _store.GetAsync(_container, "short"));
        Assert.Null(await _store.GetPropertiesAsync(_container, "short"));
    }

    [Fact]
    public async Task A_listing_comes_page_by_page_in_the_order_of_names()
    {
        foreach (var name in (string[])["a/1", "a/2", "a/3", "a/4", "a/5", "b/1"]) await _store.PutAsync(_container, name, "x"u8.ToArray(), "text/plain");

        var names = new List<string>();
        var pages = 0;
        string? continuation = null;
        do
        {
            var page = await _store.ListAsync(_container, "a/", continuation, limit: 2);
            names.AddRange(page.Items.Select(i => i.Name));
            continuation = page.Continuation;
            pages++;
        }
        while (continuation is not null);

        Assert.Equal(["a/1", "a/2", "a/3", "a/4", "a/5"], names);
        Assert.Equal(3, pages);
    }

    [Fact]
    public async Task A_listing_tells_what_the_blob_itself_tells()
    {
        await _store.PutAsync(_container, "one", "12345"u8.ToArray(), "audio/wav");

        var item = Assert.Single((await _store.ListAsync(_container)).Items);

        Assert.Equal(await _store.GetPropertiesAsync(_container, "one"), item.Properties);
    }

    [Fact]
    public async Task A_container_that_is_missing_is_an_error_of_its_own()
    {
        var put = await Assert.ThrowsAsync<BlobException>(() => _store.PutAsync("not-there", "x", "x"u8.ToArray(), "text/plain"));
        var get = await Assert.ThrowsAsync<BlobException>(() => _store.GetAsync("not-there", "x"));
        var list = await Assert.ThrowsAsync<BlobException>(() => _store.ListAsync("not-there"));

        Assert.All((BlobException[])[put, get, list], e => Assert.Equal((BlobError.ContainerMissing, 404), (e.Error, e.Status)));
    }

    [Fact]
    public async Task A_wrong_key_is_refused_and_never_said()
    {
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));
        using var stranger = new BlobStore(
            new BlobOptions { ConnectionString = $"AccountName={azurite.AccountName};AccountKey={key};BlobEndpoint={azurite.Endpoint}" }, TimeProvider.System);

        var e = await Assert.ThrowsAsync<BlobException>(() => stranger.CheckAsync());

        Assert.Equal(BlobError.Forbidden, e.Error);
        Assert.DoesNotContain(key, e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_container_shows_nothing_of_another()
    {
        var other = _container + "-2";
        await _store.CreateContainerIfMissingAsync(other);
        await _store.PutAsync(_container, "secret", "x"u8.ToArray(), "text/plain");

        Assert.Empty((await _store.ListAsync(other)).Items);
        Assert.Null(await _store.GetAsync(other, "secret"));
        await Assert.ThrowsAsync<ArgumentException>(() => _store.GetAsync(other, $"../{_container}/secret"));
    }

    private static async Task<string> Text(BlobContent? blob) => Encoding.UTF8.GetString(await Bytes(blob));

    private static async Task<byte[]> Bytes(BlobContent? blob)
    {
        Assert.NotNull(blob);
        var bytes = new MemoryStream();
        await blob.Stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
