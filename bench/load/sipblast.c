// sipblast: SIP load generator (UDP). One process plays all callers (UAC socket) and all callees
// (UAS socket). Modes: reg (REGISTER with digest), call (INVITE with digest .. BYE).
// Build: gcc -O2 -o sipblast sipblast.c
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "md5.h"

// ---------- options ----------
static char *host = "127.0.0.1", *domain = "bench.local", *upat = "u%05d", *ppat = "p%05d", *mode = "call", *lip = "127.0.0.1", *mapf;
static int sport = 5060, uacport = 7000, uasport = 7001, A = 0, B = 1000, N = 1000, window = 0, ringms = 0, maxslots = 20000, K = 16, mbase = 20000, expires = 3600, nosdp, quiet = 1;
static double rate = 100; static long holdms = 0, maxcalls = 0; static double dur = 10; static int T1 = 500;

static uint64_t now_ns(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1000000000ull + t.tv_nsec; }
static uint64_t T0; static uint64_t nowms(void) { return (now_ns() - T0) / 1000000; }

// ---------- sockets ----------
#define QN 64
typedef struct { int fd; int n; char buf[QN][4096]; struct iovec iov[QN]; struct mmsghdr mm[QN]; struct sockaddr_in to[QN]; } Sock;
static Sock uac, uas; static struct sockaddr_in srv; static uint64_t send_err;
static void sflush(Sock *s) {
  int off = 0;
  while (off < s->n) { int r = sendmmsg(s->fd, s->mm + off, s->n - off, 0); if (r <= 0) { if (errno == EINTR) continue; send_err++; off++; } else off += r; }
  s->n = 0;
}
static void ssend(Sock *s, const char *m, int len, struct sockaddr_in *to) {
  if (s->n == QN) sflush(s);
  int i = s->n++; memcpy(s->buf[i], m, len); s->iov[i].iov_base = s->buf[i]; s->iov[i].iov_len = len; s->to[i] = *to;
  s->mm[i].msg_hdr = (struct msghdr){.msg_name = &s->to[i], .msg_namelen = sizeof *to, .msg_iov = &s->iov[i], .msg_iovlen = 1};
}
static void sopen(Sock *s, int port) {
  s->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0); int b = 16 << 20;
  if (setsockopt(s->fd, SOL_SOCKET, SO_RCVBUFFORCE, &b, sizeof b)) setsockopt(s->fd, SOL_SOCKET, SO_RCVBUF, &b, sizeof b);
  setsockopt(s->fd, SOL_SOCKET, SO_SNDBUFFORCE, &b, sizeof b);
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)}; inet_pton(AF_INET, lip, &a.sin_addr);
  if (bind(s->fd, (void *)&a, sizeof a)) { perror("bind"); exit(1); }
}

// ---------- histograms (10 us buckets, to 20 s) ----------
#define HB 2000000
typedef struct { uint32_t *b; uint64_t n; uint64_t max; } Hist;
static void hadd(Hist *h, uint64_t ns) { if (!h->b) h->b = calloc(HB, 4); uint64_t i = ns / 10000; if (i >= HB) i = HB - 1; h->b[i]++; h->n++; if (ns > h->max) h->max = ns; }
static double hq(Hist *h, double q) { if (!h->n) return -1; uint64_t t = (uint64_t)(q * (h->n - 1)), c = 0; for (int i = 0; i < HB; i++) { c += h->b[i]; if (c > t) return (i + .5) / 100.0; } return -1; }

// ---------- calls, timers ----------
typedef struct Call {
  struct Call *tn, **tp; uint64_t due; // timer list
  int id, state, user, callee, cseq, gen, rto, tries, authed, bye, mlen; uint64_t t0, tinv; int counted;
  char totag[128], contact[200], routes[600], msg[2800]; struct sockaddr_in peer; int rport; char rip[20]; uint32_t hash; struct Call *hn; char cid[200]; int isuas;
} Call;
enum { FREE, REG, INV, UP, BYE, UINV, UOK, UCONF };
#define WH 32768
static Call *wheel[WH]; static uint64_t wpos;
static void tdel(Call *c) { if (c->tp) { *c->tp = c->tn; if (c->tn) c->tn->tp = c->tp; c->tp = 0; } }
static void tset(Call *c, uint64_t ms) {
  tdel(c); c->due = nowms() + ms; if (c->due <= wpos) c->due = wpos + 1;
  Call **s = &wheel[c->due % WH]; c->tn = *s; c->tp = s; if (*s) (*s)->tp = &c->tn; *s = c;
}
static Call *calls; static int *freel, nfree; static Call *uasfree; static Call *uht[65536];
static char (*ha1)[33]; static char realm0[128];
static uint64_t st_started, st_ok, st_fail, st_retr, st_uasretr, st_busy, st_up, st_done, st_codes[700], st_rbye, st_uasinv, st_to, st_unk, st_cancel;
static Hist hset, hpdd, hbye, hreg; static uint64_t *lastinv; static int inflight; static long up_now, up_peak; static uint32_t runid; static int stopping;

