# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""Meshes and point sets to dictionaries and back."""

import numpy as np

from .. import pixel_types
from ..pixel_types import NotWrapped, plain
from .metadata import metadata_of, set_metadata

# How many points a cell of each type has; None: any number. The codes are itk::CellGeometryEnum's.
VERTEX, LINE, TRIANGLE, QUADRILATERAL, POLYGON, POLYLINE = 0, 1, 2, 3, 4, 10
_CELL_POINTS = {VERTEX: 1, LINE: 2, TRIANGLE: 3, QUADRILATERAL: 4, POLYGON: None, 5: 4, 6: 8, 7: 3, 8: 6}
_CELL_POINTS[POLYLINE] = None
CELL_NAMES = {
    5: "tetrahedron",
    6: "hexahedron",
    7: "quadratic edge",
    8: "quadratic triangle",
}

# What ITK-Python wraps meshes and point sets with, by componentType.
_MESH_PIXELS = {"uint8": "UC", "int16": "SS", "uint16": "US", "float32": "F", "float64": "D"}


def flat_array(values, dtype=None):
    """values as flat array; none at all as empty one."""
    return np.asarray([] if values is None else values, dtype).reshape(-1)


def cell_starts(cells):
    """Where in the cell buffer each record `type, number of points, points…` starts."""
    if cells.size >= 2 and cells.size % (cells[1] + 2) == 0:
        # Most meshes are of one kind of cell.
        records = cells.reshape(-1, int(cells[1]) + 2)
        if (records[:, :2] == cells[:2]).all():
            return np.arange(0, cells.size, records.shape[1])
    buffer = cells.tolist()
    starts = []
    position = 0
    while position + 1 < len(buffer):
        starts.append(position)
        position += 2 + buffer[position + 1]
    if position != len(buffer):
        raise ValueError(f"cells ends inside of cell {max(len(starts) - 1, 0)}")
    return np.array(starts, np.int64)


def _checked_cells(cells, number_of_points):
    """(cell buffer for ITK, number of cells). ITK writes beyond its memory when told a wrong number of points."""
    cells = flat_array(cells)
    if cells.size and cells.dtype.kind not in "iu":
        raise TypeError(f"cells has dtype {cells.dtype}, expected integers")
    if cells.dtype.kind == "i" and (cells < 0).any():
        raise ValueError("cells has negative numbers")
    cells = np.array(cells, np.uint64)
    if cells.size and cells.max() > np.iinfo(np.int64).max // 2:
        raise ValueError(f"cells has the number {cells.max()}, which is neither a count nor the index of a point")
    starts = cell_starts(cells.view(np.int64))
    types, counts = cells[starts], cells[starts + 1]
    cells[starts[(types == LINE) & (counts > 2)]] = POLYLINE
    types = cells[starts]
    for code in np.unique(types).tolist():
        if code not in _CELL_POINTS:
            raise ValueError(f"cell {np.argmax(types == code)} has type {code}, expected one of {sorted(_CELL_POINTS)}")
        expected = _CELL_POINTS[code]
        if expected is not None and (counts[types == code] != expected).any():
            wrong = np.flatnonzero((types == code) & (counts != expected))[0]
            raise ValueError(f"cell {wrong} of type {code} has {counts[wrong]} points, expected {expected}")
    is_point = np.ones(cells.size, bool)
    is_point[starts] = is_point[starts + 1] = False
    points = cells[is_point]
    if points.size and points.max() >= number_of_points:
        raise ValueError(f"cells names point {points.max()}, but there are only {number_of_points} points")
    return cells, len(starts)


def _coordinates(pointset):
    """(componentType, dimension) of the points of a mesh or point set."""
    import itk

    point = itk.template(pointset.GetPoints())[1][1]
    c_type, dimension = itk.template(point)[1][:2]
    return pixel_types.component_type(c_type), dimension


def _from_container(container, dtype):
    """The values of a VectorContainer as flat array."""
    import itk

    if container is None or container.Size() == 0:
        return np.array([], dtype)
    return itk.array_from_vector_container(container).reshape(-1)


def _pixels_of(container):
    """((componentType, pixelType, components), values) of the point or cell pixels of a mesh or point set."""
    import itk

    pixel = itk.template(container)[1][1]
    number = container.Size()
    if isinstance(pixel, itk.support.types.itkCType):
        component = pixel_types.component_type(pixel)
        return (component, "Scalar", 1), _from_container(container, component)
    if itk.template(pixel)[0].__name__ == "itk::Array":
        component = pixel_types.component_type(itk.template(pixel)[1][0])
        components = container.GetElement(0).Size() if number else 1
        kind = (component, "Array", components)
    else:
        kind = pixel_types.describe_pixel(pixel)
    values = np.empty((number, kind[2]), kind[0])
    for i in range(number):
        element = np.asarray(container.GetElement(i))
        if element.size != kind[2]:
            raise ValueError(f"pixel {i} has {element.size} components, but pixel 0 has {kind[2]}")
        values[i] = element.reshape(-1)
    return kind, values.reshape(-1)


