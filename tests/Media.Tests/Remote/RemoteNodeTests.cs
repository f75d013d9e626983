using System.Net.Sockets;
using System.Runtime.Versioning;
using Microsoft.Extensions.Logging.Abstractions;

namespace Telephony.Media.Remote;

/// <summary>What goes over the socket, with a node behind it that only takes notes.</summary>
[SupportedOSPlatform("linux")]
public sealed class RemoteNodeTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("telephony-").FullName;
    private readonly RecordingNode _record;
    private readonly MediaNodeServer _server;
    private readonly RemoteMediaNode _remote;

    public RemoteNodeTests()
    {
        (var node, _record) = RecordingNode.Make();
        _server = new MediaNodeServer(node, "boot", Socket, TimeProvider.System, NullLogger<MediaNodeServer>.Instance);
        _remote = new RemoteMediaNode("media", Socket, TimeProvider.System, NullLogger<RemoteMediaNode>.Instance);
    }

    public static TheoryData<string> Methods { get; } = [.. typeof(IMediaNode).GetMethods().Where(m => !m.IsSpecialName).Select(m => m.Name)];

    private string Socket => Path.Combine(_folder, "media.sock");

    public Task InitializeAsync() => _server.StartAsync(default);

    public async Task DisposeAsync()
    {
        await _remote.DisposeAsync();
        await _server.StopAsync(default);
        Directory.Delete(_folder, recursive: true);
    }

    public void Dispose() => _server.Dispose();

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Every_command_arrives_whole_and_so_does_its_result(string name)
    {
        Assert.True(await _remote.Start(Limit));
        var method = typeof(IMediaNode).GetMethod(name)!;
        object?[] arguments = [.. method.GetParameters().Select((p, i) => Sample.Of(p.ParameterType, i + 1))];

        var task = method.Invoke(_remote, arguments)!;
        var result = await Result(task);

        if (arguments.Length > 0) Assert.All(arguments.Zip(_record.Arguments!), pair => Assert.Null(Sample.Difference(pair.First, pair.Second)));
        if (method.ReturnType != typeof(ValueTask)) Assert.Null(Sample.Difference(Sample.Of(method.ReturnType.GetGenericArguments()[0]), result));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task While_the_node_is_away_every_command_ends_at_once(string name)
    {
        await _server.StopAsync(default);
        Assert.False(await _remote.Start(TimeSpan.Zero));
        var method = typeof(IMediaNode).GetMethod(name)!;
        object?[] arguments = [.. method.GetParameters().Select(p => p.Name == "wait" ? TimeSpan.Zero : Sample.Of(p.ParameterType))];

        var result = await Result(method.Invoke(_remote, arguments)!).WaitAsync(Limit);

        if (result is MediaError error) Assert.Equal(MediaError.NodeAway, error);
        if (result is MediaDescription description) Assert.Equal(MediaError.NodeAway, description.Error);
    }

    [Fact]
    public async Task What_the_node_refuses_is_the_callers_exception_and_harms_no_other_command()
    {
        Assert.True(await _remote.Start(Limit));
        _record.Failure = new ArgumentException("A name has 1 to 200 characters.");

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => _remote.Rollback("", 1).AsTask());

        Assert.Contains("1 to 200", error.Message, StringComparison.Ordinal);
        _record.Failure = null;
        Assert.NotNull(await _remote.Release("a", 1));
    }

    [Theory]
    [InlineData("not frames at all, just text")]
    [InlineData("\u0002\0\0\0{}")] // a hello of no version
    [InlineData("\u0009\0\0\0{\"Versio}")]
    [InlineData("\u000d\0\0\0{\"Version\":9}")]
    public async Task Who_does_not_speak_the_protocol_is_cut_off_and_nobody_else(string bytes)
    {
        Assert.True(await _remote.Start(Limit));
        using var stranger = new System.Net.Sockets.Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await stranger.ConnectAsync(new UnixDomainSocketEndPoint(Socket));
        await stranger.SendAsync(System.Text.Encoding.Latin1.GetBytes(bytes));

        using var limit = new CancellationTokenSource(Limit);
        var buffer = new byte[4096];
        while (await Receive(stranger, buffer, limit.Token) > 0) { }

        Assert.NotNull(await _remote.Release("a", 1));
    }

    [Fact]
    public void Only_this_user_may_open_the_socket() =>
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Socket));

    [Fact]
    public async Task A_second_node_at_the_same_socket_does_not_start()
    {
        var (node, _) = RecordingNode.Make();
        using var second = new MediaNodeServer(node, "other", Socket, TimeProvider.System, NullLogger<MediaNodeServer>.Instance);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => second.StartAsync(default));

        Assert.Contains("another media node listens there", error.Message, StringComparison.Ordinal);
        Assert.True(await _remote.Start(Limit)); // the first is as it was
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("a=/run/a.sock", 1)]
    [InlineData(" a = /run/a.sock , b=/run/b.sock,", 2)]
    [InlineData("a", null)]
    [InlineData("=/run/a.sock", null)]
    [InlineData("a=/run/a.sock,a=/run/b.sock", null)]
    public void The_list_of_nodes_is_read_whole_or_refused(string list, int? count)
    {
        Assert.Equal(count is not null, MediaNodeAddress.TryParse(list, out var nodes));
        if (count is { } expected) Assert.Equal(expected, nodes.Length);
    }

    private static async ValueTask<int> Receive(System.Net.Sockets.Socket socket, byte[] buffer, CancellationToken limit)
    {
        try
        {
            return await socket.ReceiveAsync(buffer, SocketFlags.None, limit);
        }
        catch (SocketException)
        {
            return 0; // reset
        }
    }

    private static async Task<object?> Result(object valueTask)
    {
        var task = (Task)(valueTask as ValueTask? is { } plain ? plain.AsTask() : valueTask.GetType().GetMethod("AsTask")!.Invoke(valueTask, [])!);
        await task;
        return task.GetType().GetProperty("Result") is { } result && valueTask is not ValueTask ? result.GetValue(task) : null;
    }
}
