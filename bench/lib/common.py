"""Shared by the drivers: environment, building the C tools, running them pinned, CPU windows."""
import os, sys, json, subprocess, time
here = os.path.dirname(os.path.dirname(os.path.abspath(__file__))); sys.path.insert(0, os.path.join(here, 'lib'))
from cpumon import snap, HZ
E = os.environ.get
HOST, PORT, DOMAIN = E('SIP_HOST', '127.0.0.1'), E('SIP_PORT', '5060'), E('DOMAIN', 'bench.local')
UPAT, PPAT = E('USER_PATTERN', 'u%05d'), E('PASSWORD_PATTERN', 'p%05d')
FIRST, CALLEE, NUSERS = int(E('FIRST', '0')), int(E('CALLEE', '2000')), int(E('NUSERS', '2000'))
def pids(name): return [int(p) for p in E(name, '').replace(',', ' ').split()]
LOAD_CORE = E('LOAD_CORE', '1'); PIDS, DB_PIDS = pids('SERVER_PID'), pids('POSTGRES_PID')
UAC_PORT, UAS_PORT = E('UAC_PORT', '7000'), E('UAS_PORT', '7001')
BIN = E('BENCH_BIN', os.path.join(E('TMPDIR', '/tmp'), 'sipbench-bin'))
def tool(name):
    src, out = f'{here}/load/{name}.c', f'{BIN}/{name}'; os.makedirs(BIN, exist_ok=True)
    if not os.path.exists(out) or os.path.getmtime(out) < os.path.getmtime(src): subprocess.check_call(['gcc', '-O2', '-o', out, src])
    return out
def sip_args(): return ['--host', HOST, '--port', PORT, '--domain', DOMAIN, '--users', UPAT, '--pass', PPAT, '--uac', UAC_PORT, '--uas', UAS_PORT]
def pin(cmd): return ['taskset', '-c', LOAD_CORE] + cmd
def blast(*a, **k): return subprocess.Popen(pin([tool('sipblast')] + sip_args() + [str(x) for x in a]), stdout=subprocess.PIPE, text=True, **k)
def look(): return snap(PIDS), snap(DB_PIDS)  # the server, and PostgreSQL beside it
def cpu_window(a, b):
    (a, da), (b, db) = a, b; w = b[0] - a[0]
    return {'window_s': round(w, 1), 'server_cpu_pct': busy(a, b) if PIDS else None, 'postgres_cpu_pct': busy(da, db) if DB_PIDS else None, 'rss_mb': round(b[3] / 1e6, 1),
            'core_busy_pct': [round((y[0] - x[0]) / max(1, y[1] - x[1]) * 100, 1) for x, y in zip(a[5], b[5])]}
def busy(a, b): return round((b[1] + b[2] - a[1] - a[2]) / HZ / (b[0] - a[0]) * 100, 1)
def register_callees():
    if E('SKIP_REGISTER'): return
    p = blast('--mode', 'reg', '-a', CALLEE, '-n', NUSERS, '-r', E('REGISTER_RATE', '300'), '-t', 600, '-m', NUSERS, '--uac', UAS_PORT, '--uas', UAC_PORT); r = json.loads(p.communicate()[0])
    if r['ok'] < NUSERS * 0.999: print('warning: registered only', r['ok'], 'of', NUSERS, r, file=sys.stderr)
