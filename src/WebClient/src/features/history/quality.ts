import type { LegQuality, QualitySeries } from '@/lib/api/types';

/** A second of one party's sound, as their phone would tell it: what we received is what they sent. */
export interface Second {
  at: number;
  sentPackets: number;
  sentKbps: number;
  receivedPackets: number;
  receivedKbps: number;
  /** Of what they sent: packets that did not arrive, and of those that should have. */
  lost: number;
  expected: number;
  /** How what they sent was to be heard, 1 to 4.5; null: nothing to judge. */
  mos: number | null;
  jitterMs: number;
  roundTripMs: number | null;
}

export interface Track {
  name: string;
  seconds: Second[];
}

export type Grade = 'good' | 'fair' | 'poor';

/** ITU-T G.107's classes: from 4.0 on users are satisfied, below 3.1 nearly all are not. */
export const bands: readonly { grade: Grade; from: number; to: number }[] = [
  { grade: 'good', from: 4, to: 4.5 },
  { grade: 'fair', from: 3.1, to: 4 },
  { grade: 'poor', from: 1, to: 3.1 },
];

export const gradeOf = (mos: number): Grade => bands.find(({ from }) => mos >= from)?.grade ?? 'poor';

const kbps = (bytes: number | undefined) => ((bytes ?? 0) * 8) / 1000;

function secondsOf(series: QualitySeries): Second[] {
  const start = Date.parse(series.from);
  return series.receivedPackets.map((packets, i) => ({
    at: start + i * 1000,
    sentPackets: packets,
    sentKbps: kbps(series.receivedBytes[i]),
    receivedPackets: series.sentPackets[i] ?? 0,
    receivedKbps: kbps(series.sentBytes[i]),
    lost: series.lost[i] ?? 0,
    expected: packets + (series.lost[i] ?? 0),
    mos: series.mos[i] ? (series.mos[i] as number) / 100 : null,
    jitterMs: (series.jitter[i] ?? 0) / 1000,
    roundTripMs: series.roundTrip[i] ? (series.roundTrip[i] as number) / 1000 : null,
  }));
}

/** The two who talked: the viewer, and whom they talked with. Null when there was no sound of either. */
export function tracksOf(legs: readonly LegQuality[], viewer: string): { you: Track; them: Track } | null {
  const tracks = legs
    .map((leg) => ({
      isViewer: leg.party.extension === viewer,
      name: leg.party.name ?? leg.party.number,
      seconds: leg.series.flatMap(secondsOf).sort((a, b) => a.at - b.at),
    }))
    .filter(({ seconds }) => seconds.some((second) => second.sentPackets + second.receivedPackets > 0));
  const you = tracks.find(({ isViewer }) => isViewer);
  const them = tracks.find((track) => track !== you);
  return you && them ? { you, them } : null;
}

const mean = (values: number[]) => (values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length);
const known = (values: (number | null)[]) => values.filter((value) => value !== null);

/** At most so many points: neighbours go together; of their MOS the lowest stays, so that no dip is smoothed away. */
export function thin(seconds: readonly Second[], most: number): Second[] {
  const size = Math.ceil(seconds.length / most);
  if (size <= 1) return [...seconds];
  return Array.from({ length: Math.ceil(seconds.length / size) }, (_, i) => {
    const some = seconds.slice(i * size, (i + 1) * size);
    const of = (value: (second: Second) => number) => mean(some.map(value));
    const mos = known(some.map((second) => second.mos));
    const roundTrip = known(some.map((second) => second.roundTripMs));
    return {
      at: (some[0] as Second).at,
      sentPackets: of((s) => s.sentPackets),
      sentKbps: of((s) => s.sentKbps),
      receivedPackets: of((s) => s.receivedPackets),
      receivedKbps: of((s) => s.receivedKbps),
      lost: some.reduce((sum, s) => sum + s.lost, 0),
      expected: some.reduce((sum, s) => sum + s.expected, 0),
      mos: mos.length === 0 ? null : Math.min(...mos),
      jitterMs: of((s) => s.jitterMs),
      roundTripMs: roundTrip.length === 0 ? null : mean(roundTrip),
    };
  });
}

export interface Dip {
  from: number;
  seconds: number;
  /** Of the sound that was sent in that time. */
  lossPercent: number;
  grade: Grade;
}

/** Longer stretches below good, the worst first; seconds apart by less than five are one. */
export function dipsOf(seconds: readonly Second[]): Dip[] {
  const dips: Second[][] = [];
  for (const second of seconds) {
    if (second.mos === null || gradeOf(second.mos) === 'good') continue;
    const last = dips.at(-1);
    if (last && second.at - (last.at(-1) as Second).at < 5000) last.push(second);
    else dips.push([second]);
  }
  const worst = (some: Second[]) => Math.min(...known(some.map((s) => s.mos)));
  return dips
    .filter((some) => some.length >= 2)
    .sort((a, b) => worst(a) - worst(b))
    .map((some) => {
      const expected = some.reduce((sum, s) => sum + s.expected, 0);
      return {
        from: (some[0] as Second).at,
        seconds: Math.round(((some.at(-1) as Second).at - (some[0] as Second).at) / 1000) + 1,
        lossPercent:
          expected === 0
            ? 0
            : (100 *
                Math.max(
                  0,
                  some.reduce((sum, s) => sum + s.lost, 0),
                )) /
              expected,
        grade: gradeOf(worst(some)),
      };
    });
}

export const averageMos = (seconds: readonly Second[]): number | null => {
  const mos = known(seconds.map((second) => second.mos));
  return mos.length === 0 ? null : mean(mos);
};

export const average = (seconds: readonly Second[], value: (second: Second) => number): number => mean(seconds.map(value));
