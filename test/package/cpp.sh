#!/usr/bin/env bash
# Build the C++ example outside of the tree and run it: cpp.sh installed|module
#   installed  against an installed ITK, with the library installed beside it; skipped where there is no such ITK
#   module     against an ITK that has the module, as a remote module
set -euo pipefail
. "$(dirname "$0")/../../tools/common.sh"
kind=$1
work="$build/package-cpp-$kind"
options=(-G Ninja -DCMAKE_BUILD_TYPE=Release "-DCMAKE_CXX_FLAGS_RELEASE=-O1 -DNDEBUG")
mkdir -p "$work"

# build_tree NAME SOURCE OPTIONS…
build_tree() {
  local name=$1 source=$2
  shift 2
  run "configure-$name" cmake -S "$source" -B "$work/$name" "${options[@]}" "$@"
  run "build-$name" cmake --build "$work/$name"
}

case $kind in
  installed)
    itk_dir=$(find /usr/lib/cmake /usr/lib/*/cmake /usr/local/lib/cmake -maxdepth 1 -name 'ITK-*' 2>/dev/null | sort | head -n 1 || true)
    if [ -z "$itk_dir" ]; then
      say "no installed ITK: the C++ example is not tried with one"
      exit 0
    fi
    build_tree "library-$kind" "$root" -DITK_DIR="$itk_dir"
    rm -rf "$work/prefix"
    run install-library cmake --install "$work/library-$kind" --prefix "$work/elsewhere"
    mv "$work/elsewhere" "$work/prefix"
    arguments=(-DCMAKE_PREFIX_PATH="$work/prefix")
    ;;
  module)
    itk_dir=$("$tools_venv/bin/python" "$root/tools/build_itk.py")
    # ITK's files are copied so that the module registers itself in the copy: others use that build, too.
    itk="$work/itk"
    rm -rf "$itk"
    mkdir -p "$itk/lib"
    cp "$itk_dir"/*.cmake "$itk_dir/CMakeCache.txt" "$itk"
    cp -R "$itk_dir/lib/cmake" "$itk/lib"
    sed -i "s|\"$itk_dir/lib/cmake|\"$itk/lib/cmake|" "$itk/ITKConfig.cmake"
    build_tree "library-$kind" "$root" -DITK_DIR="$itk" -DIWF_REGISTER_IN_ITK_BUILD=ON -DITK_WRAP_PYTHON=OFF
    arguments=(-DITK_DIR="$itk")
    ;;
  *) fail "unknown kind $kind" ;;
esac

rm -rf "$work/example"
cp -R "$root/examples/cpp" "$work/example"
build_tree "example-$kind" "$work/example" "${arguments[@]}"
python3 "$root/test/package/pipeline.py" "$work/example-$kind/smooth"
