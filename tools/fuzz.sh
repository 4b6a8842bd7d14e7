#!/usr/bin/env bash
# Fuzz the C core: tools/fuzz.sh [SECONDS for each target, default 60] [TARGETS…]
# What is found is kept in build/fuzz/found; make a small file of it in fuzz/crashers/TARGET.
set -euo pipefail
. "$(dirname "$0")/common.sh"

seconds=${1:-60}
[ $# -eq 0 ] || shift
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(cbor_header json_index cell_buffer region zstd_source path_uri reader round_trip)

install_core_packages clang
flags="-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -g"
flags+=" -fsanitize-ignorelist=$root/fuzz/ignore.txt"
run configure-fuzz cmake -S "$root" -B "$build/fuzz/build" -DIWF_WITH_ITK=OFF -DBUILD_TESTING=ON -DIWF_FUZZ=ON \
  -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ \
  "-DCMAKE_C_FLAGS=$flags" "-DCMAKE_CXX_FLAGS=$flags"
run build-fuzz cmake --build "$build/fuzz/build" --parallel "$(nproc)" --target "${targets[@]/#/fuzz_}"

fuzz() { # TARGET
  local target=$1 found="$build/fuzz/found" corpus="$build/fuzz/corpus/$1" seeds=()
  mkdir -p "$found" "$corpus"
  for folder in "$root/fuzz/corpus/$target" "$root/fuzz/crashers/$target"; do
    [ ! -d "$folder" ] || seeds+=("$folder")
  done
  case $target in
    cbor_header | reader | round_trip)
      # One folder for each writer; libFuzzer does not enter folders below.
      while read -r folder; do seeds+=("$folder"); done < <(find "$root/test/data" -mindepth 1 -maxdepth 1 -type d | sort)
      ;;
  esac
  "$build/fuzz/build/fuzz/fuzz_$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=1024 -max_len=8192 \
    -dict="$root/fuzz/iwf.dict" -artifact_prefix="$found/$target-" -print_final_stats=1 "$corpus" "${seeds[@]}" \
    >"$build/fuzz/$target.log" 2>&1 ||
    { grep -E 'ERROR|error:|broken:|SUMMARY|Test unit' "$build/fuzz/$target.log" >&2; return 1; }
  printf '%-12s %s inputs, coverage %s\n' "$target" \
    "$(sed -n 's/^stat::number_of_executed_units: *//p' "$build/fuzz/$target.log")" \
    "$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$build/fuzz/$target.log" | tail -n 1)"
}

export -f fuzz
export root build seconds
say "fuzzing each target for $seconds s"
printf '%s\n' "${targets[@]}" | xargs -P "$(nproc)" -I {} bash -c 'set -euo pipefail; fuzz {}' || fail "found: $build/fuzz/found"
