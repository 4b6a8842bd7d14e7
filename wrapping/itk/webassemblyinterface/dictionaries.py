# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""Dictionaries of itk's objects that lose nothing on the way to itkwasm and back.

``itk.dict_from_image(image)`` and ``itk.image_from_dict(d)``, and the same for meshes, point sets, transforms and
polylines, turn objects of itk into dictionaries with the fields of itkwasm's dataclasses and back::

    itkwasm_image = itkwasm.Image(**itk.dict_from_image(itk_image))
    itk_image = itk.image_from_dict(dataclasses.asdict(itkwasm_image))

itk also pickles its objects with them. The functions that come with itk 5.4 lose metadata, fail on empty objects,
and build wrong objects of some types, so this file has functions that don't. They take a pair's place
(``dict_from_X``, ``X_from_dict``) only where the pair that is installed has the gap, which is found out by trying it
at the first call. What the functions here promise:

* Metadata is kept in both directions. Where ITK-Python has no class for a value, a warning names the key.
* An image that is made of a dictionary uses the dictionary's array, without a copy, where ITK may write to it and
  finds it as it needs it; else it has a copy. The array lives as long as ITK uses it, whichever image then does:
  ITK shares pixel buffers between images, as ``itk.change_information_image_filter`` does.
* A dictionary that is made of an image has a copy of the pixels: ITK may let go of its buffer at any time.
* Files and itkwasm have no start index. An image whose index starts at (-2, 5) becomes one that starts at (0, 0)
  at the same place in space, as itk.imwrite writes it.
* Types that ITK-Python has no class for are refused with an error that tells the nearest one. Values are never
  rounded silently.

polydata has no class of its own in ITK-Python: ``itk.polydata_from_dict`` makes an itk.Mesh of vertices, lines and
polygons, and ``itk.dict_from_polydata`` takes one.
"""

import numbers
import sys
import warnings
import weakref

import numpy as np
from itk.support import extras

from . import pixel_types
from .pixel_types import NotWrapped, plain
from .replacing import EXTRA, replace

# ---- metadata ---------------------------------------------------------------------------------------------------

_INT32 = np.iinfo(np.int32)
_INT64 = np.iinfo(np.int64)
_UINT32_MAX = np.iinfo(np.uint32).max
_UINT64_MAX = np.iinfo(np.uint64).max

_metadata_classes = None


def _metadata_class_by_type():
    """itk.MetaDataObject's classes by the name of the C++ type that they hold."""
    global _metadata_classes
    if _metadata_classes is None:
        import itk

        itk.MetaDataObject._LoadModules()
        _metadata_classes = {c.New().GetMetaDataObjectTypeName(): c for c in itk.MetaDataObject.values()}
    return _metadata_classes


def _python_value(value):
    """A value of a MetaDataObject as bool, int, float, str, or list of these."""
    if isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [_python_value(v) for v in value]
    return np.asarray(value).tolist()


def _metadata_of(itk_object):
    """The metadata of an object of itk as a dictionary of plain Python values."""
    import itk

    dictionary = itk_object.GetMetaDataDictionary()
    metadata = {}
    for key in dictionary.GetKeys():
        entry = dictionary.Get(key)
        type_name = entry.GetMetaDataObjectTypeName()
        cls = _metadata_class_by_type().get(type_name)
        unsigned = False
        if cls is not None:
            value = _python_value(cls.cast(entry).GetMetaDataObjectValue())
            unsigned = cls is itk.MetaDataObject[itk.UL]
        elif itk.WasmMetaDataAccess.HasStrings(dictionary, key):
            value = list(itk.WasmMetaDataAccess.GetStrings(dictionary, key))
        elif itk.WasmMetaDataAccess.HasInteger(dictionary, key):
            value = itk.WasmMetaDataAccess.GetInteger(dictionary, key)
            unsigned = itk.WasmMetaDataAccess.IsUnsigned(dictionary, key)
        else:
            # ITK's readers leave matrices of their own under such names, which itk.Image.keys() hides too.
            if not key.startswith("ITK_"):
                warnings.warn(
                    f"metadata {key!r} is left out: ITK-Python has no class for its C++ type {type_name}", stacklevel=3
                )
            continue
        if unsigned and value < 0:
            value += _UINT64_MAX + 1  # Python gets the bits of a signed number
        metadata[key] = value
    return metadata


