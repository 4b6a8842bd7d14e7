"""A strict reader of the three file families, by the book.

CBOR by cbor2, typed arrays by RFC 8746 to the letter (the tag alone decides
type and byte order, and must agree with the declared component type), JSON by
the standard library, zstd by python-zstandard, every count checked.  It shares
no code with the product, so what it accepts is what any conforming decoder in
any language gets.

`lenient=True` knows the two tag mistakes of published writers (docs/interop.md)
and is used only to verify golden files that those wrote.
"""

import io
import json
import math
import os

import cbor2
import model
import numpy as np

FLOAT_SIZES = {0: 2, 1: 4, 2: 8}  # ll -> bytes; 3 is binary128, which numpy has not


def typed_array(tag, payload):
    """RFC 8746, section 2.1: tag 0b010_f_s_e_ll."""
    if not isinstance(payload, bytes):
        raise ValueError(f"tag {tag}: content is no byte string")
    if not 64 <= tag <= 87 or tag == 76:
        raise ValueError(f"tag {tag} is no typed array")
    is_float, signed, little, ll = tag >> 4 & 1, tag >> 3 & 1, tag >> 2 & 1, tag & 3
    if is_float:
        if ll not in FLOAT_SIZES or signed:
            raise ValueError(f"tag {tag}: not a float type of numpy")
        size, letter = FLOAT_SIZES[ll], "f"
    else:
        size, letter = 1 << ll, "i" if signed else "u"
        if tag == 68:  # uint8, clamped arithmetic
            little = 0
    if len(payload) % size:
        raise ValueError(f"tag {tag}: {len(payload)} bytes are no multiple of {size}")
    dtype = np.dtype(f"{letter}{size}")
    return np.frombuffer(payload, dtype.newbyteorder("<" if little else ">")).astype(dtype)


class Arrays:
    """Where the arrays of one file are: in CBOR items or in raw files."""

    def __init__(self, folder=None, lenient=False):
        self.folder, self.lenient = folder, lenient

    def get(self, item, component_type, count, what):
        """`count` values of `component_type`."""
        if self.folder is not None:
            array = self._raw(item, component_type, count)
        else:
            if not isinstance(item, cbor2.CBORTag):
                raise ValueError(f"{what}: expected a typed array, found {type(item).__name__}")
            if self.lenient and item.tag in (64, 73, 74, 75):
                array = np.frombuffer(item.value, component_type)
            else:
                array = typed_array(item.tag, item.value)
        if array.dtype != np.dtype(component_type):
            raise ValueError(f"{what}: the typed array is {array.dtype}, declared is {component_type}")
        if array.size != count:
            raise ValueError(f"{what}: {array.size} values instead of {count}")
        return array

    def _raw(self, uri, component_type, count):
        prefix = "data:application/vnd.itk.path,"
        if not uri.startswith(prefix):
            raise ValueError(f"not a path URI: {uri}")
        path = os.path.join(self.folder, uri[len(prefix) :])
        if not os.path.exists(path) and count == 0:
            return np.zeros(0, component_type)
        with open(path, "rb") as f:
            return np.frombuffer(f.read(), np.dtype(component_type).newbyteorder("<")).astype(component_type)


def _open(path, lenient):
    if os.path.isdir(path):
        with open(os.path.join(path, "index.json"), encoding="utf-8") as f:
            return json.load(f), Arrays(path, lenient)
    with open(path, "rb") as f:
        content = f.read()
    if path.endswith(".zst"):
        import zstandard

        # The one-shot call: it needs the content size in the frame, as other readers do.
        content = zstandard.ZstdDecompressor().decompress(content)
    stream = io.BytesIO(content)
    item = cbor2.load(stream)
    if stream.tell() != len(content):
        raise ValueError(f"{len(content) - stream.tell()} bytes after the CBOR item")
    return item, Arrays(None, lenient)


