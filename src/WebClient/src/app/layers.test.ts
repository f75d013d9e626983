import { readdirSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const src = resolve(import.meta.dirname, '..');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
const order = ['lib', 'components', 'features', 'app'];

const imports = files.flatMap((file) =>
  [...readFileSync(resolve(src, file), 'utf8').matchAll(/(?:from|import)\s+'((?:@\/|\.)[^']+)'/g)].map(([, target = '']) => ({
    file,
    target: target.startsWith('@/') ? target.slice(2) : relative(src, resolve(src, dirname(file), target)),
  })),
);
const layer = (path: string) => order.indexOf(path.split('/')[0] ?? '');

test('imports flow from lib to components to features to app', () => {
  expect(imports.length).toBeGreaterThan(100);
  expect(imports.filter(({ file, target }) => layer(file) >= 0 && layer(target) > layer(file))).toEqual([]);
});

test('features never import each other', () => {
  const feature = (path: string) => (path.startsWith('features/') ? path.split('/')[1] : undefined);
  const wrong = imports.filter(({ file, target }) => feature(file) && feature(target) && feature(file) !== feature(target));
  expect(wrong).toEqual([]);
});

test('lib does not know React’s components: no markup', () => {
  expect(files.filter((file) => file.startsWith('lib/') && file.endsWith('.tsx'))).toEqual([]);
});

test('stylesheets use tokens, never a colour of their own', () => {
  const sheets = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.module.css') || file.endsWith('base.css'),
  );
  expect(sheets.length).toBeGreaterThan(8);
  expect(sheets.filter((file) => /#[0-9a-f]{3,8}\b|rgba?\(|\.dark\b/i.test(readFileSync(resolve(src, file), 'utf8')))).toEqual([]);
});
