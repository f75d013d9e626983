import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { en } from './en';
import { fr } from './fr';
import { preferredLanguage, startI18n } from './i18n';
import { nl } from './nl';

function leaves(value: object, path = ''): [string, string][] {
  return Object.entries(value).flatMap(([key, inner]): [string, string][] =>
    typeof inner === 'string' ? [[path + key, inner]] : leaves(inner, `${path}${key}.`),
  );
}
const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}|<\/?\w+>/g)].map((match) => match[0]).sort();

describe.each([
  ['fr', fr],
  ['nl', nl],
] as const)('%s', (_, translations) => {
  const theirs = new Map(leaves(translations));

  test('has every text, none empty', () => {
    expect([...theirs.keys()].sort()).toEqual(
      leaves(en)
        .map(([key]) => key)
        .sort(),
    );
    expect([...theirs.values()].filter((text) => text.trim() === '')).toEqual([]);
  });

  test('has the same values and marks in each text', () => {
    const wrong = leaves(en).filter(([key, text]) => holes(text).join() !== holes(theirs.get(key) ?? '').join());
    expect(wrong.map(([key]) => key)).toEqual([]);
  });
});

test('words are short and calm: no exclamation marks, no please, no successfully', () => {
  const all = [en, fr, nl].flatMap((texts) => leaves(texts)).map(([, text]) => text);
  expect(all.filter((text) => /!|please|successfully|s’il vous plaît|alsjeblieft/i.test(text))).toEqual([]);
});

test('the language is the chosen one, then the browser’s, then English', () => {
  expect(preferredLanguage('nl', ['fr-BE'])).toBe('nl');
  expect(preferredLanguage(null, ['de-DE', 'fr-BE', 'nl'])).toBe('fr');
  expect(preferredLanguage('xx', ['de'])).toBe('en');
});

test('plurals follow the language', () => {
  const i18n = startI18n('fr');
  expect(i18n.t('call.seconds', { count: 0 })).toBe('0 seconde');
  expect(i18n.t('call.seconds', { count: 2 })).toBe('2 secondes');
  expect(i18n.t('call.seconds', { count: 0, lng: 'en' })).toBe('0 seconds');
});

test('every text is used somewhere', () => {
  const src = resolve(import.meta.dirname, '../..');
  const code = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.includes('i18n'))
    .map((file) => readFileSync(resolve(src, file), 'utf8'))
    .join('\n');
  const unused = leaves(en).filter(([key]) => {
    const stem = key.replace(/_(zero|one|many|other)$/, '');
    return !code.includes(`'${stem}'`) && !code.includes(`\`${stem.slice(0, stem.lastIndexOf('.') + 1)}\${`);
  });
  expect(unused.map(([key]) => key)).toEqual([]);
});
