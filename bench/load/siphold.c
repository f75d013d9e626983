// siphold: many phones that stay registered (UDP). Each has an address of its own in 127/8, all through one socket: registers, sends keep-alives, refreshes
// with the nonce that it has, answers calls with 486. Then one of them calls some of the others, which shows that they are reachable. Prints one JSON line a phase.
// Build: gcc -O2 -o siphold siphold.c
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "md5.h"

static char *host = "127.0.0.1", *domain = "bench.local", *upat = "%05d", *ppat = "password-%05d";
static int sport = 5060, port = 7100, first = 10000, N = 1000, expires = 3600, calls = 200;
static double rate = 2000, secs = 60, refresh = 60, ping = 30;
static struct sockaddr_in srv; static int fd; static volatile int stopping;
static uint64_t now_ms(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1000ull + t.tv_nsec / 1000000; }
static uint64_t now_us(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1000000ull + t.tv_nsec / 1000; }

typedef struct { uint64_t sent, due; uint32_t cseq, nc; uint8_t busy, tries, up, called; char nonce[64]; } Phone; // due: of the next refresh; sent: us
static Phone *phones; static uint32_t runid;
static uint64_t st_reg, st_refresh, st_stale, st_retr, st_fail, st_ping, st_invites, st_codes[700]; static uint32_t *lat; static long nlat, maxlat = 4000000;
static int *inflight, ninflight;

