import { describe, expect, test } from 'vitest';
import type { Party, TimelineEntry } from '@/lib/api/types';
import { exactDuration } from '@/lib/format';
import { startI18n } from '@/lib/i18n/i18n';
import { codesOf, lineOf } from './timeline';
import { sentenceOf } from './timeline-text';

const lotte: Party = { number: '602', name: 'Lotte Vermeulen', extension: '602' };
const eva: Party = { number: '611', name: 'Eva De Smet', extension: '611' };
const entry = (kind: string, more: Partial<TimelineEntry> = {}): TimelineEntry => ({ at: '2026-11-17T13:51:02.000Z', kind, ...more });

const i18n = startI18n('en');
/** The sentence as Eva (611) reads it, without marks. */
const read = (value: TimelineEntry, language: 'en' | 'fr' | 'nl' = 'en') => {
  const t = i18n.getFixedT(language);
  return sentenceOf(lineOf(value, '611'), t, language, (ms) => exactDuration(ms, t, language)).replace(/<\/?b>/g, '');
};

describe('CDR-21: what happened, in words', () => {
  test.each<[TimelineEntry, string]>([
    [entry('called', { actor: eva, other: lotte }), 'You called Lotte Vermeulen.'],
    [entry('called', { actor: lotte, other: eva }), 'Lotte Vermeulen called you.'],
    [
      entry('called', { actor: lotte, other: { number: '640', name: 'Maarten Claes', extension: '640' } }),
      'Lotte Vermeulen called Maarten Claes.',
    ],
    [entry('called', { actor: eva, other: { number: '999' } }), 'You called 999.'],
    [entry('called', { actor: eva }), 'You made a call.'],
    [entry('rang', { actor: lotte, devices: ['602'] }), 'Lotte Vermeulen rang.'],
    [entry('rang', { actor: eva, devices: ['611'] }), 'Your phone rang.'],
    [entry('rang', { actor: eva, devices: ['browser', 'yealink'] }), 'You rang on 2 devices: browser and yealink.'],
    [entry('rang', { actor: eva, devices: ['611', '611-home'] }), 'You rang on 2 devices: 611 and 611-home.'],
    [entry('rang', { actor: lotte, devices: ['602-home'] }), 'Lotte Vermeulen rang on 602-home.'],
    [entry('skipped', { actor: lotte, devices: ['602'], reason: 'offline' }), 'Lotte Vermeulen did not ring.'],
    [entry('skipped', { actor: eva, devices: ['mobile'], reason: 'rule' }), 'You did not ring on mobile.'],
    [entry('answered', { actor: lotte, devices: ['602'], ms: 1_200 }), 'Lotte Vermeulen answered after 1 second (1.2).'],
    [entry('answered', { actor: eva, devices: ['yealink'], ms: 4_676 }), 'You answered on yealink after 4 seconds (4.676).'],
    [
      entry('not_answered', { actor: lotte, ms: 15_000, reason: 'no_answer' }),
      'Lotte Vermeulen rang for 15 seconds (15) and did not answer.',
    ],
    [entry('not_answered', { actor: eva, ms: 3_000, reason: 'declined' }), 'You declined after 3 seconds (3).'],
    [entry('not_answered', { actor: lotte, ms: 0, reason: 'busy' }), 'Lotte Vermeulen was busy.'],
    [
      entry('not_answered', { actor: eva, devices: ['mobile'], ms: 2_000, reason: 'answered_elsewhere' }),
      'You stopped ringing on mobile after 2 seconds (2).',
    ],
    [entry('not_answered', { actor: lotte, reason: 'timeout' }), 'Lotte Vermeulen could not be reached.'],
    [entry('unknown_number', { actor: eva, other: { number: '999' } }), 'Nobody has the number 999.'],
    [entry('ended', { actor: lotte, ms: 391_208 }), 'Lotte Vermeulen ended the call after 6 min 31 s (391.208).'],
    [entry('ended', { actor: eva }), 'You ended the call.'],
    [entry('ended', { reason: 'restart', ms: 2_000 }), 'The call ended after 2 seconds (2).'],
  ])('%#: %o', (value, sentence) => expect(read(value)).toBe(sentence));

  test('in French and Dutch', () => {
    const answered = entry('answered', { actor: eva, devices: ['611'], ms: 4_676 });
    expect(read(answered, 'fr')).toBe('Vous avez décroché après 4 secondes (4,676).');
    expect(read(answered, 'nl')).toBe('Je nam op na 4 seconden (4,676).');
    expect(read(entry('rang', { actor: lotte, devices: ['a', 'b'] }), 'fr')).toBe('2 téléphones de Lotte Vermeulen ont sonné : a et b.');
  });

  test('a device that did not ring has its why', () => {
    expect(lineOf(entry('skipped', { actor: lotte, reason: 'do_not_disturb' }), '611').reason).toBe('do_not_disturb');
  });

  test('a kind that is new to this client is shown, not lost', () => {
    expect(lineOf(entry('parked', { actor: eva, reason: 'hold' }), '611')).toEqual({ shape: 'other', text: null, reason: 'hold' });
  });
});

test('codes are small print', () => {
  expect(codesOf(entry('not_answered', { sipStatus: 486, q850: 17 }))).toBe('SIP 486 · Q.850 17');
  expect(codesOf(entry('ended', { q850: 16 }))).toBe('Q.850 16');
  expect(codesOf(entry('called'))).toBeNull();
});
