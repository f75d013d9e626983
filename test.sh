#!/usr/bin/env bash
# Installs what is missing and runs every test: the web client's, the code style, the .NET projects'. Its exit status is the result.
# The last line says "N passed, N failed".
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
# shellcheck source=tools/lib.sh
. tools/lib.sh

need_sdks
need_media_libraries
need_postgres
need sipp sip-tester
need baresip baresip
need linphonec linphone-cli
need svwar sipvicious
need sipsak sipsak
need sox sox
need /usr/sbin/kamailio kamailio
need_kamailio_tls
need /usr/sbin/dnsmasq dnsmasq-base
need chromium chromium
install_missing

results=TestResults passed=0 failed=0
rm -rf "$results"
mkdir -p "$results" .build
started=$SECONDS

# count <name> <passed> <failed>: one line a suite.
count() {
  passed=$((passed + $2)) failed=$((failed + $3))
  printf '%-24s %5d passed, %d failed  (%d s)\n' "$1" "$2" "$3" $((SECONDS - started))
}

# check <name> <command>...: a suite of one.
check() {
  local name=$1
  shift
  if quietly "$name" "$@"; then count "$name" 1 0; else count "$name" 0 1; fi
}

web_client() {
  local log=$results/web-client.log status ok bad
  npm_ci src/WebClient
  NO_COLOR=1 npm --prefix src/WebClient test >"$log" 2>&1
  status=$?
  ok=$(sed -nE 's/^ *Tests .*\b([0-9]+) passed.*/\1/p' "$log")
  bad=$(sed -nE 's/^ *Tests .*\b([0-9]+) failed.*/\1/p' "$log")
  if [ "$status" != 0 ]; then
    cat "$log"
    [ "${bad:-0}" != 0 ] || bad=1
  fi
  count WebClient "${ok:-0}" "${bad:-0}"
  check 'WebClient build' npm --prefix src/WebClient run build
}

dotnet_project() {
  local name trx counters ok bad status
  name=$(basename "$1" .csproj)
  trx=$results/$name.trx
  dotnet test "$1" --no-build --logger "trx;LogFileName=$PWD/$trx" --blame-hang-timeout 5m --results-directory "$results" >"$results/$name.log" 2>&1
  status=$?
  counters=$(grep -o '<Counters [^>]*' "$trx" 2>/dev/null)
  ok=$(sed -nE 's/.* passed="([0-9]+)".*/\1/p' <<<"$counters")
  bad=$(sed -nE 's/.* total="([0-9]+)" executed="([0-9]+)" passed="([0-9]+)" failed="([0-9]+)".*/\4/p' <<<"$counters")
  if [ "$status" != 0 ]; then
    cat "$results/$name.log"
    [ "${bad:-0}" != 0 ] || bad=1
  fi
  count "$name" "${ok:-0}" "${bad:-0}"
}

[ -f tools/azurite/package-lock.json ] && npm_ci tools/azurite
[ -f src/WebClient/package-lock.json ] && web_client
check 'Build' dotnet build Telephony.sln -v quiet -nologo -clp:NoSummary
if [ "$failed" = 0 ]; then
  check 'Style' dotnet format Telephony.sln --no-restore --verify-no-changes
  for project in tests/*.Tests/*.csproj; do dotnet_project "$project"; done
  if [ "$failed" = 0 ]; then # each row of the page is a test that passed
    if node tools/interoperability.mjs; then count 'Interoperability' 1 0; else count 'Interoperability' 0 1; fi
  fi
fi

echo "$passed $failed" >"$results/summary"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
