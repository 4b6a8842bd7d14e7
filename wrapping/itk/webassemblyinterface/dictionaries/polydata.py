# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""polydata to dictionaries and back: in ITK-Python they are meshes of vertices, lines and polygons."""

import numpy as np

from .meshes import (
    CELL_NAMES,
    LINE,
    POLYGON,
    POLYLINE,
    QUADRILATERAL,
    TRIANGLE,
    VERTEX,
    cell_starts,
    dict_from_mesh,
    flat_array,
    mesh_from_dict,
)


def _records(buffer, key):
    """The lists of points of `number of points, points…`."""
    buffer = flat_array(buffer).tolist()
    records = []
    position = 0
    while position < len(buffer):
        count = buffer[position]
        record = buffer[position + 1 : position + 1 + count]
        if count < 1 or len(record) != count:
            raise ValueError(f"{key} ends inside of record {len(records)}, or it is empty")
        records.append(record)
        position += 1 + count
    return records


def polydata_from_dict(polydata_dict):
    """Deserialize a dictionary representing polygonal data, as itkwasm.PolyData has it, to an itk.Mesh.

    The cells of the mesh are, in this order, the vertices, lines, polygons and triangle strips. A record of several
    vertices becomes as many cells and a triangle strip becomes its triangles, each with the pixel of the record.
    """
    polydata_type = polydata_dict["polyDataType"]
    cells = []
    owners = []

    def add(code, points, owner):
        cells.append((code, len(points), *points))
        owners.append(owner)

    records = 0
    for key in ("vertices", "lines", "polygons", "triangleStrips"):
        for points in _records(polydata_dict.get(key), key):
            if key == "vertices":
                for point in points:
                    add(VERTEX, [point], records)
            elif key == "lines":
                add(LINE if len(points) == 2 else POLYLINE, points, records)
            elif key == "polygons":
                add({3: TRIANGLE, 4: QUADRILATERAL}.get(len(points), POLYGON), points, records)
            else:
                for i in range(len(points) - 2):
                    # Every other triangle of a strip goes round the other way.
                    a, b, c = points[i : i + 3]
                    add(TRIANGLE, [b, a, c] if i % 2 else [a, b, c], records)
            records += 1

    cell_data = flat_array(polydata_dict.get("cellData"))
    if cell_data.size:
        components = max(int(polydata_type.get("cellPixelComponents", 1)), 1)
        if cell_data.size != records * components:
            raise ValueError(f"cellData has {cell_data.size} values, expected {records} records x {components}")
        cell_data = cell_data.reshape(records, components)[owners].reshape(-1)
    points = flat_array(polydata_dict.get("points"), None)
    mesh_type = dict(polydata_type, dimension=3, pointComponentType="float32", cellComponentType="uint64")
    return mesh_from_dict(
        dict(
            meshType=mesh_type,
            name=polydata_dict.get("name"),
            numberOfPoints=polydata_dict.get("numberOfPoints"),
            points=points,
            pointData=polydata_dict.get("pointData"),
            cells=np.array([n for cell in cells for n in cell], np.uint64),
            cellData=cell_data,
            metadata=polydata_dict.get("metadata"),
        )
    )


def dict_from_polydata(mesh):
    """Serialize an itk.Mesh of vertices, lines and polygons to a dictionary with the fields of itkwasm.PolyData.

    Its records are sorted into vertices, lines and polygons, and so are the pixels of the cells.
    """
    mesh_dict = dict_from_mesh(mesh)
    mesh_type = mesh_dict["meshType"]
    if mesh_type["dimension"] != 3:
        raise ValueError(f"the mesh has dimension {mesh_type['dimension']}, but the points of polydata have 3")
    cells = mesh_dict["cells"].astype(np.int64)
    groups = {"vertices": [], "lines": [], "polygons": []}
    order = {key: [] for key in groups}
    group_of = {VERTEX: "vertices", LINE: "lines", POLYLINE: "lines"}
    group_of.update({TRIANGLE: "polygons", QUADRILATERAL: "polygons", POLYGON: "polygons"})
    buffer = cells.tolist()
    for number, start in enumerate(cell_starts(cells).tolist()):
        code, count = buffer[start], buffer[start + 1]
        if code not in group_of:
            raise ValueError(
                f"cell {number} is a {CELL_NAMES.get(code, code)}, which polydata can't hold; "
                "it has vertices, lines and polygons"
            )
        groups[group_of[code]].extend(buffer[start + 1 : start + 2 + count])
        order[group_of[code]].append(number)

    cell_data = mesh_dict["cellData"]
    if cell_data.size:
        rows = cell_data.reshape(mesh_dict["numberOfCells"], -1)
        cell_data = rows[order["vertices"] + order["lines"] + order["polygons"]].reshape(-1)
    result = dict(
        polyDataType={key: value for key, value in mesh_type.items() if "Pixel" in key},
        name=mesh_dict["name"],
        numberOfPoints=mesh_dict["numberOfPoints"],
        points=mesh_dict["points"],
    )
    for key, group in dict(groups, triangleStrips=[]).items():
        result[f"{key}BufferSize"] = len(group)
        result[key] = np.array(group, np.uint32)
    result.update(
        numberOfPointPixels=mesh_dict["numberOfPointPixels"],
        pointData=mesh_dict["pointData"],
        numberOfCellPixels=mesh_dict["numberOfCellPixels"],
        cellData=cell_data,
        metadata=mesh_dict["metadata"],
    )
    return result
