# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""Volumes that one machine is too small for, as dask arrays: chunks are read and written where they are computed.

    volume = open_array("scan.iwi.cbor", chunks=(64, 512, 512))
    smooth = volume.map_overlap(gaussian_filter, depth=2, sigma=1.0)
    write_array(smooth, "smooth.iwi", like="scan.iwi.cbor")

The workers have to see the same files: one machine, or a file system that they share. Pixels have one component.
"""

import os

import dask.array
import itk
import numpy as np


def open_array(path, chunks="auto"):
    """The pixels of a ``.iwi`` directory or a ``.iwi.cbor`` file as a dask array; a chunk is a read of its region."""
    path = os.fspath(path)
    reader, dtype = _reader(path)
    shape = tuple(int(length) for length in reversed(list(itk.size(reader))))
    chunks = dask.array.core.normalize_chunks(chunks, shape, dtype=dtype)
    return dask.array.map_blocks(_read_chunk, path=path, chunks=chunks, dtype=dtype, meta=_nothing(shape, dtype))


def write_array(array, path, like):
    """Writes a dask array as an image with the geometry of the image ``like``: each worker writes its own chunks.

    The image is complete when this function returns, not before: it is made of zeros first, and the chunks are pasted
    into it. That is why a file that exists already is left alone.
    """
    path = os.fspath(path)
    if os.path.exists(path):
        raise FileExistsError(path)
    geometry = _geometry(os.fspath(like))
    first = [0] * array.ndim
    _paste(np.zeros([1] * array.ndim, array.dtype), first, array.shape, path, geometry)
    done = dask.array.map_blocks(
        _write_chunk,
        array,
        shape=array.shape,
        path=path,
        geometry=geometry,
        chunks=[(1,) * len(lengths) for lengths in array.chunks],
        dtype=bool,
        meta=_nothing(array.shape, bool),
    )
    done.all().compute()


def _nothing(shape, dtype):
    return np.empty([0] * len(shape), dtype)


def _reader(path):
    """A reader that knows the image's size and geometry and has read nothing else, and numpy's type of the pixels."""
    io = itk.WasmImageIO.New(FileName=path)
    io.ReadImageInformation()
    short_name, dtype = _TYPES[io.GetComponentTypeAsString(io.GetComponentType())]
    image_type = itk.Image[getattr(itk, short_name), io.GetNumberOfDimensions()]
    reader = itk.ImageFileReader[image_type].New(FileName=path, ImageIO=io)
    reader.UpdateOutputInformation()
    return reader, np.dtype(dtype)


# ITK's name of a component -> its name in ITK-Python, and numpy's.
_TYPES = {
    "unsigned_char": ("UC", "uint8"),
    "char": ("SC", "int8"),
    "unsigned_short": ("US", "uint16"),
    "short": ("SS", "int16"),
    "unsigned_int": ("UI", "uint32"),
    "int": ("SI", "int32"),
    "unsigned_long_long": ("ULL", "uint64"),
    "float": ("F", "float32"),
    "double": ("D", "float64"),
}


def _region(dimension, index, size):
    """An ITK region, x first, from numpy's order of axes."""
    region = itk.ImageRegion[dimension]()
    region.SetIndex([int(start) for start in reversed(index)])
    region.SetSize([int(length) for length in reversed(size)])
    return region


def _read_chunk(path, block_info=None):
    location = block_info[None]["array-location"]
    reader, _ = _reader(path)
    region = _region(len(location), [start for start, _ in location], [stop - start for start, stop in location])
    reader.GetOutput().SetRequestedRegion(region)
    reader.Update()
    return itk.array_from_image(reader.GetOutput(), update=False)


def _geometry(path):
    reader, _ = _reader(path)
    image = reader.GetOutput()
    direction = itk.array_from_matrix(image.GetDirection())
    return [float(s) for s in image.GetSpacing()], [float(o) for o in image.GetOrigin()], direction


def _write_chunk(pixels, shape, path, geometry, block_info=None):
    index = [start for start, _ in block_info[0]["array-location"]]
    _paste(pixels, index, shape, path, geometry)
    return np.ones([1] * len(shape), bool)


def _paste(pixels, index, shape, path, geometry):
    """Writes the pixels at their place in the image; makes it, of zeros, where there is none."""
    dimension = len(shape)
    spacing, origin, direction = geometry
    pixels = np.ascontiguousarray(pixels)
    view = itk.image_view_from_array(pixels)
    place = _region(dimension, index, pixels.shape)

    # A part of the whole image, and the only one that there is in memory.
    part = type(view).New(Spacing=spacing, Origin=origin)
    part.SetDirection(itk.matrix_from_array(direction))
    part.SetLargestPossibleRegion(_region(dimension, [0] * dimension, shape))
    part.SetBufferedRegion(place)
    part.SetRequestedRegion(place)
    part.SetPixelContainer(view.GetPixelContainer())
    written = itk.ImageIORegion(dimension)
    for axis in range(dimension):
        written.SetIndex(axis, place.GetIndex()[axis])
        written.SetSize(axis, place.GetSize()[axis])
    writer = itk.ImageFileWriter[type(part)].New(Input=part, FileName=path, ImageIO=itk.WasmImageIO.New())
    writer.SetIORegion(written)
    writer.Update()
