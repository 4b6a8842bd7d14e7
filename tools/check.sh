#!/usr/bin/env bash
# Check in depth: all tests in C and C++ under sanitizers, the core's under valgrind, and static analysis.
# Arguments are the checks to run, default: sanitizers itk threads hostile valgrind tidy
set -euo pipefail
. "$(dirname "$0")/common.sh"

# core NAME FLAGS… : configure and build the core with its tests.
core() {
  local name=$1 flags=$2
  shift 2
  install_core_packages
  run "configure-$name" cmake -S "$root" -B "$build/$name" -DIWF_WITH_ITK=OFF -DBUILD_TESTING=ON \
    -DCMAKE_BUILD_TYPE=RelWithDebInfo "-DCMAKE_C_FLAGS=$flags" "-DCMAKE_CXX_FLAGS=$flags" "$@"
  run "build-$name" cmake --build "$build/$name" --parallel "$(nproc)"
}

check_sanitizers() {
  say "the core's tests under AddressSanitizer and UndefinedBehaviorSanitizer"
  core sanitizers '-fsanitize=address,undefined -fno-sanitize=pointer-overflow -fno-sanitize-recover=all'
  ctest --test-dir "$build/sanitizers" --output-on-failure --no-tests=error -j "$(nproc)" -R '^(core|fuzz|hostile)'
}

# itk NAME FLAGS TARGETS… : configure and build the ITK classes with their tests against Debian's ITK.
itk() {
  local name=itk-$1 flags=$2
  shift 2
  install_core_packages libinsighttoolkit5-dev
  unset ITK_DIR
  run "configure-$name" cmake -S "$root" -B "$build/$name" -DBUILD_TESTING=ON -DCMAKE_BUILD_TYPE=Release \
    "-DCMAKE_CXX_FLAGS_RELEASE=-O1 -DNDEBUG" "-DCMAKE_CXX_FLAGS=$flags" "-DCMAKE_C_FLAGS=${flags/,vptr/}"
  run "build-$name" cmake --build "$build/$name" --parallel "$(nproc)" "$@"
}

# Debian's ITK has no instrumentation: containers that cross its border would be false alarms.
check_itk() {
  say "the ITK classes' tests under AddressSanitizer and UndefinedBehaviorSanitizer"
  itk sanitizers '-fsanitize=address,undefined -fno-sanitize=pointer-overflow,vptr -fno-sanitize-recover=all -g1'
  # ITK's readers and writers of meshes leak what they had allocated when an IO throws.
  printf '%s\n' leak:itk::MeshFileReader leak:itk::MeshFileWriter >"$build/itk-leaks.txt"
  ASAN_OPTIONS=detect_container_overflow=0 LSAN_OPTIONS="suppressions=$build/itk-leaks.txt:print_suppressions=0" \
    ctest --test-dir "$build/itk-sanitizers" --output-on-failure --no-tests=error -j "$(nproc)" -LE large
}

check_hostile() {
  say "the hostile files"
  core plain ''
  python3 "$root/test/hostile/run.py" "$build/plain/test/hostile/iwf_hostile_driver" >"$build/hostile.txt" ||
    { cat "$build/hostile.txt"; return 1; }
  tail -n 2 "$build/hostile.txt"
}

check_threads() {
  say "concurrent tests under ThreadSanitizer"
  core threads '-fsanitize=thread'
  ctest --test-dir "$build/threads" --output-on-failure --no-tests=error -R 'Concurrency|ReadersNeverSeeAMix|ManyWriters|LargeArrays'
  itk threads '-fsanitize=thread -g1' --target iwf_itk_image_tests
  TSAN_OPTIONS=ignore_noninstrumented_modules=1 "$build/itk-threads/test/itk/iwf_itk_image_tests" --gtest_brief=1 \
    --gtest_filter='*Concurrency*'
}

# Tests that are slow natively (thousands of forks, damaged bytes by the million) tell nothing more under valgrind.
check_valgrind() {
  say "its tests under valgrind"
  core plain ''
  install_core_packages valgrind
  valgrind --quiet --error-exitcode=9 --leak-check=full --show-leak-kinds=definite,indirect,possible \
    "$build/plain/test/core/iwf_core_tests" --gtest_brief=1 \
    --gtest_filter='-GoldenFiles.EveryStrict*:GoldenFiles.Damaged*:*Many*:*Mix*:*Killed*:*HeaderMemory*:Zstd.Bombs:Zstd.Window:Zstd.ArraysIn*:Zstd.EveryKind*:*Explode*:Concurrency*'
}

# Warnings, and clang's static analyzer among the others.
check_tidy() {
  say "clang-tidy with the static analyzer"
  install_core_packages clang-tidy
  run configure-tidy cmake -S "$root" -B "$build/tidy" -DIWF_WITH_ITK=OFF -DCMAKE_EXPORT_COMPILE_COMMANDS=ON
  # Not asked (pointers are copied on purpose, and big-endian hosts use what others only store): to replace memcpy() by C11's optional Annex K; va_list, which clang-tidy 14 does not understand; padding.
  printf '%s\0' "$root"/src/core/*.c | xargs -0 -n 4 -P "$(nproc)" clang-tidy -p "$build/tidy" --quiet --warnings-as-errors='*' \
    --checks='-*,clang-analyzer-*,bugprone-*,cert-*,-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling,-clang-analyzer-valist.Uninitialized,-clang-analyzer-optin.performance.Padding,-bugprone-easily-swappable-parameters,-bugprone-implicit-widening-of-multiplication-result,-bugprone-macro-parentheses,-bugprone-sizeof-expression,-clang-analyzer-deadcode.DeadStores'
}

[ $# -gt 0 ] || set -- sanitizers itk threads hostile valgrind tidy
run_steps check "$@"
say "all checks passed"
