using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Telephony.Media.Relay;

namespace Telephony.Media;

/// <summary>Names the key, the value and what is allowed.</summary>
internal sealed class MediaOptionsValidator : IValidateOptions<MediaOptions>
{
    public ValidateOptionsResult Validate(string? name, MediaOptions options)
    {
        var errors = new List<string>();
        if (options.Id.Length is 0 or > 100) Add("Id", options.Id, "1 to 100 characters");
        if (!MediaNodeAddress.TryParse(options.Nodes, out _)) Add("Nodes", options.Nodes, "id=path of its socket, parted by commas, each id once");
        if (!PortRange.TryParse(options.PortRange, out _)) Add("PortRange", options.PortRange, "first-last, both 1024 to 65535, with at least an even port and its next");

        var isAddress = IPAddress.TryParse(options.Address, out var address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any);
        if (!isAddress) Add("Address", options.Address, "an IP address that peers can send to");
        var bind = address;
        if (options.Bind.Length > 0 && (!IPAddress.TryParse(options.Bind, out bind) || (isAddress && bind.AddressFamily != address!.AddressFamily)))
        {
            Add("Bind", options.Bind, $"empty (Telephony:Media:Address), or an IP address of this machine, {Family(address)} as that");
        }
        else if (isAddress && !CanBind(bind!))
        {
            if (options.Bind.Length > 0) Add("Bind", options.Bind, "an IP address of this machine");
            else Add("Address", options.Address, "an IP address of this machine, unless Telephony:Media:Bind has one");
        }

        if (MediaCodecs.Parse(options.Codecs) is null) Add("Codecs", options.Codecs, $"a list without repetitions, with commas, of {MediaCodecs.Names}");
        if (options.Threads is < 1 or > 64) Add("Threads", options.Threads, "1 to 64");
        if (options.AudioThreads is < 1 or > 64) Add("AudioThreads", options.AudioThreads, "1 to 64");
        if (options.Lease < TimeSpan.FromSeconds(1) || options.Lease > TimeSpan.FromHours(1)) Add("Lease", options.Lease, "00:00:01 to 01:00:00");
        if (options.SilentAfter != TimeSpan.Zero && (options.SilentAfter < TimeSpan.FromSeconds(1) || options.SilentAfter > TimeSpan.FromDays(1)))
        {
            Add("SilentAfter", options.SilentAfter, "0 (never), or 00:00:01 to 1.00:00:00");
        }

        if (options.Recording.MaxBytes is < 1 << 20 or > 1L << 50) Add("Recording:MaxBytes", options.Recording.MaxBytes, "1048576 (1 MiB) to 1125899906842624 (1 PiB)");
        if (File.Exists(options.Recording.Folder)) Add("Recording:Folder", options.Recording.Folder, "a folder, or what can become one; this is a file");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Add(string key, object value, string allowed) => errors.Add($"Telephony:Media:{key} is '{value}', allowed is {allowed}");
    }

    private static bool CanBind(IPAddress address)
    {
        if (UdpSocket.TryBind(new IPEndPoint(address, 0), out _) is not { } socket) return false;
        socket.Close();
        return true;
    }

    private static string Family(IPAddress? address) => address?.AddressFamily == AddressFamily.InterNetworkV6 ? "IPv6" : "IPv4";
}
