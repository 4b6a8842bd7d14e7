# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""Images to dictionaries and back."""

import numpy as np

from .. import pixel_types
from ..pixel_types import plain
from .metadata import metadata_of, set_metadata


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


def dict_from_image(image):
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
        metadata=metadata_of(image),
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


def image_over(image_class, data):
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


def image_from_dict(image_dict):
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

    image = None if data is None else image_over(image_class, data)
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
    set_metadata(image, image_dict.get("metadata"))
    return image