def _real(values, dimension, what):
    if len(values) != dimension or not all(
        isinstance(v, (int, float)) and not isinstance(v, bool) and math.isfinite(v) for v in values
    ):
        raise ValueError(f"{what}: {values!r} is not {dimension} finite numbers")
    return [float(v) for v in values]


def _whole(value, what):
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{what}: {value!r} is no count")
    return value


def _image(item, arrays):
    kind = item["imageType"]
    n, component_type = _whole(kind["dimension"], "dimension"), kind["componentType"]
    if component_type not in model.COMPONENT_TYPES:
        raise ValueError(f"componentType: {component_type!r}")
    size = [_whole(v, "size") for v in item["size"]]
    if len(size) != n:
        raise ValueError(f"size: {size!r}")
    components = _whole(kind["components"], "components")
    direction = arrays.get(item["direction"], "float64", n * n, "direction").reshape(n, n).T
    metadata = item.get("metadata", {})
    if isinstance(metadata, cbor2.CBORTag) and metadata.tag == 259:  # a JavaScript Map; no RFC, but registered
        metadata = metadata.value
    return {
        "kind": "image",
        "dimension": n,
        "componentType": component_type,
        "pixelType": kind["pixelType"],
        "components": components,
        "origin": _real(item["origin"], n, "origin"),
        "spacing": _real(item["spacing"], n, "spacing"),
        "direction": direction.ravel().tolist(),
        "size": size,
        "metadata": dict(metadata),
        "data": model.pack(arrays.get(item["data"], component_type, math.prod(size) * components, "data")),
    }


def _mesh(item, arrays):
    kind = item["meshType"]
    n = kind["dimension"]
    counts = {
        k: _whole(item[k], k)
        for k in ("numberOfPoints", "numberOfPointPixels", "numberOfCells", "numberOfCellPixels", "cellBufferSize")
    }

    def array(key, component_type, count):
        if count == 0:
            return None
        return model.pack(arrays.get(item[key], component_type, count, key))

    which = "point" if counts["numberOfPointPixels"] else "cell"
    some = counts["numberOfPointPixels"] + counts["numberOfCellPixels"] > 0
    return {
        "kind": "mesh",
        "dimension": n,
        "numberOfPoints": counts["numberOfPoints"],
        "numberOfCells": counts["numberOfCells"],
        "points": array("points", kind["pointComponentType"], counts["numberOfPoints"] * n),
        "cells": array("cells", kind["cellComponentType"], counts["cellBufferSize"]),
        "pixelType": kind[which + "PixelType"] if some else "Scalar",
        "components": kind[which + "PixelComponents"] if some else 1,
        "pointData": array(
            "pointData", kind["pointPixelComponentType"], counts["numberOfPointPixels"] * kind["pointPixelComponents"]
        ),
        "cellData": array(
            "cellData", kind["cellPixelComponentType"], counts["numberOfCellPixels"] * kind["cellPixelComponents"]
        ),
    }


def _transforms(items, arrays):
    out = []
    for i, item in enumerate(items):
        kind = item["transformType"]
        value_type = kind["parametersValueType"]
        empty = kind["transformParameterization"] == "Composite"  # its children follow

        def array(key, component_type):
            count = 0 if empty else _whole(item["numberOf" + key[0].upper() + key[1:]], key)
            if count == 0:
                return model.pack(np.zeros(0, component_type))
            return model.pack(arrays.get(item[key], component_type, count, f"{i}: {key}"))

        out.append(
            {
                "parameterization": kind["transformParameterization"],
                "parametersValueType": value_type,
                "inputDimension": kind["inputDimension"],
                "outputDimension": kind["outputDimension"],
                "fixedParameters": array("fixedParameters", "float64"),
                "parameters": array("parameters", value_type),
            }
        )
    return {"kind": "transform", "transforms": out}


def read(path, kind, lenient=False):
    item, arrays = _open(path, lenient)
    return {"image": _image, "mesh": _mesh, "transform": _transforms}[kind](item, arrays)