def _pixel_container(values, kind):
    """A VectorContainer of the pixels, as ITK's meshes and point sets take it."""
    import itk

    component, pixel_type, components = kind
    if pixel_type == "Scalar":
        return itk.vector_container_from_array(np.ascontiguousarray(values, component))
    container = itk.VectorContainer[itk.IT, itk.Array[itk.D]].New()
    for i, pixel in enumerate(values.reshape(-1, components).tolist()):
        element = container.CreateElementAt(i)
        element.SetSize(components)
        for j, value in enumerate(pixel):
            element.SetElement(j, value)
    return container


def _pixel_kind(type_dict, prefix, values, what):
    """(componentType, pixelType, components) of a mesh's pixels, or None where there are none."""
    if values.size == 0:
        return None
    component = plain(type_dict[f"{prefix}ComponentType"])
    pixel_type = plain(type_dict[f"{prefix}Type"])
    components = int(type_dict.get(f"{prefix}Components", 1))
    if pixel_type in ("Scalar", "Unknown") and components <= 1:
        if component in _MESH_PIXELS:
            return component, "Scalar", 1
        cast = pixel_types.nearest(component, _MESH_PIXELS.__contains__)
        raise NotWrapped(
            f"ITK-Python has no {what} of {component} pixels; the nearest that it wraps is {cast}. Cast first, "
            f"in a dictionary d: d['{prefix[:-5]}Data'] = d['{prefix[:-5]}Data'].astype({cast!r}); "
            f"d['{what}Type']['{prefix}ComponentType'] = {cast!r}",
            cast,
        )
    if pixel_type == "Array" and component in ("float32", "float64"):
        return "float64", "Array", components
    raise NotWrapped(
        f"ITK-Python has no {what} of {component} {pixel_type} pixels of {components} components; the nearest that it "
        f"wraps has Array pixels of float64. In a dictionary d: d['{what}Type']['{prefix}Type'] = 'Array'; "
        f"d['{what}Type']['{prefix}ComponentType'] = 'float64'",
        "float64",
    )


def _kind_entries(prefix, kind):
    """The entries of meshType or pointSetType that _pixel_kind() reads."""
    component, pixel_type, components = kind
    return {f"{prefix}ComponentType": component, f"{prefix}Type": pixel_type, f"{prefix}Components": components}


def _mangled(kind):
    """The type of pixel in the names of ITK-Python's classes."""
    component, pixel_type, _ = kind
    return "AD" if pixel_type == "Array" else _MESH_PIXELS[component]


def _common_kind(kinds, declared):
    """The kind of pixel that both the points and the cells of an itk.Mesh have."""
    kinds = [kind for kind in kinds if kind is not None]
    if not kinds:
        return (declared if declared in _MESH_PIXELS else "float32", "Scalar", 1)
    if any(kind[1] == "Array" for kind in kinds):
        return ("float64", "Array", max(kind[2] for kind in kinds))
    for component in _MESH_PIXELS:
        if all(np.can_cast(kind[0], component) for kind in kinds):
            return (component, "Scalar", 1)


def _checked_points(points, type_dict, what, number_of_points, accepted=("float32",)):
    """points as flat array of float32, or float64 where accepted."""
    dimension = int(type_dict["dimension"])
    points = flat_array(points)
    component = plain(type_dict.get("pointComponentType", "float32"))
    if points.size == 0:
        points = points.astype(component)
    elif points.dtype.newbyteorder("=") != np.dtype(component):
        raise TypeError(f"points has dtype {points.dtype}, but pointComponentType is {component}")
    elif component not in accepted:
        raise NotWrapped(
            f"ITK-Python has no {what} with {component} points; the nearest that it wraps has float32 points. "
            f"Cast first, in a dictionary d: d['points'] = d['points'].astype('float32'); "
            f"d['{what}Type']['pointComponentType'] = 'float32'",
            "float32",
        )
    if points.size % dimension:
        raise ValueError(f"points has {points.size} values, which is no multiple of the dimension, {dimension}")
    if number_of_points and points.size != number_of_points * dimension:
        raise ValueError(f"points has {points.size} values, expected {number_of_points} x {dimension}")
    return points, points.size // dimension


def _check_count(d, key, count):
    if d.get(key) and int(d[key]) != count:
        raise ValueError(f"{key} is {d[key]}, but there are {count}")


def _check_pixels(values, kind, what, number, of):
    if kind is not None and values.size != number * kind[2]:
        raise ValueError(f"{what} has {values.size} values, expected {number} {of} x {kind[2]}")


def template_class(template, name, what, dimension):
    cls = getattr(template, name, None)
    if cls is None:
        raise NotWrapped(f"ITK-Python has no {what} of dimension {dimension}; it wraps dimensions 2, 3 and 4")
    return cls


