# Sourced by script/server and script/test: gets the machine and .venv ready. Run again, it does only what is missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly RUNTIME_PACKAGES=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core)
logs=var/log
mkdir -p "$logs"

say() { printf '==> %s\n' "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# quietly LOG COMMAND…: output goes to $logs/LOG.log, whose end is shown only when the command fails.
quietly() {
  local log=$logs/$1.log
  shift
  "$@" >"$log" 2>&1 || { local status=$?; tail -n 25 "$log" >&2; die "'$*' ended with $status; all it said is in $log"; }
}

# A Python of at least 3.11 that can make virtual environments; prints its name, or nothing. The system's own first: it
# is kept up to date, a service may run it, and it is a quarter quicker than what is built by hand without optimisation.
find_python() {
  local name
  for name in /usr/bin/python3 python3 python3.14 python3.13 python3.12 python3.11; do
    if "$name" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$name"
      return
    fi
  done
}

# need_packages NAME…: installs the Debian packages that are missing, when that is allowed without asking for a password.
need_packages() {
  local installed name missing=() root=(env)
  if ! command -v dpkg-query >/dev/null; then
    [ -d .venv ] || say "Not Debian or Ubuntu: what they call $* must be there already"
    return 0
  fi
  installed=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
  for name in "$@"; do
    grep -qx "$name installed" <<<"$installed" || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || die "system packages are missing. Install them, then run this again:
  sudo apt-get update && sudo apt-get install --no-install-recommends ${missing[*]}"
    root=(sudo -n env)
  fi
  say "Installing system packages: ${missing[*]}"
  quietly apt-update "${root[@]}" apt-get update -q
  quietly apt-install "${root[@]}" DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
}

# need_python_and NAME…: the system packages NAME…, and Python where there is none that will do.
need_python_and() {
  if [ -x .venv/bin/python ] || [ -n "$(find_python)" ]; then need_packages "$@"; else need_packages python3 python3-venv "$@"; fi
}

# install_by_uv LOCK: a fifth of pip's time, where uv is there or among what the lock names.
install_by_uv() {
  local uv=uv
  if ! command -v uv; then
    sed -n '/^uv==/,/^[^ ]/{/^uv==/p;/^ /p}' "$1" >var/log/uv.txt
    [ -s var/log/uv.txt ] || return 1
    .venv/bin/python -m pip install --disable-pip-version-check --no-input --require-hashes -r var/log/uv.txt || return 1
    uv=.venv/bin/uv
  fi
  # Behind an office's proxy only the system knows whom to trust, and on a bare machine only uv does.
  local install=("$uv" pip install --python .venv/bin/python --require-hashes -r "$1")
  "${install[@]}" || UV_SYSTEM_CERTS=true "${install[@]}"
}

# need_venv LOCK: .venv holds what LOCK names, each file checked against its hash there. A stamp tells when that is so already.
need_venv() {
  local lock=$1 stamp=.venv/.${1%.lock} python want
  want="$(sha256sum <"$lock") $(.venv/bin/python -V 2>/dev/null || true)"
  [ "$want" != "$(cat "$stamp" 2>/dev/null)" ] || return 0
  python=$(find_python)
  [ -n "$python" ] || die "Python 3.11 or newer is needed, with its venv module"
  if [ "$(.venv/bin/python -V 2>/dev/null)" != "$("$python" -V)" ] || ! .venv/bin/python -m pip -V >/dev/null 2>&1; then
    say "Making the virtual environment with $("$python" -V)"
    quietly venv "$python" -m venv --clear .venv
  fi
  say "Installing the Python packages of $lock (about a minute the first time)"
  if ! install_by_uv "$lock" >var/log/uv.log 2>&1; then
    quietly pip .venv/bin/python -m pip install --disable-pip-version-check --no-input --require-hashes -r "$lock"
  fi
  echo "$(sha256sum <"$lock") $(.venv/bin/python -V)" >"$stamp"
  # The development lock holds all of the other one.
  [ "$lock" != requirements-dev.lock ] || echo "$(sha256sum <requirements.lock) $(.venv/bin/python -V)" >.venv/.requirements
}

# Translations are kept as text and compiled here.
compile_translations() {
  local po mo
  for po in locale/*/LC_MESSAGES/*.po; do
    mo=${po%.po}.mo
    if [ -f "$po" ] && ! [ "$mo" -nt "$po" ]; then quietly translations .venv/bin/pybabel compile -i "$po" -o "$mo"; fi
  done
}
