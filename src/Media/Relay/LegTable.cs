using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Telephony.Media.Relay;

/// <summary>A node's legs and their owners. <see cref="Lock"/> guards who is in it, the owners, the topology and the sweep's notes; it goes over a leg's lock.</summary>
internal sealed class LegTable(TimeProvider time)
{
    private const int MaxNameLength = 200;

    private static readonly TimeSpan ForgetOwnerAfter = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, MediaLeg> _legs = new(StringComparer.Ordinal); // written under the lock
    private readonly Dictionary<string, OwnerRecord> _owners = new(StringComparer.Ordinal);

    public Lock Lock { get; } = new();

    public int Count => _legs.Count;

    /// <summary>Each as it is when it is reached. Without the lock, legs may come and go meanwhile.</summary>
    public IEnumerable<MediaLeg> Legs
    {
        get
        {
            foreach (var (_, leg) in _legs) yield return leg;
        }
    }

    /// <summary>From any thread, without the lock.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out MediaLeg? leg) => _legs.TryGetValue(name, out leg);

    /// <summary>Under the lock, as all below.</summary>
    public void Add(MediaLeg leg)
    {
        leg.Owner.Legs++;
        _legs[leg.Name] = leg;
    }

    public void Remove(MediaLeg leg)
    {
        _legs.TryRemove(leg.Name, out _);
        leg.Owner.Legs--;
    }

    /// <summary>A leg that exists: the same command again, or a new owner.</summary>
    public MediaError Adopt(MediaLeg leg, MediaOwner owner)
    {
        lock (leg.Lock)
        {
            if (!leg.TryEnter(owner.Epoch)) return MediaError.StaleEpoch;
        }

        var record = OwnerOf(owner);
        leg.Owner.Legs--;
        record.Legs++;
        leg.Owner = record;
        leg.Call = owner.Call;
        leg.CreatedAt = time.GetTimestamp();
        return MediaError.None;
    }

    public OwnerRecord OwnerOf(MediaOwner owner)
    {
        var record = OwnerOf(owner.Name);
        record.Heard(owner.Epoch, time.GetTimestamp());
        return record;
    }

    public OwnerRecord OwnerOf(string name)
    {
        var now = time.GetTimestamp();
        if (!_owners.TryGetValue(name, out var record)) _owners[name] = record = new OwnerRecord(name) { RenewedAt = now };
        record.HeardAt = now;
        return record;
    }

    public OwnerRecord? FindOwner(string name) => _owners.GetValueOrDefault(name);

    /// <summary>Lets all who wait for events go.</summary>
    public void Wake()
    {
        foreach (var owner in _owners.Values) owner.Wake();
    }

    public bool IsLeaseOver(MediaLeg leg, TimeSpan lease)
    {
        var renewedAt = leg.Epoch < leg.Owner.Epoch ? leg.Owner.EpochBegan : leg.Owner.RenewedAt;
        return time.GetElapsedTime(Math.Max(leg.CreatedAt, renewedAt)) >= lease;
    }

    /// <summary>Owners without legs, of whom nothing was heard for an hour.</summary>
    public void ForgetOwners()
    {
        foreach (var owner in _owners.Values.Where(o => o.Legs == 0 && time.GetElapsedTime(o.HeardAt) >= ForgetOwnerAfter).ToArray()) _owners.Remove(owner.Name);
    }

    public static void CheckName(string name)
    {
        if (string.IsNullOrEmpty(name) || name.Length > MaxNameLength) throw new ArgumentException($"A name has 1 to {MaxNameLength} characters.", nameof(name));
    }
}