typedef struct { char *s; int n; } Sl;
typedef struct { int code; char method[16]; Sl via[12], rr[8]; int nvia, nrr; Sl from, to, cid, cseq, contact, auth; int authproxy; char *body; char *ruri; int rurin; } Msg;
static int ieq(const char *a, const char *b, int n) { return strncasecmp(a, b, n) == 0; }
static int parse(char *m, int len, Msg *o) {
  memset(o, 0, sizeof *o); m[len] = 0; char *e = strstr(m, "\r\n"); if (!e) return -1;
  if (ieq(m, "SIP/2.0 ", 8)) o->code = atoi(m + 8);
  else { char *sp = memchr(m, ' ', e - m); if (!sp || sp - m > 15) return -1; memcpy(o->method, m, sp - m); o->ruri = sp + 1; char *s2 = memchr(sp + 1, ' ', e - sp - 1); if (!s2) return -1; o->rurin = s2 - sp - 1; }
  char *p = e + 2;
  while (*p && !(p[0] == '\r' && p[1] == '\n')) {
    e = strstr(p, "\r\n"); if (!e) break; char *c = memchr(p, ':', e - p); if (!c) { p = e + 2; continue; }
    int hn = c - p; while (hn && p[hn - 1] == ' ') hn--;
    char *v = c + 1; while (*v == ' ') v++; Sl val = {v, (int)(e - v)};
    #define H(nm) (hn == (int)sizeof(nm) - 1 && ieq(p, nm, hn))
    if (H("Via") || H("v")) { if (o->nvia < 12) o->via[o->nvia++] = val; }
    else if (H("Record-Route")) { if (o->nrr < 8) o->rr[o->nrr++] = val; }
    else if (H("From") || H("f")) o->from = val; else if (H("To") || H("t")) o->to = val;
    else if (H("Call-ID") || H("i")) o->cid = val; else if (H("CSeq")) o->cseq = val;
    else if (H("Contact") || H("m")) o->contact = val;
    else if (H("WWW-Authenticate")) { if (!o->auth.s || !memmem(o->auth.s, o->auth.n, "MD5", 3)) o->auth = val; }
    else if (H("Proxy-Authenticate")) { if (!o->auth.s || !memmem(o->auth.s, o->auth.n, "MD5", 3)) o->auth = val; o->authproxy = 1; }
    p = e + 2;
  }
  o->body = (*p) ? p + 2 : p; return o->cid.s && o->cseq.s ? 0 : -1;
}
static int param(Sl h, const char *name, char *out, int max) { // name="v" or name=v in auth header
  int nl = strlen(name); char *p = h.s, *e = h.s + h.n; out[0] = 0;
  for (; p + nl + 1 < e; p++) if (ieq(p, name, nl) && p[nl] == '=' && (p == h.s || p[-1] == ' ' || p[-1] == ',' || p[-1] == '\t')) {
    p += nl + 1; int q = *p == '"'; if (q) p++; int i = 0; while (p < e && i < max - 1 && (q ? *p != '"' : (*p != ',' && *p != ' '))) out[i++] = *p++; out[i] = 0; return 1; }
  return 0;
}
static void uri_of(Sl h, char *out, int max) {
  char *a = memchr(h.s, '<', h.n); int n;
  if (a) { a++; char *b = memchr(a, '>', h.s + h.n - a); n = b ? b - a : 0; } else { a = h.s; char *b = memchr(a, ';', h.n); n = b ? b - a : h.n; }
  if (n >= max) n = max - 1; memcpy(out, a, n); out[n] = 0;
}
static void tag_of(Sl h, char *out, int max) { out[0] = 0; char *p = memmem(h.s, h.n, ";tag=", 5); if (!p) return; p += 5; int i = 0; while (p < h.s + h.n && *p != ';' && *p != ' ' && *p != '>' && i < max - 1) out[i++] = *p++; out[i] = 0; }
static int sdp_port(const char *b, char *ip) { int port = 0; ip[0] = 0; const char *c = strstr(b, "c=IN IP4 "); if (c) sscanf(c + 9, "%19[0-9.]", ip); c = strstr(b, "m=audio "); if (c) port = atoi(c + 8); return port; }
static int mk_sdp(char *o, int port, int sess) {
  if (nosdp) { o[0] = 0; return 0; }
  return sprintf(o, "v=0\r\no=- %d 1 IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\nm=audio %d RTP/AVP 0 8 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n", sess, lip, lip, port);
}
static int sock_port(int leg) { return mbase + 2 * (leg % K); }
static void auth_hdr(char *out, Call *c, Msg *m, const char *method, const char *uri) {
  char realm[128], nonce[600], qop[40], opaque[200], alg[24], u[64], p[64], ha2[33], r[33];
  param(m->auth, "realm", realm, sizeof realm); param(m->auth, "nonce", nonce, sizeof nonce); param(m->auth, "qop", qop, sizeof qop); param(m->auth, "opaque", opaque, sizeof opaque); param(m->auth, "algorithm", alg, sizeof alg);
  snprintf(u, sizeof u, upat, c->user); snprintf(p, sizeof p, ppat, c->user);
  if (strcmp(realm, realm0)) { strcpy(realm0, realm); memset(ha1, 0, (size_t)33 * (A + B + N + 2)); }
  char *h1 = ha1[c->user]; if (!h1[0]) md5hex(h1, "%s:%s:%s", u, realm, p);
  md5hex(ha2, "%s:%s", method, uri);
  int n = sprintf(out, "%s: Digest username=\"%s\", realm=\"%s\", nonce=\"%s\", uri=\"%s\", algorithm=MD5", m->authproxy ? "Proxy-Authorization" : "Authorization", u, realm, nonce, uri);
  if (qop[0]) { md5hex(r, "%s:%s:00000001:%08x:auth:%s", h1, nonce, c->cseq * 7919u + c->id, ha2); n += sprintf(out + n, ", qop=auth, nc=00000001, cnonce=\"%08x\"", c->cseq * 7919u + c->id); }
  else md5hex(r, "%s:%s:%s", h1, nonce, ha2);
  n += sprintf(out + n, ", response=\"%s\"", r); if (opaque[0]) n += sprintf(out + n, ", opaque=\"%s\"", opaque);
  sprintf(out + n, "\r\n");
}
static void mkreq(Call *c, const char *meth, const char *auth) {
  char u[64], cu[64], uri[256], sdp[512], extra[400]; int isr = !strcmp(meth, "REGISTER"), isi = !strcmp(meth, "INVITE"), sl = 0;
  snprintf(u, sizeof u, upat, c->user); snprintf(cu, sizeof cu, upat, isr ? c->user : c->callee);
  if (isr) snprintf(uri, sizeof uri, "sip:%s", domain);
  else if (isi || !c->contact[0]) snprintf(uri, sizeof uri, "sip:%s@%s", cu, domain); else snprintf(uri, sizeof uri, "%s", c->contact);
  if (isr) snprintf(extra, sizeof extra, "Contact: <sip:%s@%s:%d>\r\nExpires: %d\r\n", u, lip, uacport, expires);
  else snprintf(extra, sizeof extra, "Contact: <sip:%s@%s:%d>\r\n%s", u, lip, uacport, isi ? "Content-Type: application/sdp\r\nAllow: INVITE,ACK,BYE,CANCEL,OPTIONS\r\n" : "");
  if (isi) sl = mk_sdp(sdp, sock_port(2 * c->id), c->id); else sdp[0] = 0;
  c->mlen = snprintf(c->msg, sizeof c->msg, "%s %s SIP/2.0\r\nVia: SIP/2.0/UDP %s:%d;rport;branch=z9hG4bK%x-%x-%x-%x%c\r\n%sMax-Forwards: 70\r\nFrom: <sip:%s@%s>;tag=%x-%x-%x\r\nTo: <sip:%s@%s>%s%s\r\nCall-ID: sb-%x-%x-%x\r\nCSeq: %d %s\r\n%s%sContent-Length: %d\r\n\r\n%s",
    meth, uri, lip, uacport, runid, c->id, c->gen, c->cseq, meth[0] == 'A' ? 'a' : 'r', isi ? "" : c->routes, u, domain, runid, c->id, c->gen, cu, domain, c->totag[0] ? ";tag=" : "", c->totag, runid, c->id, c->gen, c->cseq, meth, extra, auth ? auth : "", sl, sdp);
}
static void csend(Call *c) { ssend(&uac, c->msg, c->mlen, &srv); }
static void start_retr(Call *c) { c->rto = T1; c->tries = 0; tset(c, T1); }
static void cfree(Call *c) { tdel(c); if (c->state != FREE) { if (c->state != REG) freel[nfree++] = c->id; c->state = FREE; inflight--; } }
static void fail(Call *c, int code) { st_fail++; if (code < 700) st_codes[code]++; if (c->counted) up_now--; cfree(c); }

