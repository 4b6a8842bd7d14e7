# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""Polylines to dictionaries and back."""

import numpy as np

from .meshes import template_class
from .metadata import metadata_of, set_metadata


def dict_from_polyline(polyline):
    import itk

    vertices = polyline.GetVertexList()
    if vertices.Size():
        vertex_list = itk.array_from_vector_container(vertices)
    else:
        vertex_list = np.empty((0, itk.template(polyline)[1][0]))
    return dict(name=polyline.GetObjectName(), vertexList=vertex_list, metadata=metadata_of(polyline))


def polyline_from_dict(polyline_dict):
    import itk

    vertex_list = np.asarray(polyline_dict["vertexList"], np.float64)
    if vertex_list.ndim != 2:
        raise ValueError(f"vertexList has shape {vertex_list.shape}, expected (number of vertices, dimension)")
    dimension = vertex_list.shape[1]
    polyline = template_class(itk.PolyLineParametricPath, f"x{dimension}", "polyline", dimension).New()
    for vertex in vertex_list.tolist():
        polyline.AddVertex(vertex)
    polyline.SetObjectName(polyline_dict.get("name") or "")
    set_metadata(polyline, polyline_dict.get("metadata"))
    return polyline
