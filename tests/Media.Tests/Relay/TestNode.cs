using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Telephony.Testing;

namespace Telephony.Media.Relay;

/// <summary>A node on ports of its own, in simulated time, and short ways to use it.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    public static readonly MediaOwner Owner = new("silo", 1, "call");

    private readonly int _ports;

    public TestNode(int pairs = 50, Action<MediaOptions>? configure = null, Recording.IRecordingStore? recordings = null)
    {
        _ports = 2 * pairs;
        FirstPort = FreePorts.Range(_ports);
        var options = new MediaOptions { PortRange = $"{FirstPort}-{FirstPort + _ports - 1}", Threads = 2 };
        configure?.Invoke(options);
        Node = new MediaNode(options, Time, NullLogger<MediaNode>.Instance, recordings: recordings);
    }

    public static TestNode Start() => new();

    public SimulatedTime Time { get; } = new();

    public MediaNode Node { get; }

    public int FirstPort { get; }

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        FreePorts.GiveBack(FirstPort, _ports);
    }

    /// <summary>A leg on each side, described and connected. The ports that the peers of a and b are told to send to.</summary>
    public async Task<(int A, int B)> Call(byte[] a, byte[] b, string name = "")
    {
        var (legA, legB) = (name + "a", name + "b");
        Ok(await Node.CreateLeg(legA, Owner with { Call = name }, MediaProfile.Phone));
        Ok(await Node.CreateLeg(legB, Owner with { Call = name }, MediaProfile.Phone));
        Ok(await Node.SetRemote(legA, 1, a));
        var offer = await Node.CreateOffer(legB, 1, legA);
        Ok(await Node.SetRemote(legB, 1, b));
        var answer = await Node.CreateAnswer(legA, 1, legB);
        Ok(await Node.Connect(1, [new MediaPath(legA, legB), new MediaPath(legB, legA)]));
        return (Port(answer), Port(offer));
    }

    public Task<(int A, int B)> Call(Phone a, Phone b, string name = "") => Call(a.Description(), b.Description(), name);

    /// <summary>Lets time pass, in tenths of a second, and the packet threads do what is due in each; the owner renews its lease.</summary>
    public async Task Advance(double seconds)
    {
        for (var tenths = (int)Math.Round(seconds * 10); tenths > 0; tenths--)
        {
            await Time.Advance(TimeSpan.FromMilliseconds(100));
            await Node.Topology.Quiesce();
            await Node.Renew(Owner.Name, Owner.Epoch);
        }
    }

    /// <summary>One leg, described and not connected. The port that its peer is told to send to.</summary>
    public async Task<int> Leg(string name, Phone peer)
    {
        Ok(await Node.CreateLeg(name, Owner, MediaProfile.Phone));
        Ok(await Node.SetRemote(name, 1, peer.Description()));
        Ok(await Node.CreateAnswer(name, 1, name));
        return Port(await Node.CreateOffer(name, 1, name));
    }

    public static int Port(MediaDescription description)
    {
        Ok(description.Error);
        return int.Parse(Text(description).Split("\r\n").Single(l => l.StartsWith("m=audio", StringComparison.Ordinal)).Split(' ')[1]);
    }

    public static string Text(MediaDescription description) => Encoding.UTF8.GetString(description.Sdp.Span);

    public static void Ok(MediaError error) => Assert.Equal(MediaError.None, error);

    public static string Ok(MediaDescription description)
    {
        Ok(description.Error);
        return Encoding.ASCII.GetString(description.Sdp.Span);
    }
}
