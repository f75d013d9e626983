#!/usr/bin/env python3
"""killed.py [N]: kill -9 of the server in N calls that talk (100). What of their audio is missing at the phones, how long until the server is ready again, and
whether each call can then be held, resumed and hung up, half of them by the callee, and has a right CDR. The server must start again by itself, as run.sh makes it.
Calls are of ten callers, FIRST.., with WATCHER_PASSWORD on the web. SERVER_PID, WEB and the environment in README.md."""
import hashlib, http.cookiejar, re, select, signal, socket, tempfile, urllib.request
from lib.common import *

N = int(sys.argv[1]) if len(sys.argv) > 1 else 100
BASE, WEB, RUN = int(E('MEDIA_BASE', '20000')), E('WEB', 'http://127.0.0.1:18080'), os.urandom(4).hex()
CALLERS, SOCKETS = 10, 8
sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]  # the callers', the callees'

pending, legs = {}, {}  # requests of ours by branch; dialogs by side and Call-ID


class Message:
    def __init__(self, text):
        head, _, self.body = text.partition('\r\n\r\n')
        self.start, *lines = head.split('\r\n')
        self.fields = [(name.strip().lower(), value.strip()) for name, _, value in (line.partition(':') for line in lines)]
        self.status = int(self.start.split()[1]) if self.start.startswith('SIP/2.0') else 0
        self.method = self['cseq'].split()[1] if self.status else self.start.split()[0]

    def __getitem__(self, name): return next((value for key, value in self.fields if key == name), '')
    def all(self, name): return [value for key, value in self.fields if key == name]
    def direction(self): return next(iter(re.findall(r'^a=(sendrecv|sendonly|recvonly|inactive)', self.body, re.M)), 'sendrecv')
    def media(self): return re.search(r'^c=IN IP4 (\S+)', self.body, re.M)[1], int(re.search(r'^m=audio (\d+)', self.body, re.M)[1])


class Leg:
    """A party's dialog. What happened to it: answered, heard (the direction it was last offered), ended."""
    def __init__(self, call, side, user, call_id, local, remote, target):
        self.call, self.side, self.user, self.call_id, self.local, self.remote, self.target = call, side, UPAT % user, call_id, local, remote, target
        self.port, self.cseq, self.version, self.finals = BASE + 2 * ((2 * call + side) % SOCKETS), 0, 0, {}
        self.media = self.heard = self.ended = self.answered = None
        legs[side, call_id] = self

    def contact(self): return f'<sip:{self.user}@127.0.0.1:{(UAC_PORT, UAS_PORT)[self.side]}>'

    def sdp(self, direction='sendrecv'):
        self.version += 1
        return (f'v=0\r\no=- {self.call + 1} {self.version} IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {self.port} RTP/AVP 0\r\n'
                f'a=rtpmap:0 PCMU/8000\r\na={direction}\r\n')

    def send(self, method, body='', extra='', cseq=None, branch=None):
        if method != 'ACK': self.cseq += 1
        branch = branch or 'z9hG4bK' + os.urandom(8).hex()
        text = (f'{method} {self.target} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{(UAC_PORT, UAS_PORT)[self.side]};rport;branch={branch}\r\nMax-Forwards: 70\r\nFrom: {self.local}\r\nTo: {self.remote}\r\n'
                f'Call-ID: {self.call_id}\r\nCSeq: {cseq or self.cseq} {method}\r\nContact: {self.contact()}\r\n{extra}' + ('Content-Type: application/sdp\r\n' if body else '') + f'Content-Length: {len(body)}\r\n\r\n{body}').encode()
        put(self.side, text)
        if method != 'ACK': pending[branch] = [self, text, time.time() + .5, .5]
        return method, self.cseq

    def final(self, key): return self.finals[key].status if key in self.finals else 0


def put(side, data): sockets[side].sendto(data, (HOST, int(PORT)))


def reply(side, request, status, to, contact='', body=''):
    lines = [f'SIP/2.0 {status}'] + ['Via: ' + via for via in request.all('via')] + [f'From: {request["from"]}', f'To: {to}', f'Call-ID: {request["call-id"]}', f'CSeq: {request["cseq"]}']
    lines += ([f'Contact: {contact}'] if contact else []) + (['Content-Type: application/sdp'] if body else [])
    put(side, ('\r\n'.join(lines) + f'\r\nContent-Length: {len(body)}\r\n\r\n{body}').encode())