def _text(value):
    """A string that ITK takes. It hands over bytes that are no UTF-8 as surrogates, but does not take them back."""
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _set_value(dictionary, key, value):
    """Puts a value into a dictionary of ITK. False where ITK has nothing that can hold it."""
    import itk

    def put(cls, value):
        entry = cls.New()
        entry.SetMetaDataObjectValue(value)
        dictionary.Set(key, entry)
        return True

    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, (bool, np.bool_)):
        return put(itk.MetaDataObject[itk.B], bool(value))
    if isinstance(value, numbers.Integral):
        value = int(value)
        for c_type, low, high in (
            (itk.SI, _INT32.min, _INT32.max),
            (itk.UI, 0, _UINT32_MAX),
            (itk.UL, 0, _UINT64_MAX),
        ):
            if low <= value <= high:
                return put(itk.MetaDataObject[c_type], value)
        if _INT64.min <= value < 0:
            itk.WasmMetaDataAccess.SetInteger(dictionary, key, value)
            return True
        return float(value) == value and put(itk.MetaDataObject[itk.D], float(value))
    if isinstance(value, numbers.Real):
        return put(itk.MetaDataObject[itk.D], float(value))
    if isinstance(value, str):
        return put(itk.MetaDataObject.S, _text(value))
    if not isinstance(value, (list, tuple)):
        return False

    def are_numbers(values):
        return all(isinstance(v, (numbers.Real, np.bool_)) for v in values)

    if are_numbers(value):
        return put(itk.MetaDataObject.vectorD, [float(v) for v in value])
    if all(isinstance(v, str) for v in value):
        itk.WasmMetaDataAccess.SetStrings(dictionary, key, [_text(v) for v in value])
        return True
    if all(isinstance(row, (list, tuple, np.ndarray)) and are_numbers(row) for row in value):
        return put(itk.MetaDataObject.vectorvectorD, [[float(v) for v in row] for row in value])
    return False


def _set_metadata(itk_object, metadata):
    """Puts metadata, a mapping or a list of pairs as in JSON files, into the dictionary of an object of itk."""
    if metadata is None or len(metadata) == 0:
        return
    dictionary = itk_object.GetMetaDataDictionary()
    for key, value in metadata.items() if hasattr(metadata, "items") else metadata:
        if not _set_value(dictionary, str(key), value):
            warnings.warn(
                f"metadata {key!r} is left out: ITK-Python has no class for {value!r:.80}, a {type(value).__name__}",
                stacklevel=3,
            )


# ---- images -----------------------------------------------------------------------------------------------------


class _Buffer:
    """The pixel buffer of an image for NumPy, which keeps the image as long as it uses the buffer."""

    def __init__(self, image, shape, dtype):
        pointer = image.GetBufferPointer()
        address = int(getattr(pointer, "this", pointer))
        self.image = image
        self.__array_interface__ = {
            "version": 3,
            "data": (address, False),
            "shape": shape,
            "typestr": np.dtype(dtype).str,
        }


def _pixel_array(image, image_type):
    """The pixels of an image without a copy, or None where it has none."""
    if image.GetBufferPointer() is None:
        return None
    shape = tuple(int(n) for n in reversed(tuple(image.GetBufferedRegion().GetSize())))
    if 0 in shape:
        return np.empty(shape, image_type["componentType"])
    if image_type["components"] > 1 or image_type["pixelType"] != "Scalar":
        shape += (image_type["components"],)
    return np.asarray(_Buffer(image, shape, image_type["componentType"]))


def _dict_from_image(image):
    import itk

    image = itk.output(image)
    source = image.GetSource()
    if source:
        source.UpdateLargestPossibleRegion()
    image_type = pixel_types.describe_image(image)

    largest = image.GetLargestPossibleRegion()
    buffered = image.GetBufferedRegion()
    start = tuple(int(i) for i in largest.GetIndex())
    origin = image.TransformIndexToPhysicalPoint(largest.GetIndex()) if any(start) else image.GetOrigin()

    pixels = _pixel_array(image, image_type)
    return dict(
        imageType=image_type,
        name=image.GetObjectName(),
        origin=tuple(float(x) for x in origin),
        spacing=tuple(float(x) for x in image.GetSpacing()),
        size=tuple(int(n) for n in largest.GetSize()),
        bufferedRegion={
            "index": tuple(int(i) - s for i, s in zip(buffered.GetIndex(), start)),
            "size": tuple(int(n) for n in buffered.GetSize()),
        },
        direction=np.array(itk.array_from_matrix(image.GetDirection())),
        metadata=_metadata_of(image),
        data=None if pixels is None else pixels.copy(),
    )


