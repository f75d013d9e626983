import { expect, test } from 'vitest';
import { matches } from './search';

const thibault = ['Thibault Lefèvre', 'Accounts', '618', 'thibault@noorderlicht.example'];

test.each(['lefev', 'LEFÈVRE', 'Tlf', 'thibaultlef', 'bault le', 'lefevre thibault', 'accounts lef', '6 18', '  '])('“%s”', (query) => {
  expect(matches(query, thibault)).toBe(query !== 'Tlf');
});

test('5963 finds 59 63', () => {
  expect(matches('5963', ['+32 2 555 59 63'])).toBe(true);
  expect(matches('59.63', ['+32 2 555 59 63'])).toBe(true);
  expect(matches('59 64', ['+32 2 555 59 63', '64'])).toBe(false);
  expect(matches('5964', ['+32 2 555 59 63'])).toBe(false);
});

test('a missing field is not found, and does not disturb', () => {
  expect(matches('null', ['Anke de Wit', null, undefined])).toBe(false);
});
