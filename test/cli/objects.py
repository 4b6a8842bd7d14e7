"""Objects for the tests, written here byte by byte: the program under test has no part in them."""

import json
import struct
from pathlib import Path

TAGS = {"uint8": 64, "uint16": 69, "uint32": 70, "int16": 77, "int32": 78, "float32": 85, "float64": 86}
CODES = {"uint8": "B", "uint16": "H", "uint32": "I", "int16": "h", "int32": "i", "float32": "f", "float64": "d"}


def raw(component_type, values):
    return struct.pack(f"<{len(values)}{CODES[component_type]}", *values)


class Typed:
    """A typed array in CBOR. `length` may claim another length than the bytes have."""

    def __init__(self, component_type, values, length=None):
        self.tag = TAGS[component_type]
        self.data = values if isinstance(values, bytes) else raw(component_type, values)
        self.length = len(self.data) if length is None else length


def _head(major, count):
    for limit, code, form in ((24, None, None), (1 << 8, 24, ">B"), (1 << 16, 25, ">H"), (1 << 32, 26, ">I")):
        if count < limit:
            return bytes([major << 5 | (count if code is None else code)]) + (struct.pack(form, count) if form else b"")
    return bytes([major << 5 | 27]) + struct.pack(">Q", count)


def cbor(value):
    if isinstance(value, Typed):
        return _head(6, value.tag) + _head(2, value.length) + value.data
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if value is None:
        return b"\xf6"
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, float):
        return b"\xfb" + struct.pack(">d", value)
    if isinstance(value, str):
        return _head(3, len(value.encode())) + value.encode()
    if isinstance(value, dict):
        return _head(5, len(value)) + b"".join(cbor(key) + cbor(item) for key, item in value.items())
    return _head(4, len(value)) + b"".join(map(cbor, value))


def image(
    pixels=None,
    component_type="uint16",
    size=(4, 3, 2),
    components=1,
    direction=None,
    spacing=None,
    origin=None,
    metadata=None,
    length=None,
    pixel_type="Scalar",
):
    dimension = len(size)
    count = components
    for extent in size:
        count *= extent
    identity = [float(row == column) for row in range(dimension) for column in range(dimension)]
    return {
        "imageType": {
            "dimension": dimension,
            "componentType": component_type,
            "pixelType": pixel_type,
            "components": components,
        },
        "origin": list(origin or [0.0] * dimension),
        "spacing": list(spacing or [1.0] * dimension),
        "direction": Typed("float64", direction or identity),
        "size": list(size),
        "metadata": metadata or {},
        "data": Typed(component_type, list(range(count)) if pixels is None else pixels, length),
    }


def mesh(cells=(2, 3, 0, 1, 2, 2, 3, 0, 2, 3), number_of_cells=2, points=None, point_data=(1.5, 2.5, 3.5, 4.5)):
    points = points or [0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0]
    return {
        "meshType": {
            "dimension": 3,
            "pointComponentType": "float32",
            "pointPixelType": "Scalar",
            "pointPixelComponentType": "float64",
            "pointPixelComponents": 1,
            "cellComponentType": "uint32",
            "cellPixelType": "Vector",
            "cellPixelComponentType": "uint8",
            "cellPixelComponents": 2,
        },
        "numberOfPoints": len(points) // 3,
        "numberOfPointPixels": len(point_data),
        "numberOfCells": number_of_cells,
        "numberOfCellPixels": number_of_cells,
        "cellBufferSize": len(cells),
        "points": Typed("float32", points),
        "cells": Typed("uint32", list(cells)),
        "pointData": Typed("float64", list(point_data)),
        "cellData": Typed("uint8", list(range(2 * number_of_cells))),
        "metadata": {"color": "red"},
    }


def transforms():
    def entry(name, parameters, fixed, value_type="float64", **more):
        return {
            "transformType": {
                "transformParameterization": name,
                "parametersValueType": value_type,
                "inputDimension": 2,
                "outputDimension": 2,
            },
            "numberOfFixedParameters": len(fixed),
            "numberOfParameters": len(parameters),
            **more,
            "fixedParameters": Typed("float64", fixed),
            "parameters": Typed(value_type, parameters),
        }

    return [
        entry("Translation", [1.25, -2.5], [], "float32", inputSpaceName="patient"),
        entry("Affine", [1.0, 0.5, 0.0, 1.0, 7.0, 8.0], [0.0, 3.0], metadata={"step": -7}),
    ]


def write_cbor(path, value, more=b""):
    Path(path).write_bytes(cbor(value) + more)
    return str(path)


def write_image_directory(path, pixels, name="Image", **changes):
    """A 2-D uint8 image of 3 x 2 pixels."""
    path = Path(path)
    (path / "data").mkdir(parents=True)
    (path / "data" / "data.raw").write_bytes(bytes(pixels))
    (path / "data" / "direction.raw").write_bytes(raw("float64", [1.0, 0.0, 0.0, 1.0]))
    header = {
        "imageType": {"dimension": 2, "componentType": "uint8", "pixelType": "Scalar", "components": 1},
        "name": name,
        "origin": [0.0, 0.0],
        "spacing": [1.0, 1.0],
        "direction": "data:application/vnd.itk.path,data/direction.raw",
        "size": [3, 2],
        "data": "data:application/vnd.itk.path,data/data.raw",
        "metadata": [],
        **changes,
    }
    (path / "index.json").write_text(json.dumps(header))
    return str(path)
