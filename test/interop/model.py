"""The neutral form in which every client says what it wrote or read.

A client is a process in its own environment (the old wheel's virtual
environment, WASI, Node, ...).  It gets jobs as JSON lines and answers with JSON
lines; objects travel as plain dictionaries whose arrays are

    {"dtype": "int16", "hex": "fdff…"}         little-endian bytes

so that no value is rounded on the way, whatever the language.  Directions are
row-major (D[r][c], column c = cosines of index axis c); cells are the records
`type, count, ids...` of the file format.

This module needs only numpy, so that clients of any environment can import it.
"""

import numpy as np

COMPONENT_TYPES = ("int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64")


def pack(array):
    """numpy array -> the JSON form of an array."""
    array = np.asarray(array)
    little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    return {"dtype": array.dtype.name, "hex": little.tobytes().hex()}


def unpack(packed):
    """JSON form of an array -> flat numpy array (None stays None)."""
    if packed is None:
        return None
    dtype = np.dtype(packed["dtype"]).newbyteorder("<")
    return np.frombuffer(bytes.fromhex(packed["hex"]), dtype=dtype).astype(packed["dtype"])


def ramp(dtype, count, start, step, modulo):
    """The values of all test objects: value[i] = start + step * (i mod modulo).

    Python's integers (or doubles) first, the component type last, so that the
    expectation does not depend on numpy's arithmetic in that type.
    """
    values = [start + step * (i % modulo) for i in range(count)]
    return np.array(values, dtype=np.dtype(dtype))


def image(
    component_type,
    size,
    values,
    *,
    pixel_type="Scalar",
    components=1,
    origin=None,
    spacing=None,
    direction=None,
    metadata=None,
):
    dimension = len(size)
    count = int(np.prod(size)) * components
    return {
        "kind": "image",
        "dimension": dimension,
        "componentType": component_type,
        "pixelType": pixel_type,
        "components": components,
        "origin": list(origin or [0.0] * dimension),
        "spacing": list(spacing or [1.0] * dimension),
        "direction": [float(x) for x in np.asarray(np.eye(dimension) if direction is None else direction).ravel()],
        "size": list(size),
        "metadata": dict(metadata or {}),
        "data": pack(ramp(component_type, count, *values)),
    }


def mesh(
    points,
    cells=(),
    *,
    point_type="float32",
    cell_type="uint64",
    dimension=3,
    point_data=None,
    cell_data=None,
    pixel_type="Scalar",
    components=1,
):
    """`cells` is a list of (type code, ids); data are numpy arrays or None."""
    records = [x for code, ids in cells for x in (code, len(ids), *ids)]
    return {
        "kind": "mesh",
        "dimension": dimension,
        "numberOfPoints": len(points),
        "numberOfCells": len(cells),
        "points": pack(np.asarray(points, dtype=point_type)),
        "cells": pack(np.asarray(records, dtype=cell_type)) if cells else None,
        "pixelType": pixel_type,
        "components": components,
        "pointData": None if point_data is None else pack(point_data),
        "cellData": None if cell_data is None else pack(cell_data),
    }


def transform(entries):
    """`entries`: (parameterization, input dimension, output dimension, fixed, parameters[, type])."""
    result = []
    for name, inputs, outputs, fixed, parameters, *rest in entries:
        value_type = rest[0] if rest else "float64"
        result.append(
            {
                "parameterization": name,
                "parametersValueType": value_type,
                "inputDimension": inputs,
                "outputDimension": outputs,
                "fixedParameters": pack(np.asarray(fixed, dtype="float64")),
                "parameters": pack(np.asarray(parameters, dtype=value_type)),
            }
        )
    return {"kind": "transform", "transforms": result}


# --- comparison -----------------------------------------------------------


def _arrays(what, expected, found, differences, exact_type=True):
    expected, found = unpack(expected), unpack(found)
    if expected is None or expected.size == 0:
        if found is not None and found.size:
            differences.append(f"{what}: {found.size} values where none were expected")
        return
    if found is None:
        differences.append(f"{what}: missing")
        return
    if exact_type and expected.dtype != found.dtype:
        differences.append(f"{what}: {found.dtype} instead of {expected.dtype}")
    if expected.shape != found.shape:
        differences.append(f"{what}: {found.size} values instead of {expected.size}")
        return
    if exact_type:
        wrong = np.flatnonzero(expected != found)
    else:
        wrong = np.array([i for i in range(expected.size) if expected[i].item() != found[i].item()], int)
    if wrong.size:
        i = int(wrong[0])
        differences.append(
            f"{what}: {wrong.size} of {expected.size} values differ, [{i}] is {found[i]!s} instead of {expected[i]!s}"
        )


