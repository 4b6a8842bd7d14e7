# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""Meshes, point sets, polydata and polylines as dictionaries, to itkwasm and back, both ways round."""

import pickle
from dataclasses import asdict

import itk
import itkwasm
import numpy as np
import pytest
from conftest import needs

COMPONENTS = {"UC": "uint8", "SS": "int16", "US": "uint16", "F": "float32", "D": "float64"}
DIMENSIONS = [2, 3, 4]

# One cell of every type that itk::Mesh has: code, number of points, points.
CELLS = [
    (0, 1, 5),
    (1, 2, 0, 1),
    (2, 3, 0, 1, 2),
    (3, 4, 0, 1, 2, 3),
    (4, 5, 0, 1, 2, 3, 4),
    (5, 4, 3, 2, 1, 0),
    (6, 8, 0, 1, 2, 3, 4, 5, 6, 7),
    (7, 3, 0, 1, 2),
    (8, 6, 0, 1, 2, 3, 4, 5),
    (10, 3, 7, 6, 5),
]


def buffer_of(cells, dtype="uint64"):
    return np.array([n for cell in cells for n in cell], dtype)


def pixels(count, component):
    return (np.arange(count) * 1.25 + 1).astype(component)


def wasm_mesh(dimension, component, cells=CELLS, points=8, point_pixels=True, cell_pixels=True, index="uint64"):
    buffer = buffer_of(cells, index)
    return itkwasm.Mesh(
        meshType=itkwasm.MeshType(dimension, "float32", component, "Scalar", 1, index, component, "Scalar", 1),
        name="the mesh",
        numberOfPoints=points,
        points=(np.arange(points * dimension) ** 2 / 8).astype(np.float32),
        numberOfPointPixels=points if point_pixels else 0,
        pointData=pixels(points, component) if point_pixels else None,
        numberOfCells=len(cells),
        cells=buffer,
        cellBufferSize=buffer.size,
        numberOfCellPixels=len(cells) if cell_pixels else 0,
        cellData=pixels(len(cells), component)[::-1] if cell_pixels else None,
        metadata={"key": [1.0, 2.0]},
    )


@pytest.mark.parametrize("dimension", DIMENSIONS)
@pytest.mark.parametrize("name", COMPONENTS)
def test_every_mesh(name, dimension):
    component = COMPONENTS[name]
    wasm = wasm_mesh(dimension, component)
    mesh = itk.mesh_from_dict(asdict(wasm))
    assert type(mesh) is getattr(itk.Mesh, f"{name}{dimension}")

    # As ITK sees it
    assert mesh.GetNumberOfPoints() == 8 and mesh.GetNumberOfCells() == len(CELLS)
    np.testing.assert_array_equal([list(mesh.GetPoint(i)) for i in range(8)], wasm.points.reshape(8, dimension))
    assert [mesh.GetPointData().GetElement(i) for i in range(8)] == wasm.pointData.tolist()
    assert [mesh.GetCellData().GetElement(i) for i in range(len(CELLS))] == wasm.cellData.tolist()
    np.testing.assert_array_equal(itk.array_from_vector_container(mesh.GetCellsArray()), wasm.cells)
    assert mesh.GetObjectName() == "the mesh"

    back = itkwasm.Mesh(**itk.dict_from_mesh(mesh))
    assert asdict(back.meshType) == asdict(wasm.meshType)
    for key, value in asdict(wasm).items():
        if isinstance(value, np.ndarray):
            np.testing.assert_array_equal(getattr(back, key), value)
            assert getattr(back, key).dtype == value.dtype, key
        elif key != "meshType":
            assert getattr(back, key) == value, key

    again = itk.mesh_from_dict(asdict(back))
    assert type(again) is type(mesh)
    np.testing.assert_array_equal(itk.dict_from_mesh(again)["points"], wasm.points)


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_mesh_of_array_pixels(dimension):
    mesh = getattr(itk.Mesh, f"AD{dimension}").New()
    d = itk.dict_from_mesh(mesh)
    assert d["meshType"]["pointPixelType"] == "Array" and d["pointData"].dtype == np.float64
    d["points"] = np.arange(2 * dimension, dtype=np.float32)
    d["numberOfPoints"] = d["numberOfPointPixels"] = 2
    d["pointData"] = np.array([1, 2, 3, 4, 5, 6.5])
    d["meshType"]["pointPixelComponents"] = 3
    back = itk.mesh_from_dict(asdict(itkwasm.Mesh(**d)))
    assert type(back) is type(mesh)
    again = itk.dict_from_mesh(back)
    assert again["pointData"].tolist() == [1, 2, 3, 4, 5, 6.5] and again["numberOfPointPixels"] == 2
    assert again["meshType"]["pointPixelComponents"] == 3


