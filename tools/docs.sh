#!/usr/bin/env bash
# Build the documentation into build/docs/: the pages, and the reference of the C library in c-api/. Warnings are errors.
set -euo pipefail
. "$(dirname "$0")/common.sh"
docs_venv="$build/docs-venv"
install_packages doxygen

key=$(digest docs/requirements.txt)
if ! fresh docs-venv "$key" || [ ! -x "$docs_venv/bin/sphinx-build" ]; then
  say "installing Sphinx into build/docs-venv"
  run docs-venv python3 -m venv --clear "$docs_venv"
  run docs-install "$docs_venv/bin/python" -m pip install -q --disable-pip-version-check -r "$root/docs/requirements.txt"
  stamp docs-venv "$key"
fi

rm -rf "$build/docs"
"$docs_venv/bin/sphinx-build" -q -E -W --keep-going -d "$build/docs-doctrees" "$root/docs" "$build/docs"
version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$root/pyproject.toml")
mkdir -p "$build/docs/c-api"
(cd "$root" && {
  cat docs/Doxyfile
  printf 'PROJECT_NUMBER = %s\nOUTPUT_DIRECTORY = "%s"\n' "$version" "$build/docs/c-api"
} | doxygen -)
say "the documentation is in $build/docs/index.html"