def _regions(image_dict, dimension):
    """(start, size, buffered index, buffered size) of the image to make of a dictionary."""
    size = [int(n) for n in image_dict["size"]]
    if len(size) != dimension:
        raise ValueError(f"size has {len(size)} values, expected {dimension}, the dimension of the image")
    region = image_dict.get("bufferedRegion") or {}
    index = [int(i) for i in region.get("index") or ()] or [0] * dimension
    buffered = [int(n) for n in region.get("size") or ()] or size
    if len(index) != dimension or len(buffered) != dimension:
        raise ValueError(f"bufferedRegion has {len(index)} and {len(buffered)} values, expected {dimension} each")
    start = [0] * dimension
    if any(i < 0 or i + b > n for i, b, n in zip(index, buffered, size)):
        if buffered != size:
            raise ValueError(
                f"bufferedRegion with index {tuple(index)} and size {tuple(buffered)} is not inside the image, "
                f"whose size is {tuple(size)}"
            )
        # Dictionaries and pickles of itk's own function: the index of ITK, with the origin that belongs to it.
        start = index
    return start, size, index, buffered


def _pixel_data(data, image_type, shape):
    """data as an array of the image's component type and of one of the shapes that hold such an image."""
    component = plain(image_type["componentType"])
    components = int(image_type.get("components", 1))
    dtype = np.dtype(component)
    if isinstance(data, (bytes, bytearray, memoryview)):
        data = np.frombuffer(data, dtype)
    data = np.asarray(data)
    if data.dtype.kind == "c":
        data = np.ascontiguousarray(data)[..., np.newaxis].view(data.real.dtype)
    if data.dtype == np.bool_:
        data = data.astype(np.uint8)
    if data.dtype.newbyteorder("=") != dtype:
        raise TypeError(
            f"data has dtype {data.dtype}, but componentType is {component}; cast first: "
            f"d['data'] = d['data'].astype({component!r}), or name the type of the data in the imageType"
        )
    full = shape + (components,)
    fits = data.shape in (shape, full) if components == 1 else data.shape == full
    if not fits and not (data.ndim == 1 and data.size == np.prod(full, dtype=object)):
        expected = shape if components == 1 else full
        raise ValueError(f"data has shape {data.shape}, expected {expected}, or as many in a row")
    return data.reshape(full)


def _direction_matrix(direction, dimension):
    """direction as N x N array, from N x N or N * N numbers in rows; the identity where there are none."""
    matrix = np.asarray([] if direction is None else direction, np.float64)
    if matrix.size == 0:
        return np.eye(dimension)
    if matrix.size != dimension * dimension:
        raise ValueError(f"direction has {matrix.size} values, expected {dimension * dimension}")
    return matrix.reshape(dimension, dimension)


def _keeps_its_memory(array):
    """Whether the memory of an array stays as long as the array.

    Views of itk's images lose theirs when ITK allocates anew. They are over a memoryview without an owner.
    """
    while isinstance(array, np.ndarray):
        array = array.base
    return not (isinstance(array, memoryview) and array.obj is None)


def _image_over(image_class, data):
    """An image that uses the memory of the array, shape and geometry still to be set; None where that is not safe."""
    import itk

    flags = data.flags
    if not (flags.c_contiguous and flags.aligned and flags.writeable and data.dtype.isnative and data.size):
        return None
    if not _keeps_its_memory(data):
        return None
    try:
        buffer_class = itk.PyBuffer[image_class]
    except (KeyError, itk.TemplateTypeError):
        return None
    components = data.shape[-1]
    image = buffer_class._GetImageViewFromArray(data.reshape(-1), data.shape[-2::-1], components)
    keeper = itk.PyCommand.New()
    keeper.SetCommandCallable(data)
    itk.WasmBufferKeeper.Keep(image.GetPixelContainer(), keeper)
    return image


