using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Telephony.Api.Tests;

internal static class Problems
{
    /// <summary>The response is a problem (RFC 9457) of this status, with all that belongs to one.</summary>
    public static async Task<JsonElement> IsProblem(this Task<HttpResponseMessage> sent, HttpStatusCode status)
    {
        using var response = await sent;
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.NotEmpty(problem.GetProperty("type").GetString()!);
        Assert.NotEmpty(problem.GetProperty("traceId").GetString()!);
        return problem;
    }
}