def authorization(leg, message):
    challenge = next(c for c in message.all('proxy-authenticate') + message.all('www-authenticate') if 'SHA' not in c)
    value = dict(re.findall(r'(\w+)="([^"]*)"', challenge))
    md5 = lambda text: hashlib.md5(text.encode()).hexdigest()
    known = md5(f'{leg.user}:{value["realm"]}:{PPAT % int(leg.user)}')
    answer = md5(f'{known}:{value["nonce"]}:00000001:abcd:auth:{md5("INVITE:" + leg.target)}')
    name = 'Proxy-Authorization' if message.status == 407 else 'Authorization'
    opaque = f', opaque="{value["opaque"]}"' if 'opaque' in value else ''
    return f'{name}: Digest username="{leg.user}", realm="{value["realm"]}", nonce="{value["nonce"]}", uri="{leg.target}", algorithm=MD5, qop=auth, nc=00000001, cnonce="abcd", response="{answer}"{opaque}\r\n'


def asked(side, m):
    leg = legs.get((side, m['call-id']))
    if m.method == 'ACK': return
    if leg is None:
        if m.method != 'INVITE' or side == 0: return reply(side, m, '200 OK' if m.method == 'OPTIONS' else '481 No such call', m['to'])
        user = int(re.search(r'sip:(\d+)', m.start)[1])
        leg = Leg(user - CALLEE, 1, user, m['call-id'], m['to'] + ';tag=' + os.urandom(4).hex(), m['from'], re.search(r'<([^>]*)>', m['contact'])[1])
    body = ''
    if m.body:
        leg.heard, leg.media = m.direction(), m.media()
        body = leg.sdp({'sendonly': 'recvonly', 'recvonly': 'sendonly'}.get(leg.heard, leg.heard))
    if m.method == 'BYE': leg.ended = time.time()
    reply(side, m, '200 OK', leg.local, leg.contact(), body)


def answered(side, m):
    branch = re.search(r'branch=([^;,]+)', m['via'])[1]
    leg = legs.get((side, m['call-id']))
    if leg is None or m.status < 200: return
    number = int(m['cseq'].split()[0])
    first = pending.pop(branch, None)
    if m.method == 'INVITE':
        if m.status < 300 and m['to']: leg.remote, leg.target = m['to'], re.search(r'<([^>]*)>', m['contact'])[1]
        refused = m.status >= 300
        remote, leg.remote = leg.remote, m['to']
        leg.send('ACK', cseq=number, branch=branch if refused else None)
        leg.remote = remote
        if m.status in (401, 407) and first: return leg.send('INVITE', leg.sdp(), authorization(leg, m))
        if m.status < 300:
            leg.media = m.media()
            leg.answered = leg.answered or time.time()
    leg.finals[m.method, number] = m


def run(done, seconds):
    """Answers and sends again until done() or the time is over."""
    end = time.time() + seconds
    while not done() and time.time() < end:
        for s in select.select(sockets, [], [], .05)[0]:
            m = Message(s.recv(65535).decode(errors='replace'))
            if not m.fields: continue
            (answered if m.status else asked)(sockets.index(s), m)
        for request in list(pending.values()):
            if time.time() > request[2]:
                put(request[0].side, request[1])
                request[3] = min(request[3] * 2, 4)
                request[2] = time.time() + request[3]
    return done()


def is_ready():
    try: return urllib.request.urlopen(WEB + '/readyz', timeout=1).status == 200
    except OSError: return False


def sign_in(user):
    jar = http.cookiejar.CookieJar()
    web = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    token = json.load(web.open(WEB + '/api/v1/session'))['antiforgery']
    login = json.dumps({'login': f'{UPAT % user}@{DOMAIN}', 'password': E('WATCHER_PASSWORD', '')}).encode()
    web.open(urllib.request.Request(WEB + '/api/v1/session', login, {'Content-Type': 'application/json', 'X-XSRF-TOKEN': token})).read()
    return web


def change(calls, direction, expected):
    """A re-INVITE of every caller: how many were answered 200, and reached the callee."""
    keys = {leg: leg.send('INVITE', leg.sdp(direction)) for leg, _ in calls}
    run(lambda: all(leg.final(key) for leg, key in keys.items()), 60)
    run(lambda: all(callee.heard in expected for _, callee in calls), 5)
    return [leg.final(keys[leg]) == 200 and callee.heard in expected for leg, callee in calls]


