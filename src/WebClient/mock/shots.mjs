// Pictures of every page at every width: `node mock/shots.mjs <folder> [name-filter]`, with the mock running on PORT. Shows what breaks the page, too.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const base = `http://127.0.0.1:${process.env.PORT ?? 8081}`;
const [folder = '.', filter = ''] = process.argv.slice(2);
const act = (what, body = {}) =>
  fetch(`${base}/mock/${what}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const browser = await chromium.launchPersistentContext(mkdtempSync(join(tmpdir(), 'shots-')), {
  executablePath: '/usr/bin/chromium',
  headless: true,
  args,
  timezoneId: 'Europe/Brussels',
});
const page = await browser.newPage();
page.on('console', (message) => ['error', 'warning'].includes(message.type()) && console.log(`  ${message.type()}: ${message.text()}`));
page.on('pageerror', (error) => console.log(`  thrown: ${error}`));
const { items } = await (await fetch(`${base}/api/v1/calls?limit=9`)).json().catch(() => ({ items: [] }));

const sizes = { 360: 780, 390: 844, 768: 1024, 1024: 768, 1280: 800, 1440: 900, 1920: 1080 };
async function shot(name, path, { width = 1440, scheme = 'light', language = 'en', before, after } = {}) {
  if (!name.includes(filter)) return;
  await page.setViewportSize({ width, height: sizes[width] });
  await page.emulateMedia({ colorScheme: scheme });
  await page.goto(base);
  await page.evaluate((value) => localStorage.setItem('language', value), language);
  await page.goto(base + path);
  await page.waitForTimeout(700);
  await before?.(page);
  await page.waitForTimeout(before ? 700 : 100);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wide > 0) console.log(`  ${name}: ${wide} px too wide`);
  await after?.(page);
  console.log(name);
}

for (const width of Object.keys(sizes).map(Number)) {
  for (const scheme of ['light', 'dark']) {
    await shot(`people-${width}-${scheme}`, '/people', { width, scheme });
    await shot(`history-${width}-${scheme}`, '/history', { width, scheme });
    if (items[0]) await shot(`call-${width}-${scheme}`, `/history/${items[0].id}`, { width, scheme });
  }
}
for (const language of ['fr', 'nl']) {
  for (const width of [360, 1280, 1440]) {
    await shot(`people-${width}-${language}`, '/people', { width, language });
    await shot(`history-${width}-${language}`, '/history', { width, language });
    if (items[0]) await shot(`call-${width}-${language}`, `/history/${items[0].id}`, { width, language });
  }
}
await shot('call-missed', `/history/${items[1]?.id}`);
await shot('call-unknown', `/history/${items[7]?.id}`);
await shot('call-none', '/history/nothing');
await shot('not-found', '/nowhere');
await shot('people-nobody', '/people?q=vanx');
await shot('people-filtered', '/people?q=van&available=true&sort=department');
await shot('keys', '/people', { before: (p) => p.keyboard.press('?') });
await shot('focus', '/people', {
  before: async (p) => {
    await p.keyboard.press('/');
    for (let i = 0; i < 6; i++) await p.keyboard.press('Tab');
    await p.keyboard.press('ArrowDown');
  },
});
for (const width of [390, 768, 1440]) {
  for (const scheme of ['light', 'dark']) {
    await shot(`ringing-${width}-${scheme}`, '/people', { width, scheme, before: () => act('ring') });
    await shot(`talking-${width}-${scheme}`, '/people', { width, scheme, before: () => act('answer'), after: () => act('end') });
  }
}
await shot('phone-390', '/people', { width: 390, before: (p) => p.getByRole('button', { name: 'Phone' }).click() });
await shot('me-390', '/people', { width: 390, before: (p) => p.getByRole('button', { name: /^You/ }).click() });
await shot('reconnecting', '/people', {
  before: async (p) => {
    await act('drop', { down: true });
    await p.waitForTimeout(3000);
  },
});
await shot('reconnecting-long', '/people', { scheme: 'dark', before: (p) => p.waitForTimeout(16_000) });
await shot('history-failed', '/history', { before: (p) => p.waitForTimeout(2500), after: () => act('drop', { down: false }) });
await page.waitForTimeout(500);
await page.goto(`${base}/people`);
if (!filter || 'sign-in'.includes(filter) || filter.includes('sign-in')) {
  await fetch(`${base}/api/v1/session`, { method: 'DELETE' });
  for (const [width, scheme, language] of [
    [1440, 'light', 'en'],
    [1440, 'dark', 'fr'],
    [360, 'light', 'nl'],
  ]) {
    await shot(`sign-in-${width}-${language}`, '/people', { width, scheme, language });
    await shot(`sign-in-${width}-${language}-wrong`, '/people', {
      width,
      scheme,
      language,
      before: async (p) => {
        await p.locator('[name=username]').fill('611@noorderlicht.example');
        await p.locator('[name=password]').fill('x');
        await p.keyboard.press('Enter');
      },
    });
    await shot(`sign-in-${width}-${language}-empty`, '/people', {
      width,
      scheme,
      language,
      before: async (p) => {
        await p.locator('[name=username]').fill('611');
        await p.keyboard.press('Enter');
      },
    });
  }
}
await browser.close();
