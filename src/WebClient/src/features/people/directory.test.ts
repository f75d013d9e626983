import { expect, test } from 'vitest';
import { found, sorted } from './directory';
import { readPeopleSearch } from './people-search';

const profile = (extension: string, displayName: string, department?: string) => ({
  extension,
  displayName,
  department: department ?? null,
});
const people = [profile('20', 'Zoë', 'Planning'), profile('100', 'anke'), profile('3', 'Éva', 'Accounts'), profile('4', 'Eva', 'Planning')];
const order = (...args: Parameters<typeof sorted>) => sorted(...args).map((person) => person.extension);

test('the order is by name, whatever the case and accents, and total', () => {
  expect(order(people, 'name', false, 'en')).toEqual(['100', '3', '4', '20']);
  expect(order([...people].reverse(), 'name', false, 'en')).toEqual(['100', '3', '4', '20']);
});

test('extensions are ordered as numbers, and who has no department comes last', () => {
  expect(order(people, 'extension', false, 'en')).toEqual(['3', '4', '20', '100']);
  expect(order(people, 'department', true, 'en')).toEqual(['4', '20', '3', '100']);
});

test('the search and the team narrow, without regard to accents', () => {
  expect(found(people, { q: 'eva' }, 'Planning').map((p) => p.extension)).toEqual(['3', '4']);
  expect(found(people, { q: 'eva', team: true }, 'Planning').map((p) => p.extension)).toEqual(['4']);
  expect(found(people, { team: true }, null)).toHaveLength(4);
});

test('an address that makes no sense is read as far as it does', () => {
  expect(readPeopleSearch({ q: 602, team: 'yes', available: true, sort: 'status', down: 1, other: 'x' })).toEqual({
    q: '602',
    available: true,
  });
  expect(readPeopleSearch({ q: '  ', sort: 'extension', down: true })).toEqual({ sort: 'extension', down: true });
});
