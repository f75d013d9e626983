#!/usr/bin/env python3
"""phones.py N [--rate R] [--secs S] [--refresh S] [--ping S] [--calls C]
N phones, users FIRST.., register by UDP, each from an address of its own, and stay: keep-alives, refreshes, then C of them are called. After each phase the
server's memory beside what it was before. Environment: see README.md."""
import argparse, json
from lib.common import *
ap = argparse.ArgumentParser(); ap.add_argument('n', type=int); ap.add_argument('--rate', type=float, default=2000); ap.add_argument('--secs', type=float, default=90); ap.add_argument('--refresh', type=float, default=60); ap.add_argument('--ping', type=float, default=30); ap.add_argument('--calls', type=int, default=200)
o = ap.parse_args(); a = look()[0]
p = subprocess.Popen(pin([tool('siphold'), '--host', HOST, '--port', PORT, '--domain', DOMAIN, '--users', UPAT, '--pass', PPAT, '--first', str(FIRST), '--n', str(o.n), '--rate', str(o.rate), '--secs', str(o.secs), '--refresh', str(o.refresh), '--ping', str(o.ping), '--calls', str(o.calls)]), stdout=subprocess.PIPE, text=True)
for line in p.stdout:
    b = look()[0]; r = json.loads(line)
    print(json.dumps(r), f"server {busy(a, b)}% rss {b[3] / 1e6:.1f} MB, {(b[3] - a[3]) / o.n:.0f} B a phone", flush=True)
    if r.get('phase') == 'registered': time.sleep(40); b = look()[0]; print(f"after 40 s: rss {b[3] / 1e6:.1f} MB, {(b[3] - a[3]) / o.n:.0f} B a phone", flush=True)
