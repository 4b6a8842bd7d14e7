# shellcheck shell=bash disable=SC2034 # what is set here is used by those who source it
# Sourced by the scripts beside it: where things are, and how to say what goes on.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build="$root/build"
venv="$root/.venv"
tools_venv="$build/tools"
PATH="$tools_venv/bin:$PATH"

say() { printf '\n== %s\n' "$*" >&2; }
fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# run NAME COMMAND… : quiet unless it fails, then the end of its log.
run() {
  local name=$1 log="$build/$1.log"
  shift
  mkdir -p "$build"
  if ! "$@" >"$log" 2>&1; then
    tail -n 30 "$log" >&2
    fail "$name failed, all of it is in $log"
  fi
}

# install_packages PACKAGES… : those of Debian's packages that are missing; without root, fails and says which.
install_packages() {
  local package missing=()
  command -v dpkg-query >/dev/null || return 0
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  [ "$(id -u)" = 0 ] || fail "these packages are missing: apt-get install ${missing[*]}"
  say "installing ${missing[*]}"
  run apt-update apt-get update -qq
  DEBIAN_FRONTEND=noninteractive run apt-install apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

# What the C core and its tests are built with, besides CMake.
core_packages=(g++ pkg-config libcbor-dev rapidjson-dev libzstd-dev libgtest-dev)

# install_core_packages PACKAGES… : what the C core is built with, and those.
install_core_packages() {
  command -v cmake >/dev/null || set -- cmake "$@"
  install_packages "${core_packages[@]}" "$@"
}

# digest FILES… : one hash over names and contents of files and folders.
digest() {
  (cd "$root" && find "$@" -type f -not -path '*/__pycache__/*' -print0 | sort -z | xargs -0 sha256sum) |
    sha256sum | cut -d' ' -f1
}

# fresh STAMP KEY : true if the step that wrote this stamp ran with this key.
fresh() { [ "$(cat "$build/$1.stamp" 2>/dev/null)" = "$2" ]; }
stamp() { printf '%s' "$2" >"$build/$1.stamp"; }

# run_steps PREFIX STEPS… : calls the functions PREFIX_STEP; one that fails leaves the others to run.
run_steps() {
  local prefix=$1 step status failed=()
  shift
  for step in "$@"; do
    set +e # in a subshell with a set -e of its own, which has no effect before a ||
    (set -e && "${prefix}_$step")
    status=$?
    set -e
    [ $status = 0 ] || failed+=("$step")
  done
  [ ${#failed[@]} = 0 ] || fail "failed: ${failed[*]}"
}
