import { expect, test } from 'vitest';
import { KeySequence } from './keys';

test('G then P is one thing, and G alone waits for no more than a second', () => {
  let now = 0;
  const keys = new KeySequence(() => now);

  expect([keys.next('g'), keys.next('P')]).toEqual(['g', 'g p']);
  expect(keys.next('p')).toBe('p');
  keys.next('G');
  now = 1_001;
  expect(keys.next('h')).toBe('h');
});