@pytest.mark.parametrize("component", ["uint8", "float32", "int8", "int64"])
def test_empty_mesh(component):
    """asdict(Mesh()) says None for each array. The type of pixels that aren't there does not matter."""
    wasm = itkwasm.Mesh()
    wasm.meshType.pointPixelComponentType = component
    mesh = itk.mesh_from_dict(asdict(wasm))
    assert mesh.GetNumberOfPoints() == mesh.GetNumberOfCells() == 0
    d = itk.dict_from_mesh(mesh)
    assert [d[k].size for k in ("points", "cells", "pointData", "cellData")] == [0] * 4
    itk.mesh_from_dict(asdict(itkwasm.Mesh(**d)))


@pytest.mark.parametrize("index", ["int8", "uint8", "int32", "uint32", "int64", ">u4"])
def test_cells_of_other_integers(index):
    mesh = itk.mesh_from_dict(asdict(wasm_mesh(3, "float32", index=index)))
    np.testing.assert_array_equal(itk.dict_from_mesh(mesh)["cells"], buffer_of(CELLS))


@pytest.mark.parametrize("point_pixels", [False, True])
@pytest.mark.parametrize("cell_pixels", [False, True])
def test_pixels_of_one_only(point_pixels, cell_pixels):
    wasm = wasm_mesh(3, "uint16", point_pixels=point_pixels, cell_pixels=cell_pixels)
    back = itk.dict_from_mesh(itk.mesh_from_dict(asdict(wasm)))
    assert back["numberOfPointPixels"] == (8 if point_pixels else 0)
    assert back["numberOfCellPixels"] == (len(CELLS) if cell_pixels else 0)
    np.testing.assert_array_equal(back["pointData"], [] if wasm.pointData is None else wasm.pointData)
    np.testing.assert_array_equal(back["cellData"], [] if wasm.cellData is None else wasm.cellData)


def test_pixels_of_two_types_get_one_that_holds_both():
    wasm = wasm_mesh(3, "float32")
    wasm.meshType.cellPixelComponentType = "uint16"
    wasm.cellData = np.arange(len(CELLS), dtype=np.uint16) + 60000
    back = itk.dict_from_mesh(itk.mesh_from_dict(asdict(wasm)))
    assert back["meshType"]["pointPixelComponentType"] == back["meshType"]["cellPixelComponentType"] == "float32"
    assert back["cellData"].tolist() == wasm.cellData.tolist()
    wasm.pointData = np.arange(8, dtype=np.int16) - 4
    wasm.meshType.pointPixelComponentType = "int16"
    back = itk.dict_from_mesh(itk.mesh_from_dict(asdict(wasm)))
    assert back["meshType"]["cellPixelComponentType"] == "float32"
    assert back["pointData"].tolist() == wasm.pointData.tolist() and back["cellData"].tolist() == wasm.cellData.tolist()


def test_line_of_many_points_is_a_polyline():
    """Files have such lines; an itk::LineCell has two points and no room for more."""
    wasm = wasm_mesh(3, "float32", [(1, 3, 0, 1, 2), (1, 2, 3, 4)])
    back = itk.dict_from_mesh(itk.mesh_from_dict(asdict(wasm)))
    assert back["cells"].tolist() == [10, 3, 0, 1, 2, 1, 2, 3, 4]
    assert back["cellData"].tolist() == wasm.cellData.tolist()


