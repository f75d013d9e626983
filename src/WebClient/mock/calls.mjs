// Eva's calls: one of each outcome, then many. Shapes as in ICallHistory.cs.
const party = (person) => ({
  number: person.extension,
  name: person.displayName,
  extension: person.extension,
  department: person.department,
});

export function history(me, others, random, count) {
  const at = Date.now();
  const calls = [];
  const outcomes = [
    ['inbound', 'answered', 'callee', 'hangup', 4676, 391208],
    ['missed', 'no_answer', 'system', 'no_answer', 18_400, 0],
    ['outbound', 'answered', 'caller', 'hangup', 1200, 3476],
    ['inbound', 'answered', 'caller', 'hangup', 6210, 52_840],
    ['outbound', 'busy', 'callee', 'busy', 0, 0],
    ['missed', 'cancelled', 'caller', 'cancelled', 6120, 0],
    ['outbound', 'declined', 'callee', 'declined', 3030, 0],
    ['outbound', 'failed', 'system', 'unknown_number', 0, 0],
    ['inbound', 'answered', 'system', 'restart', 2100, 5_025_004],
  ];
  for (let i = 0; i < count; i++) {
    const [direction, outcome, endedBy, reason, ringMs, talkMs] = outcomes[i % outcomes.length];
    const other = reason === 'unknown_number' ? null : others[Math.floor(random() * others.length)];
    const startedAt = new Date(at - i * i * 97_000 - 540_000).toISOString();
    const number = other?.extension ?? '999';
    calls.push({
      id: `0197${String(i).padStart(4, '0')}-0000-7000-8000-${String(i).padStart(12, '0')}`,
      direction,
      number,
      name: other?.displayName ?? null,
      department: other?.department ?? null,
      lineUsed: me.extension,
      startedAt,
      ringMs,
      talkMs,
      totalMs: ringMs + talkMs,
      outcome,
      endedBy,
      reason,
      flagged: i === 3,
    });
  }
  return calls;
}

export function detail(call, me) {
  const them = { number: call.number, name: call.name, extension: call.name ? call.number : null, department: call.department };
  const you = party(me);
  const start = Date.parse(call.startedAt);
  const at = (ms) => new Date(start + ms).toISOString();
  const out = call.direction === 'outbound';
  const [caller, callee] = out ? [you, them] : [them, you];
  const answered = call.outcome === 'answered';
  const media = answered
    ? {
        packetsReceived: Math.round(call.talkMs / 20),
        bytesReceived: Math.round(call.talkMs / 20) * 172,
        packetsSent: Math.round(call.talkMs / 20) - 3,
        bytesSent: (Math.round(call.talkMs / 20) - 3) * 172,
      }
    : null;
  const timeline = [{ at: at(0), kind: 'called', actor: caller, other: callee, devices: [] }];
  const end = at(call.totalMs + 120);
  if (call.reason === 'unknown_number')
    timeline.push({ at: at(12), kind: 'unknown_number', actor: you, other: them, devices: [], sipStatus: 404, q850: 1 });
  else {
    if (!out) timeline.push({ at: at(18), kind: 'skipped', actor: callee, devices: ['611-mobile'], reason: 'offline' });
    timeline.push({ at: at(120), kind: 'rang', actor: callee, devices: out ? [callee.number] : ['611', '611-home'] });
    if (answered) {
      timeline.push({
        at: at(call.ringMs + 120),
        kind: 'answered',
        actor: callee,
        devices: [out ? callee.number : '611-home'],
        ms: call.ringMs,
      });
      if (!out)
        timeline.push({
          at: at(call.ringMs + 130),
          kind: 'not_answered',
          actor: callee,
          devices: ['611'],
          reason: 'answered_elsewhere',
          ms: call.ringMs,
          sipStatus: 487,
          q850: 26,
        });
    } else
      timeline.push({
        at: end,
        kind: 'not_answered',
        actor: callee,
        devices: [],
        reason: call.reason,
        ms: call.ringMs,
        sipStatus: call.reason === 'busy' ? 486 : call.reason === 'declined' ? 603 : 487,
        q850: call.reason === 'busy' ? 17 : call.reason === 'declined' ? 21 : 19,
      });
  }
  const ender = call.endedBy === 'system' ? null : call.endedBy === 'caller' ? caller : callee;
  timeline.push({ at: end, kind: 'ended', actor: ender, devices: [], reason: call.reason, ms: call.talkMs, q850: answered ? 16 : null });
  const leg = (number, who, device, more) => ({
    leg: number,
    party: who,
    device,
    offeredAt: at(12),
    ringingAt: at(120),
    answeredAt: answered ? at(call.ringMs + 120) : null,
    endedAt: end,
    sipStatus: null,
    q850: 16,
    reason: call.reason,
    media,
    quality: answered ? { mosAverage: 4.3, mosMinimum: 2.4, lossPercent: 0.4 } : null,
    ...more,
  });
  return {
    call,
    sipCallId: `${call.id.slice(24)}8f2c41d09ab7@192.0.2.44`,
    legs: [leg(0, caller, caller.number, {}), leg(1, callee, callee.number, {})],
    timeline,
  };
}

/** Each second of a call's two legs, with a dip in the middle of what the other party said. */
export function quality(call, me) {
  if (call.outcome !== 'answered') return [];
  const length = Math.max(1, Math.floor(Math.min(call.talkMs, 3_600_000) / 1000));
  const series = (dips) => {
    const each = (value) => Array.from({ length }, (_, i) => value(dips && i > length * 0.55 && i < length * 0.55 + 20, i));
    return {
      from: new Date(Date.parse(call.startedAt) + call.ringMs + 120).toISOString(),
      receivedPackets: each((dip, i) => (dip ? 47 : 50 - (i % 17 === 0 ? 1 : 0))),
      receivedBytes: each((dip, i) => (dip ? 47 : 50 - (i % 17 === 0 ? 1 : 0)) * 172),
      sentPackets: each((_, i) => 50 + (i % 23 === 0 ? 1 : 0)),
      sentBytes: each((_, i) => (50 + (i % 23 === 0 ? 1 : 0)) * 172),
      lost: each((dip) => (dip ? 3 : 0)),
      jitter: each((dip, i) => (dip ? 28_000 : 1200 + (i % 7) * 300)),
      roundTrip: each((_, i) => 21_000 + (i % 5) * 1000),
      rFactor: each((dip) => (dip ? 58 : 93)),
      mos: each((dip, i) => (dip ? 240 + (i % 4) * 30 : 436 + (i % 5))),
      remoteLost: each(() => 0),
      remoteJitter: each(() => 1500),
    };
  };
  const { legs } = detail(call, me);
  return legs.map((leg) => ({ ...leg, summary: leg.quality, series: [series(leg.party.extension !== me.extension)] }));
}
