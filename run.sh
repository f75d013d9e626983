#!/usr/bin/env bash
# Starts Telephony with an own PostgreSQL, an own Azurite and a media node under the data folder, in the foreground, until Ctrl-C or SIGTERM.
# ConnectionStrings__Postgres, ConnectionStrings__Blobs and Telephony__Media__Nodes replace them. Settings: see the table in README.md.
# shellcheck disable=SC2317 # functions that a trap or a variable calls
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
# shellcheck source=tools/lib.sh
. tools/lib.sh

case "${1:-}" in
  '') ;;
  -h | --help) sed -n '2,3s/^# //p' "$0"; exit 0 ;;
  *) die "unknown argument '$1'; settings are environment variables, see README.md" ;;
esac

export Telephony__Data=${Telephony__Data:-.data}
(umask 077 && mkdir -p "$Telephony__Data") || die "Telephony__Data: cannot create '$Telephony__Data'"
Telephony__Data=$(cd "$Telephony__Data" && pwd) || exit 1
data=$Telephony__Data
silo='' media='' azurite='' postgres='' socket_folder=''

# --- what is running ---------------------------------------------------------------------------------------------------------------------

# Every child has its own session, so that Ctrl-C reaches this script alone, and is told to stop when this script is killed.
# start <variable> <signal> <command>...
start() {
  local variable=$1 signal=$2
  shift 2
  setsid setpriv --pdeathsig "$signal" -- "$@" &
  printf -v "$variable" '%s' $!
}

alive() { [ -n "$1" ] && kill -0 "$1" 2>/dev/null; }

# stop <name> <pid> <signal> <seconds>: waits for its end, and kills it when that does not come. Its exit status.
stop() {
  local name=$1 pid=$2 tenths=$(($4 * 10))
  alive "$pid" || return 0
  kill -"$3" "$pid" 2>/dev/null
  while alive "$pid"; do
    if [ $((tenths--)) -eq 0 ]; then
      say "$name did not stop within $4 s: killed"
      kill -KILL "$pid" 2>/dev/null
    fi
    sleep 0.1
  done
  wait "$pid" 2>/dev/null
}

stop_all() { # what was started last, first
  local status=$?
  trap '' INT TERM HUP
  stop Telephony "$silo" TERM 30 || status=$?
  [ "$status" != 143 ] || status=0 # told to stop before it listened for that
  stop 'The media node' "$media" TERM 10
  [ -z "$socket_folder" ] || rm -rf "$socket_folder"
  stop Azurite "$azurite" TERM 5
  stop PostgreSQL "$postgres" INT 30
  exit "$status"
}
trap stop_all EXIT
trap 'exit 0' INT TERM HUP