def test_large_mesh_is_fast():
    import time

    triangles = np.empty((200_000, 5), np.uint64)
    triangles[:, :2] = 2, 3
    triangles[:, 2:] = np.arange(600_000).reshape(-1, 3) % 1000
    mesh = asdict(wasm_mesh(3, "float32", [], points=1000, cell_pixels=False))
    mesh.update(cells=triangles.reshape(-1), numberOfCells=200_000, cellBufferSize=triangles.size)
    start = time.perf_counter()
    back = itk.dict_from_mesh(itk.mesh_from_dict(mesh))
    assert time.perf_counter() - start < 2
    np.testing.assert_array_equal(back["cells"], mesh["cells"])


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([(2, 4, 0, 1, 2, 3)], "cell 0 of type 2 has 4 points, expected 3"),
        ([(0, 1, 0), (5, 3, 0, 1, 2)], "cell 1 of type 5 has 3 points, expected 4"),
        ([(9, 3, 0, 1, 2)], "cell 0 has type 9, expected one of"),
        ([(2, 3, 0, 1, 8)], "cells names point 8, but there are only 8 points"),
        ([(2, 3, 0, 1, 2), (2, 3, 0, 1)], "cells ends inside of cell 1"),
        ([(4, 100, 0, 1, 2)], "cells ends inside of cell 0"),
        ([(2, 3, 0, 1, 2), (2,)], "cells ends inside of cell"),
        ([(4, 2**63, 0)], "cells has the number 9223372036854775808"),
    ],
)
def test_wrong_cells(cells, expected):
    """ITK's own function writes beyond its memory for some of these."""
    with pytest.raises(ValueError, match=expected):
        itk.mesh_from_dict(asdict(wasm_mesh(3, "float32", cells, cell_pixels=False)))


@pytest.mark.parametrize(
    ("change", "error", "expected"),
    [
        (dict(cells=np.array([-1, 1, 0], np.int32)), ValueError, "cells has negative numbers"),
        (dict(cells=np.array([0.0, 1, 0])), TypeError, "cells has dtype float64, expected integers"),
        (dict(points=np.zeros(23, np.float32)), ValueError, "points has 23 values, which is no multiple"),
        (dict(numberOfPoints=7), ValueError, "points has 24 values, expected 7 x 3"),
        (dict(numberOfCells=9), ValueError, "numberOfCells is 9, but there are 10"),
        (dict(pointData=np.zeros(7, np.float32)), ValueError, "pointData has 7 values, expected 8 points x 1"),
        (dict(cellData=np.zeros(7, np.float32)), ValueError, "cellData has 7 values, expected 10 cells x 1"),
        (dict(points=np.zeros(24)), TypeError, "points has dtype float64, but pointComponentType is float32"),
    ],
)
def test_wrong_meshes(change, error, expected):
    with pytest.raises(error, match=expected):
        itk.mesh_from_dict(dict(asdict(wasm_mesh(3, "float32")), **change))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (dict(pointPixelComponentType="int8"), "no mesh of int8 pixels; the nearest that it wraps is int16"),
        (dict(cellPixelComponentType="int64"), "no mesh of int64 pixels; the nearest that it wraps is float64"),
        (dict(pointPixelType="Vector", pointPixelComponents=3), "float32 Vector pixels of 3 components; .* Array"),
        (dict(dimension=1), "no mesh of dimension 1; it wraps dimensions 2, 3 and 4"),
        (dict(pointComponentType="float64"), "no mesh with float64 points; .* float32 points"),
    ],
)
def test_meshes_that_are_not_wrapped(change, expected):
    d = asdict(wasm_mesh(3, "float32"))
    d["meshType"].update(change)
    if "dimension" in change:
        d["points"] = d["points"][:8]
    if "pointComponentType" in change:
        d["points"] = d["points"].astype(np.float64)
    with pytest.raises(TypeError, match=expected) as error:
        itk.mesh_from_dict(d)
    text = str(error.value)
    if "dictionary d: " in text and "Array" not in text:
        exec(text[text.index("dictionary d: ") + len("dictionary d: ") :], {"d": d})
        itk.mesh_from_dict(d)


def test_pickled_mesh():
    mesh = itk.mesh_from_dict(asdict(wasm_mesh(3, "uint8")))
    back = itk.dict_from_mesh(pickle.loads(pickle.dumps(mesh)))
    assert back["metadata"] == {"key": [1.0, 2.0]} and back["cells"].tolist() == buffer_of(CELLS).tolist()


# ---- point sets ----


