# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""A real image, a real mesh and a real transform: to every form and back.

    tools/demo.sh                       # files of ITK's own test data
    tools/demo.sh my.nrrd my.vtk my.h5  # files of yours

Prints a row for each form and puts the files and pictures of what was read back into demo-output/. The exit code
tells whether everything came back as it was.
"""

import os
import shutil
import sys
import time
from pathlib import Path

import itk
import numpy as np
from rendering import draw_mesh, save_picture, slice_of_image

DATA = Path(os.environ.get("IWF_ITK_DATA", ""))
OUTPUT = Path(__file__).resolve().parent.parent / "demo-output"
CONTAINERS = ("", ".cbor", ".cbor.zst")
REPEATS = 5


# ---- what "equal" means -----------------------------------------------------------------------------------------


def same_image(a, b):
    geometry = ("GetSpacing", "GetOrigin")
    return (
        type(a) is type(b)
        and np.array_equal(itk.array_view_from_image(a), itk.array_view_from_image(b))
        and all(np.array_equal(getattr(a, name)(), getattr(b, name)()) for name in geometry)
        and np.array_equal(itk.array_from_matrix(a.GetDirection()), itk.array_from_matrix(b.GetDirection()))
        and metadata(a) == metadata(b)
    )


def metadata(image):
    dictionary = image.GetMetaDataDictionary()
    return {key: dictionary[key] for key in dictionary.GetKeys() if not key.startswith("ITK_")}


def same_mesh(a, b):
    a, b = itk.dict_from_mesh(a), itk.dict_from_mesh(b)
    arrays = ("points", "cells", "pointData", "cellData")
    return all(np.array_equal(a[name], b[name]) for name in arrays)


def same_transforms(a, b):
    def same(one, other):
        return (
            type(one) is type(other)
            and np.array_equal(one.GetParameters(), other.GetParameters())
            and np.array_equal(one.GetFixedParameters(), other.GetFixedParameters())
        )

    return len(a) == len(b) and all(map(same, a, b))


# ---- to every form and back -------------------------------------------------------------------------------------


class Family:
    def __init__(self, name, suffix, read, write, same, draw=None):
        self.name, self.suffix, self.read, self.write, self.same, self.draw = name, suffix, read, write, same, draw


FAMILIES = (
    Family("image", ".iwi", itk.imread, itk.imwrite, same_image, slice_of_image),
    Family("mesh", ".iwm", itk.meshread, itk.meshwrite, same_mesh, draw_mesh),
    Family("transform", ".iwt", itk.transformread, itk.transformwrite, same_transforms),
)


def best_of(function):
    """What the function returns, and the shortest time that it took, in milliseconds."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        result = function()
        times.append(time.perf_counter() - start)
    return result, 1000 * min(times)


def size_of(path):
    return sum(file.stat().st_size for file in [path, *path.rglob("*")] if file.is_file())


def row(*cells):
    print("{:34} {:>10} {:>9} {:>9}  {}".format(*cells))


def convert(family, source, original):
    """Writes and reads all forms of one object. Tells whether all are equal to the original."""
    all_equal = True
    pictures = []
    for container in CONTAINERS:
        path = OUTPUT / (source.name.split(".")[0] + family.suffix + container)
        _, write_ms = best_of(lambda: family.write(original, str(path)))
        result, read_ms = best_of(lambda: family.read(str(path)))
        equal = family.same(original, result)
        all_equal = all_equal and equal
        row(
            path.name + ("" if container else "/"),
            size_of(path),
            f"{write_ms:.2f}",
            f"{read_ms:.2f}",
            "yes" if equal else "NO",
        )
        if family.draw:
            pictures.append(family.draw(result))
    if family.draw:
        save_picture([family.draw(original), *pictures], OUTPUT / (source.name.split(".")[0] + ".png"))
    return all_equal


def read_any(source):
    """The object in a file, and its family: what reads it, tells."""
    reasons = []
    for family in FAMILIES:
        try:
            return family, family.read(str(source))
        except Exception as reason:  # noqa: BLE001 - ITK's readers raise what they like
            reasons.append(str(reason).strip().splitlines()[-1])
    raise SystemExit(f"{source}: neither an image nor a mesh nor a transform that ITK can read: {reasons[0]}")


def main():
    sources = [Path(name) for name in sys.argv[1:]]
    if not sources:
        sources = [DATA / name for name in ("cthead1.png", "white.gii", "LinearTransform.h5")]
    shutil.rmtree(OUTPUT, ignore_errors=True)
    OUTPUT.mkdir()

    row("form", "bytes", "write ms", "read ms", "equal")
    all_equal = True
    for source in sources:
        family, original = read_any(source)
        row(f"{family.name} {source.name}", source.stat().st_size, "", "", "")
        all_equal = convert(family, source, original) and all_equal
    pictures = ", ".join(sorted(picture.name for picture in OUTPUT.glob("*.png")))
    print(f"\nfiles and pictures of the original and what was read back: {OUTPUT.name}/ ({pictures})")
    return 0 if all_equal else 1


if __name__ == "__main__":
    sys.exit(main())
