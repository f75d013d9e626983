# shellcheck shell=bash
# Shared by run.sh, test.sh and bench/: messages, missing packages, incremental builds. Sourced from the repository's root.

say() { printf '%s\n' "$*" >&2; }
die() { say "$(basename "$0"): $*"; exit 1; }

# need <command> <Debian package>: notes the package as missing when the command is not there.
missing=()
need() { command -v "$1" >/dev/null 2>&1 || missing+=("$2"); }

# The newest PostgreSQL's programs: Debian keeps them out of PATH.
postgres_bin() {
  local initdb
  initdb=$(find /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -1)
  [ -n "$initdb" ] || initdb=$(readlink -f "$(command -v initdb 2>/dev/null)" 2>/dev/null)
  [ -n "$initdb" ] && dirname "$initdb"
}
need_postgres() { [ -n "$(postgres_bin)" ] || missing+=(postgresql); }

# need_library <shared object> <Debian package>: the same for a library of the media node.
need_library() { compgen -G "/usr/lib/*/$1" >/dev/null || missing+=("$2"); }
need_media_libraries() {
  need espeak-ng espeak-ng # for the build: it speaks the prompts
  need_library libopus.so.0 libopus0
  need_library libspeexdsp.so.1 libspeexdsp1
  need_library libssl.so.3 libssl3
}

need_kamailio_tls() { compgen -G '/usr/lib/*/kamailio/modules/tls.so' >/dev/null || missing+=(kamailio-tls-modules); }

# install_missing: one apt-get for all that need() noted. A machine that has everything is not touched.
install_missing() {
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || die "please install: ${missing[*]}"
  local root=() conf=/etc/postgresql-common/createcluster.d/telephony.conf
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || die "please install as root: apt-get install ${missing[*]}"
    root=(sudo)
  fi
  say "Installing ${missing[*]} ..."
  if [[ " ${missing[*]} " == *" postgresql "* && ! -e $conf ]]; then # only the programs: no server of the machine's own on port 5432
    "${root[@]}" mkdir -p "$(dirname "$conf")"
    echo 'create_main_cluster = false' | "${root[@]}" tee "$conf" >/dev/null
  fi
  if [[ " ${missing[*]} " == *" kamailio "* && ! -e /etc/systemd/system/kamailio.service ]]; then # nor a proxy on port 5060
    "${root[@]}" mkdir -p /etc/systemd/system
    "${root[@]}" ln -s /dev/null /etc/systemd/system/kamailio.service
  fi
  local apt=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600)
  { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "${missing[@]}"; } >&2 || die "apt-get could not install: ${missing[*]}"
}

# The .NET SDK and Node are the two things that the machine brings.
need_sdks() {
  local node
  dotnet --list-sdks 2>/dev/null | grep -q '^1[0-9]\.' || die "the .NET 10 SDK is missing (https://dot.net)"
  node=$(node --version 2>/dev/null) || die "Node 20 or later is missing (https://nodejs.org)"
  node=${node#v}
  [ "${node%%.*}" -ge 20 ] || die "Node 20 or later is needed; this is $node"
}

# once <what> <command> <path>...: runs the command unless it last succeeded with the paths' files as they are now.
stamp() { echo ".build/${1//[ \/]/-}"; }
once() {
  local what=$1 stamp command=$2 now
  stamp=$(stamp "$1")
  shift 2
  now=$(find "$@" \( -name bin -o -name obj -o -name node_modules -o -name dist -o -name TestResults \) -prune -o -type f -printf '%p %T@ %s\n' 2>/dev/null | sort | sha1sum)
  [ "$(cat "$stamp" 2>/dev/null)" != "$now" ] || return 0
  mkdir -p "$(dirname "$stamp")"
  rm -f "$stamp"
  say "Building $what ..."
  $command || return 1
  echo "$now" >"$stamp"
}

# npm_ci <folder>: its node_modules as the lock file says.
npm_ci() {
  [ -d "$1/node_modules" ] || rm -f "$(stamp "packages of $1")"
  once "packages of $1" "npm --prefix $1 ci --no-audit --no-fund --loglevel=error" "$1/package-lock.json" >/dev/null || die "npm ci failed in $1"
}

# quietly <what> <command>...: shows the command's output only when it fails.
quietly() {
  local what=$1 log
  shift
  log=$(mktemp)
  if ! "$@" >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    say "$what failed"
    return 1
  fi
  rm -f "$log"
}