def _image_from_dict(image_dict):
    import itk

    image_type = image_dict["imageType"]
    image_class = pixel_types.image_class(image_type)
    dimension = int(image_type["dimension"])
    start, size, index, buffered = _regions(image_dict, dimension)

    # What can be wrong with the dictionary is found before ITK is told anything.
    data = image_dict.get("data")
    if data is not None:
        data = _pixel_data(data, image_type, tuple(reversed(buffered)))
    origin = image_dict.get("origin")
    spacing = image_dict.get("spacing")
    direction = _direction_matrix(image_dict.get("direction"), dimension)

    image = None if data is None else _image_over(image_class, data)
    uses_data = image is not None
    if image is None:
        image = image_class.New()
        if "VectorImage" in image_class.__name__:
            image.SetNumberOfComponentsPerPixel(int(image_type["components"]))
    region = itk.ImageRegion[dimension]
    image.SetLargestPossibleRegion(region(start, size))
    image.SetBufferedRegion(region(index, buffered))
    image.SetRequestedRegion(region(index, buffered))
    if not uses_data:
        image.Allocate(data is None)
        if data is not None and data.size:
            kind = dict(image_type, componentType=plain(image_type["componentType"]), components=data.shape[-1])
            np.copyto(_pixel_array(image, kind).reshape(data.shape), data)

    if origin is not None and len(origin):
        image.SetOrigin([float(x) for x in origin])
    if spacing is not None and len(spacing):
        image.SetSpacing([float(x) for x in spacing])
    image.SetDirection(direction)
    image.SetObjectName(image_dict.get("name") or "")
    _set_metadata(image, image_dict.get("metadata"))
    return image


# ---- meshes and point sets --------------------------------------------------------------------------------------

# How many points a cell of each type has; None: any number. The codes are itk::CellGeometryEnum's.
_VERTEX, _LINE, _TRIANGLE, _QUADRILATERAL, _POLYGON, _POLYLINE = 0, 1, 2, 3, 4, 10
_CELL_POINTS = {_VERTEX: 1, _LINE: 2, _TRIANGLE: 3, _QUADRILATERAL: 4, _POLYGON: None, 5: 4, 6: 8, 7: 3, 8: 6}
_CELL_POINTS[_POLYLINE] = None
_CELL_NAMES = {
    5: "tetrahedron",
    6: "hexahedron",
    7: "quadratic edge",
    8: "quadratic triangle",
}

# What ITK-Python wraps meshes and point sets with, by componentType.
_MESH_PIXELS = {"uint8": "UC", "int16": "SS", "uint16": "US", "float32": "F", "float64": "D"}


def _array(values, dtype=None):
    """values as flat array; none at all as empty one."""
    return np.asarray([] if values is None else values, dtype).reshape(-1)


def _cell_starts(cells):
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
    cells = _array(cells)
    if cells.size and cells.dtype.kind not in "iu":
        raise TypeError(f"cells has dtype {cells.dtype}, expected integers")
    if cells.dtype.kind == "i" and (cells < 0).any():
        raise ValueError("cells has negative numbers")
    cells = np.array(cells, np.uint64)
    if cells.size and cells.max() > np.iinfo(np.int64).max // 2:
        raise ValueError(f"cells has the number {cells.max()}, which is neither a count nor the index of a point")
    starts = _cell_starts(cells.view(np.int64))
    types, counts = cells[starts], cells[starts + 1]
    cells[starts[(types == _LINE) & (counts > 2)]] = _POLYLINE
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
    points = _array(points)
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


def _template_class(template, name, what, dimension):
    cls = getattr(template, name, None)
    if cls is None:
        raise NotWrapped(f"ITK-Python has no {what} of dimension {dimension}; it wraps dimensions 2, 3 and 4")
    return cls


def _dict_from_mesh(mesh):
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
        pointPixelComponentType=point_kind[0],
        pointPixelType=point_kind[1],
        pointPixelComponents=point_kind[2],
        cellComponentType="uint64",
        cellPixelComponentType=cell_kind[0],
        cellPixelType=cell_kind[1],
        cellPixelComponents=cell_kind[2],
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
        metadata=_metadata_of(mesh),
    )