@pytest.mark.parametrize("dimension", DIMENSIONS)
@pytest.mark.parametrize("name", [*COMPONENTS, "AD", "double"])
def test_every_point_set(name, dimension):
    component = COMPONENTS.get(name, "float64")
    points = "float64" if name == "double" else "float32"
    components = 3 if name == "AD" else 1
    wasm = itkwasm.PointSet(
        pointSetType=itkwasm.PointSetType(
            dimension, points, component, "Array" if name == "AD" else "Scalar", components
        ),
        name="the points",
        numberOfPoints=5,
        points=np.sqrt(np.arange(5 * dimension)).astype(points),
        numberOfPointPixels=5,
        pointData=pixels(5 * components, component),
        metadata={"key": "value"},
    )
    pointset = itk.pointset_from_dict(asdict(wasm))
    class_name = f"PD{dimension}{dimension}STD{dimension}{dimension}DD" if name == "double" else f"{name}{dimension}"
    assert type(pointset) is getattr(itk.PointSet, class_name)
    np.testing.assert_array_equal([list(pointset.GetPoint(i)) for i in range(5)], wasm.points.reshape(5, dimension))

    back = itkwasm.PointSet(**itk.dict_from_pointset(pointset))
    for key, value in asdict(wasm).items():
        if isinstance(value, np.ndarray):
            np.testing.assert_array_equal(getattr(back, key), value)
            assert getattr(back, key).dtype == value.dtype, key
        elif key != "pointSetType":
            assert getattr(back, key) == value, key
    assert asdict(back.pointSetType) == asdict(wasm.pointSetType)
    again = itk.pointset_from_dict(asdict(back))
    assert type(again) is type(pointset) and again.GetNumberOfPoints() == 5


def test_empty_point_set():
    pointset = itk.pointset_from_dict(asdict(itkwasm.PointSet()))
    assert pointset.GetNumberOfPoints() == 0
    d = itk.dict_from_pointset(pointset)
    assert d["points"].size == d["pointData"].size == 0
    itk.pointset_from_dict(asdict(itkwasm.PointSet(**d)))


def test_point_set_that_is_not_wrapped():
    d = asdict(itkwasm.PointSet(numberOfPoints=1, points=np.zeros(3, np.float32), pointData=np.zeros(1, np.int32)))
    d["pointSetType"]["pointPixelComponentType"] = "int32"
    with pytest.raises(TypeError, match="no pointSet of int32 pixels; the nearest that it wraps is float64") as error:
        itk.pointset_from_dict(d)
    text = str(error.value)
    exec(text[text.index("dictionary d: ") + len("dictionary d: ") :], {"d": d})
    itk.pointset_from_dict(d)


# ---- polydata ----


def wasm_polydata(**changes):
    arrays = dict(
        vertices=np.array([1, 4, 1, 5], np.uint32),
        lines=np.array([2, 0, 1, 3, 0, 1, 2], np.uint32),
        polygons=np.array([3, 0, 1, 2, 4, 0, 1, 2, 3, 5, 0, 1, 2, 3, 4], np.uint32),
        triangleStrips=np.array([], np.uint32),
    )
    arrays.update(changes)
    d = dict(
        polyDataType=itkwasm.PolyDataType("uint16", "Scalar", 1, "uint16", "Scalar", 1),
        name="the surface",
        numberOfPoints=6,
        points=(np.arange(18) ** 2).astype(np.float32),
        numberOfPointPixels=6,
        pointData=pixels(6, "uint16"),
        numberOfCellPixels=7,
        cellData=np.arange(7, dtype=np.uint16) + 70,
        metadata={"key": "value"},
    )
    for key, value in arrays.items():
        d[key] = value
        d[f"{key}BufferSize"] = value.size
    return itkwasm.PolyData(**d)


def test_polydata_to_itk_to_itkwasm():
    wasm = wasm_polydata()
    mesh = itk.polydata_from_dict(asdict(wasm))
    assert type(mesh) is itk.Mesh[itk.US, 3]
    expected = [(0, 1, 4), (0, 1, 5), (1, 2, 0, 1), (10, 3, 0, 1, 2)]
    expected += [(2, 3, 0, 1, 2), (3, 4, 0, 1, 2, 3), (4, 5, 0, 1, 2, 3, 4)]
    np.testing.assert_array_equal(itk.array_from_vector_container(mesh.GetCellsArray()), buffer_of(expected))
    back = itkwasm.PolyData(**itk.dict_from_polydata(mesh))
    for key, value in asdict(wasm).items():
        if isinstance(value, np.ndarray):
            np.testing.assert_array_equal(getattr(back, key), value)
            assert getattr(back, key).dtype == value.dtype, key
        else:
            assert asdict(back)[key] == value, key


