# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""Whether the functions that come with itk keep the promises of ours.

Each probe tells, by trying, about a pair of functions; it may raise, too. The first thing that fails ends it, so
where itk has the gap a probe costs microseconds.
"""

import weakref

import numpy as np


def _outlives(image_from_dict, d):
    """Whether the array of a dictionary lives as long as an image that shares the buffer of the image made of it."""
    d = dict(d, data=d["data"].copy())
    array = weakref.ref(d["data"])
    image = image_from_dict(d)
    del d
    if array() is None:
        return True  # a copy
    other = type(image).New()
    other.Graft(image)
    del image
    return array() is not None


def images_are_right(dict_from_image, image_from_dict):
    import itk

    image = itk.Image[itk.UC, 2].New()
    image.SetRegions(itk.ImageRegion[2]([-1, 1], [2, 1]))
    image.Allocate(True)
    image.GetMetaDataDictionary()["key"] = "value"
    d = dict_from_image(image)
    back = image_from_dict(d)
    region = back.GetLargestPossibleRegion()
    vector = dict(d, imageType=dict(d["imageType"], pixelType="VariableLengthVector", components=3))
    vector["data"] = np.arange(6, dtype=np.uint8).reshape(1, 2, 3)
    return (
        d["metadata"] == {"key": "value"}
        and back.GetMetaDataDictionary()["key"] == "value"
        and back.GetBufferedRegion() == region
        and tuple(back.TransformIndexToPhysicalPoint(region.GetIndex())) == (-1.0, 1.0)
        and itk.array_from_image(image_from_dict(vector)).tolist() == vector["data"].tolist()
        and _outlives(image_from_dict, d)
    )


def _empty_type(key, **more):
    kind = dict(dimension=3, pointComponentType="float32", **more)
    kind.update(pointPixelComponentType="uint8", pointPixelType="Scalar", pointPixelComponents=1)
    arrays = dict.fromkeys(("points", "pointData", "cells", "cellData"))
    return {key: kind, "name": "", "metadata": {"k": 1}, **arrays}


def meshes_are_right(dict_from_mesh, mesh_from_dict):
    cell = dict(cellPixelComponentType="uint8", cellPixelType="Scalar", cellPixelComponents=1)
    d = dict_from_mesh(mesh_from_dict(_empty_type("meshType", cellComponentType="uint64", **cell)))
    return d["metadata"] == {"k": 1} and d["meshType"]["pointPixelComponentType"] == "uint8"


def pointsets_are_right(dict_from_pointset, pointset_from_dict):
    d = dict_from_pointset(pointset_from_dict(_empty_type("pointSetType")))
    return d["metadata"] == {"k": 1} and d["pointSetType"]["pointPixelComponentType"] == "uint8"


def polylines_are_right(dict_from_polyline, polyline_from_dict):
    d = dict_from_polyline(polyline_from_dict(dict(name="", vertexList=np.empty((0, 2)))))
    return d["vertexList"].shape == (0, 2)


def transforms_are_right(dict_from_transform, transform_from_dict):
    kind = dict(parametersValueType="float32", inputDimension=2, outputDimension=2)
    d = dict(name="", inputSpaceName="", outputSpaceName="", metadata={"k": 1})
    d.update(transformType=dict(kind, transformParameterization="Identity"), parameters=None, fixedParameters=None)
    back = dict_from_transform(transform_from_dict(d))
    return back["metadata"] == {"k": 1} and len(dict_from_transform(transform_from_dict([d, d]))) == 2
