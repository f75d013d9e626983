using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Telephony.Integration.Tests;

/// <summary>The voice of a phone: sends a packet each 20 ms, and notes which of the other's came.</summary>
internal sealed class RtpPhone : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _ending = new();
    private readonly List<Task> _work = [];
    private readonly uint _ssrc = (uint)Random.Shared.Next();
    private volatile IPEndPoint? _target;
    private volatile int _heard, _worstGap;

    public RtpPhone() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>Packets of the other.</summary>
    public int Heard => _heard;

    /// <summary>The most packets in a row that the other sent and that did not come.</summary>
    public int WorstGap => _worstGap;

    /// <summary>Talks to, and only to, the address of this description; from now on if it has not yet.</summary>
    public void TalkTo(string sdp)
    {
        var port = int.Parse(sdp.Split("m=audio ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        _target = new IPEndPoint(IPAddress.Loopback, port);
        if (_work.Count == 0) _work.AddRange([Task.Run(Talk), Task.Run(Listen)]);
    }

    public Task HearMore(int packets)
    {
        var enough = _heard + packets;
        return Testing.Eventually.Is(() => _heard >= enough, Limit);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_work);
        _socket.Dispose();
        _ending.Dispose();
    }

    private async Task Talk()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        for (var number = 0u; !_ending.IsCancellationRequested; number++)
        {
            var packet = new byte[172];
            packet[0] = 0x80;
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)number);
            BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), number * 160);
            BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), _ssrc);
            BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(12), number);
            await _socket.SendToAsync(packet, _target!);
            try
            {
                await timer.WaitForNextTickAsync(_ending.Token);
            }
            catch (OperationCanceledException)
            {
            }
        }
    }

    private async Task Listen()
    {
        var buffer = new byte[2048];
        var last = -1;
        while (true)
        {
            try
            {
                var received = await _socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _ending.Token);
                if (received.ReceivedBytes != 172) continue;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                continue; // an ICMP of a port that is closed
            }

            var number = (int)BinaryPrimitives.ReadUInt32BigEndian(buffer.AsSpan(12));
            if (last >= 0) _worstGap = Math.Max(_worstGap, number - last - 1);
            last = Math.Max(last, number);
            _heard++;
        }
    }
}
