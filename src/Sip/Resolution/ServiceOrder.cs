namespace Telephony.Sip;

/// <summary>In which order the servers of SRV records are tried (RFC 2782).</summary>
internal static class ServiceOrder
{
    /// <summary>By priority, and at random by weight within one. A target of "." is no server.</summary>
    public static IReadOnlyList<ServiceRecord> Of(IEnumerable<DnsRecord> records, Random random)
    {
        var ordered = new List<ServiceRecord>();
        foreach (var group in records.OfType<ServiceRecord>().Where(record => record.Target.Length > 0 && record.Port != 0).GroupBy(record => record.Priority).OrderBy(group => group.Key))
        {
            var left = group.OrderBy(record => record.Weight == 0 ? 0 : 1).ToList(); // those of weight 0 first: they are chosen only by a 0
            while (left.Count > 0)
            {
                var chosen = random.Next(left.Sum(record => record.Weight) + 1);
                var at = 0;
                for (var sum = left[0].Weight; sum < chosen; sum += left[at].Weight) at++;
                ordered.Add(left[at]);
                left.RemoveAt(at);
            }
        }

        return ordered;
    }
}