register_callees()
for s, port in zip(sockets, (UAC_PORT, UAS_PORT)):
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    s.bind(('127.0.0.1', int(port)))
callers = []
for i in range(N):
    user = FIRST + i % CALLERS
    leg = Leg(i, 0, user, f'kill-{RUN}-{i}', f'<sip:{UPAT % user}@{DOMAIN}>;tag={RUN}{i}', f'<sip:{UPAT % (CALLEE + i)}@{DOMAIN}>', f'sip:{UPAT % (CALLEE + i)}@{DOMAIN}')
    leg.send('INVITE', leg.sdp())
    callers.append(leg)
    run(lambda: leg.answered, 5)
callees = {leg.call: leg for leg in legs.values() if leg.side == 1}
calls = [(leg, callees[leg.call]) for leg in callers if leg.answered and leg.call in callees]
print(f'{len(calls)} of {N} calls answered', flush=True)
if not calls: sys.exit(1)

with tempfile.NamedTemporaryFile('w', suffix='.map') as f:
    for pair in calls:
        for leg in pair: f.write(f'{leg.port} {leg.media[0]} {leg.media[1]}\n')
    f.flush()
    audio = subprocess.Popen(pin([tool('rtpblast'), f.name, '180', '2']), stdout=subprocess.PIPE, text=True)
    run(lambda: False, 6)
    os.kill(PIDS[0], signal.SIGKILL)
    killed = time.time()
    while not is_ready() and time.time() < killed + 120: time.sleep(.05)
    ready = time.time() - killed
    run(lambda: False, 4)
    audio.send_signal(signal.SIGTERM)
    heard = json.loads(audio.communicate()[0])

held = change(calls, 'sendonly', ('sendonly', 'inactive'))
resumed = change(calls, 'sendrecv', ('sendrecv',))
keys, hung_up = {}, {}
for pair in calls:
    who = pair[pair[0].call % 2]
    keys[who] = who.send('BYE')
    hung_up[pair[0].call] = time.time()
run(lambda: all(leg.final(key) for leg, key in keys.items()) and all(pair[1 - pair[0].call % 2].ended for pair in calls), 60)
ended = [pair[pair[0].call % 2].final(keys[pair[pair[0].call % 2]]) == 200 and bool(pair[1 - pair[0].call % 2].ended) for pair in calls]

webs = [sign_in(user) for user in range(FIRST, FIRST + min(CALLERS, N))]
wrong = {}
for _ in range(20):
    time.sleep(1)  # the history follows the journal
    rows = {}
    for web in webs:
        for row in json.load(web.open(WEB + '/api/v1/calls?limit=200'))['items']: rows.setdefault(row['number'], row)
    wrong = {}
    for leg, callee in calls:
        row = rows.get(callee.user)
        talk = (hung_up[leg.call] - leg.answered) * 1000
        said = row and (row['outcome'], row['reason'], row['endedBy'], row['talkMs'])
        if not row or said[:3] != ('answered', 'hangup', ('caller', 'callee')[leg.call % 2]) or abs(row['talkMs'] - talk) > 2000: wrong[leg.call] = said, round(talk)
    if not wrong: break

def quantiles(gaps): return f'p50 {gaps["p50"]}, p99 {gaps["p99"]}, max {gaps["max"]} ms'


print('| what | figure |\n| --- | --- |')
print(f'| the longest time without a packet, of each phone | {quantiles(heard["gap_ms"])} |')
print(f'| the same, without what the generator sent late (at most {heard["max_tick_lag_ms"]:.0f} ms) | {quantiles(heard["gap_net_ms"])} |')
print(f'| packets sent, received, lost | {heard["sent"]}, {heard["received"]}, {heard["loss_pct"]} % |')
print(f'| from the kill until /readyz says 200 | {ready:.1f} s |')
print(f'| calls held; resumed; hung up | {sum(held)}; {sum(resumed)}; {sum(ended)} of {len(calls)} |')
print(f'| right CDRs | {len(calls) - len(wrong)} of {len(calls)} |', flush=True)
for call, said in list(wrong.items())[:5]: print('wrong CDR: call', call, said)
failed = [(leg.call, {str(k): m.start for k, m in leg.finals.items() if m.status != 200}, callee.heard) for (leg, callee), fine in zip(calls, map(all, zip(held, resumed, ended))) if not fine]
for each in failed[:5]: print('failed: call', *each)
sys.exit(len(calls) < N or bool(wrong) or bool(failed) or heard['gap_net_ms']['max'] >= 100)
