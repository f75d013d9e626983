import { describe, expect, test } from 'vitest';
import { clockTime, duration, exactDuration, listTime, recordTime, shortTime } from './format';
import { startI18n } from './i18n/i18n';

const t = startI18n('en').t;
const inEnglish = (ms: number) => exactDuration(ms, t, 'en');

describe('CDR-17, CDR-18, CDR-19: seconds are truncated and the exact value stands behind', () => {
  test.each([
    [4_676, '4 seconds (4.676)'],
    [1_200, '1 second (1.2)'],
    [3_999, '3 seconds (3.999)'],
    [999, '0 seconds (0.999)'],
    [0, '0 seconds (0)'],
    [59_999, '59 seconds (59.999)'],
    [60_000, '1 min 0 s (60)'],
    [391_208, '6 min 31 s (391.208)'],
    [3_725_004, '1 h 2 min 5 s (3725.004)'],
  ])('%i ms', (ms, text) => expect(inEnglish(ms)).toBe(text));

  test('the decimal sign is the reader’s', () => {
    expect(duration(4_676, startI18n('fr').t, 'fr')).toEqual({ words: '4 secondes', exact: '4,676' });
    startI18n('en');
  });
});

test('CDR-05: a clock shows minutes and seconds, and hours from one on', () => {
  expect([0, 999, 6_000, 391_999, 3_600_000, 45_296_000].map(clockTime)).toEqual(['0:00', '0:00', '0:06', '6:31', '1:00:00', '12:34:56']);
  expect(clockTime(-5_000)).toBe('0:00');
});

test('CDR-16: a record says day, month, year and the second', () => {
  expect(recordTime(new Date(2026, 10, 7, 9, 5, 2))).toBe('07-11-2026 09:05:02');
});

describe('dates in lists', () => {
  const now = new Date(2026, 10, 17, 14, 0);

  test.each([
    [new Date(2026, 10, 17, 13, 51), 'Today 13:51', 'Aujourd’hui 13:51', 'Vandaag 13:51'],
    [new Date(2026, 10, 16, 17, 2), 'Yesterday 17:02', 'Hier 17:02', 'Gisteren 17:02'],
    [new Date(2026, 10, 12, 16, 20), 'Thu 12 Nov 16:20', 'Jeu 12 nov 16:20', 'Do 12 nov 16:20'],
    [new Date(2025, 11, 31, 8, 0), '31-12-2025 08:00', '31-12-2025 08:00', '31-12-2025 08:00'],
  ])('%s', (at, en, fr, nl) => {
    expect([listTime(at, now, 'en'), listTime(at, now, 'fr').replace("'", '’'), listTime(at, now, 'nl')]).toEqual([en, fr, nl]);
  });

  test('today needs no day where it is narrow', () => {
    expect(shortTime(new Date(2026, 10, 17, 0, 1), now, 'en')).toBe('00:01');
    expect(shortTime(new Date(2026, 10, 16, 23, 59), now, 'en')).toBe('Yesterday 23:59');
  });
});