def dict_from_mesh(mesh):
    import itk

    _, dimension = _coordinates(mesh)
    cells = np.array([], np.uint64)
    if mesh.GetNumberOfCells():
        cells = itk.array_from_vector_container(mesh.GetCellsArray())
    point_kind, point_data = _pixels_of(mesh.GetPointData())
    cell_kind, cell_data = _pixels_of(mesh.GetCellData())
    mesh_type = dict(
        dimension=dimension,
        pointComponentType="float32",
        **_kind_entries("pointPixel", point_kind),
        cellComponentType="uint64",
        **_kind_entries("cellPixel", cell_kind),
    )
    return dict(
        meshType=mesh_type,
        name=mesh.GetObjectName(),
        numberOfPoints=mesh.GetNumberOfPoints(),
        points=_from_container(mesh.GetPoints(), np.float32),
        numberOfPointPixels=mesh.GetPointData().Size(),
        pointData=point_data,
        numberOfCells=mesh.GetNumberOfCells(),
        cells=cells,
        numberOfCellPixels=mesh.GetCellData().Size(),
        cellData=cell_data,
        cellBufferSize=cells.size,
        metadata=metadata_of(mesh),
    )


def mesh_from_dict(mesh_dict):
    import itk

    mesh_type = mesh_dict["meshType"]
    dimension = int(mesh_type["dimension"])
    points, number_of_points = _checked_points(
        mesh_dict.get("points"), mesh_type, "mesh", mesh_dict.get("numberOfPoints")
    )
    cells, number_of_cells = _checked_cells(mesh_dict.get("cells"), number_of_points)
    _check_count(mesh_dict, "numberOfCells", number_of_cells)
    point_data = flat_array(mesh_dict.get("pointData"))
    cell_data = flat_array(mesh_dict.get("cellData"))
    point_kind = _pixel_kind(mesh_type, "pointPixel", point_data, "mesh")
    cell_kind = _pixel_kind(mesh_type, "cellPixel", cell_data, "mesh")
    _check_pixels(point_data, point_kind, "pointData", number_of_points, "points")
    _check_pixels(cell_data, cell_kind, "cellData", number_of_cells, "cells")

    # ITK's meshes have one type of pixel for points and cells.
    kind = _common_kind((point_kind, cell_kind), plain(mesh_type.get("pointPixelComponentType", "float32")))
    mesh = template_class(itk.Mesh, f"{_mangled(kind)}{dimension}", "mesh", dimension).New()
    if number_of_points:
        mesh.SetPoints(itk.vector_container_from_array(np.ascontiguousarray(points, np.float32)))
    if number_of_cells:
        mesh.SetCellsArray(itk.vector_container_from_array(cells))
    if point_kind is not None:
        mesh.SetPointData(_pixel_container(point_data, kind[:2] + point_kind[2:]))
    if cell_kind is not None:
        mesh.SetCellData(_pixel_container(cell_data, kind[:2] + cell_kind[2:]))
    mesh.SetObjectName(mesh_dict.get("name") or "")
    set_metadata(mesh, mesh_dict.get("metadata"))
    return mesh


def dict_from_pointset(pointset):
    component, dimension = _coordinates(pointset)
    kind, point_data = _pixels_of(pointset.GetPointData())
    pointset_type = dict(
        dimension=dimension,
        pointComponentType=component,
        **_kind_entries("pointPixel", kind),
    )
    return dict(
        pointSetType=pointset_type,
        name=pointset.GetObjectName(),
        numberOfPoints=pointset.GetNumberOfPoints(),
        points=_from_container(pointset.GetPoints(), component),
        numberOfPointPixels=pointset.GetPointData().Size(),
        pointData=point_data,
        metadata=metadata_of(pointset),
    )


def pointset_from_dict(pointset_dict):
    import itk

    pointset_type = pointset_dict["pointSetType"]
    dimension = int(pointset_type["dimension"])
    points, number_of_points = _checked_points(
        pointset_dict.get("points"),
        pointset_type,
        "pointSet",
        pointset_dict.get("numberOfPoints"),
        ("float32", "float64"),
    )
    point_data = flat_array(pointset_dict.get("pointData"))
    kind = _pixel_kind(pointset_type, "pointPixel", point_data, "pointSet")
    _check_pixels(point_data, kind, "pointData", number_of_points, "points")
    used = _common_kind((kind,), plain(pointset_type.get("pointPixelComponentType", "float32")))
    name = f"{_mangled(used)}{dimension}"
    if points.dtype == np.float64:
        if kind is not None and not (used[1] == "Scalar" and np.can_cast(used[0], "float64")):
            raise NotWrapped(f"ITK-Python has no pointSet with float64 points and {used[1]} pixels")
        used = ("float64", "Scalar", 1)
        # The one that ITK's registration metrics use.
        name = f"PD{dimension}{dimension}STD{dimension}{dimension}DD"
    pointset = template_class(itk.PointSet, name, "pointSet", dimension).New()
    if number_of_points:
        pointset.SetPoints(itk.vector_container_from_array(np.ascontiguousarray(points)))
    if kind is not None:
        pointset.SetPointData(_pixel_container(point_data, used))
    pointset.SetObjectName(pointset_dict.get("name") or "")
    set_metadata(pointset, pointset_dict.get("metadata"))
    return pointset
