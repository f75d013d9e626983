#!/usr/bin/env python3
"""rtp.py sip|ng|raw-pairs|raw-shared N [N ...]: N concurrent anchored two-way G.711 calls, 20 ms; loss, delay, CPU.
sip: the calls are made through the SIP server under test (callees must be registrable). ng: through rtpengine
(NG=host:port). raw-*: through udpfwd (started here, pinned to SERVER_CORE). SECS: length of a measurement."""
import signal, tempfile
from lib.common import *
SECS, WARM = float(E('SECS', '8')), float(E('WARM', '2')); kind, ns = sys.argv[1], [int(x) for x in sys.argv[2:]]; mapf = tempfile.mktemp(); K = E('MSOCKS', '4')
tool('sipblast'); tool('rtpblast'); tool('udpfwd')
def blast_rtp(tag, n):
    q = subprocess.Popen(pin([tool('rtpblast'), mapf, str(SECS), str(WARM)]), stdout=subprocess.PIPE, text=True)
    time.sleep(WARM + .3); a, la = look(), snap([q.pid]); time.sleep(SECS - .6); b, lb = look(), snap([q.pid]); r = json.loads(q.communicate()[0]); r.update(cpu_window(a, b))
    print(f"{tag} calls {n} legs {r['legs']} pps in {r['pps_in']:.0f} out {r['pps_out']:.0f} loss {r['loss_pct']}% dead {r['dead_legs']} delay p50 {r['delay_ms']['p50']} p99 {r['delay_ms']['p99']} max {r['delay_ms']['max']} ms server {r['server_cpu_pct']}% postgres {r['postgres_cpu_pct']}% generator {busy(la, lb)}% cores {r['core_busy_pct']} rss {r['rss_mb']} lag {r['max_tick_lag_ms']}ms serr {r['send_err']}", flush=True)
if kind == 'sip': register_callees()
for n in ns:
    if kind == 'sip':
        rate = float(E('SETUP_RATE', '100')); up = n / rate + 2; hold = int((up + SECS + WARM + 4) * 1000)
        before = look()
        p = blast('--mode', 'call', '-a', FIRST, '-b', CALLEE, '-n', NUSERS, '-r', rate, '-t', 600, '-m', n, '-H', hold, '--map', mapf, '--msocks', K, '-v' if E('VERBOSE') else '-R0')
        t = time.time()
        while not os.path.exists(mapf) and time.time() - t < up + 20 and p.poll() is None: time.sleep(.2)
        if os.path.exists(mapf):
            mid = look(); print(f'setup: rss {before[0][3]/1e6:.1f} -> {mid[0][3]/1e6:.1f} MB, per call {(mid[0][3]-before[0][3])/n/1024:.1f} KiB (pss {(mid[0][4]-before[0][4])/n/1024:.1f})')
            if SECS > 0: blast_rtp('sip', n)
        else: p.send_signal(signal.SIGUSR1); time.sleep(3)
        print('calls:', p.communicate()[0].strip(), flush=True)
    elif kind == 'ng':
        before = look(); g = subprocess.Popen(pin([sys.executable, here + '/ngcalls.py', E('NG', '127.0.0.1:2223'), str(n), mapf, '20000', K]), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        g.stdout.readline(); mid = look(); print(f'rss {before[0][3]/1e6:.1f} -> {mid[0][3]/1e6:.1f} MB, per call {(mid[0][3]-before[0][3])/n/1024:.1f} KiB'); blast_rtp('ng', n); g.communicate('\n')
    else:
        port = int(E('RAW_PORT', '10000')); core = E('SERVER_CORE', '0'); args = ['pairs', str(port), str(n)] if kind == 'raw-pairs' else ['shared', str(port), E('BATCH', '64')]
        s = subprocess.Popen(['taskset', '-c', core, tool('udpfwd')] + args); time.sleep(.5); PIDS[:] = [s.pid]; k = int(K)
        with open(mapf, 'w') as f:
            for leg in range(2 * n): f.write(f'{20000 + 2 * (leg % k)} 127.0.0.1 {port + leg if kind == "raw-pairs" else port}\n')
        blast_rtp(kind, n); s.terminate(); s.wait()
    if os.path.exists(mapf): os.unlink(mapf)
    if kind == 'sip' and n != ns[-1]: time.sleep(2)
