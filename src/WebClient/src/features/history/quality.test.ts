import { describe, expect, test } from 'vitest';
import type { LegQuality } from '@/lib/api/types';
import { averageMos, dipsOf, gradeOf, thin, tracksOf } from './quality';

const leg = (number: string, mos: number[], more: Partial<LegQuality['series'][0]> = {}): LegQuality => ({
  leg: 0,
  party: { number, name: `Person ${number}`, extension: number },
  device: number,
  summary: { mosAverage: null, mosMinimum: null, lossPercent: 0 },
  series: [
    {
      from: '2026-11-17T13:52:00.000Z',
      receivedPackets: mos.map(() => 50),
      receivedBytes: mos.map(() => 8600),
      sentPackets: mos.map(() => 49),
      sentBytes: mos.map(() => 8428),
      lost: mos.map((value) => (value < 400 ? 2 : 0)),
      jitter: mos.map(() => 1500),
      roundTrip: mos.map(() => 0),
      rFactor: mos.map(() => 90),
      mos,
      remoteLost: [],
      remoteJitter: [],
      ...more,
    },
  ],
});

describe('CDR-22, CDR-23: sent and received, as the phones would tell it', () => {
  test('what we received of the viewer is what they sent', () => {
    const tracks = tracksOf([leg('602', [440]), leg('611', [430])], '611');
    expect(tracks?.you).toMatchObject({ name: 'Person 611' });
    expect(tracks?.you.seconds[0]).toEqual({
      at: Date.parse('2026-11-17T13:52:00.000Z'),
      sentPackets: 50,
      sentKbps: 68.8,
      receivedPackets: 49,
      receivedKbps: 67.424,
      lost: 0,
      expected: 50,
      mos: 4.3,
      jitterMs: 1.5,
      roundTripMs: null,
    });
    expect(tracks?.them).toMatchObject({ name: 'Person 602' });
  });

  test('a device that only rang is no party, and without two there is nothing to draw', () => {
    const silent = leg('640', [0], { receivedPackets: [0], sentPackets: [0] });
    expect(tracksOf([silent, leg('602', [440]), leg('611', [430])], '611')?.them.name).toBe('Person 602');
    expect(tracksOf([silent, leg('611', [430])], '611')).toBeNull();
    expect(tracksOf([], '611')).toBeNull();
  });

  test('minutes follow each other whatever their order', () => {
    const [early, late] = [leg('611', [430]), leg('611', [400], { from: '2026-11-17T13:53:00.000Z' })];
    const both = { ...early, series: [...late.series, ...early.series] };
    expect(tracksOf([both, leg('602', [440])], '611')?.you.seconds.map((second) => second.mos)).toEqual([4.3, 4]);
  });
});

describe('CDR-24: quality', () => {
  test.each([
    [4.4, 'good'],
    [4, 'good'],
    [3.99, 'fair'],
    [3.1, 'fair'],
    [3.09, 'poor'],
    [1, 'poor'],
  ])('a MOS of %d is %s', (mos, grade) => expect(gradeOf(mos)).toBe(grade));

  const seconds = (mos: number[]) => tracksOf([leg('602', mos), leg('611', mos)], '611')?.them.seconds ?? [];

  test('a dip has its beginning, its length and its loss; a single second is none', () => {
    const dips = dipsOf(seconds([440, 300, 440, 440, 440, 440, 440, 440, 350, 320, 250, 440]));
    expect(dips).toEqual([
      { from: Date.parse('2026-11-17T13:52:08.000Z'), seconds: 3, lossPercent: expect.closeTo(100 * (6 / 156), 5), grade: 'poor' },
    ]);
    expect(dipsOf(seconds([440, 0, 440]))).toEqual([]);
  });

  test('many seconds become few points, and the worst one of them stays', () => {
    const few = thin(seconds([...Array(99).fill(440), 110]), 10);
    expect(few).toHaveLength(10);
    expect(few.at(-1)?.mos).toBe(1.1);
    expect(few[0]).toMatchObject({ mos: 4.4, sentPackets: 50, expected: 500 });
  });

  test('seconds without sound don’t count', () => {
    expect(averageMos(seconds([440, 0, 400]))).toBeCloseTo(4.2);
    expect(averageMos(seconds([0]))).toBeNull();
  });
});
