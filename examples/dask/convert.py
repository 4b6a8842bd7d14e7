# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""Convert a folder of images, with several processes and a progress bar.

    python convert.py FOLDER OUTPUT [SUFFIX]

SUFFIX is .iwi.cbor.zst by default. Images that ITK cannot read are named at the end.
"""

import os
import sys
from pathlib import Path

import dask.bag
import itk
from dask.diagnostics import ProgressBar


def convert(source, folder, output, suffix):
    """None, or why the image is not converted."""
    target = output / source.relative_to(folder)
    target = target.with_name(target.name + suffix)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        itk.imwrite(itk.imread(source), target)
    except Exception as problem:  # noqa: BLE001 - ITK's readers raise what they like
        return f"{source}: {str(problem).strip().splitlines()[-1]}"
    return None


def convert_folder(folder, output, suffix=".iwi.cbor.zst", processes=None):
    """Converts all files in a folder and those below. Returns what went wrong."""
    folder, output = Path(folder), Path(output)
    sources = sorted(path for path in folder.rglob("*") if path.is_file())
    if not sources:
        return []
    processes = processes or os.cpu_count()
    bag = dask.bag.from_sequence(sources, npartitions=min(len(sources), 50 * processes))
    with ProgressBar():
        results = bag.map(convert, folder, output, suffix).compute(scheduler="processes", num_workers=processes)
    return [problem for problem in results if problem]


def main():
    if len(sys.argv) not in (3, 4):
        raise SystemExit(__doc__)
    problems = convert_folder(*sys.argv[1:])
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
