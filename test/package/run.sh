#!/usr/bin/env bash
# One step of the tests of the installed C library: run.sh STEP SOURCE BUILD
set -euo pipefail
step=$1 source=$2 build=$3
work="$build/test/package/work"
prefix="$work/prefix"
mkdir -p "$work"
find_library_dir() { dirname "$(find "$prefix" -name libiwf.so)"; }

# build_example NAME CMAKE-ARGUMENTS… : outside of the tree, from a copy, against the installation.
build_example() {
  local folder="$work/$1"
  shift
  rm -rf "$folder"
  cp -R "$source/examples/c" "$folder"
  cmake -S "$folder" -B "$folder/build" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_BUILD_TYPE=Debug \
    -DCMAKE_C_FLAGS=-Werror "$@"
  cmake --build "$folder/build"
  ctest --test-dir "$folder/build" --output-on-failure --no-tests=error
}

case $step in
  install)
    rm -rf "$prefix"
    cmake --install "$build" --prefix "$work/elsewhere"
    # Moved, as packages are: nothing in it may know where it was.
    mv "$work/elsewhere" "$prefix"
    if grep -rI "$work/elsewhere" "$prefix"; then exit 1; fi
    ;;
  symbols)
    # Exactly what the headers declare, each with a version.
    nm -D --defined-only "$(find_library_dir)/libiwf.so" | sed -n 's/.* T //p' | sort >"$work/exported"
    cat "$prefix"/include/iwf/*.h | grep -A 1 '^IWF_API' | sed -n 's/^\(iwf_[a-z0-9_]*\)(.*/\1@@IWF_1.0/p' | sort >"$work/declared"
    [ "$(wc -l <"$work/declared")" -gt 20 ]
    diff "$work/declared" "$work/exported"
    ;;
  c_cmake) build_example c_cmake ;;
  c_static)
    build_example c_static -DBUILD_SHARED_LIBS=OFF
    if ldd "$work/c_static/build/image" | grep libiwf; then exit 1; fi
    ;;
  c_pkgconfig)
    libraries=$(find_library_dir)
    export PKG_CONFIG_PATH="$libraries/pkgconfig" LD_LIBRARY_PATH="$libraries"
    for program in image mesh; do
      # shellcheck disable=SC2046
      "${CC:-cc}" -std=c11 -Wall -Wextra -Werror "$source/examples/c/$program.c" -o "$work/$program" $(pkg-config --cflags --libs iwf) -lm
      "$work/$program" "$work"
    done
    ;;
  *)
    echo "error: unknown step $step" >&2
    exit 2
    ;;
esac
