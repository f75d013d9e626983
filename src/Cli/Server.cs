using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Telephony.Cli;

/// <summary>The REST API of a running server.</summary>
internal sealed class Server : IDisposable
{
    private readonly HttpClient _http;

    public Server(Uri address, string? key)
    {
        // No time limit for a whole answer: a replay takes as long as it takes. A server that is not there is known at once.
        _http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10), UseProxy = !address.IsLoopback })
        {
            BaseAddress = address,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (key is not null && !_http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {key}")) throw new CliException(ExitCode.Usage, "The API key has a line break in it");
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("telephony", "1"));
    }

    public Uri Address => _http.BaseAddress!;

    /// <summary>Sends the request; the body of the response is still to be read. Dispose it.</summary>
    /// <exception cref="CliException">The server refused.</exception>
    public async Task<HttpResponseMessage> Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await SendAny(request, cancellationToken);
        if (response.IsSuccessStatusCode) return response;
        using (response) throw await Refusal(response, cancellationToken);
    }

    /// <summary>The same, and a refusal is an answer too.</summary>
    public async Task<HttpResponseMessage> SendAny(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request) return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    public async Task<T> Ask<T>(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var response = await Send(new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) }, cancellationToken);
        return await response.Content.ReadFromJsonAsync<T>(cancellationToken) ?? throw new JsonException("The answer is empty.");
    }

    public void Dispose() => _http.Dispose();

    private static async Task<CliException> Refusal(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json") return new(ExitCode.Refused, $"The server answered {(int)response.StatusCode} {response.ReasonPhrase}");
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return new(ExitCode.Refused, ProblemText.Of(problem, (int)response.StatusCode));
    }
}
