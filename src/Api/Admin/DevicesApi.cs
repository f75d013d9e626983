using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Telephony.Api.Identity;
using Telephony.Configuration;

namespace Telephony.Api.Admin;

/// <param name="MediaSecurity"><c>none</c>, <c>optional</c> or <c>required</c>.</param>
public sealed record DeviceRequest(MediaSecurityPolicy MediaSecurity);

/// <param name="Username">Its SIP username.</param>
public sealed record DeviceAnswer(string Username, string Extension, MediaSecurityPolicy MediaSecurity)
{
    internal static DeviceAnswer Of(DeviceRecord device) => new(device.Username, device.Extension, device.MediaSecurity);
}

internal static class DevicesApi
{
    public static void MapDevices(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/admin/tenants/{domain}/devices").WithTags("Administration").RequireAuthorization(Policies.Administrator);
        group.MapGet("/{username}", Get).WithSummary("A device's settings").ProducesProblem(StatusCodes.Status404NotFound);
        group.MapPut("/{username}", Set).WithSummary("Change a device's settings")
            .WithDescription("`mediaSecurity`: `none`, the phone's sound is never encrypted; `optional`, it is when the phone offers SRTP; `required`, a call without SRTP is refused with 488. Holds from the next call on.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Results<Ok<DeviceAnswer>, ProblemHttpResult>> Get(string domain, string username, ClaimsPrincipal user, ConfigurationReader reader) =>
        await reader.FindTenant(domain) is { } tenant && user.Administers(tenant) && await reader.FindDevice(tenant, username) is { } device
            ? TypedResults.Ok(DeviceAnswer.Of(device))
            : NoSuchDevice();

    private static async Task<Results<Ok<DeviceAnswer>, ProblemHttpResult>> Set(
        string domain, string username, DeviceRequest request, ClaimsPrincipal user, ConfigurationReader reader, ConfigurationWriter writer, CancellationToken cancellationToken) =>
        await reader.FindTenant(domain) is { } tenant && user.Administers(tenant)
            && await writer.SetMediaSecurity(tenant, username, request.MediaSecurity, user.Actor(), cancellationToken) is { } device
            ? TypedResults.Ok(DeviceAnswer.Of(device))
            : NoSuchDevice();

    private static ProblemHttpResult NoSuchDevice() => TypedResults.Problem("There is no such device, or it is not yours.", statusCode: StatusCodes.Status404NotFound);
}
