import { expect, test } from 'vitest';
import { hueOf, initialsOf } from './person';

test.each([
  ['Lotte Vermeulen', 'LV'],
  ['Anke de Wit', 'AW'],
  ['Jean-Baptiste Van Cauwenberghe', 'JC'],
  ['Éva', 'É'],
  ['+32 2 555 01 02', '#'],
  ['', '#'],
])('%s is %s', (name, initials) => expect(initialsOf(name)).toBe(initials));

test('a name keeps its hue', () => {
  expect(hueOf('Lotte Vermeulen')).toBe(hueOf('Lotte Vermeulen'));
});