static void new_reg(void) {
  static int nxt; int tries = 0; Call *c;
  do { c = &calls[nxt]; nxt = (nxt + 1) % N; } while (c->state != FREE && ++tries < N);
  if (c->state != FREE) { st_busy++; return; }
  st_started++; inflight++; c->state = REG; c->user = A + c->id; c->cseq++; c->authed = 0; c->gen = 0; c->totag[0] = c->routes[0] = c->contact[0] = 0; c->t0 = now_ns();
  mkreq(c, "REGISTER", 0); csend(c); start_retr(c);
}
static void new_call(void) {
  static uint64_t k;
  if (!nfree) { st_busy++; return; }
  Call *c = &calls[freel[--nfree]]; st_started++; inflight++; c->state = INV; c->gen++; c->cseq = 1; c->authed = 0; c->counted = 0; c->totag[0] = c->routes[0] = c->contact[0] = 0; c->rport = 0;
  c->user = A + k % N; c->callee = B + k % N; k++; c->t0 = c->tinv = now_ns(); lastinv[c->callee] = c->tinv;
  mkreq(c, "INVITE", 0); csend(c); start_retr(c);
}
static void do_ack(Call *c, int ok) { // builds an ACK without disturbing c->msg
  static Call t; t = *c; if (!ok) { t.contact[0] = 0; }
  mkreq(&t, "ACK", 0);
  if (!ok) { char *p = strstr(strstr(t.msg, "branch="), "\r\n"); p[-1] = 'r'; }
  ssend(&uac, t.msg, t.mlen, &srv);
}
static void send_bye(Call *c) { c->state = BYE; c->bye = 1; c->cseq++; c->t0 = now_ns(); mkreq(c, "BYE", 0); csend(c); start_retr(c); }
static void reply(Sock *s, struct sockaddr_in *to, Msg *m, int code, const char *txt, const char *totag, const char *user, int port, const char *sdp, Call *save) {
  static char o[4096]; int n = sprintf(o, "SIP/2.0 %d %s\r\n", code, txt);
  for (int i = 0; i < m->nvia; i++) n += sprintf(o + n, "Via: %.*s\r\n", m->via[i].n, m->via[i].s);
  for (int i = 0; i < m->nrr; i++) n += sprintf(o + n, "Record-Route: %.*s\r\n", m->rr[i].n, m->rr[i].s);
  char tg[128]; tag_of(m->to, tg, sizeof tg);
  n += sprintf(o + n, "From: %.*s\r\nTo: %.*s%s%s\r\nCall-ID: %.*s\r\nCSeq: %.*s\r\n", m->from.n, m->from.s, m->to.n, m->to.s, tg[0] || !totag ? "" : ";tag=", tg[0] || !totag ? "" : totag, m->cid.n, m->cid.s, m->cseq.n, m->cseq.s);
  if (user) n += sprintf(o + n, "Contact: <sip:%s@%s:%d>\r\n", user, lip, port);
  int sl = sdp ? strlen(sdp) : 0; if (sl) n += sprintf(o + n, "Content-Type: application/sdp\r\n");
  n += sprintf(o + n, "Content-Length: %d\r\n\r\n%s", sl, sl ? sdp : "");
  ssend(s, o, n, to); if (save && n < (int)sizeof save->msg) { memcpy(save->msg, o, n); save->mlen = n; }
}
static uint32_t fnv(const char *s, int n) { uint32_t h = 2166136261u; while (n--) h = (h ^ (uint8_t)*s++) * 16777619u; return h; }
static Call *ufind(Sl cid) { uint32_t h = fnv(cid.s, cid.n); for (Call *c = uht[h & 65535]; c; c = c->hn) if (c->hash == h && !strncmp(c->cid, cid.s, cid.n) && !c->cid[cid.n]) return c; return 0; }
static void ufree(Call *c) { tdel(c); Call **p = &uht[c->hash & 65535]; while (*p && *p != c) p = &(*p)->hn; if (*p) *p = c->hn; c->state = FREE; c->hn = uasfree; uasfree = c; }
static int uas_legs;
static void uas_answer(Call *c) { ssend(&uas, c->msg, c->mlen, &c->peer); c->state = UOK; start_retr(c); }
static void on_uas(char *b, int len, struct sockaddr_in *from, uint64_t t) {
  Msg m; if (parse(b, len, &m)) return; if (m.code) return;
  char tg[40]; snprintf(tg, sizeof tg, "s%08x", fnv(m.cid.s, m.cid.n));
  if (!strcmp(m.method, "INVITE")) {
    char user[64]; int i = 0; char *p = memchr(m.ruri, ':', m.rurin); if (!p) return; p++;
    while (*p != '@' && *p != ' ' && *p != ';' && i < 63) user[i++] = *p++; user[i] = 0;
    Call *c = ufind(m.cid);
    if (c) { char tt[64]; tag_of(m.to, tt, sizeof tt); if (!tt[0]) { st_uasretr++; ssend(&uas, c->msg, c->mlen, from); return; } char sdp[512]; mk_sdp(sdp, sock_port(2 * c->id + 1), c->id); reply(&uas, from, &m, 200, "OK", tg, user, uasport, sdp, c); return; }
    st_uasinv++;
    int idx = -1; { char want[64]; int v; char *d = user; while (*d && (*d < '0' || *d > '9')) d++; v = atoi(d); snprintf(want, sizeof want, upat, v); if (!strcmp(want, user)) idx = v; }
    if (idx >= 0 && idx < A + B + N && lastinv[idx]) { hadd(&hpdd, t - lastinv[idx]); lastinv[idx] = 0; }
    if (!(c = uasfree)) { reply(&uas, from, &m, 486, "Busy Here", tg, 0, 0, 0, 0); return; }
    uasfree = c->hn; int id = c->id; memset(c, 0, sizeof(Call)); c->id = id; c->isuas = 1; c->state = UINV; c->peer = *from; snprintf(c->cid, sizeof c->cid, "%.*s", m.cid.n, m.cid.s); c->hash = fnv(m.cid.s, m.cid.n);
    c->hn = uht[c->hash & 65535]; uht[c->hash & 65535] = c; c->rport = sdp_port(m.body, c->rip); uas_legs++;
    char sdp[512]; mk_sdp(sdp, sock_port(2 * c->id + 1), c->id);
    reply(&uas, from, &m, 180, "Ringing", tg, user, uasport, 0, 0);
    if (ringms) { // keep the 200 ready in c->msg
      reply(&uas, from, &m, 200, "OK", tg, user, uasport, sdp, c); if (uas.n > 0) uas.n--; tset(c, ringms);
    } else { reply(&uas, from, &m, 200, "OK", tg, user, uasport, sdp, c); c->state = UOK; start_retr(c); }
  } else if (!strcmp(m.method, "ACK")) { Call *c = ufind(m.cid); if (c && c->state == UOK) { tdel(c); c->state = UCONF; } }
  else if (!strcmp(m.method, "BYE")) { Call *c = ufind(m.cid); reply(&uas, from, &m, 200, "OK", tg, 0, 0, 0, 0); if (c) ufree(c); }
  else if (!strcmp(m.method, "CANCEL")) { st_cancel++; Call *c = ufind(m.cid); reply(&uas, from, &m, 200, "OK", tg, 0, 0, 0, 0); if (c) ufree(c); }
  else reply(&uas, from, &m, 200, "OK", tg, 0, 0, 0, 0);
}
static void on_uac(char *b, int len, struct sockaddr_in *from, uint64_t t) {
  Msg m; if (parse(b, len, &m)) return;
  unsigned rid, id, gen; if (sscanf(m.cid.s, "sb-%x-%x-%x", &rid, &id, &gen) != 3 || rid != runid || (int)id >= maxslots) { st_unk++; if (!m.code && strcmp(m.method, "ACK")) reply(&uac, from, &m, 200, "OK", "x", 0, 0, 0, 0); return; }
  Call *c = &calls[id];
  if (!m.code) { // request from the server on the caller's dialog
    if (!strcmp(m.method, "ACK")) return;
    if (!strcmp(m.method, "INVITE")) { char sdp[512]; mk_sdp(sdp, sock_port(2 * c->id), c->id); char u[64]; snprintf(u, sizeof u, upat, c->user); reply(&uac, from, &m, 200, "OK", 0, u, uacport, sdp, 0); return; }
    reply(&uac, from, &m, 200, "OK", 0, 0, 0, 0, 0);
    if (!strcmp(m.method, "BYE") && c->state == UP && (int)gen == c->gen) { st_rbye++; fail(c, 0); }
    return;
  }
  if (c->state == FREE || (int)gen != c->gen) return;
  int cs = atoi(m.cseq.s); if (cs != c->cseq) { return; }
  int isinv = memmem(m.cseq.s, m.cseq.n, "INVITE", 6) != 0, isreg = memmem(m.cseq.s, m.cseq.n, "REGISTER", 8) != 0;
  if (m.code < 200) { if (isinv && c->state == INV) { tset(c, 32000); c->tries = 99; } return; }
  if (isinv && c->state == UP && m.code < 300) { do_ack(c, 1); st_retr++; return; }
  if (isinv && c->state != INV) return;
  if (m.code == 401 || m.code == 407) {
    if (isinv) { char old[128]; strcpy(old, c->totag); tag_of(m.to, c->totag, sizeof c->totag); do_ack(c, 0); strcpy(c->totag, old); }
    if (c->authed >= 2 || !m.auth.s) { fail(c, m.code); return; }
    c->authed++; c->cseq++; char a[1400], uri[256], cu[64];
    const char *meth = isreg ? "REGISTER" : isinv ? "INVITE" : "BYE";
    if (isreg) snprintf(uri, sizeof uri, "sip:%s", domain); else if (isinv || !c->contact[0]) { snprintf(cu, sizeof cu, upat, c->callee); snprintf(uri, sizeof uri, "sip:%s@%s", cu, domain); } else snprintf(uri, sizeof uri, "%s", c->contact);
    auth_hdr(a, c, &m, meth, uri);
    if (isinv) { c->tinv = now_ns(); lastinv[c->callee] = c->tinv; }
    mkreq(c, meth, a); csend(c); start_retr(c); return;
  }
  if (isreg) { if (m.code == 200) { st_ok++; hadd(&hreg, t - c->t0); c->totag[0] = 0; cfree(c); } else fail(c, m.code); return; }
  if (isinv) {
    tag_of(m.to, c->totag, sizeof c->totag);
    if (m.code >= 300) { do_ack(c, 0); fail(c, m.code); return; }
    uri_of(m.contact, c->contact, sizeof c->contact); int n = 0; c->routes[0] = 0;
    for (int i = m.nrr - 1; i >= 0; i--) n += snprintf(c->routes + n, sizeof c->routes - n, "Route: %.*s\r\n", m.rr[i].n, m.rr[i].s);
    c->rport = sdp_port(m.body, c->rip); hadd(&hset, t - c->tinv); do_ack(c, 1); st_up++; up_now++; if (up_now > up_peak) up_peak = up_now; c->counted = 1; c->state = UP; tdel(c);
    if (holdms > 0) tset(c, holdms > 30000 ? 30000 : holdms), c->rto = holdms > 30000 ? (int)(holdms - 30000) : 0; else send_bye(c);
    return;
  }
  if (c->state == BYE) { if (m.code == 200) { st_ok++; st_done++; hadd(&hbye, t - c->t0); up_now--; cfree(c); } else fail(c, m.code); }
}
static void on_timer(Call *c) {
  c->tp = 0;
  if (c->isuas) {
    if (c->state == UINV) { uas_answer(c); return; }
    if (c->state == UOK) { if (++c->tries > 9) return; st_uasretr++; ssend(&uas, c->msg, c->mlen, &c->peer); c->rto = c->rto * 2 > 4000 ? 4000 : c->rto * 2; tset(c, c->rto); }
    return;
  }
  if (c->state == UP) { if (c->rto > 0) { int x = c->rto > 30000 ? 30000 : c->rto; c->rto -= x; tset(c, x); } else send_bye(c); return; }
  if (c->state == FREE) return;
  if (++c->tries > 6) { st_to++; fail(c, 0); return; }
  st_retr++; csend(c); c->rto *= 2; tset(c, c->rto);
}
static void write_map(void) {
  FILE *f = fopen(mapf, "w"); if (!f) return; int n = 0;
  for (int i = 0; i < maxslots; i++) if (calls[i].state == UP && calls[i].rport) { fprintf(f, "%d %s %d\n", sock_port(2 * calls[i].id), calls[i].rip, calls[i].rport); n++; }
  for (int i = 0; i < maxslots; i++) { Call *c = &calls[maxslots + i]; if ((c->state == UCONF || c->state == UOK) && c->rport) { fprintf(f, "%d %s %d\n", sock_port(2 * c->id + 1), c->rip, c->rport); n++; } }
  fclose(f); fprintf(stderr, "MAP %d legs\n", n);
}
static volatile int sigmap; static void onsig(int s) { if (s == SIGUSR1) sigmap = 1; else stopping = 1; }
static void drain(Sock *s, int isuas) {
  static char bufs[64][4097]; static struct iovec iv[64]; static struct mmsghdr mm[64]; static struct sockaddr_in fr[64];
  for (int round = 0; round < 8; round++) {
    for (int i = 0; i < 64; i++) { iv[i].iov_base = bufs[i]; iv[i].iov_len = 4096; mm[i].msg_hdr = (struct msghdr){.msg_name = &fr[i], .msg_namelen = sizeof fr[i], .msg_iov = &iv[i], .msg_iovlen = 1}; }
    int n = recvmmsg(s->fd, mm, 64, MSG_DONTWAIT, 0); if (n <= 0) return; uint64_t t = now_ns();
    for (int i = 0; i < n; i++) if (mm[i].msg_len > 20) { if (isuas) on_uas(bufs[i], mm[i].msg_len, &fr[i], t); else on_uac(bufs[i], mm[i].msg_len, &fr[i], t); }
    sflush(&uac); sflush(&uas); if (n < 64) return;
  }
}
int main(int argc, char **argv) {
  static struct option o[] = {{"host", 1, 0, 's'}, {"port", 1, 0, 'p'}, {"domain", 1, 0, 'd'}, {"users", 1, 0, 'U'}, {"pass", 1, 0, 'P'}, {"mode", 1, 0, 'M'}, {"first", 1, 0, 'a'}, {"callee", 1, 0, 'b'}, {"n", 1, 0, 'n'}, {"rate", 1, 0, 'r'}, {"secs", 1, 0, 't'}, {"hold", 1, 0, 'H'}, {"ring", 1, 0, 'R'}, {"window", 1, 0, 'w'}, {"max", 1, 0, 'm'}, {"map", 1, 0, 'F'}, {"mbase", 1, 0, 'B'}, {"msocks", 1, 0, 'K'}, {"uac", 1, 0, 1}, {"uas", 1, 0, 2}, {"expires", 1, 0, 'e'}, {"lip", 1, 0, 'l'}, {"verbose", 0, 0, 'v'}, {"nosdp", 0, 0, 3}, {0}};
  int c; while ((c = getopt_long(argc, argv, "s:p:d:U:P:M:a:b:n:r:t:H:R:w:m:F:B:K:e:l:v", o, 0)) != -1) switch (c) {
    case 's': host = optarg; break; case 'p': sport = atoi(optarg); break; case 'd': domain = optarg; break; case 'U': upat = optarg; break; case 'P': ppat = optarg; break; case 'M': mode = optarg; break;
    case 'a': A = atoi(optarg); break; case 'b': B = atoi(optarg); break; case 'n': N = atoi(optarg); break; case 'r': rate = atof(optarg); break; case 't': dur = atof(optarg); break; case 'H': holdms = atol(optarg); break;
    case 'R': ringms = atoi(optarg); break; case 'w': window = atoi(optarg); break; case 'm': maxcalls = atol(optarg); break; case 'F': mapf = optarg; break; case 'B': mbase = atoi(optarg); break; case 'K': K = atoi(optarg); break;
    case 1: uacport = atoi(optarg); break; case 2: uasport = atoi(optarg); break; case 3: nosdp = 1; break; case 'e': expires = atoi(optarg); break; case 'l': lip = optarg; break; case 'v': quiet = 0; break; default: return 2; }
  int reg = !strcmp(mode, "reg"); if (reg) maxslots = N;
  srv = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(sport)}; if (inet_pton(AF_INET, host, &srv.sin_addr) != 1) { fprintf(stderr, "--host must be an IPv4 address\n"); return 2; }
  calls = calloc((size_t)maxslots * 2, sizeof(Call)); freel = malloc(sizeof(int) * maxslots); lastinv = calloc(A + B + N + 2, 8); ha1 = calloc(A + B + N + 2, 33);
  for (int i = 0; i < maxslots; i++) { calls[i].id = i; freel[maxslots - 1 - i] = i; } nfree = maxslots;
  for (int i = maxslots - 1; i >= 0; i--) { Call *u = &calls[maxslots + i]; u->id = i; u->hn = uasfree; uasfree = u; }
  T0 = now_ns(); struct timespec rt; clock_gettime(CLOCK_REALTIME, &rt); runid = (uint32_t)(rt.tv_sec ^ rt.tv_nsec ^ getpid());
  sopen(&uac, uacport); sopen(&uas, uasport); signal(SIGUSR1, onsig); signal(SIGINT, onsig); signal(SIGTERM, onsig);
  uint64_t t_end = now_ns() + (uint64_t)(dur * 1e9), t_s = now_ns(), lastp = t_s, issued = 0, lo = 0, ls = 0; int mapped = 0; uint64_t t_gen = 0;
  for (;;) {
    uint64_t t = now_ns(); int gen = t < t_end && !stopping && (!maxcalls || (long)issued < maxcalls);
    if (gen) {
      t_gen = t;
      if (window) { int b = 64; while (inflight < window && b-- && (!maxcalls || (long)issued < maxcalls)) { reg ? new_reg() : new_call(); issued++; } }
      else { uint64_t want = (uint64_t)((t - t_s) * 1e-9 * rate) + 1; int b = 256; while (issued < want && b-- && (!maxcalls || (long)issued < maxcalls)) { reg ? new_reg() : new_call(); issued++; } }
    } else if (!inflight) break;
    if (t_gen && t > t_gen + 12000000000ull + holdms * 1000000ull) // what has not ended 12 s after the last start (plus hold) counts as failed
      { st_fail += inflight; st_to += inflight; break; }
    sflush(&uac); sflush(&uas);
    uint64_t ms = nowms(); while (wpos < ms) { wpos++; Call *x = wheel[wpos % WH], *nx; wheel[wpos % WH] = 0; if (x) x->tp = 0; Call *again = 0; for (; x; x = nx) { nx = x->tn; x->tp = 0; if (x->due > wpos) { x->tn = again; again = x; } else on_timer(x); } for (x = again; x; x = nx) { nx = x->tn; uint64_t d = x->due; Call **s = &wheel[d % WH]; x->tn = *s; x->tp = s; if (*s) (*s)->tp = &x->tn; *s = x; } }
    sflush(&uac); sflush(&uas);
    struct pollfd pf[2] = {{uac.fd, POLLIN, 0}, {uas.fd, POLLIN, 0}}; int pr = poll(pf, 2, 1);
    if (pr > 0) { if (pf[1].revents) drain(&uas, 1); if (pf[0].revents) drain(&uac, 0); sflush(&uac); sflush(&uas); }
    if (mapf && !mapped && ((maxcalls && up_now >= maxcalls) || sigmap)) { static uint64_t w; if (!w) w = now_ns(); else if (now_ns() - w > 1000000000ull) { write_map(); mapped = 1; } }
    if (!quiet && t - lastp >= 1000000000ull) { fprintf(stderr, "%5.1fs started/s %lu ok/s %lu up %ld inflight %d fail %lu retr %lu uasretr %lu\n", (t - t_s) * 1e-9, (st_started - ls), (st_ok - lo), up_now, inflight, st_fail, st_retr, st_uasretr); ls = st_started; lo = st_ok; lastp = t; }
  }
  double el = ((t_gen ? t_gen : now_ns()) - t_s) * 1e-9;
  printf("{\"mode\":\"%s\",\"secs\":%.2f,\"started\":%lu,\"ok\":%lu,\"rate\":%.1f,\"fail\":%lu,\"timeouts\":%lu,\"retrans\":%lu,\"uas_retrans\":%lu,\"busy\":%lu,\"remote_bye\":%lu,\"up_peak\":%ld,\"send_err\":%lu,", mode, el, st_started, st_ok, st_ok / el, st_fail, st_to, st_retr, st_uasretr, st_busy, st_rbye, up_peak, send_err);
  if (reg) printf("\"reg_ms\":{\"p50\":%.2f,\"p99\":%.2f,\"max\":%.2f},", hq(&hreg, .5), hq(&hreg, .99), hreg.max / 1e6);
  else printf("\"invite_to_invite_ms\":{\"p50\":%.2f,\"p99\":%.2f,\"max\":%.2f,\"n\":%lu},\"invite_to_200_ms\":{\"p50\":%.2f,\"p99\":%.2f,\"max\":%.2f},\"bye_ms\":{\"p50\":%.2f,\"p99\":%.2f},", hq(&hpdd, .5), hq(&hpdd, .99), hpdd.max / 1e6, hpdd.n, hq(&hset, .5), hq(&hset, .99), hset.max / 1e6, hq(&hbye, .5), hq(&hbye, .99));
  printf("\"codes\":{"); int first = 1; for (int i = 0; i < 700; i++) if (st_codes[i]) { printf("%s\"%d\":%lu", first ? "" : ",", i, st_codes[i]); first = 0; } printf("}}\n");
  return 0;
}
