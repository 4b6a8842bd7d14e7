"""Python's cbor2: a writer such as anyone would write, and the strict reader.

python cbor2_client.py plain|canonical ANSWERS < JOBS
"""

import os
import sys

import cbor2
import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))
import model  # noqa: E402
import strict  # noqa: E402
from protocol import serve  # noqa: E402

# RFC 8746, little-endian.
TAGS = {
    "uint8": 64,
    "int8": 72,
    "uint16": 69,
    "int16": 77,
    "uint32": 70,
    "int32": 78,
    "uint64": 71,
    "int64": 79,
    "float32": 85,
    "float64": 86,
}


def typed(array):
    return cbor2.CBORTag(TAGS[array.dtype.name], array.astype(array.dtype.newbyteorder("<")).tobytes())


def natural(values):
    """Whole numbers as people type them: [1.5, 2]."""
    return [int(v) if float(v).is_integer() else float(v) for v in values]


def image(job):
    n = job["dimension"]
    return {
        "imageType": {
            "dimension": n,
            "componentType": job["componentType"],
            "pixelType": job["pixelType"],
            "components": job["components"],
        },
        "name": "Image",
        "origin": natural(job["origin"]),
        "spacing": natural(job["spacing"]),
        "direction": typed(np.reshape(job["direction"], (n, n)).T.ravel()),  # files are column-major
        "size": job["size"],
        "metadata": job["metadata"],
        "data": typed(model.unpack(job["data"])),
    }


def mesh(job):
    arrays = {k: model.unpack(job[k]) for k in ("points", "cells", "pointData", "cellData")}

    def kind(key):
        data = arrays[key]
        return (
            ("float32", 0, 0) if data is None else (data.dtype.name, job["components"], data.size // job["components"])
        )

    (point_type, point_n, points), (cell_type, cell_n, cells) = kind("pointData"), kind("cellData")
    return {
        "meshType": {
            "dimension": job["dimension"],
            "pointComponentType": arrays["points"].dtype.name,
            "pointPixelType": job["pixelType"],
            "pointPixelComponentType": point_type,
            "pointPixelComponents": point_n,
            "cellComponentType": "uint32" if arrays["cells"] is None else arrays["cells"].dtype.name,
            "cellPixelType": job["pixelType"],
            "cellPixelComponentType": cell_type,
            "cellPixelComponents": cell_n,
        },
        "numberOfPoints": job["numberOfPoints"],
        "numberOfPointPixels": points,
        "numberOfCells": job["numberOfCells"],
        "numberOfCellPixels": cells,
        "cellBufferSize": 0 if arrays["cells"] is None else arrays["cells"].size,
        **{k: typed(a) for k, a in arrays.items() if a is not None},
    }


def transforms(job):
    out = []
    for entry in job["transforms"]:
        fixed, parameters = model.unpack(entry["fixedParameters"]), model.unpack(entry["parameters"])
        out.append(
            {
                "transformType": {
                    "transformParameterization": entry["parameterization"],
                    "parametersValueType": entry["parametersValueType"],
                    "inputDimension": entry["inputDimension"],
                    "outputDimension": entry["outputDimension"],
                },
                "numberOfFixedParameters": fixed.size,
                "numberOfParameters": parameters.size,
                "name": "Transform",
                "inputSpaceName": "",
                "outputSpaceName": "",
                "fixedParameters": typed(fixed),
                "parameters": typed(parameters),
            }
        )
    return out


def handle(job):
    if job["op"] == "read":
        return {"value": strict.read(job["path"], job["kind"], job.get("lenient", False))}
    item = {"image": image, "mesh": mesh, "transform": transforms}[job["kind"]](job["model"])
    with open(job["path"], "wb") as f:
        f.write(cbor2.dumps(item, canonical=canonical))
    return {}


canonical = sys.argv.pop(1) == "canonical"
serve(handle)