def _mesh_from_dict(mesh_dict):
    import itk

    mesh_type = mesh_dict["meshType"]
    dimension = int(mesh_type["dimension"])
    points, number_of_points = _checked_points(
        mesh_dict.get("points"), mesh_type, "mesh", mesh_dict.get("numberOfPoints")
    )
    cells, number_of_cells = _checked_cells(mesh_dict.get("cells"), number_of_points)
    _check_count(mesh_dict, "numberOfCells", number_of_cells)
    point_data = _array(mesh_dict.get("pointData"))
    cell_data = _array(mesh_dict.get("cellData"))
    point_kind = _pixel_kind(mesh_type, "pointPixel", point_data, "mesh")
    cell_kind = _pixel_kind(mesh_type, "cellPixel", cell_data, "mesh")
    _check_pixels(point_data, point_kind, "pointData", number_of_points, "points")
    _check_pixels(cell_data, cell_kind, "cellData", number_of_cells, "cells")

    # ITK's meshes have one type of pixel for points and cells.
    kind = _common_kind((point_kind, cell_kind), plain(mesh_type.get("pointPixelComponentType", "float32")))
    name = "AD" if kind[1] == "Array" else _MESH_PIXELS[kind[0]]
    mesh = _template_class(itk.Mesh, f"{name}{dimension}", "mesh", dimension).New()
    if number_of_points:
        mesh.SetPoints(itk.vector_container_from_array(np.ascontiguousarray(points, np.float32)))
    if number_of_cells:
        mesh.SetCellsArray(itk.vector_container_from_array(cells))
    if point_kind is not None:
        mesh.SetPointData(_pixel_container(point_data, kind[:2] + point_kind[2:]))
    if cell_kind is not None:
        mesh.SetCellData(_pixel_container(cell_data, kind[:2] + cell_kind[2:]))
    mesh.SetObjectName(mesh_dict.get("name") or "")
    _set_metadata(mesh, mesh_dict.get("metadata"))
    return mesh


def _dict_from_pointset(pointset):
    component, dimension = _coordinates(pointset)
    kind, point_data = _pixels_of(pointset.GetPointData())
    pointset_type = dict(
        dimension=dimension,
        pointComponentType=component,
        pointPixelComponentType=kind[0],
        pointPixelType=kind[1],
        pointPixelComponents=kind[2],
    )
    return dict(
        pointSetType=pointset_type,
        name=pointset.GetObjectName(),
        numberOfPoints=pointset.GetNumberOfPoints(),
        points=_from_container(pointset.GetPoints(), component),
        numberOfPointPixels=pointset.GetPointData().Size(),
        pointData=point_data,
        metadata=_metadata_of(pointset),
    )


def _pointset_from_dict(pointset_dict):
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
    point_data = _array(pointset_dict.get("pointData"))
    kind = _pixel_kind(pointset_type, "pointPixel", point_data, "pointSet")
    _check_pixels(point_data, kind, "pointData", number_of_points, "points")
    used = _common_kind((kind,), plain(pointset_type.get("pointPixelComponentType", "float32")))
    name = f"{'AD' if used[1] == 'Array' else _MESH_PIXELS[used[0]]}{dimension}"
    if points.dtype == np.float64:
        if kind is not None and not (used[1] == "Scalar" and np.can_cast(used[0], "float64")):
            raise NotWrapped(f"ITK-Python has no pointSet with float64 points and {used[1]} pixels")
        used = ("float64", "Scalar", 1)
        # The one that ITK's registration metrics use.
        name = f"PD{dimension}{dimension}STD{dimension}{dimension}DD"
    pointset = _template_class(itk.PointSet, name, "pointSet", dimension).New()
    if number_of_points:
        pointset.SetPoints(itk.vector_container_from_array(np.ascontiguousarray(points)))
    if kind is not None:
        pointset.SetPointData(_pixel_container(point_data, used))
    pointset.SetObjectName(pointset_dict.get("name") or "")
    _set_metadata(pointset, pointset_dict.get("metadata"))
    return pointset


# ---- polydata ---------------------------------------------------------------------------------------------------


