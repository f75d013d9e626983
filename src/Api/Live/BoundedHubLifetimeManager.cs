using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Logging;
using Telephony.Api.Identity;
using Telephony.Configuration;

namespace Telephony.Api.Live;

/// <summary>
/// Sends to a group without waiting for anybody in it: a message is serialized once and handed to each connection. A connection whose client reads so slowly that
/// <see cref="MaxPending"/> messages wait is dropped; it comes back and asks for a snapshot. Ends the connections of those whose sign-in is over.
/// </summary>
internal sealed class BoundedHubLifetimeManager<THub> : DefaultHubLifetimeManager<THub>, IDisposable
    where THub : Hub
{
    private const int MaxPending = 64;

    private readonly ConcurrentDictionary<string, Connection> _connections = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ImmutableHashSet<Connection>> _groups = new(StringComparer.Ordinal);
    private readonly Lock _membership = new();
    private readonly ConfigurationReader _configuration;
    private readonly Accounts _accounts;
    private readonly ILogger _log;
    private int _dropped;

    public BoundedHubLifetimeManager(ConfigurationReader configuration, Accounts accounts, ILogger<DefaultHubLifetimeManager<THub>> log)
        : base(log)
    {
        _configuration = configuration;
        _accounts = accounts;
        _log = log;
        _configuration.Changed += EndOldSignIns;
    }

    /// <summary>How many clients were dropped because they read too slowly.</summary>
    public int Dropped => Volatile.Read(ref _dropped);

    public override Task OnConnectedAsync(HubConnectionContext connection)
    {
        _connections[connection.ConnectionId] = new Connection(connection, this);
        return base.OnConnectedAsync(connection);
    }

    public override Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        if (_connections.TryRemove(connection.ConnectionId, out var gone))
        {
            lock (_membership)
            {
                foreach (var group in gone.Groups.ToList()) Remove(group, gone);
            }
        }

        return base.OnDisconnectedAsync(connection);
    }

    public override Task AddToGroupAsync(string connectionId, string groupName, CancellationToken cancellationToken = default)
    {
        lock (_membership)
        {
            if (_connections.TryGetValue(connectionId, out var connection) && connection.Groups.Add(groupName))
            {
                _groups[groupName] = _groups.GetValueOrDefault(groupName, []).Add(connection);
            }
        }

        return Task.CompletedTask;
    }

    public override Task RemoveFromGroupAsync(string connectionId, string groupName, CancellationToken cancellationToken = default)
    {
        lock (_membership)
        {
            if (_connections.TryGetValue(connectionId, out var connection)) Remove(groupName, connection);
        }

        return Task.CompletedTask;
    }

    public override Task SendGroupAsync(string groupName, string methodName, object?[] args, CancellationToken cancellationToken = default)
    {
        if (!_groups.TryGetValue(groupName, out var connections)) return Task.CompletedTask;
        var message = new SerializedHubMessage(new InvocationMessage(methodName, args));
        foreach (var connection in connections) connection.Send(message);
        return Task.CompletedTask;
    }

    public void Dispose() => _configuration.Changed -= EndOldSignIns;

    private void Remove(string group, Connection connection)
    {
        connection.Groups.Remove(group);
        if (!_groups.TryGetValue(group, out var members)) return;
        members = members.Remove(connection);
        if (members.IsEmpty) _groups.TryRemove(group, out _);
        else _groups[group] = members;
    }

    private void EndOldSignIns(ConfigurationChanged change)
    {
        foreach (var connection in _connections.Values)
        {
            if (connection.Context.User.FindFirst(TelephonyClaims.Tenant)?.Value == change.Tenant) _ = EndIfOld(connection.Context, change.Tenant);
        }
    }

    private async Task EndIfOld(HubConnectionContext connection, string tenant)
    {
        if (connection.User.FindFirst(TelephonyClaims.Stamp)?.Value is not { } stamp) return; // a program's
        if (!await _accounts.IsCurrent(tenant, connection.User.GetExtension(), stamp)) connection.Abort();
    }

    private sealed class Connection(HubConnectionContext context, BoundedHubLifetimeManager<THub> manager)
    {
        private int _pending;
        private int _isDropped;

        public HubConnectionContext Context { get; } = context;

        /// <summary>Under the lock of the memberships.</summary>
        public HashSet<string> Groups { get; } = new(StringComparer.Ordinal);

        public void Send(SerializedHubMessage message)
        {
            if (Context.ConnectionAborted.IsCancellationRequested) return;
            if (Volatile.Read(ref _pending) >= MaxPending)
            {
                if (Interlocked.Exchange(ref _isDropped, 1) != 0) return;
                Interlocked.Increment(ref manager._dropped);
                Log.SlowClientDropped(manager._log, Context.ConnectionId);
                Context.Abort();
                return;
            }

            _ = Write(message);
        }

        private async Task Write(SerializedHubMessage message)
        {
            Interlocked.Increment(ref _pending);
            try
            {
                await Context.WriteAsync(message, CancellationToken.None); // normally done at once
            }
#pragma warning disable CA1031 // SignalR has closed the connection
            catch (Exception)
            {
                Context.Abort();
            }
#pragma warning restore CA1031
            finally
            {
                Interlocked.Decrement(ref _pending);
            }
        }
    }
}
