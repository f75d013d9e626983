// ringing.mjs [watchers=1] [calls=200]: the time from the caller's INVITE (the one with credentials) to the browser's hub message that says "ringing".
// One process plays the caller, the callee's phone and the browsers, so that one clock measures. The phone answers 180 at once, and 486 when all watchers know.
// Environment: WEB, SIP_PORT, DOMAIN, WATCHER (the first of the users who watch, with 100 browsers each), WATCHER_PASSWORD, CALLER, CALLEE, PASSWORD_PATTERN.
import { createHash, randomBytes } from "node:crypto";
import dgram from "node:dgram";
import { createRequire } from "node:module";

const require = createRequire(new URL("../src/WebClient/package.json", import.meta.url));
const { HubConnectionBuilder, LogLevel } = require("@microsoft/signalr");

const env = (name, otherwise) => process.env[name] ?? otherwise;
const [watchers, calls] = [Number(process.argv[2] ?? 1), Number(process.argv[3] ?? 200)];
const web = env("WEB", "http://127.0.0.1:8080");
const port = Number(env("SIP_PORT", "5060"));
const domain = env("DOMAIN", "bench.local");
const [caller, callee] = [env("CALLER", "10000"), env("CALLEE", "12000")];
const password = (user) => env("PASSWORD_PATTERN", "p%05d").replace(/%0?\d*d/, user);
const md5 = (text) => createHash("md5").update(text).digest("hex");
const token = () => randomBytes(8).toString("hex");

class Phone {
  waiting = [];
  constructor(user) {
    this.user = user;
    this.socket = dgram.createSocket("udp4").on("message", (datagram) => this.receive(datagram.toString()));
  }
  open = () => new Promise((done) => this.socket.bind(0, "127.0.0.1", done));
  send = (text) => this.socket.send(text, port, "127.0.0.1");
  receive(text) {
    for (const waiter of [...this.waiting]) {
      if (!waiter.wants(text)) continue;
      this.waiting.splice(this.waiting.indexOf(waiter), 1);
      waiter.done(text);
    }
  }
  next = (what, wants) =>
    new Promise((done, fail) => {
      const timer = setTimeout(() => fail(new Error(`${this.user} waits in vain for ${what}`)), 5000);
      this.waiting.push({ wants, done: (text) => (clearTimeout(timer), done(text)) });
    });
  /** Registers, or with "*" and 0 removes what an earlier run left. */
  async register(contact, expires) {
    const [uri, id] = [`sip:${domain}`, token()];
    const extra = `Contact: ${contact}\r\nExpires: ${expires}\r\n`;
    const send = (cseq, more) => {
      const answer = this.next("the registrar", (text) => answers(text, id, `${cseq} REGISTER`));
      this.send(this.request("REGISTER", uri, this.user, id, cseq, { extra: extra + more, contact: "" }));
      return answer;
    };
    const answer = await send(2, this.authorization(await send(1, ""), "REGISTER", uri));
    if (!answer.startsWith("SIP/2.0 200")) throw new Error(`not registered: ${answer}`);
  }
  contact = () => `<sip:${this.user}@127.0.0.1:${this.socket.address().port}>`;
  request(method, uri, to, id, cseq, { extra = "", body = "", tag = "", branch = token(), contact = `Contact: ${this.contact()}\r\n` } = {}) {
    return (
      `${method} ${uri} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${this.socket.address().port};rport;branch=z9hG4bK${branch}\r\nMax-Forwards: 70\r\n` +
      `From: <sip:${this.user}@${domain}>;tag=${id}\r\nTo: <sip:${to}@${domain}>${tag}\r\nCall-ID: ${id}\r\nCSeq: ${cseq} ${method}\r\n` +
      `${contact}${extra}Content-Length: ${body.length}\r\n\r\n${body}`
    );
  }
  authorization(challenge, method, uri) {
    const value = (name) => challenge.match(new RegExp(`${name}="?([^",\\r]+)`))[1];
    const [realm, nonce, cnonce] = [value("realm"), value("nonce"), token()];
    const ha1 = md5(`${this.user}:${realm}:${password(this.user)}`);
    const response = md5(`${ha1}:${nonce}:00000001:${cnonce}:auth:${md5(`${method}:${uri}`)}`);
    return `Authorization: Digest username="${this.user}", realm="${realm}", nonce="${nonce}", uri="${uri}", algorithm=MD5, qop=auth, nc=00000001, cnonce="${cnonce}", response="${response}"\r\n`;
  }
}
const header = (text, name) => text.match(new RegExp(`^${name}: *(.*)\r$`, "m"))?.[1] ?? "";
const answers = (text, id, cseq) => text.startsWith("SIP/2.0") && !text.startsWith("SIP/2.0 1") && header(text, "Call-ID") === id && header(text, "CSeq") === cseq;

