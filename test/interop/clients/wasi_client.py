"""itkwasm-image-io, -mesh-io and -transform-io (WebAssembly/WASI) as a client."""

import os
import sys

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))
import itkwasm_image_io_wasi as image_io  # noqa: E402
import itkwasm_mesh_io_wasi as mesh_io  # noqa: E402
import itkwasm_transform_io_wasi as transform_io  # noqa: E402
import model  # noqa: E402
from itkwasm import Image, ImageType, Mesh, MeshType, PointSet, PointSetType, Transform, TransformType  # noqa: E402
from protocol import serve  # noqa: E402


def make_image(job):
    data = model.unpack(job["data"])
    shape = tuple(reversed(job["size"])) + ((job["components"],) if job["components"] > 1 else ())
    dimension = job["dimension"]
    return Image(
        imageType=ImageType(dimension, job["componentType"], job["pixelType"], job["components"]),
        origin=job["origin"],
        spacing=job["spacing"],
        size=job["size"],
        metadata=job["metadata"],
        direction=np.reshape(job["direction"], (dimension, dimension)),
        data=data.reshape(shape),
    )


def plain(value):
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return value.item() if isinstance(value, np.generic) else value


def describe_image(image):
    kind = image.imageType
    return {
        "kind": "image",
        "dimension": kind.dimension,
        "componentType": str(getattr(kind.componentType, "value", kind.componentType)),
        "pixelType": str(getattr(kind.pixelType, "value", kind.pixelType)),
        "components": kind.components,
        "origin": list(image.origin),
        "spacing": list(image.spacing),
        "direction": np.asarray(image.direction).ravel().tolist(),
        "size": [int(x) for x in image.size],
        "metadata": {k: plain(v) for k, v in dict(image.metadata or {}).items()},
        "data": model.pack(np.ravel(image.data)),
    }


