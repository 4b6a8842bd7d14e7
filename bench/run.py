# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""Measures what this module promises, beside other formats and implementations, in one run.

    tools/bench.sh              # sets up everything and runs this
    python bench/run.py         # with the interpreter that the wheel is installed in

Everything is repeated in rounds, each implementation once in each round, and the shortest time counts: what else the
machine does then hits all of them alike. Writes bench/REPORT.md and the plot that the README shows.
"""

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

import report
from measurements import headers, large_images, meshes, opening, regions, small_images, start_up, streams, webassembly

HERE = Path(__file__).resolve().parent


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9, help="how often each is repeated (default: %(default)s)")
    parser.add_argument("--folder", type=Path, help="where the files are written (default: a temporary one in build/)")
    parser.add_argument("--only", nargs="*", help="names of the sections to run; nothing is written then")
    parser.add_argument("--mebibytes", type=int, default=256, help="size of the large image (default: %(default)s)")
    arguments = parser.parse_args()

    data = os.environ.get("IWF_ITK_DATA")
    if not data:
        parser.error("IWF_ITK_DATA is not set: it names the folder of ITK's test data, see tools/itk_test_data.py")
    parent = arguments.folder or HERE.parent / "build"
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=parent))
    context = argparse.Namespace(folder=folder, data=Path(data), rounds=arguments.rounds, mebibytes=arguments.mebibytes)
    sections = {
        "large": large_images,
        "zstd": streams,
        "wasi": webassembly,
        "headers": headers,
        "opening": opening,
        "regions": regions,
        "start-up": start_up,
        "small": small_images,
        "meshes": meshes,
    }
    results = {}
    try:
        for name, section in sections.items():
            if not arguments.only or name in arguments.only:
                print(f"== {name}", file=sys.stderr)
                os.sync()  # or the disk is busy with what the section before has left
                results[name] = section(context)
                print(report.section_text(name, results[name]))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if not arguments.only:
        (HERE / "REPORT.md").write_text(report.markdown(results, arguments))
        picture = HERE.parent / "docs" / "images" / "bench.svg"
        picture.parent.mkdir(parents=True, exist_ok=True)
        picture.write_text(report.plot(results["large"]))
        print(f"written: bench/{'REPORT.md'}, {picture.relative_to(HERE.parent)}", file=sys.stderr)


if __name__ == "__main__":
    main()