def _numbers(what, expected, found, differences, tolerance):
    try:
        expected, found = np.asarray(expected, float), np.asarray(found, float)
        same = expected.shape == found.shape and bool(
            np.all(np.abs(expected - found) <= tolerance * (1 + np.abs(expected)))
        )
    except (TypeError, ValueError):
        same = False
    if not same:
        differences.append(f"{what}: {np.asarray(found).tolist()} instead of {np.asarray(expected).tolist()}")


def _plain(value):
    """Metadata values without the differences that JSON cannot carry (7 == 7.0)."""
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return value


def _image_differences(expected, found, tolerance, ignore):
    out = []
    for key in ("dimension", "componentType", "pixelType", "components", "size"):
        if key not in ignore and list(np.ravel(expected[key])) != list(np.ravel(found.get(key))):
            out.append(f"{key}: {found.get(key)!r} instead of {expected[key]!r}")
    for key in ("origin", "spacing", "direction"):
        if key not in ignore:
            _numbers(key, expected[key], found.get(key), out, tolerance)
    _arrays("data", expected["data"], found.get("data"), out)
    if "metadata" not in ignore:
        have = found.get("metadata") or {}
        for key, value in expected["metadata"].items():
            if key not in have:
                out.append(f"metadata {key!r}: missing")
            elif type(_plain(have[key])) is not type(_plain(value)) or _plain(have[key]) != _plain(value):
                out.append(f"metadata {key!r}: {have[key]!r} instead of {value!r}")
    return out


def _mesh_differences(expected, found, tolerance, ignore):
    out = []
    for key in ("dimension", "numberOfPoints", "numberOfCells"):
        if key not in ignore and expected[key] != found.get(key):
            out.append(f"{key}: {found.get(key)!r} instead of {expected[key]!r}")
    _arrays("points", expected["points"], found.get("points"), out, "pointType" not in ignore)
    # The integer type of the cell buffer is a matter of storage, not of content.
    _arrays("cells", expected["cells"], found.get("cells"), out, exact_type=False)
    for key in ("pointData", "cellData"):
        if key in ignore:
            continue
        _arrays(key, expected[key], found.get(key), out)
        if (
            expected[key] is not None
            and "pixelType" not in ignore
            and ((expected["pixelType"], expected["components"]) != (found.get("pixelType"), found.get("components")))
        ):
            out.append(
                f"{key}: {found.get('components')} x {found.get('pixelType')} "
                f"instead of {expected['components']} x {expected['pixelType']}"
            )
    return out


def _transform_differences(expected, found, tolerance, ignore):
    expected, found = expected["transforms"], found["transforms"]
    names = [t["parameterization"] for t in expected], [t["parameterization"] for t in found]
    if names[0] != names[1]:
        return [f"transforms: {names[1]} instead of {names[0]}"]
    out = []
    for i, (e, f) in enumerate(zip(expected, found)):
        for key in ("parametersValueType", "inputDimension", "outputDimension"):
            if key not in ignore and e[key] != f[key]:
                out.append(f"{i} {key}: {f[key]!r} instead of {e[key]!r}")
        if e["parameterization"] == "Composite":
            continue
        _arrays(f"{i} fixedParameters", e["fixedParameters"], f["fixedParameters"], out)
        _arrays(
            f"{i} parameters", e["parameters"], f["parameters"], out, exact_type="parametersValueType" not in ignore
        )
    return out


def differences(expected, found, *, tolerance=0.0, ignore=()):
    """What is wrong with `found`, as sentences; empty when it is right."""
    if found.get("kind") != expected["kind"]:
        return [f"kind: {found.get('kind')!r} instead of {expected['kind']!r}"]
    compare = {"image": _image_differences, "mesh": _mesh_differences, "transform": _transform_differences}[
        expected["kind"]
    ]
    return compare(expected, found, tolerance, frozenset(ignore))
