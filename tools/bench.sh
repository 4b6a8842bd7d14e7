#!/usr/bin/env bash
# Set up everything and measure: bench/REPORT.md and docs/images/bench.svg. Arguments: see bench/run.py.
set -euo pipefail
. "$(dirname "$0")/common.sh"
"$root/tools/setup.sh"
IWF_ITK_DATA=$("$tools_venv/bin/python" "$root/tools/itk_test_data.py")
export IWF_ITK_DATA
exec "$venv/bin/python" "$root/bench/run.py" "$@"
