# shellcheck shell=bash disable=SC2034 # what is set here is used by those who source it
# Sourced by the scripts beside it: where things are, and how to say what goes on.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build="$root/build"
venv="$root/.venv"
tools_venv="$build/tools"

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

# digest FILES… : one hash over names and contents of files and folders.
digest() {
  (cd "$root" && find "$@" -type f -not -path '*/__pycache__/*' -print0 | sort -z | xargs -0 sha256sum) |
    sha256sum | cut -d' ' -f1
}

# fresh STAMP KEY : true if the step that wrote this stamp ran with this key.
fresh() { [ "$(cat "$build/$1.stamp" 2>/dev/null)" = "$2" ]; }
stamp() { printf '%s' "$2" >"$build/$1.stamp"; }