def _records(buffer, key):
    """The lists of points of `number of points, points…`."""
    buffer = _array(buffer).tolist()
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
                    add(_VERTEX, [point], records)
            elif key == "lines":
                add(_LINE if len(points) == 2 else _POLYLINE, points, records)
            elif key == "polygons":
                add({3: _TRIANGLE, 4: _QUADRILATERAL}.get(len(points), _POLYGON), points, records)
            else:
                for i in range(len(points) - 2):
                    # Every other triangle of a strip goes round the other way.
                    a, b, c = points[i : i + 3]
                    add(_TRIANGLE, [b, a, c] if i % 2 else [a, b, c], records)
            records += 1

    cell_data = _array(polydata_dict.get("cellData"))
    if cell_data.size:
        components = max(int(polydata_type.get("cellPixelComponents", 1)), 1)
        if cell_data.size != records * components:
            raise ValueError(f"cellData has {cell_data.size} values, expected {records} records x {components}")
        cell_data = cell_data.reshape(records, components)[owners].reshape(-1)
    points = _array(polydata_dict.get("points"), None)
    mesh_type = dict(polydata_type, dimension=3, pointComponentType="float32", cellComponentType="uint64")
    return _mesh_from_dict(
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
    mesh_dict = _dict_from_mesh(mesh)
    mesh_type = mesh_dict["meshType"]
    if mesh_type["dimension"] != 3:
        raise ValueError(f"the mesh has dimension {mesh_type['dimension']}, but the points of polydata have 3")
    cells = mesh_dict["cells"].astype(np.int64)
    groups = {"vertices": [], "lines": [], "polygons": []}
    order = {key: [] for key in groups}
    group_of = {_VERTEX: "vertices", _LINE: "lines", _POLYLINE: "lines"}
    group_of.update({_TRIANGLE: "polygons", _QUADRILATERAL: "polygons", _POLYGON: "polygons"})
    buffer = cells.tolist()
    for number, start in enumerate(_cell_starts(cells).tolist()):
        code, count = buffer[start], buffer[start + 1]
        if code not in group_of:
            raise ValueError(
                f"cell {number} is a {_CELL_NAMES.get(code, code)}, which polydata can't hold; "
                "it has vertices, lines and polygons"
            )
        groups[group_of[code]].extend(buffer[start + 1 : start + 2 + count])
        order[group_of[code]].append(number)

    cell_data = mesh_dict["cellData"]
    if cell_data.size:
        rows = cell_data.reshape(mesh_dict["numberOfCells"], -1)
        cell_data = rows[order["vertices"] + order["lines"] + order["polygons"]].reshape(-1)
    keys = ("pointPixelComponentType", "pointPixelType", "pointPixelComponents")
    keys += ("cellPixelComponentType", "cellPixelType", "cellPixelComponents")
    result = dict(
        polyDataType={key: mesh_type[key] for key in keys},
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


# ---- polylines --------------------------------------------------------------------------------------------------


def _dict_from_polyline(polyline):
    import itk

    vertices = polyline.GetVertexList()
    if vertices.Size():
        vertex_list = itk.array_from_vector_container(vertices)
    else:
        vertex_list = np.empty((0, itk.template(polyline)[1][0]))
    return dict(name=polyline.GetObjectName(), vertexList=vertex_list, metadata=_metadata_of(polyline))


def _polyline_from_dict(polyline_dict):
    import itk

    vertex_list = np.asarray(polyline_dict["vertexList"], np.float64)
    if vertex_list.ndim != 2:
        raise ValueError(f"vertexList has shape {vertex_list.shape}, expected (number of vertices, dimension)")
    dimension = vertex_list.shape[1]
    polyline = _template_class(itk.PolyLineParametricPath, f"x{dimension}", "polyline", dimension).New()
    for vertex in vertex_list.tolist():
        polyline.AddVertex(vertex)
    polyline.SetObjectName(polyline_dict.get("name") or "")
    _set_metadata(polyline, polyline_dict.get("metadata"))
    return polyline


# ---- transforms -------------------------------------------------------------------------------------------------


def _dict_from_single_transform(transform):
    # As "AffineTransform_double_3_3".
    name, precision, input_dimension, output_dimension = transform.GetTransformTypeAsString().split("_")
    value_type = {"float": "float32", "double": "float64"}[precision]
    parameters = np.array(transform.GetParameters(), value_type).reshape(-1)
    fixed_parameters = np.array(transform.GetFixedParameters(), np.float64).reshape(-1)
    return dict(
        transformType=dict(
            transformParameterization=name.replace("Transform", ""),
            parametersValueType=value_type,
            inputDimension=int(input_dimension),
            outputDimension=int(output_dimension),
        ),
        name=transform.GetObjectName(),
        inputSpaceName=transform.GetInputSpaceName(),
        outputSpaceName=transform.GetOutputSpaceName(),
        parameters=parameters,
        fixedParameters=fixed_parameters,
        numberOfParameters=parameters.size,
        numberOfFixedParameters=fixed_parameters.size,
        metadata=_metadata_of(transform),
    )


def _is_composite(transform):
    return transform.GetTransformTypeAsString().startswith("CompositeTransform_")


def _flattened(transform):
    """The transforms of a composite, and of the composites in it."""
    import itk

    if not _is_composite(transform):
        return [transform]
    transform = itk.down_cast(transform)
    children = [transform.GetNthTransform(i) for i in range(transform.GetNumberOfTransforms())]
    return [leaf for child in children for leaf in _flattened(child)]


def _dict_from_transform(transform):
    if isinstance(transform, (list, tuple)):
        return [_dict_from_single_transform(leaf) for item in transform for leaf in _flattened(item)]
    if _is_composite(transform):
        return [_dict_from_single_transform(leaf) for leaf in _flattened(transform)]
    return _dict_from_single_transform(transform)


def _transform_class(transform_type, value_type):
    """The class of a transformType. Of the B-spline transforms only the cubic one is wrapped."""
    import itk

    name = plain(transform_type["transformParameterization"]) + "Transform"
    dimensions = [int(transform_type["inputDimension"]), int(transform_type["outputDimension"])]
    template = getattr(itk, name, None)
    if template is None:
        extra = ""
        if not hasattr(itk, "DisplacementFieldTransform"):
            extra = "; those with fields are in the package itk-filtering: " + EXTRA
        raise NotWrapped(f"ITK-Python has no transform {name}{extra}")
    c_type = {"float32": itk.F, "float64": itk.D}
    template._LoadModules()
    shapes = ((), tuple(dimensions[:1]), tuple(dimensions), (dimensions[0], 3))
    for shape in shapes:
        for key, cls in template.items():
            if key == (c_type[value_type], *shape) and (shape or _dimensions(cls) == dimensions):
                return cls
    what = f"{name} of {value_type} with dimensions {dimensions[0]} and {dimensions[1]}"
    other = "float64" if value_type == "float32" else "float32"
    if any(key[0] == c_type[other] and key[1:] in shapes for key in template.keys()):
        raise NotWrapped(
            f"ITK-Python has no {what}; the nearest that it wraps is {other}. Cast first, in a dictionary d: "
            f"d['parameters'] = d['parameters'].astype({other!r}); "
            f"d['transformType']['parametersValueType'] = {other!r}",
            other,
        )
    wrapped = ", ".join(sorted({str(key[1:]) for key in template.keys()}))
    raise NotWrapped(f"ITK-Python has no {what}; it wraps {wrapped}")


def _dimensions(cls):
    return [int(n) for n in cls.New().GetTransformTypeAsString().split("_")[2:]]


def _set_parameters(transform, key, values, dtype):
    """Hands parameters or fixed parameters to a transform, unless there are none or it has them already."""
    import itk

    if values is None:
        return
    values = _array(values).astype(np.float64)
    current = getattr(transform, f"Get{key}")()
    # Transforms with a field refuse the fixed parameters of the one that they have before they are given one.
    if current.Size() == values.size and np.array_equal(np.array(current).reshape(-1), values):
        return
    parameters = itk.OptimizerParameters[dtype](values)
    if key == "Parameters" and parameters.Size() != transform.GetNumberOfParameters():
        raise ValueError(
            f"{transform.GetTransformTypeAsString()} has {transform.GetNumberOfParameters()} parameters, "
            f"but the dictionary has {parameters.Size()}"
        )
    getattr(transform, f"Set{key}")(parameters)


def _single_transform_from_dict(d, value_type):
    import itk

    transform = _transform_class(d["transformType"], value_type).New()
    transform.SetObjectName(d.get("name") or "")
    transform.SetInputSpaceName(d.get("inputSpaceName") or "")
    transform.SetOutputSpaceName(d.get("outputSpaceName") or "")
    _set_parameters(transform, "FixedParameters", d.get("fixedParameters"), itk.D)
    _set_parameters(transform, "Parameters", d.get("parameters"), itk.F if value_type == "float32" else itk.D)
    _set_metadata(transform, d.get("metadata"))
    return transform


def _transform_from_dict(transform_dict):
    import itk

    def parameterization(d):
        return plain(d["transformType"]["transformParameterization"])

    def value_type(d):
        return plain(d["transformType"]["parametersValueType"])

    dicts = list(transform_dict) if isinstance(transform_dict, (list, tuple)) else [transform_dict]
    if not dicts:
        raise ValueError("an empty list doesn't tell the type of transform to make")
    composites = [d for d in dicts if parameterization(d) == "Composite"]
    leaves = [d for d in dicts if parameterization(d) != "Composite"]
    if not composites and len(leaves) == 1:
        return _single_transform_from_dict(leaves[0], value_type(leaves[0]))

    # The transforms of a composite have one type. Of float32 and float64 ones it is float64, which loses nothing.
    common = "float32" if all(value_type(d) == "float32" for d in leaves or composites) else "float64"
    first = (composites or leaves)[0]
    dimension = int(first["transformType"]["inputDimension"])
    composite = itk.CompositeTransform[itk.F if common == "float32" else itk.D, dimension].New()
    for d in leaves:
        composite.AddTransform(_single_transform_from_dict(d, common))
    if composites:
        composite.SetObjectName(first.get("name") or "")
        _set_metadata(composite, first.get("metadata"))
    return composite


# ---- which functions take the place of itk's --------------------------------------------------------------------
# Each probe tells, by trying, whether a pair of functions keeps the promises at the top; it may raise, too. The first
# thing that fails ends it, so where itk has the gap a probe costs microseconds.


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


def _images_are_right(dict_from_image, image_from_dict):
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


def _meshes_are_right(dict_from_mesh, mesh_from_dict):
    cell = dict(cellPixelComponentType="uint8", cellPixelType="Scalar", cellPixelComponents=1)
    d = dict_from_mesh(mesh_from_dict(_empty_type("meshType", cellComponentType="uint64", **cell)))
    return d["metadata"] == {"k": 1} and d["meshType"]["pointPixelComponentType"] == "uint8"


def _pointsets_are_right(dict_from_pointset, pointset_from_dict):
    d = dict_from_pointset(pointset_from_dict(_empty_type("pointSetType")))
    return d["metadata"] == {"k": 1} and d["pointSetType"]["pointPixelComponentType"] == "uint8"


def _polylines_are_right(dict_from_polyline, polyline_from_dict):
    d = dict_from_polyline(polyline_from_dict(dict(name="", vertexList=np.empty((0, 2)))))
    return d["vertexList"].shape == (0, 2)


def _transforms_are_right(dict_from_transform, transform_from_dict):
    kind = dict(parametersValueType="float32", inputDimension=2, outputDimension=2)
    d = dict(name="", inputSpaceName="", outputSpaceName="", metadata={"k": 1})
    d.update(transformType=dict(kind, transformParameterization="Identity"), parameters=None, fixedParameters=None)
    back = dict_from_transform(transform_from_dict(d))
    return back["metadata"] == {"k": 1} and len(dict_from_transform(transform_from_dict([d, d]))) == 2


def _pair(probe, ours, originals):
    """Functions that call ours or the originals, whichever the probe decides for at the first call."""
    choice = []

    def choose(index):
        if not choice:
            try:
                itk_is_right = None not in originals and probe(*originals)
            except Exception:
                itk_is_right = False
            choice.append(originals if itk_is_right else ours)
        return choice[0][index]

    return (
        lambda *args, **kwargs: choose(0)(*args, **kwargs),
        lambda *args, **kwargs: choose(1)(*args, **kwargs),
    )


_PAIRS = {
    ("dict_from_image", "image_from_dict"): (_images_are_right, _dict_from_image, _image_from_dict),
    ("dict_from_mesh", "mesh_from_dict"): (_meshes_are_right, _dict_from_mesh, _mesh_from_dict),
    ("dict_from_pointset", "pointset_from_dict"): (_pointsets_are_right, _dict_from_pointset, _pointset_from_dict),
    ("dict_from_polyline", "polyline_from_dict"): (_polylines_are_right, _dict_from_polyline, _polyline_from_dict),
    ("dict_from_transform", "transform_from_dict"): (_transforms_are_right, _dict_from_transform, _transform_from_dict),
}


def install():
    """Puts the functions into the module itk. Nothing is probed and nothing is loaded before their first call."""
    for names, (probe, *ours) in _PAIRS.items():
        originals = [getattr(extras, name, None) for name in names]
        for name, function in zip(names, _pair(probe, ours, originals)):
            replace(name, lambda original, function=function: function)
    for function in (polydata_from_dict, dict_from_polydata):
        if not hasattr(extras, function.__name__):
            setattr(sys.modules["itk"], function.__name__, function)
