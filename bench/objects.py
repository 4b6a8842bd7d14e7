# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""What is read and written: volumes, sparse files that are larger than one wants to write, a mesh."""

import json
import os
import shutil
import struct
from pathlib import Path

import numpy as np


def volume(mebibytes, source):
    """A brain from ITK's test data, repeated to size, as int16. Other values would compress otherwise."""
    import itk

    brain = itk.array_from_image(itk.imread(str(source))).astype(np.int16)
    side = 512
    slices = mebibytes * 1024 * 1024 // (side * side * 2)
    repeats = [-(-wanted // have) for wanted, have in zip((slices, side, side), brain.shape)]
    return np.ascontiguousarray(np.tile(brain, repeats)[:slices, :side, :side])


def mesh(cells_along_side):
    """Points and the records of triangles of a wavy sheet."""
    n = cells_along_side
    x, y = (axis.ravel().astype(np.float32) for axis in np.meshgrid(np.arange(n + 1), np.arange(n + 1)))
    points = np.stack((x, y, 20 * np.sin(x / 50) * np.cos(y / 70)), axis=1).astype(np.float32)
    corner = (np.arange(n)[:, np.newaxis] * (n + 1) + np.arange(n)).ravel()
    triangles = np.concatenate(
        (
            np.stack((corner, corner + 1, corner + n + 1), axis=1),
            np.stack((corner + 1, corner + n + 2, corner + n + 1), axis=1),
        )
    )
    cells = np.empty((len(triangles), 5), dtype=np.uint64)
    cells[:, :2] = (2, 3)
    cells[:, 2:] = triangles
    return points, cells


def _text(text):
    return bytes([0x60 + len(text)]) + text.encode()


def _array(values):
    return bytes([0x80 + len(values)]) + b"".join(values)


def _double(value):
    return b"\xfb" + struct.pack(">d", value)


def _number(value):
    return b"\x1a" + struct.pack(">I", value)


def sparse_cbor(path, size, payload_first=False):
    """An image of zeros of uint16 in CBOR that takes no space on the disk, its pixels the first or last of its keys."""
    dimension = len(size)
    header = [
        _text("imageType") + b"\xa4"
        + _text("dimension") + _number(dimension)
        + _text("componentType") + _text("uint16")
        + _text("pixelType") + _text("Scalar")
        + _text("components") + _number(1),
        _text("origin") + _array([_double(0.0)] * dimension),
        _text("spacing") + _array([_double(1.0)] * dimension),
        _text("size") + _array([_number(length) for length in size]),
    ]  # fmt: skip
    payload_bytes = 2 * int(np.prod(size, dtype=np.int64))
    head = _text("data") + b"\xd8\x45\x5b" + struct.pack(">Q", payload_bytes)
    before = 1 + len(head) + (0 if payload_first else len(b"".join(header)))
    # A longer head of the tag where the pixels would not be aligned else.
    payload = head if before % 2 == 0 else head.replace(b"\xd8\x45", b"\xd9\x00\x45")
    with open(path, "wb") as file:
        file.write(bytes([0xA0 + len(header) + 1]))
        if payload_first:
            file.write(payload)
            file.seek(payload_bytes, os.SEEK_CUR)
            file.write(b"".join(header))
        else:
            file.write(b"".join(header) + payload)
            file.truncate(file.tell() + payload_bytes)


def sparse_directory(path, size):
    """The same as a directory."""
    folder = Path(path)
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "data").mkdir(parents=True)
    index = {
        "imageType": {"dimension": len(size), "componentType": "uint16", "pixelType": "Scalar", "components": 1},
        "origin": [0.0] * len(size),
        "spacing": [1.0] * len(size),
        "size": list(size),
        "data": "data:application/vnd.itk.path,data/data.raw",
    }
    (folder / "index.json").write_text(json.dumps(index))
    with open(folder / "data" / "data.raw", "wb") as file:
        file.truncate(2 * int(np.prod(size, dtype=np.int64)))


def sparse_metaimage(path, size):
    """The same in MetaImage's form of two files."""
    path = Path(path)
    raw = path.with_suffix(".raw")
    path.write_text(
        f"ObjectType = Image\nNDims = {len(size)}\nDimSize = {' '.join(map(str, size))}\n"
        f"ElementType = MET_USHORT\nElementDataFile = {raw.name}\n"
    )
    with open(raw, "wb") as file:
        file.truncate(2 * int(np.prod(size, dtype=np.int64)))