# lock_data: one run a data folder. Children inherit the lock, so that it is free when the last of them has ended; those of a run that was killed
# may need a moment to stop by themselves.
lock_data() {
  local owner fd pid
  exec 9>"$data/run.lock"
  if ! flock -n 9; then
    owner=$(cat "$data/run.pid" 2>/dev/null)
    if [ -n "$owner" ] && grep -qa 'run\.sh' "/proc/$owner/cmdline" 2>/dev/null; then
      die "Telephony__Data: '$data' is in use by another run.sh (pid $owner)"
    fi
    say "Waiting for a run that was killed to stop ..."
    if ! flock -w 20 9; then
      for fd in /proc/[0-9]*/fd/9; do
        pid=${fd#/proc/} pid=${pid%%/*}
        [ "$pid" != $$ ] && [ "$(readlink "$fd" 2>/dev/null)" = "$data/run.lock" ] && kill -KILL "$pid" 2>/dev/null
      done
      flock -w 10 9 || die "Telephony__Data: '$data' is in use by another run.sh"
    fi
  fi
  echo $$ >"$data/run.pid"
}

# --- free ports ----------------------------------------------------------------------------------------------------------------------------

taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# port <file>: the port kept in the file while it is free, else a new one below the phones' and the kernel's ranges.
port() {
  local port
  port=$(cat "$1" 2>/dev/null)
  while [ -z "$port" ] || taken "$port"; do port=$((20000 + (RANDOM * 32768 + RANDOM) % 10000)); done
  echo "$port" | tee "$1"
}

secret() { # <file> <command>: made once, kept with mode 600
  [ -s "$1" ] || { $2 >"$1.new" && mv "$1.new" "$1"; }
  cat "$1"
}
random_password() { head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n'; }
random_key() { head -c 64 /dev/urandom | base64 -w0; }

# --- PostgreSQL ------------------------------------------------------------------------------------------------------------------------------

start_postgres() {
  local home=$data/postgres bin port password as=() user=nobody version
  bin=$(postgres_bin)
  mkdir -p "$home"
  password=$(secret "$home/password" random_password)
  if [ "$(id -u)" = 0 ]; then # PostgreSQL refuses root
    id postgres >/dev/null 2>&1 && user=postgres
    as=(setpriv "--reuid=$user" "--regid=$(id -g "$user")" --clear-groups --pdeathsig INT) # changing the user cleared the signal
    chown -R "$user" "$home"
    "${as[@]}" test -x "$home" 2>/dev/null || # a parent folder of mode 700
      as+=(--inh-caps=+dac_read_search --ambient-caps=+dac_read_search)
  fi
  if [ ! -f "$home/data/PG_VERSION" ]; then
    rm -rf "$home/new"
    quietly initdb "${as[@]}" "$bin/initdb" -D "$home/new" -U telephony --pwfile="$home/password" --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 || exit 1
    mv "$home/new" "$home/data"
  fi
  version=$(cat "$home/data/PG_VERSION")
  if [ "$("$bin/postgres" --version | grep -oE '[0-9]+' | head -1)" != "$version" ]; then
    bin=/usr/lib/postgresql/$version/bin
    [ -x "$bin/postgres" ] || die "$home was made by PostgreSQL $version, which is not installed"
  fi
  rm -f "$home/data/postmaster.pid" # the lock says that nobody uses this folder
  [ -f "$home/log" ] && mv "$home/log" "$home/log.1"
  for _ in 1 2 3; do
    port=$(port "$home/port")
    start postgres INT "${as[@]}" "$bin/postgres" -D "$home/data" -c listen_addresses=127.0.0.1 -c "port=$port" -c unix_socket_directories= \
      -c max_connections=100 -c shared_buffers=128MB -c wal_compression=on -c max_wal_size=2GB -c jit=off -c log_timezone=UTC >>"$home/log" 2>&1
    while alive "$postgres"; do
      if PGPASSWORD=$password PGCONNECT_TIMEOUT=2 "$bin/psql" -qAt -h 127.0.0.1 -p "$port" -U telephony -d postgres -c 'select 1' >/dev/null 2>&1; then
        PGPASSWORD=$password "$bin/psql" -qAt -h 127.0.0.1 -p "$port" -U telephony -d postgres \
          -c "select 1 from pg_database where datname = 'telephony'" | grep -q 1 ||
          PGPASSWORD=$password "$bin/createdb" -h 127.0.0.1 -p "$port" -U telephony telephony || exit 1
        export ConnectionStrings__Postgres="Host=127.0.0.1;Port=$port;Username=telephony;Password=$password;Database=telephony"
        return 0
      fi
      sleep 0.05
    done
    rm -f "$home/port" # perhaps taken between the look and the bind
  done
  tail -5 "$home/log" >&2
  die "PostgreSQL did not start; its log: $home/log"
}

# --- Azurite --------------------------------------------------------------------------------------------------------------------------------

start_azurite() {
  local home=$data/azurite port key
  mkdir -p "$home/blobs"
  key=$(secret "$home/key" random_key)
  [ -f "$home/log" ] && mv "$home/log" "$home/log.1"
  for _ in 1 2 3; do
    port=$(port "$home/port")
    AZURITE_ACCOUNTS="telephony:$key" start azurite TERM \
      node tools/azurite/node_modules/azurite/dist/src/blob/main.js --blobHost 127.0.0.1 --blobPort "$port" --location "$home/blobs" --disableTelemetry --silent >>"$home/log" 2>&1
    while alive "$azurite"; do
      if taken "$port"; then
        export ConnectionStrings__Blobs="DefaultEndpointsProtocol=http;AccountName=telephony;AccountKey=$key;BlobEndpoint=http://127.0.0.1:$port/telephony;"
        return 0
      fi
      sleep 0.05
    done
    rm -f "$home/port"
  done
  tail -5 "$home/log" >&2
  die "Azurite did not start; its log: $home/log"
}

# --- the server and its media node --------------------------------------------------------------------------------------------------------------

start_silo() {
  silo_at=$SECONDS
  start silo TERM src/Silo/bin/Release/net10.0/Telephony.Silo
}

# A process of its own, so that audio goes on while the server starts again.
start_media() {
  media_at=$SECONDS
  Telephony__Media__Id=media Telephony__Media__Socket=${Telephony__Media__Nodes#media=} start media TERM src/MediaNode/bin/Release/net10.0/telephony-media >&2
}

# again <name> <status> <when it started> <variable>: waits a while, longer each time, before a program that crashed is started again. One that ended on
# purpose, or can't start, ends all.
again() {
  local name=$1 status=$2 started=$3 variable=$4 delays=(0 1 2 4 8 15 30) delay
  [ "$status" != 0 ] && [ "$status" != 2 ] || exit "$status"
  [ $((SECONDS - started)) -lt 60 ] || printf -v "$variable" 0
  delay=${delays[${!variable}]:-}
  [ -n "$delay" ] || { say "$name has stopped again and again (status $status)."; exit "$status"; }
  say "$name has stopped (status $status); it starts again in $delay s."
  printf -v "$variable" %s $((${!variable} + 1))
  sleep "$delay" &
  wait $! # so that a signal is heard meanwhile
}

# --- all of it ------------------------------------------------------------------------------------------------------------------------------

build_silo() { for project in Silo MediaNode Cli; do dotnet build -c Release "src/$project" -v quiet -nologo -clp:NoSummary -nodeReuse:false -p:UseSharedCompilation=false || return 1; done; }
build_web() { npm --prefix src/WebClient run build; }
build() {
  mkdir -p .build
  exec 8>.build/lock
  flock 8 # two copies from one clone
  [ -n "${ConnectionStrings__Blobs:-}" ] || npm_ci tools/azurite
  if [ -f src/WebClient/package-lock.json ]; then
    npm_ci src/WebClient
    [ -d src/WebClient/dist ] || rm -f "$(stamp 'the web client')"
    once 'the web client' 'quietly web-client build_web' src/WebClient || die "the web client does not build"
  fi
  [ -x src/Silo/bin/Release/net10.0/Telephony.Silo ] && [ -x src/MediaNode/bin/Release/net10.0/telephony-media ] || rm -f "$(stamp 'the server')"
  once 'the server' 'quietly server build_silo' src tools/Prompts Directory.*.props Directory.*.targets .editorconfig BannedSymbols.txt || die "the server does not build"
  exec 8>&-
}

need_sdks
need_media_libraries
[ -n "${ConnectionStrings__Postgres:-}" ] || need_postgres
install_missing
build

umask 077
lock_data
[ -n "${ConnectionStrings__Postgres:-}" ] || start_postgres
[ -n "${ConnectionStrings__Blobs:-}" ] || start_azurite
export Telephony__Http__WebRoot=${Telephony__Http__WebRoot:-$PWD/src/WebClient/dist}
if [ -z "${Telephony__Media__Nodes+set}" ]; then
  socket=$data/media.sock
  if [ ${#socket} -gt 107 ]; then # the kernel's limit
    socket_folder=$(mktemp -d)
    socket=$socket_folder/media.sock
  fi
  export Telephony__Media__Nodes=media=$socket
  start_media
fi
start_silo
silo_crashes=0 media_crashes=0
while true; do
  wait -n -p ended "$silo" ${media:+"$media"} ${postgres:+"$postgres"} ${azurite:+"$azurite"}
  status=$?
  case ${ended:-} in
    "$postgres") say "PostgreSQL has stopped (its log: $data/postgres/log). Calls go on; start run.sh again soon."; postgres='' ;;
    "$azurite") say "Azurite has stopped (its log: $data/azurite/log)."; azurite='' ;;
    "$media") again 'The media node' "$status" "$media_at" media_crashes && start_media ;;
    "$silo") again 'The server' "$status" "$silo_at" silo_crashes && start_silo ;;
    *) exit "$status" ;;
  esac
done
