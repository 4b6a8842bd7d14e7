#!/usr/bin/env bash
# Set up everything and run all tests; the exit code tells whether all passed.
# Arguments are the steps to run, default: core itk python examples
set -euo pipefail
. "$(dirname "$0")/common.sh"
"$root/tools/setup.sh"
PATH="$tools_venv/bin:$PATH"

IWF_ITK_DATA=$("$tools_venv/bin/python" "$root/tools/itk_test_data.py")
export IWF_ITK_DATA

# cmake_tests NAME OPTIONS… : configure, build and run one build tree's tests.
cmake_tests() {
  local name=$1
  shift
  run "configure-$name" cmake -G Ninja -S "$root" -B "$build/$name" -DBUILD_TESTING=ON "$@"
  run "build-$name" cmake --build "$build/$name"
  ctest --test-dir "$build/$name" --output-on-failure --no-tests=error -j "$(nproc)"
}

test_core() {
  [ -f "$root/test/core/CMakeLists.txt" ] || return 0
  say "tests of the C core"
  cmake_tests core -DIWF_WITH_ITK=OFF
}

test_itk() {
  [ -f "$root/test/itk/CMakeLists.txt" ] || return 0
  say "tests of the ITK classes in C++"
  local itk_dir
  itk_dir=$("$tools_venv/bin/python" "$root/tools/build_itk.py") || return
  # ITK's templates take twice as long to compile at -O3.
  cmake_tests itk -DITK_DIR="$itk_dir" -DITK_WRAP_PYTHON=OFF "-DCMAKE_CXX_FLAGS_RELEASE=-O1 -DNDEBUG"
}

test_python() {
  local folder status=0
  # A process for each folder: each has a conftest.py that its tests import from.
  for folder in python cli docs interop; do
    find "$root/test/$folder" -maxdepth 1 -name 'test_*.py' 2>/dev/null | grep -q . || continue
    say "tests of the installed wheel: test/$folder"
    (cd "$root" && "$venv/bin/python" -m pytest -q "test/$folder") || status=1
  done
  return $status
}

test_examples() {
  say "the C++ example, with the module and with an installed ITK (that in C is among the core's tests)"
  bash "$root/test/package/cpp.sh" module
  bash "$root/test/package/cpp.sh" installed
}

failed=()
for step in "${@:-core itk python examples}"; do
  for name in $step; do
    # In a subshell: a step that fails leaves the others to run.
    ("test_$name") || failed+=("$name")
  done
done
[ ${#failed[@]} = 0 ] || fail "tests failed: ${failed[*]}"
say "all tests passed"
