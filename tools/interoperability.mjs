#!/usr/bin/env node
// Writes docs/interoperability.md from the rows that the tests left in TestResults/interoperability. In CI it only looks: it fails when the committed page, versions apart, is another.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

const page = 'docs/interoperability.md';
const folder = 'TestResults/interoperability';
const transports = ['UDP', 'TCP', 'TLS', 'UDP over IPv6', 'TCP over IPv6', 'TLS over IPv6', 'WebSocket'];
const head = `# Interoperability

Programs of others that the tests start against a real server, and what came of it. \`./test.sh\` writes this page: a row is here because its test passed. Programs are Debian's
packages, or npm's where it says so. Debian's sipp has no TLS, its baresip no WebSocket. The libraries from npm run in Debian's Chromium; their SDP is plain RTP to a port
where nobody listens, for the media engine has no WebRTC yet: what they show is the signalling alone.

`;

function version(program) {
  const npm = `tests/Browser.Tests/phones/node_modules/${program}/package.json`;
  if (existsSync(npm)) return `${JSON.parse(readFileSync(npm, 'utf8')).version} (npm)`;
  try {
    return execFileSync('dpkg-query', ['-W', '-f=${Version}', program], { encoding: 'utf8' });
  } catch {
    return 'not a package here';
  }
}

const rows = new Map(); // what differs in the transport alone is one row
for (const file of readdirSync(folder)) {
  const [program, transport, what, result] = readFileSync(`${folder}/${file}`, 'utf8').trimEnd().split('\t');
  const key = [program, what, result].join('\t');
  rows.set(key, [...(rows.get(key) ?? []), transport]);
}

const byTransport = (a, b) => transports.indexOf(a) - transports.indexOf(b) || (a < b ? -1 : 1);
const lines = [...rows].map(([key, over]) => [...key.split('\t'), over.sort(byTransport).join('; ')])
  .sort((a, b) => (a.join('\t') < b.join('\t') ? -1 : 1));
const table = (of) => [['program', 'version', 'transport', 'what was tried', 'result'], ['---', '---', '---', '---', '---'],
  ...lines.map(([program, what, result, over]) => [program, of(program), over, what, result])].map((cells) => `| ${cells.join(' | ')} |\n`).join('');

const committed = existsSync(page) ? readFileSync(page, 'utf8') : '';
const versionless = (text) => text.replace(/^(\| [^|]+ \|)[^|]+\|/gm, '$1 |');
const now = head + table(version);
if (committed === now) process.exit(0);
if (versionless(committed) === versionless(now) && process.env.CI) process.exit(0);
if (!process.env.CI) {
  writeFileSync(page, now);
  console.error(`${page} is another now: commit it`);
  process.exit(0);
}

const lost = versionless(committed).split('\n').filter((line) => !versionless(now).split('\n').includes(line)).map((line) => `- ${line}`);
const added = versionless(now).split('\n').filter((line) => !versionless(committed).split('\n').includes(line)).map((line) => `+ ${line}`);
console.error([`${page} is not what the tests found; run ./test.sh and commit it:`, ...lost, ...added].join('\n'));
process.exit(1);
