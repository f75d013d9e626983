using System.Net;
using System.Net.Http.Headers;

namespace Telephony.Blobs;

/// <summary>What happens when the service does not answer as it should; the service is played by the test.</summary>
public sealed class BlobRetryTests
{
    private const string Connection = "AccountName=acme;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:9/acme";

    [Fact]
    public async Task A_command_is_repeated_until_the_service_answers()
    {
        using var service = new Played(HttpStatusCode.ServiceUnavailable, HttpStatusCode.InternalServerError, HttpStatusCode.Created);
        using var store = Store(service);

        await store.PutAsync("box", "x", "hello"u8.ToArray(), "text/plain");

        Assert.Equal(["hello", "hello", "hello"], service.Bodies);
    }

    [Fact]
    public async Task After_the_last_attempt_the_service_counts_as_away()
    {
        using var service = new Played(HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable, HttpStatusCode.Created);
        using var store = Store(service, attempts: 3);

        var e = await Assert.ThrowsAsync<BlobException>(() => store.PutAsync("box", "x", "hello"u8.ToArray(), "text/plain"));

        Assert.Equal((BlobError.Unavailable, 503, 3), (e.Error, e.Status, service.Bodies.Count));
    }

    [Fact]
    public async Task A_refusal_is_not_repeated()
    {
        using var service = new Played(HttpStatusCode.BadRequest, HttpStatusCode.Created);
        using var store = Store(service);

        var e = await Assert.ThrowsAsync<BlobException>(() => store.PutAsync("box", "x", "hello"u8.ToArray(), "text/plain"));

        Assert.Equal((BlobError.Refused, 1), (e.Error, service.Bodies.Count));
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_unavailable()
    {
        using var store = new BlobStore(new BlobOptions { ConnectionString = Connection, Backoff = TimeSpan.Zero }, TimeProvider.System);

        var e = await Assert.ThrowsAsync<BlobException>(() => store.CheckAsync());

        Assert.Equal((BlobError.Unavailable, 0), (e.Error, e.Status));
    }

    [Fact]
    public async Task A_service_that_never_answers_is_given_up_after_the_time_limit()
    {
        using var service = new Played(null, null);
        using var store = Store(service, attempts: 2, timeout: TimeSpan.FromMilliseconds(50));

        var e = await Assert.ThrowsAsync<BlobException>(() => store.CheckAsync());

        Assert.Equal((BlobError.Unavailable, 2), (e.Error, service.Bodies.Count));
    }

    [Fact]
    public async Task A_caller_who_gives_up_is_let_go()
    {
        using var service = new Played([null]);
        using var store = Store(service);
        using var caller = new CancellationTokenSource();

        var check = store.CheckAsync(caller.Token);
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => check);
    }

    [Fact]
    public async Task An_append_whose_answer_was_lost_is_not_made_twice()
    {
        // the first try arrived, its answer was a 500; the second finds the blob longer than it said; the HEAD shows that it is just as long as wanted
        using var service = new Played(HttpStatusCode.InternalServerError, HttpStatusCode.PreconditionFailed, HttpStatusCode.OK) { Length = 15 };
        using var store = Store(service);

        Assert.Equal(15, await store.AppendBlockAsync("box", "log", "hello"u8.ToArray(), 10));
    }

    [Fact]
    public async Task An_append_to_a_blob_that_another_has_changed_fails()
    {
        using var service = new Played(HttpStatusCode.InternalServerError, HttpStatusCode.PreconditionFailed, HttpStatusCode.OK) { Length = 16 };
        using var store = Store(service);

        var e = await Assert.ThrowsAsync<BlobException>(() => store.AppendBlockAsync("box", "log", "hello"u8.ToArray(), 10));

        Assert.Equal(BlobError.ConditionFailed, e.Error);
    }

    [Fact]
    public async Task A_request_is_signed_as_the_service_documents_it()
    {
        using var service = new Played(HttpStatusCode.Created);
        using var store = new BlobStore(new BlobOptions { ConnectionString = Connection }, new Noon(), service);

        await store.PutBlockAsync("box", "a b", 7, "hello"u8.ToArray());

        Assert.Equal(
            "PUT\n\n\n5\n\n\n\n\n\n\n\n\nx-ms-date:Fri, 20 Nov 2026 12:00:00 GMT\nx-ms-version:2023-01-03\n/acme/acme/box/a%20b\nblockid:MDAwMDA3\ncomp:block",
            service.Signed);
    }

    private static BlobStore Store(Played service, int attempts = 4, TimeSpan? timeout = null) => new(
        new BlobOptions { ConnectionString = Connection, Attempts = attempts, Backoff = TimeSpan.Zero, Timeout = timeout ?? TimeSpan.FromSeconds(30) }, TimeProvider.System, service);

    private sealed class Noon : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    }

    /// <summary>Answers in this order; null: never.</summary>
    private sealed class Played(params HttpStatusCode?[] answers) : HttpMessageHandler
    {
        public List<string> Bodies { get; } = [];

        public string? Signed { get; private set; }

        public long Length { get; init; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Signed = SharedKey.StringToSign(request, "acme");
            Bodies.Add(request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken));
            if (answers[Bodies.Count - 1] is not { } status)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
                throw new InvalidOperationException();
            }

            var response = new HttpResponseMessage(status) { RequestMessage = request, Content = new ByteArrayContent([]) };
            response.Content.Headers.ContentLength = Length;
            response.Content.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
            return response;
        }
    }
}
