#!/usr/bin/env bash
# Set up everything and run the demo: a real image to every form and back.
set -euo pipefail
. "$(dirname "$0")/common.sh"
"$root/tools/setup.sh"
IWF_ITK_DATA=$("$build/tools/bin/python" "$root/tools/itk_test_data.py")
export IWF_ITK_DATA
exec "$venv/bin/python" "$root/examples/demo.py" "$@"
