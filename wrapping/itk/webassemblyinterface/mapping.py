# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""Images without reading them."""

import os

from . import readers
from .dictionaries import images


def open_image(filename):
    """Returns the image in a file of ours without reading its pixels: they are read as they are touched.

    The pixels of a ``.iwi`` directory or a ``.iwi.cbor`` file are mapped into memory, whatever their size, within a
    millisecond. What is changed in the image never reaches the file. The mapping lives as long as the image, or as long
    as another image that shares its pixels, such as the output of a filter that works in place; a numpy view of
    them (``itk.array_view_from_image``) keeps the image.

    Where pixels cannot be mapped, they are read as by ``itk.imread``: compressed files, big-endian data, CBOR files of
    other programs in which they are not aligned, images that ITK-Python has no numpy view for.

    Writing to the same name through ``itk.imwrite`` while the image is in use is fine: it makes a new file, and the
    image goes on to see the old one. But when some program *truncates the file in place* (``open(name, "w")``,
    ``truncate``, a file system over the network that loses it), touching pixels that are no longer there kills the
    process with SIGBUS; changes in place, such as pasting regions, may show in pixels that were not touched before.
    Read the image if others may do that.

        image = itk.webassemblyinterface.open_image("scan.iwi.cbor")
    """
    import itk

    name = os.fspath(filename)
    io = itk.WasmImageIO.New(FileName=name)
    io.ReadImageInformation()
    reader = readers.image_reader(io, name).New(FileName=name, ImageIO=io)
    reader.UpdateOutputInformation()
    information = reader.GetOutput()
    address = io.MapPixels()
    image = None if address is None else _image_over_pixels(type(information), io, int(address))
    if image is None:
        reader.Update()
        return information
    image.CopyInformation(information)
    image.SetRegions(information.GetLargestPossibleRegion())
    image.SetMetaDataDictionary(information.GetMetaDataDictionary())
    return image


def _image_over_pixels(image_class, io, address):
    """An image that uses the io's pixels at an address and keeps the io, whose mapping they are; None where numpy has
    no view of such pixels."""
    import ctypes

    import numpy as np

    shape = [io.GetDimensions(axis) for axis in reversed(range(io.GetNumberOfDimensions()))]
    dtype = np.dtype(readers.component_type(io, io.GetComponentType()))
    memory = (ctypes.c_byte * (io.GetImageSizeInComponents() * dtype.itemsize)).from_address(address)
    memory.owner = io
    return images.image_over(image_class, np.frombuffer(memory, dtype).reshape(*shape, io.GetNumberOfComponents()))