const reply = (phone, request, status, tag) =>
  phone.send(
    `SIP/2.0 ${status}\r\n${[...request.matchAll(/^Via: .*\r\n/gm)].join("")}From: ${header(request, "From")}\r\nTo: ${header(request, "To")};tag=${tag}\r\n` +
      `Call-ID: ${header(request, "Call-ID")}\r\nCSeq: ${header(request, "CSeq")}\r\nContact: ${phone.contact()}\r\nContent-Length: 0\r\n\r\n`,
  );

async function signIn(user) {
  const first = await fetch(`${web}/api/v1/session`);
  const cookies = (response) => response.headers.getSetCookie().map((cookie) => cookie.split(";")[0]);
  const { antiforgery } = await first.json();
  const signedIn = await fetch(`${web}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-xsrf-token": antiforgery, cookie: cookies(first).join("; ") },
    body: JSON.stringify({ login: `${user}@${domain}`, password: env("WATCHER_PASSWORD", "") }),
  });
  if (!signedIn.ok) throw new Error(`sign-in: ${signedIn.status} ${await signedIn.text()}`);
  return cookies(signedIn).join("; ");
}

async function watch(cookie, heard) {
  const hub = new HubConnectionBuilder().withUrl(`${web}/hubs/telephony`, { headers: { Cookie: cookie } }).configureLogging(LogLevel.Error).build();
  hub.on("PresenceChanged", (change) => {
    const now = performance.now();
    if (change.changed.some((person) => person.extension === callee && person.status === "ringing")) heard(now);
  });
  hub.on("CallChanged", () => {});
  hub.on("CallRecorded", () => {});
  await hub.start();
  await hub.invoke("SubscribePresence");
  return hub;
}

const [from, to] = [new Phone(caller), new Phone(callee)];
await Promise.all([from.open(), to.open()]);
await to.register("*", 0);
await to.register(to.contact(), 3600);

let heard = () => {};
const hubs = [];
for (let i = 0, cookie; i < watchers; i++) {
  if (i % 100 === 0) cookie = await signIn(Number(env("WATCHER", caller)) + i / 100);
  hubs.push(await watch(cookie, (now) => heard(now)));
}

const sdp = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 20100 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n";
const [each, last, atPhone] = [[], [], []];
for (let i = 0; i < calls; i++) {
  const id = token();
  const uri = `sip:${callee}@${domain}`;
  const extra = "Content-Type: application/sdp\r\n";
  const ack = (final, cseq, branch) => from.send(from.request("ACK", uri, callee, id, cseq, { tag: header(final, "To").match(/;tag=.*/)?.[0], branch }));
  const unauthorized = from.next("a challenge", (text) => answers(text, id, "1 INVITE"));
  from.send(from.request("INVITE", uri, callee, id, 1, { extra, body: sdp, branch: `${id}1` }));
  const first = await unauthorized;
  ack(first, 1, `${id}1`);

  const times = [];
  const known = new Promise((done) => (heard = (now) => times.push(now) === watchers && done()));
  const rings = to.next("the call", (text) => text.startsWith("INVITE "));
  const invite = from.request("INVITE", uri, callee, id, 2, { extra: extra + from.authorization(first, "INVITE", uri), body: sdp, branch: `${id}2` });
  const began = performance.now();
  from.send(invite);
  const atCallee = await rings;
  atPhone.push(performance.now() - began);
  reply(to, atCallee, "180 Ringing", id);
  const late = setTimeout(() => {
    throw new Error(`call ${i}: ${times.length} of ${watchers} browsers know after 5 s`);
  }, 5000);
  await known;
  clearTimeout(late);
  each.push(...times.map((time) => time - began));
  last.push(Math.max(...times) - began);
  const ended = from.next("its end", (text) => answers(text, id, "2 INVITE"));
  reply(to, atCallee, "486 Busy Here", id);
  ack(await ended, 2, `${id}2`);
  await new Promise((done) => setTimeout(done, 50));
}

const quantile = (values, q) => Number([...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))].toFixed(2));
const summary = (values) => ({ p50: quantile(values, 0.5), p99: quantile(values, 0.99), max: quantile(values, 1) });
console.log(JSON.stringify({ watchers, calls, invite_to_phone_ms: summary(atPhone), invite_to_hub_ms: summary(each), last_watcher_ms: summary(last) }));
for (const hub of hubs) await hub.stop();
from.socket.close();
to.socket.close();
