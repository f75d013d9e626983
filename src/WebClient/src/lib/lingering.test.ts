import { expect, test } from 'vitest';
import { Lingering } from './lingering';

const ids = (set: ReadonlySet<string>) => [...set].sort().join('');

test('a row that goes stays, dimmed, for a second', () => {
  const list = new Lingering();
  list.update(new Set('ab'), 0, false);

  const at = (now: number) => list.update(new Set('a'), now, false);

  expect([at(10), at(1_009)].map(({ shown, leaving }) => ids(shown) + ids(leaving))).toEqual(['abb', 'abb']);
  expect(ids(at(1_010).shown)).toBe('a');
});

test('while the list is held, nothing goes; what comes is there at once', () => {
  const list = new Lingering();
  list.update(new Set('ab'), 0, true);

  expect(ids(list.update(new Set('ac'), 60_000, true).shown)).toBe('abc');
  expect(ids(list.update(new Set('ac'), 61_001, false).shown)).toBe('ac');
});

test('a row that comes back is no longer leaving', () => {
  const list = new Lingering();
  list.update(new Set('ab'), 0, false);
  list.update(new Set('a'), 10, false);

  expect(ids(list.update(new Set('ab'), 500, false).leaving)).toBe('');
});
