#!/usr/bin/env bash
# bench/run.sh [registrations|calls|relay|memory|kill|ringing|phones|tls]...: measures the server, all of it when nothing is named. See README.md here.
# The server is built for Release and pinned to SERVER_CORE (0); PostgreSQL and the load are on LOAD_CORE (1). Results also go to RESULTS (TestResults/bench).
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
# shellcheck source=../tools/lib.sh
. tools/lib.sh

need gcc gcc
need python3 python3
install_missing
SERVER_CORE=${SERVER_CORE:-0}
export LOAD_CORE=${LOAD_CORE:-1} SIP_PORT=${SIP_PORT:-15060} DOMAIN=bench.local USER_PATTERN='%05d' PASSWORD_PATTERN='password-%05d' FIRST=10000 CALLEE=12000 NUSERS=2000
export Telephony__Http__Port=${HTTP_PORT:-18080} Telephony__Sip__Port=$SIP_PORT Telephony__Media__PortRange=${MEDIA_PORTS:-30000-59999} Telephony__Data
export Telephony__Sip__MaxConnectionsPerAddress=10000 # all phones of the TLS run are here
export WEB=http://127.0.0.1:$Telephony__Http__Port
results=${RESULTS:-TestResults/bench}
mkdir -p "$results"
Telephony__Data=$(mktemp -d "${TMPDIR:-/tmp}/telephony-bench.XXXXXX")
runner='' password=Bench_password_1

finish() {
  [ -z "$runner" ] || { kill "$runner" && wait "$runner"; } 2>/dev/null
  rm -rf "$Telephony__Data"
}
trap finish EXIT
trap 'exit 130' INT TERM

ready() {
  for _ in $(seq 1200); do
    grep -q 'Telephony is ready' "$results/server.log" && return 0
    kill -0 "$runner" 2>/dev/null || break
    sleep 0.1
  done
  cat "$results/server.log" >&2
  die 'the server did not start'
}

# start_server: a new one, with nobody registered.
start_server() {
  taskset -c "$SERVER_CORE" ./run.sh >"$results/server.log" 2>&1 &
  runner=$!
  ready
  SERVER_PID=$(pgrep -P "$runner" -f Telephony.Silo)
  POSTGRES_PID=$(head -1 "$Telephony__Data/postgres/data/postmaster.pid")
  export SERVER_PID POSTGRES_PID
  for pid in "$POSTGRES_PID" $(pgrep -P "$POSTGRES_PID") $(pgrep -P "$runner" -f azurite); do taskset -acp "$LOAD_CORE" "$pid" >/dev/null; done
}

restart_server() {
  kill "$runner"
  wait "$runner"
  start_server
}

header() { echo extension,display_name,department,email,sip_password,web_password,role; }
users() {
  header
  seq 10000 10009 | sed "s/.*/&,Watcher &,,,password-&,$password,user/"
  seq 10010 13999 | sed 's/.*/&,User &,,,password-&,,user/'
}

# more_users: 100,000 in all, once.
more_users() {
  local file=$Telephony__Data/more.csv
  [ -f "$file" ] && return
  { header; seq 14000 109999 | sed "s/.*/&,User &,,,password-&,,user/"; } >"$file"
  ./telephony extensions import --tenant bench.local "$file" "${key[@]}" >/dev/null || die 'no more users'
}

measure() {
  local name=$1
  shift
  say "--- $name: $*"
  "$@" 2>&1 | tee "$results/$name.txt"
}

start_server
key=(--server "$WEB" --key "$(cat "$Telephony__Data/api-key")")
./telephony tenants add bench.local "${key[@]}" >/dev/null || die 'no tenant'
users >"$Telephony__Data/users.csv"
./telephony extensions import --tenant bench.local "$Telephony__Data/users.csv" "${key[@]}" >/dev/null || die 'no users'

[ $# -gt 0 ] || set -- registrations calls relay memory kill ringing phones tls
for what in "$@"; do
  case $what in
    registrations) measure registrations bench/maxrate.py reg --start 2000 --secs 6 --long 30 ;;
    calls) measure calls bench/maxrate.py call --start 200 --secs 6 --long 30
      restart_server
      measure latency bench/maxrate.py call --once --start 10 --secs 30 ;;
    relay) restart_server
      read -ra numbers <<<"${RELAY_CALLS:-400 800 1200 1600}"
      SETUP_RATE=100 measure relay bench/rtp.py sip "${numbers[@]}" ;;
    memory) restart_server
      measure warm bench/maxrate.py call --once --start 100 --secs 10
      sleep 35 # until the transactions of those calls have gone
      SKIP_REGISTER=1 SETUP_RATE=100 SECS=0 measure memory bench/rtp.py sip 1000 ;;
    kill) restart_server
      NUSERS=${KILLED_CALLS:-100} WATCHER_PASSWORD=$password measure kill bench/killed.py "${KILLED_CALLS:-100}" ;;
    ringing) restart_server
      npm_ci src/WebClient
      for watchers in 1 500; do
        WATCHER_PASSWORD=$password measure "ringing-$watchers" taskset -c "$LOAD_CORE" node bench/ringing.mjs "$watchers" 200
      done ;;
    phones) restart_server
      more_users
      measure phones bench/phones.py "${PHONES:-100000}" ;;
    tls) restart_server
      more_users
      measure tls taskset -c "$LOAD_CORE" dotnet run -c Release --project bench/Sip -- tls "127.0.0.1:$((SIP_PORT + 1))" "${TLS_PHONES:-8000}" 10000 90 "$SERVER_PID" ;;
    *) die "unknown: $what" ;;
  esac
done
