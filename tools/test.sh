#!/usr/bin/env bash
# Set up everything and run all tests; the exit code tells whether all passed.
# Arguments are the steps to run, default: lint core itk installed sdist python
set -euo pipefail
. "$(dirname "$0")/common.sh"
"$root/tools/setup.sh"

IWF_ITK_DATA=$("$tools_venv/bin/python" "$root/tools/itk_test_data.py")
export IWF_ITK_DATA

# ITK's templates take twice as long to compile at -O3.
quick='-DCMAKE_CXX_FLAGS_RELEASE=-O1 -DNDEBUG'

# cmake_tests NAME OPTIONS… : configure, build and run one build tree's tests.
cmake_tests() {
  local name=$1
  shift
  run "configure-$name" cmake -G Ninja -S "$root" -B "$build/$name" -DBUILD_TESTING=ON "$@"
  run "build-$name" cmake --build "$build/$name"
  ctest --test-dir "$build/$name" --output-on-failure --no-tests=error -j "$(nproc)"
}

test_lint() {
  say "format and lint"
  "$root/tools/lint.sh"
}

test_core() {
  say "tests of the C core, and of what it installs"
  cmake_tests core -DIWF_WITH_ITK=OFF
}

test_itk() {
  say "tests of the ITK classes in C++, and the C++ example with the module"
  local itk_dir
  itk_dir=$("$tools_venv/bin/python" "$root/tools/build_itk.py")
  cmake_tests itk -DITK_DIR="$itk_dir" -DITK_WRAP_PYTHON=OFF "$quick"
  bash "$root/test/package/cpp.sh" module
}

test_installed() {
  say "the same with an installed ITK: Debian's"
  if [ "$(id -u)" != 0 ] && ! dpkg-query -W libinsighttoolkit5-dev >/dev/null 2>&1; then
    say "left out: there is no libinsighttoolkit5-dev"
    return
  fi
  install_packages libinsighttoolkit5-dev
  unset ITK_DIR
  cmake_tests installed "$quick"
  bash "$root/test/package/cpp.sh" installed
}

test_python() {
  local folder status=0
  # A process for each folder: each has a conftest.py that its tests import from.
  for folder in test/python test/cli test/docs test/interop examples/dask; do
    say "tests of the installed wheel: $folder"
    (cd "$root" && "$venv/bin/python" -m pytest -q "$folder") || status=1
  done
  say "hostile files through the installed wheel (those through the C core are among its tests)"
  "$venv/bin/python" "$root/test/hostile/wheel.py" --cases 300 || status=1
  return $status
}

files_of() { "$tools_venv/bin/python" -m zipfile -l "$1" | awk 'NR > 1 {print $1}'; }

test_sdist() {
  say "the source distribution: a wheel that is built from it has the same files"
  rm -rf "$build/sdist"
  run sdist "$tools_venv/bin/python" -m build --no-isolation --outdir "$build/sdist" "$root"
  run sdist-check "$tools_venv/bin/python" -m twine check --strict "$build"/sdist/*
  diff <(files_of "$build"/wheel/*.whl) <(files_of "$build"/sdist/*.whl)
}

[ $# -gt 0 ] || set -- lint core itk installed sdist python
run_steps test "$@"
say "all tests passed"