#define QN 64
static char obuf[QN][2048], octl[QN][64]; static struct iovec oiov[QN]; static struct mmsghdr omm[QN]; static int on;
static void flush(void) { for (int off = 0; off < on;) { int r = sendmmsg(fd, omm + off, on - off, 0); if (r <= 0) { if (errno == EINTR || errno == EAGAIN) continue; off++; } else off += r; } on = 0; }
static in_addr_t addr_of(int i) { return htonl(0x7f010000u + i); }
static void psend(int i, int len) { // obuf[on] from phone i
  struct msghdr *h = &omm[on].msg_hdr; oiov[on] = (struct iovec){obuf[on], len}; memset(octl[on], 0, 64);
  *h = (struct msghdr){.msg_name = &srv, .msg_namelen = sizeof srv, .msg_iov = &oiov[on], .msg_iovlen = 1, .msg_control = octl[on], .msg_controllen = CMSG_SPACE(sizeof(struct in_pktinfo))};
  struct cmsghdr *c = CMSG_FIRSTHDR(h); c->cmsg_level = IPPROTO_IP; c->cmsg_type = IP_PKTINFO; c->cmsg_len = CMSG_LEN(sizeof(struct in_pktinfo));
  struct in_pktinfo p = {.ipi_spec_dst.s_addr = addr_of(i)}; memcpy(CMSG_DATA(c), &p, sizeof p);
  if (++on == QN) flush();
}
static char *text_of(int i, char *b) { struct in_addr a = {addr_of(i)}; return (char *)inet_ntop(AF_INET, &a, b, 20); }
static int auth(char *o, int i, const char *method, const char *uri, const char *nonce, uint32_t nc) {
  char u[64], p[64], h1[33], h2[33], r[33]; snprintf(u, sizeof u, upat, first + i); snprintf(p, sizeof p, ppat, first + i);
  md5hex(h1, "%s:%s:%s", u, domain, p); md5hex(h2, "%s:%s", method, uri); md5hex(r, "%s:%s:%08x:siphold:auth:%s", h1, nonce, nc, h2);
  return sprintf(o, "Authorization: Digest username=\"%s\", realm=\"%s\", nonce=\"%s\", uri=\"%s\", algorithm=MD5, qop=auth, nc=%08x, cnonce=\"siphold\", response=\"%s\"\r\n", u, domain, nonce, uri, nc, r);
}
static void send_register(int i) {
  Phone *p = &phones[i]; char a[700] = "", ip[20], u[64], uri[128]; snprintf(u, sizeof u, upat, first + i); snprintf(uri, sizeof uri, "sip:%s", domain); text_of(i, ip);
  if (p->nonce[0]) auth(a, i, "REGISTER", uri, p->nonce, p->nc);
  int n = snprintf(obuf[on], sizeof obuf[on], "REGISTER %s SIP/2.0\r\nVia: SIP/2.0/UDP %s:%d;rport;branch=z9hG4bK%x-%x-%x\r\nMax-Forwards: 70\r\nFrom: <sip:%s@%s>;tag=%x-%x\r\nTo: <sip:%s@%s>\r\nCall-ID: sh-%x-%x\r\nCSeq: %u REGISTER\r\nContact: <sip:%s@%s:%d>\r\nExpires: %d\r\nUser-Agent: siphold\r\n%sContent-Length: 0\r\n\r\n",
    uri, ip, port, runid, i, p->cseq, u, domain, runid, i, u, domain, runid, i, p->cseq, u, ip, port, expires, a);
  psend(i, n);
}
static void start_register(int i) { Phone *p = &phones[i]; if (p->busy) return; p->busy = 1; p->tries = 0; p->cseq++; p->nc++; p->sent = now_us(); inflight[ninflight++] = i; send_register(i); }
static char *field(char *m, const char *name, int *n) { char *p = m, *e; int l = strlen(name); while ((e = strstr(p, "\r\n")) && e != p) { if (!strncasecmp(p, name, l) && p[l] == ':') { p += l + 1; while (*p == ' ') p++; *n = e - p; return p; } p = e + 2; } *n = 0; return ""; }
static void on_response(int i, char *m) {
  Phone *p = &phones[i]; int n, code = atoi(m + 8); char *cs = field(m, "CSeq", &n); if (!strstr(cs, "REGISTER") || !p->busy || (uint32_t)atoi(cs) != p->cseq) return;
  if (code < 200) return;
  if (code == 401) {
    char *w = field(m, "WWW-Authenticate", &n), *q = strstr(w, "nonce=\""); if (!q || p->tries > 8) goto failed;
    if (p->nonce[0]) st_stale++;
    q += 7; int k = strcspn(q, "\""); if (k > 63) goto failed;
    memcpy(p->nonce, q, k); p->nonce[k] = 0; p->nc = 1; p->cseq++; p->tries = p->tries + 4; send_register(i); return;
  }
  if (code == 200) { if (p->up) { st_refresh++; if (nlat < maxlat) lat[nlat++] = now_us() - p->sent; } else { p->up = 1; st_reg++; } p->busy = 0; p->due = now_ms() + (uint64_t)(refresh * 1000); return; }
failed: st_fail++; if (code < 700) st_codes[code]++; p->busy = 0; p->due = now_ms() + (uint64_t)(refresh * 1000);
}
static void answer(int i, char *m, int code, const char *reason) {
  char *o = obuf[on]; int n = sprintf(o, "SIP/2.0 %d %s\r\n", code, reason); char *p = m, *e; int totag = 0;
  p = strstr(p, "\r\n") + 2;
  while ((e = strstr(p, "\r\n")) && e != p) {
    if (!strncasecmp(p, "Via:", 4) || !strncasecmp(p, "From:", 5) || !strncasecmp(p, "Call-ID:", 8) || !strncasecmp(p, "CSeq:", 5) || !strncasecmp(p, "To:", 3)) {
      if (n + (e - p) > 1900) return;
      memcpy(o + n, p, e - p); n += e - p;
      if (!strncasecmp(p, "To:", 3)) { totag = memmem(p, e - p, "tag=", 4) != 0; if (!totag) n += sprintf(o + n, ";tag=sh%x", i); }
      n += sprintf(o + n, "\r\n");
    }
    p = e + 2;
  }
  n += sprintf(o + n, "Content-Length: 0\r\n\r\n"); psend(i, n);
}
// ---------- the caller: phone 0 ----------
static int *targets, ntargets, current = -1; static uint32_t ccseq = 1; static char cnonce[64]; static uint32_t cnc; static uint64_t call_sent; static int call_tries, reached, refused;
static void send_invite(int ack) {
  int t = targets[current]; char a[700] = "", uri[128], u[64], ip[20]; snprintf(uri, sizeof uri, "sip:"); snprintf(uri + 4, 100, upat, first + t); snprintf(uri + strlen(uri), 60, "@%s", domain);
  snprintf(u, sizeof u, upat, first); text_of(0, ip); char sdp[300]; int sl = ack ? 0 : sprintf(sdp, "v=0\r\no=- 1 1 IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\nm=audio 20000 RTP/AVP 0 8\r\na=sendrecv\r\n", ip, ip); sdp[sl] = 0;
  if (cnonce[0] && !ack) auth(a, 0, "INVITE", uri, cnonce, cnc);
  int n = snprintf(obuf[on], sizeof obuf[on], "%s %s SIP/2.0\r\nVia: SIP/2.0/UDP %s:%d;rport;branch=z9hG4bKc%x-%x-%u\r\nMax-Forwards: 70\r\nFrom: <sip:%s@%s>;tag=c%x\r\nTo: <%s>\r\nCall-ID: shc-%x-%x\r\nCSeq: %u %s\r\nContact: <sip:%s@%s:%d>\r\n%s%sContent-Length: %d\r\n\r\n%s",
    ack ? "ACK" : "INVITE", uri, ip, port, runid, current, ccseq, u, domain, current, uri, runid, current, ccseq, ack ? "ACK" : "INVITE", u, ip, port, a, sl ? "Content-Type: application/sdp\r\n" : "", sl, sdp);
  psend(0, n);
}
static void next_call(void) { if (++current >= ntargets) return; ccseq++; cnonce[0] = 0; call_tries = 0; call_sent = now_ms(); send_invite(0); }
static void on_call_response(char *m) {
  int n, code = atoi(m + 8); char *cs = field(m, "CSeq", &n); if (current < 0 || current >= ntargets || !strstr(cs, "INVITE") || (uint32_t)atoi(cs) != ccseq || code < 200) return;
  send_invite(1);
  if (code == 401 || code == 407) {
    char *w = field(m, code == 401 ? "WWW-Authenticate" : "Proxy-Authenticate", &n), *q = strstr(w, "nonce=\""); if (!q || cnonce[0]) { refused++; st_codes[code]++; next_call(); return; }
    q += 7; int k = strcspn(q, "\""); memcpy(cnonce, q, k); cnonce[k] = 0; cnc = 1; ccseq++; send_invite(0); return;
  }
  if (code == 486) reached++; else { refused++; if (code < 700) st_codes[code]++; }
  next_call();
}
static void on_message(int i, char *m, int len) {
  if (len < 16 || i < 0 || i >= N) return;
  m[len] = 0;
  if (!strncmp(m, "SIP/2.0 ", 8)) { int n; char *cs = field(m, "CSeq", &n); if (i == 0 && strstr(cs, "INVITE")) on_call_response(m); else on_response(i, m); return; }
  if (!strncmp(m, "INVITE", 6)) { st_invites++; phones[i].called = 1; answer(i, m, 486, "Busy Here"); }
  else if (strncmp(m, "ACK", 3)) answer(i, m, 200, "OK");
}
static void drain(void) {
  static char b[64][4097], ctl[64][64]; static struct iovec iv[64]; static struct mmsghdr mm[64];
  for (int round = 0; round < 8; round++) {
    for (int k = 0; k < 64; k++) { iv[k] = (struct iovec){b[k], 4096}; mm[k].msg_hdr = (struct msghdr){.msg_iov = &iv[k], .msg_iovlen = 1, .msg_control = ctl[k], .msg_controllen = 64}; }
    int n = recvmmsg(fd, mm, 64, MSG_DONTWAIT, 0); if (n <= 0) return;
    for (int k = 0; k < n; k++) for (struct cmsghdr *c = CMSG_FIRSTHDR(&mm[k].msg_hdr); c; c = CMSG_NXTHDR(&mm[k].msg_hdr, c))
      if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) { struct in_pktinfo p; memcpy(&p, CMSG_DATA(c), sizeof p); on_message((int)(ntohl(p.ipi_addr.s_addr) - 0x7f010000u), b[k], mm[k].msg_len); }
    flush(); if (n < 64) return;
  }
}
static void tick(void) { // what was not answered is sent again after 0.5, 1, 2, 4 s
  uint64_t t = now_us(); int k = 0;
  for (int j = 0; j < ninflight; j++) {
    int i = inflight[j]; Phone *p = &phones[i]; if (!p->busy) continue;
    int again = p->tries & 3; if (t - p->sent > (500000ull << again) * 2 - 500000) { if (again == 3) { st_fail++; p->busy = 0; p->due = now_ms() + (uint64_t)(refresh * 1000); continue; } p->tries++; st_retr++; send_register(i); }
    inflight[k++] = i;
  }
  ninflight = k;
}
static void turn(void) { static uint64_t last; flush(); struct pollfd pf = {fd, POLLIN, 0}; if (poll(&pf, 1, 1) > 0) drain(); uint64_t t = now_ms(); if (t - last >= 100) { last = t; tick(); } }
static int cmp(const void *a, const void *b) { uint32_t x = *(uint32_t *)a, y = *(uint32_t *)b; return x < y ? -1 : x > y; }
static double q(double f) { return nlat ? lat[(long)(f * (nlat - 1))] / 1000.0 : -1; }
static void onsig(int s) { (void)s; stopping = 1; }
static void wait_line(const char *name) { // the driver looks at the server, and says to go on with a line
  printf("{\"phase\":\"%s\",\"registered\":%lu,\"refreshed\":%lu,\"challenged_again\":%lu,\"retransmitted\":%lu,\"failed\":%lu,\"keep_alives\":%lu,\"invites\":%lu,\"codes\":{", name, st_reg, st_refresh, st_stale, st_retr, st_fail, st_ping, st_invites);
  int c = 0; for (int i = 0; i < 700; i++) if (st_codes[i]) printf("%s\"%d\":%lu", c++ ? "," : "", i, st_codes[i]);
  qsort(lat, nlat, sizeof *lat, cmp); printf("},\"refresh_ms\":{\"p50\":%.2f,\"p99\":%.2f}}\n", q(.5), q(.99)); fflush(stdout);
}
int main(int argc, char **argv) {
  static struct option o[] = {{"host", 1, 0, 's'}, {"port", 1, 0, 'p'}, {"domain", 1, 0, 'd'}, {"users", 1, 0, 'U'}, {"pass", 1, 0, 'P'}, {"first", 1, 0, 'a'}, {"n", 1, 0, 'n'}, {"rate", 1, 0, 'r'}, {"secs", 1, 0, 't'}, {"refresh", 1, 0, 'R'}, {"ping", 1, 0, 'k'}, {"calls", 1, 0, 'c'}, {"expires", 1, 0, 'e'}, {"local", 1, 0, 'l'}, {0}};
  for (int c; (c = getopt_long(argc, argv, "", o, 0)) != -1;) switch (c) {
    case 's': host = optarg; break; case 'p': sport = atoi(optarg); break; case 'd': domain = optarg; break; case 'U': upat = optarg; break; case 'P': ppat = optarg; break; case 'a': first = atoi(optarg); break; case 'n': N = atoi(optarg); break;
    case 'r': rate = atof(optarg); break; case 't': secs = atof(optarg); break; case 'R': refresh = atof(optarg); break; case 'k': ping = atof(optarg); break; case 'c': calls = atoi(optarg); break; case 'e': expires = atoi(optarg); break; case 'l': port = atoi(optarg); break; default: return 2; }
  srv = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(sport)}; inet_pton(AF_INET, host, &srv.sin_addr); runid = (uint32_t)(time(0) ^ getpid());
  phones = calloc(N, sizeof *phones); inflight = calloc(N, sizeof(int)); lat = malloc(maxlat * sizeof *lat); targets = calloc(calls + 1, sizeof(int));
  fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0); int b = 16 << 20, one = 1; if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &b, sizeof b)) setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &b, sizeof b);
  setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &b, sizeof b); setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &one, sizeof one);
  struct sockaddr_in me = {.sin_family = AF_INET, .sin_port = htons(port)}; if (bind(fd, (void *)&me, sizeof me)) { perror("bind"); return 1; }
  signal(SIGINT, onsig); signal(SIGTERM, onsig);
  uint64_t t0 = now_us(), issued = 0; // 1. all register
  while (!stopping && ((int)issued < N || (ninflight && now_us() - t0 < (uint64_t)(N / rate * 1e6) + 20000000))) { uint64_t want = (now_us() - t0) * 1e-6 * rate; for (int k = 0; (int)issued < N && issued < want && k < 256; k++) start_register(issued++); turn(); }
  for (uint64_t t = now_ms(); now_ms() - t < 3000;) turn();
  wait_line("registered");
  t0 = now_us(); uint64_t next_ping = 0; // 2. held: every phone refreshes and sends keep-alives, evenly spread
  for (int i = 0; i < N; i++) phones[i].due = now_ms() + (uint64_t)(refresh * 1000.0 * i / N);
  int at = 0; while (!stopping && (now_us() - t0) * 1e-6 < secs) {
    uint64_t want = (now_us() - t0) * 1e-6 * N / ping; for (int k = 0; next_ping < want && k < 256; k++) { memcpy(obuf[on], "\r\n\r\n", 4); psend(next_ping++ % N, 4); st_ping++; }
    uint64_t t = now_ms(); for (int k = 0; k < 2000; k++) { if (!phones[at].busy && phones[at].due <= t) start_register(at); at = (at + 1) % N; }
    turn();
  }
  for (uint64_t t = now_ms(); ninflight && now_ms() - t < 10000;) turn();
  wait_line("held");
  srand(7); while (ntargets < calls && ntargets < N - 1) { int t = 1 + ((unsigned)rand() * 31u + rand()) % (N - 1); targets[ntargets++] = t; } // 3. some are called, one after the other
  for (next_call(); !stopping && current < ntargets;) { turn(); if (now_ms() - call_sent > (uint64_t)(500 << call_tries) * 2) { if (++call_tries > 4) { refused++; st_codes[408]++; next_call(); call_sent = now_ms(); } else send_invite(0); } if (call_tries == 0 && now_ms() - call_sent > 8000) call_sent = now_ms(); }
  for (uint64_t t = now_ms(); now_ms() - t < 500;) turn();
  wait_line("called"); printf("{\"called\":%d,\"reached\":%d,\"not\":%d}\n", ntargets, reached, refused);
  return 0;
}