def test_mesh_in_any_order_to_polydata():
    cells = [(2, 3, 0, 1, 2), (0, 1, 5), (10, 3, 3, 4, 5), (3, 4, 0, 1, 2, 3), (1, 2, 6, 7)]
    mesh = itk.mesh_from_dict(asdict(wasm_mesh(3, "float64", cells)))
    d = itk.dict_from_polydata(mesh)
    assert d["vertices"].tolist() == [1, 5]
    assert d["lines"].tolist() == [3, 3, 4, 5, 2, 6, 7]
    assert d["polygons"].tolist() == [3, 0, 1, 2, 4, 0, 1, 2, 3]
    # Pixels follow their cells: those of the mesh are 6, 4.75, 3.5, 2.25, 1.
    assert d["cellData"].tolist() == [4.75, 3.5, 1.0, 6.0, 2.25]


def test_triangle_strips_and_many_vertices():
    wasm = wasm_polydata(
        vertices=np.array([2, 4, 5], np.uint32),
        lines=np.array([], np.uint32),
        polygons=np.array([3, 0, 1, 2], np.uint32),
        triangleStrips=np.array([5, 0, 1, 2, 3, 4], np.uint32),
    )
    wasm.cellData = np.array([7, 8, 9], np.uint16)
    mesh = itk.dict_from_mesh(itk.polydata_from_dict(asdict(wasm)))
    expected = [(0, 1, 4), (0, 1, 5), (2, 3, 0, 1, 2), (2, 3, 0, 1, 2), (2, 3, 2, 1, 3), (2, 3, 2, 3, 4)]
    np.testing.assert_array_equal(mesh["cells"], buffer_of(expected))
    assert mesh["cellData"].tolist() == [7, 7, 8, 9, 9, 9]


def test_empty_polydata():
    mesh = itk.polydata_from_dict(asdict(itkwasm.PolyData()))
    assert mesh.GetNumberOfPoints() == mesh.GetNumberOfCells() == 0
    d = itk.dict_from_polydata(mesh)
    assert d["linesBufferSize"] == 0 and d["lines"].dtype == np.uint32
    itkwasm.PolyData(**d)


def test_polydata_cannot_hold_volumes():
    mesh = itk.mesh_from_dict(asdict(wasm_mesh(3, "float32", [(0, 1, 0), (5, 4, 0, 1, 2, 3)])))
    with pytest.raises(ValueError, match="cell 1 is a tetrahedron, which polydata can't hold"):
        itk.dict_from_polydata(mesh)
    with pytest.raises(ValueError, match="the mesh has dimension 2"):
        itk.dict_from_polydata(itk.Mesh[itk.F, 2].New())


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (dict(lines=np.array([3, 0, 1], np.uint32)), "lines ends inside of record 0"),
        (dict(polygons=np.array([0], np.uint32)), "polygons ends inside of record 0, or it is empty"),
        (dict(polygons=np.array([3, 0, 1, 6], np.uint32)), "names point 6, but there are only 6 points"),
        (dict(polygons=np.array([3, 0, 1, 2], np.uint32)), "cellData has 7 values, expected 5 records x 1"),
    ],
)
def test_wrong_polydata(change, expected):
    wasm = wasm_polydata(**change)
    if "records" not in expected:
        wasm.cellData = None
    with pytest.raises(ValueError, match=expected):
        itk.polydata_from_dict(asdict(wasm))


# ---- polylines ----


@needs("PolyLineParametricPath")
@pytest.mark.parametrize("dimension", DIMENSIONS)
@pytest.mark.parametrize("count", [0, 1, 3])
def test_every_polyline(dimension, count):
    polyline = itk.PolyLineParametricPath[dimension].New()
    vertices = (np.arange(count * dimension) / 3).reshape(count, dimension)
    for vertex in vertices.tolist():
        polyline.AddVertex(vertex)
    polyline.SetObjectName("the line")
    d = itk.dict_from_polyline(polyline)
    np.testing.assert_array_equal(d["vertexList"], vertices)
    back = itk.polyline_from_dict(d)
    assert type(back) is type(polyline) and back.GetObjectName() == "the line"
    again = itk.dict_from_polyline(back)["vertexList"]
    assert again.shape == (count, dimension)
    np.testing.assert_array_equal(again, vertices)
    np.testing.assert_array_equal(itk.dict_from_polyline(pickle.loads(pickle.dumps(polyline)))["vertexList"], vertices)
