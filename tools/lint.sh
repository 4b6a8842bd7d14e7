#!/usr/bin/env bash
# Check the format of C, C++ and Python, and lint Python and shell scripts; --fix puts right what can be put right by itself.
# Arguments: files and folders to look at, by default all.
set -euo pipefail
. "$(dirname "$0")/common.sh"
lint_venv="$build/lint-venv"
fix=
if [ "${1:-}" = --fix ]; then
  fix=1
  shift
fi

key=$(digest tools/lint-requirements.txt)
if ! fresh lint-venv "$key" || [ ! -x "$lint_venv/bin/ruff" ]; then
  run lint-venv python3 -m venv --clear "$lint_venv"
  run lint-install "$lint_venv/bin/python" -m pip install -q --disable-pip-version-check -r "$root/tools/lint-requirements.txt"
  stamp lint-venv "$key"
fi
PATH="$lint_venv/bin:$PATH"
cd "$root"

# files PATTERN… : those of the tree (also new ones) that match, NUL after each.
paths=("${@:-.}")
files() {
  local pattern patterns=()
  for pattern in "$@"; do patterns+=(":(glob)**/$pattern"); done
  comm -z -12 <(git ls-files -z -co --exclude-standard -- "${patterns[@]}" | sort -z) \
    <(git ls-files -z -co --exclude-standard -- "${paths[@]}" | sort -z) |
    while IFS= read -r -d '' file; do [ ! -f "$file" ] || printf '%s\0' "$file"; done
}

failed=()
check() { # NAME COMMAND… : of the files on the standard input
  local name=$1
  shift
  xargs -0 -r "$@" || failed+=("$name")
}

if [ -n "$fix" ]; then
  check clang-format clang-format -i < <(files '*.c' '*.h' '*.cc' '*.cxx' '*.hxx')
  check 'ruff check' ruff check --quiet --fix < <(files '*.py' '*.pyi')
  check 'ruff format' ruff format --quiet < <(files '*.py' '*.pyi')
else
  check clang-format clang-format --dry-run --Werror < <(files '*.c' '*.h' '*.cc' '*.cxx' '*.hxx')
  check 'ruff check' ruff check --quiet < <(files '*.py' '*.pyi')
  check 'ruff format' ruff format --quiet --check < <(files '*.py' '*.pyi')
fi
check shellcheck shellcheck < <(files '*.sh' 'run')
[ ${#failed[@]} = 0 ] || fail "not in order: ${failed[*]} (tools/lint.sh --fix puts formats right)"
