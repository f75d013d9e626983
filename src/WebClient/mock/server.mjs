// A stand-in for the server while the client is drawn: `npm run build && npm run mock`, then sign in as 611@noorderlicht.example with `secret`.
// PEOPLE=1200 for a large company, LIVE=1 for a busy one. POST /mock/{ring,answer,end,presence,drop} plays a part. Never part of a release.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import { detail, history, quality } from './calls.mjs';
import { people, random } from './people.mjs';

const port = Number(process.env.PORT ?? 8081);
const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const everybody = people(Number(process.env.PEOPLE ?? 148));
const me = everybody.find((person) => person.extension === '611');
let calls = process.env.EMPTY
  ? []
  : history(
      me,
      everybody.filter((person) => person !== me),
      random,
      130,
    );
const epoch = Date.now();
let version = 1;
let signedIn = process.env.SIGNED_OUT === undefined;
let away = false;
const sockets = new Set();
const phones = [
  {
    device: '611',
    online: true,
    userAgent: 'Yealink SIP-T54W 96.86.0.100',
    registeredAt: new Date(Date.now() - 7_200_000).toISOString(),
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  },
  {
    device: '611-home',
    online: true,
    userAgent: 'baresip v3.16.0 (x86_64/Linux)',
    registeredAt: new Date(Date.now() - 1_860_000).toISOString(),
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  },
  { device: '611-mobile', online: false, userAgent: null, registeredAt: null, expiresAt: null },
];

const send = (socket, message) => socket.send(`${JSON.stringify(message)}\x1e`);
const broadcast = (target, argument) => {
  for (const socket of sockets) send(socket, { type: 1, target, arguments: [argument] });
};
function presence(extension, status) {
  const person = everybody.find((p) => p.extension === extension);
  Object.assign(person, { status, since: new Date().toISOString(), onlineDevices: status === 'offline' ? 0 : 1 });
  broadcast('PresenceChanged', { epoch, previous: version, version: ++version, changed: [person], removed: [] });
}
let live = null;
function callChanged(state, more = {}) {
  live = {
    ...(live ?? {
      callId: calls[0]?.id ?? 'live',
      direction: 'inbound',
      number: '655',
      name: 'Jean-Baptiste Van Cauwenberghe',
      version: 0,
    }),
    ...more,
    state,
    since: new Date().toISOString(),
  };
  live.version++;
  broadcast('CallChanged', live);
  presence('611', state === 'ended' ? 'available' : state === 'ringing' ? 'ringing' : 'on_call');
  if (state !== 'ended') return;
  calls = [{ ...calls[0], id: crypto.randomUUID(), startedAt: new Date().toISOString(), name: live.name, number: live.number }, ...calls];
  broadcast('CallRecorded', { callId: calls[0].id });
  live = null;
}

const routes = {
  'GET /api/v1/session': () => ({ signedIn, antiforgery: 'token' }),
  'POST /api/v1/session': ({ login, password }) => {
    if (login === 'many@noorderlicht.example') return [429, { title: 'Too many attempts' }, { 'Retry-After': '42' }];
    if (password !== 'secret') return [401, { title: 'Unauthorized' }];
    signedIn = true;
    return { signedIn, antiforgery: 'token' };
  },
  'DELETE /api/v1/session': () => {
    signedIn = false;
    return [204];
  },
  'GET /api/v1/me': () => ({
    login: '611@noorderlicht.example',
    extension: '611',
    displayName: me.displayName,
    department: me.department,
    email: me.email,
    roles: ['user'],
    tenant: { id: 't1', name: 'Noorderlicht', domain: 'noorderlicht.example' },
    phones: process.env.EMPTY ? [] : phones,
    serverTime: new Date().toISOString(),
  }),
  'GET /api/v1/presence': () => ({ epoch, version, people: everybody }),
  'GET /api/v1/calls': (_, url) => {
    if (away) return [503, { title: 'The database does not answer.', traceId: '7F3A' }];
    const from = Number(url.searchParams.get('cursor') ?? 0);
    const limit = Number(url.searchParams.get('limit') ?? 50);
    return { items: calls.slice(from, from + limit), next: from + limit < calls.length ? String(from + limit) : null };
  },
  'POST /mock/ring': (body) => callChanged('ringing', body),
  'POST /mock/answer': () => callChanged('answered'),
  'POST /mock/end': () => callChanged('ended'),
  'POST /mock/presence': ({ extension, status }) => presence(extension, status),
  'POST /mock/drop': ({ down }) => {
    away = down;
    if (down) for (const socket of sockets) socket.terminate();
  },
  'POST /hubs/telephony/negotiate': () =>
    away
      ? [503, {}]
      : {
          connectionId: 'c',
          connectionToken: 'c',
          negotiateVersion: 1,
          availableTransports: [{ transport: 'WebSockets', transferFormats: ['Text'] }],
        },
};

