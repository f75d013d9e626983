#!/usr/bin/env python3
"""maxrate.py reg|call [--start R] [--secs S] [--long S] [--hold MS] [--window W]
Finds the highest open-loop rate a server sustains: fails <0.1 %, retransmissions <0.1 % of transactions started,
achieved rate >= 98 % of the asked one. Steps up from --start by x1.3, then bisecting to 4 %. With --window W it
only runs closed-loop with W in flight and prints the throughput. With --long, the rate found is held for that long, and lowered by 5 %
until it holds: a server that keeps ended transactions for 32 s looks better in short steps. Environment: see README.md."""
import argparse, json, time
from lib.common import *
ap = argparse.ArgumentParser(); ap.add_argument('mode'); ap.add_argument('--start', type=float, default=200); ap.add_argument('--secs', type=float, default=8); ap.add_argument('--hold', type=int, default=0); ap.add_argument('--window', type=int, default=0); ap.add_argument('--long', type=float, default=0); ap.add_argument('--once', action='store_true')
o = ap.parse_args(); tool('sipblast')
def step(rate):
    extra = ['-w', o.window] if o.window else ['-r', rate]
    p = blast('--mode', o.mode, '-a', FIRST, '-b', CALLEE, '-n', NUSERS, '-t', o.secs, '-H', o.hold, *extra)
    time.sleep(1); a, la = look(), snap([p.pid]); time.sleep(max(1, o.secs - 1.5)); b, lb = look(), snap([p.pid]); r = json.loads(p.communicate()[0])
    r.update(cpu_window(a, b)); n = max(1, r['started']); r['asked'] = rate; r['generator_cpu_pct'] = busy(la, lb)
    r['good'] = r['fail'] / n < 0.001 and (r['retrans'] + r['uas_retrans']) / n < 0.001 and r['busy'] / n < 0.001 and r['rate'] >= 0.98 * rate
    lat = r.get('reg_ms') or r.get('invite_to_200_ms')
    print(f"asked {rate:.0f}/s got {r['rate']:.0f}/s fail {r['fail']} retrans {r['retrans']}+{r['uas_retrans']} busy {r['busy']} p50 {lat['p50']} p99 {lat['p99']} ms server {r['server_cpu_pct']}% postgres {r['postgres_cpu_pct']}% generator {r['generator_cpu_pct']}% cores {r['core_busy_pct']} rss {r['rss_mb']} codes {r['codes']} {'GOOD' if r['good'] else 'bad'}", flush=True)
    return r
if o.mode == 'call': register_callees()
if o.window or o.once: r = step(o.start); print(json.dumps(r)); raise SystemExit
lo, hi, best, x = 0, 0, None, o.start
while not hi:
    r = step(x)
    if r['good']: lo, best, x = x, r, x * 1.3
    elif lo: hi = x
    else: hi = x
    if not r['good']: time.sleep(3)
while hi - lo > 0.04 * hi and hi > 5:
    x = (lo + hi) / 2; r = step(x)
    if r['good']: lo, best = x, r
    else: hi = x; time.sleep(3)
if o.long:
    o.secs = o.long; time.sleep(35)
    while not (best := step(lo))['good'] and lo > 5: lo *= 0.95; time.sleep(35)
print(json.dumps({'max': lo, 'best': best}))