def make_mesh(job):
    """A point set when there are no cells: that is what its own class is for."""
    points, cells = model.unpack(job["points"]), model.unpack(job["cells"])
    point_data, cell_data = model.unpack(job["pointData"]), model.unpack(job["cellData"])
    n = job["components"]
    point = {}
    if point_data is not None:
        point = dict(numberOfPointPixels=point_data.size // n, pointData=point_data)
    if cells is None:
        kind = PointSetType(
            job["dimension"],
            points.dtype.name,
            point_data.dtype.name if point else "float32",
            job["pixelType"] if point else "Scalar",
            n if point else 0,
        )
        return PointSet(pointSetType=kind, numberOfPoints=job["numberOfPoints"], points=points, **point)
    cell = {}
    if cell_data is not None:
        cell = dict(numberOfCellPixels=cell_data.size // n, cellData=cell_data)
    kind = MeshType(
        dimension=job["dimension"],
        pointComponentType=points.dtype.name,
        cellComponentType=cells.dtype.name,
        pointPixelComponentType=point_data.dtype.name if point else "float32",
        pointPixelType=job["pixelType"] if point else "Scalar",
        pointPixelComponents=n if point else 0,
        cellPixelComponentType=cell_data.dtype.name if cell else "float32",
        cellPixelType=job["pixelType"] if cell else "Scalar",
        cellPixelComponents=n if cell else 0,
    )
    return Mesh(
        meshType=kind,
        numberOfPoints=job["numberOfPoints"],
        points=points,
        numberOfCells=job["numberOfCells"],
        cells=cells,
        cellBufferSize=cells.size,
        **point,
        **cell,
    )


def describe_mesh(mesh, kind):
    cells = getattr(mesh, "cells", None)
    cell_data = getattr(mesh, "cellData", None) if getattr(mesh, "numberOfCellPixels", 0) else None
    point_data = mesh.pointData if mesh.numberOfPointPixels else None
    which = "point" if point_data is not None else "cell"
    some = point_data is not None or cell_data is not None

    def packed(array):
        return None if array is None or np.size(array) == 0 else model.pack(np.ravel(array))

    def text(value):
        return str(getattr(value, "value", value))

    return {
        "kind": "mesh",
        "dimension": kind.dimension,
        "numberOfPoints": mesh.numberOfPoints,
        "numberOfCells": getattr(mesh, "numberOfCells", 0),
        "points": packed(mesh.points),
        "cells": packed(cells),
        "pixelType": text(getattr(kind, which + "PixelType")) if some else "Scalar",
        "components": getattr(kind, which + "PixelComponents") if some else 1,
        "pointData": packed(point_data),
        "cellData": packed(cell_data),
    }


def make_transforms(job):
    out = []
    for entry in job["transforms"]:
        fixed, parameters = model.unpack(entry["fixedParameters"]), model.unpack(entry["parameters"])
        kind = TransformType(
            entry["parameterization"], entry["parametersValueType"], entry["inputDimension"], entry["outputDimension"]
        )
        out.append(
            Transform(
                transformType=kind,
                numberOfFixedParameters=fixed.size,
                numberOfParameters=parameters.size,
                fixedParameters=fixed,
                parameters=parameters,
            )
        )
    return out


def describe_transforms(transforms):
    def array(value, dtype):
        # Empty arrays come as pointers-in-a-string; see docs/interop.md.
        value = [] if value is None or isinstance(value, str) else value
        return model.pack(np.asarray(value, dtype=dtype).ravel())

    out = []
    for t in transforms:
        kind = t.transformType
        value_type = str(getattr(kind.parametersValueType, "value", kind.parametersValueType))
        out.append(
            {
                "parameterization": str(
                    getattr(kind.transformParameterization, "value", kind.transformParameterization)
                ),
                "parametersValueType": value_type,
                "inputDimension": kind.inputDimension,
                "outputDimension": kind.outputDimension,
                "fixedParameters": array(t.fixedParameters, "float64"),
                "parameters": array(t.parameters, value_type),
            }
        )
    return {"kind": "transform", "transforms": out}


def checked(could, path, what):
    if not could:
        raise RuntimeError(f"could not {what} {os.path.basename(path)}")


def write(job):
    path, kind, job = job["path"], job["kind"], job["model"]
    zstd = path.endswith(".zst")
    if kind == "image":
        could = (image_io.wasm_zstd_write_image if zstd else image_io.wasm_write_image)(make_image(job), path)
    elif kind == "mesh":
        mesh = make_mesh(job)
        family = "point_set" if isinstance(mesh, PointSet) else "mesh"
        could = getattr(mesh_io, f"wasm_{'zstd_' if zstd else ''}write_{family}")(mesh, path)
    else:
        could = (transform_io.wasm_zstd_write_transform if zstd else transform_io.wasm_write_transform)(
            make_transforms(job), path
        )
    checked(could, path, "write")
    return {}


def read(job):
    path, kind = job["path"], job["kind"]
    zstd = path.endswith(".zst")
    if kind == "image":
        could, image = (image_io.wasm_zstd_read_image if zstd else image_io.wasm_read_image)(path)
        checked(could, path, "read")
        return describe_image(image)
    if kind == "mesh":
        name = f"wasm_{'zstd_' if zstd else ''}read_"
        if job.get("pointSet"):
            could, points = getattr(mesh_io, name + "point_set")(path)
            checked(could, path, "read")
            return describe_mesh(points, points.pointSetType)
        could, mesh = getattr(mesh_io, name + "mesh")(path)
        checked(could, path, "read")
        return describe_mesh(mesh, mesh.meshType)
    could, transforms = (transform_io.wasm_zstd_read_transform if zstd else transform_io.wasm_read_transform)(path)
    checked(could, path, "read")
    return describe_transforms(transforms)


def handle(job):
    try:
        return write(job) if job["op"] == "write" else {"value": read(job)}
    except Exception as error:
        if "wasm trap" in str(error):
            raise RuntimeError("WebAssembly trap: " + str(error).strip().splitlines()[-1].strip()) from None
        raise


serve(handle)