const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };
const csp = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://mock');
  const reply = (status, body, headers = {}) => {
    response.writeHead(status, { 'Content-Type': status >= 400 ? 'application/problem+json' : 'application/json', ...headers });
    response.end(body === undefined ? '' : JSON.stringify(body));
  };
  if (url.pathname.startsWith('/api') || url.pathname.startsWith('/hubs') || url.pathname.startsWith('/mock')) {
    let text = '';
    for await (const chunk of request) text += chunk;
    const body = text && request.headers['content-type']?.includes('json') ? JSON.parse(text) : {};
    const one = url.pathname.match(/^\/api\/v1\/calls\/([^/]+)(\/flag|\/quality)?$/);
    if (one) {
      const call = calls.find((c) => c.id === one[1]);
      if (!call) return reply(404, { title: 'Not found' });
      if (one[2] === '/quality') return reply(200, quality(call, me));
      if (one[2]) {
        call.flagged = body.flagged;
        return reply(204);
      }
      return reply(200, detail(call, me));
    }
    const handle = routes[`${request.method} ${url.pathname}`];
    if (!handle) return reply(404, { title: 'Not found' });
    if (!signedIn && !/session|mock/.test(url.pathname)) return reply(401, { title: 'Unauthorized' });
    const answer = handle(body, url);
    return Array.isArray(answer) ? reply(...answer) : reply(200, answer ?? {});
  }
  const path = normalize(decodeURIComponent(url.pathname));
  const file = join(dist, extname(path) ? path : 'index.html');
  try {
    const content = await readFile(file);
    response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream', 'Content-Security-Policy': csp });
    response.end(content);
  } catch {
    response.writeHead(404).end();
  }
});

new WebSocketServer({ server, path: '/hubs/telephony' }).on('connection', (socket) => {
  sockets.add(socket);
  const alive = setInterval(() => send(socket, { type: 6 }), 5_000);
  socket.on('close', () => {
    clearInterval(alive);
    sockets.delete(socket);
  });
  socket.on('message', (data) => {
    for (const part of data.toString().split('\x1e').filter(Boolean)) {
      const message = JSON.parse(part);
      if (message.protocol) socket.send('{}\x1e');
      if (message.type === 1 && message.target === 'SubscribePresence') {
        send(socket, { type: 3, invocationId: message.invocationId, result: { epoch, version, people: everybody } });
        if (live) send(socket, { type: 1, target: 'CallChanged', arguments: [live] });
      }
    }
  });
});

if (process.env.LIVE) {
  setInterval(() => {
    const person = everybody[Math.floor(Math.random() * everybody.length)];
    const next = { available: 'ringing', ringing: 'on_call', on_call: 'available', offline: 'available', do_not_disturb: 'available' };
    presence(person.extension, next[person.status]);
  }, 700);
}
server.listen(port, '127.0.0.1', () => console.log(`mock: http://127.0.0.1:${server.address().port}`));
