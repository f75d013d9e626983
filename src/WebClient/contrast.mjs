// node contrast.mjs [--quiet] : prints the contrast of every pair that the design uses, and fails where one is too low (WCAG 2.2 AA).
import { readFileSync } from 'node:fs';

const css = readFileSync(new URL('./src/app/tokens.css', import.meta.url), 'utf8');
const tokens = Object.fromEntries([...css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(([, name, light, dark]) => [name, { light, dark }]));

const luminance = hex => [1, 3, 5]
  .map(i => parseInt(hex.slice(i, i + 2), 16) / 255)
  .map(c => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
  .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
const contrast = (a, b) => {
  const [hi, lo] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (hi + 0.05) / (lo + 0.05);
};

const states = ['available', 'ringing', 'busy', 'offline', 'held', 'incoming'];
const pairs = [
  ...['ink', 'ink-2', 'ink-3'].flatMap(t => ['surface', 'canvas', 'hover', 'selected', 'sunken', 'control'].map(b => [t, b, 4.5])),
  ['on-ink', 'ink', 4.5], ['on-answer', 'answer', 4.5], ['on-hangup', 'hangup', 4.5],
  ['edge', 'surface', 3], ['edge', 'canvas', 3], ['focus', 'surface', 3], ['answer', 'surface', 3], ['hangup', 'surface', 3],
  ...states.flatMap(s => [[s, 'surface', 3], [s, 'canvas', 3], [s, `${s}-tint`, 3], [`${s}-text`, 'surface', 4.5], [`${s}-text`, 'canvas', 4.5], [`${s}-text`, 'hover', 4.5], [`${s}-text`, `${s}-tint`, 4.5]]),
  ...states.flatMap(s => [['ink', `${s}-tint`, 4.5], ['ink-2', `${s}-tint`, 4.5], ['ink-3', `${s}-tint`, 4.5]]),
];

let failed = 0;
for (const [front, back, least] of pairs) {
  const [light, dark] = ['light', 'dark'].map(mode => contrast(tokens[front][mode], tokens[back][mode]));
  const bad = Math.min(light, dark) < least;
  failed += bad;
  if (bad || !process.argv.includes('--quiet')) console.log(`${front.padEnd(15)} on ${back.padEnd(15)} light ${light.toFixed(2).padStart(5)}  dark ${dark.toFixed(2).padStart(5)}  needs ${least}${bad ? '  TOO LOW' : ''}`);
}
process.exitCode = failed ? 1 : 0;
