# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""The class of ITK reader that fits what is in a file, whose information an IO of ours has read."""

import numpy as np

from . import pixel_types

_PIXEL_TYPES = (
    "Scalar RGB RGBA Offset Vector Point CovariantVector SymmetricSecondRankTensor DiffusionTensor3D Complex "
    "FixedArray Array Matrix VariableLengthVector VariableSizeMatrix"
).split()

# As itk.ImageIOBase and itk.MeshIOBase call them -> as ITK-Wasm does.
_COMPONENT_TYPES = {
    "unsigned_char": "uint8",
    "char": "int8",
    "unsigned_short": "uint16",
    "short": "int16",
    "unsigned_int": "uint32",
    "int": "int32",
    "float": "float32",
    "double": "float64",
    "unsigned_long_long": "uint64",
    "long_long": "int64",
}


def _pixel_type(io):
    """The pixelType of the image in a file. itk.ImageIOBase has strings for some of its pixel types only."""
    import itk

    for name in _PIXEL_TYPES:
        if getattr(itk.CommonEnums, f"IOPixel_{name.upper()}") == io.GetPixelType():
            return name
    return "Unknown"


def component_type(io, component):
    """The componentType of a component type of an IO. How many bits C's long has is not the same everywhere."""
    import itk

    name = io.GetComponentTypeAsString(component)
    if name in ("long", "unsigned_long"):
        name = name.replace("long", "long_long" if np.dtype(itk.SL.dtype).itemsize == 8 else "int")
    return _COMPONENT_TYPES[name]


def image_reader(io, name):
    """The class of reader for the image in a file whose information the io has read."""
    import itk

    dimension = io.GetNumberOfDimensions()
    component = component_type(io, io.GetComponentType())
    pixel_type = _pixel_type(io)
    components = io.GetNumberOfComponents()

    def find(component, pixel_type):
        # Not each of the images that are wrapped has a reader.
        for image_class in pixel_types.image_classes(dimension, component, pixel_type, components):
            try:
                return itk.ImageFileReader[image_class]
            except (KeyError, itk.TemplateTypeError):
                pass
        return None

    reader = find(component, pixel_type)
    if reader is not None:
        return reader
    wanted = pixel_types.wanted(component, pixel_type, components)
    message = f"{name}: ITK-Python has no reader for {dimension}-dimensional images of {wanted}"
    near = pixel_types.nearest_type(component, pixel_type, components, lambda *t: find(*t) is not None)
    if near is None:
        raise pixel_types.NotWrapped(message)
    raise pixel_types.NotWrapped(
        f"{message}. Cast while reading, with pixel_type={pixel_types.expression(*near, components)}", near[0]
    )


def mesh_reader(io, name):
    """The class of reader for the mesh in a file whose information the io has read."""
    import itk

    kinds = []
    if io.GetNumberOfPointPixels():
        kinds.append((io.GetPointPixelComponentType(), io.GetNumberOfPointPixelComponents(), "points"))
    if io.GetNumberOfCellPixels():
        kinds.append((io.GetCellPixelComponentType(), io.GetNumberOfCellPixelComponents(), "cells"))
    for _, components, what in kinds:
        if components > 1:
            raise pixel_types.NotWrapped(
                f"{name}: ITK-Python has no reader for meshes with pixels of {components} components, "
                f"as the {what} of this one have"
            )
    dimension = io.GetPointDimension()

    def find(component):
        for c_type in pixel_types.c_types(component):
            try:
                return itk.MeshFileReader[itk.Mesh[c_type, dimension]]
            except (KeyError, itk.TemplateTypeError):
                pass
        return None

    # ITK's meshes have one type of pixel, which has to hold those of the points and of the cells.
    needed = {component_type(io, component) for component, _, _ in kinds} or {"float32"}
    holding = [c for c in pixel_types.COMPONENT_TYPES if all(pixel_types.can_hold(c, other) for other in needed)]
    near = next((c for c in holding if find(c) is not None), None)
    if near in needed or (near is not None and len(needed) > 1):
        return find(near)
    message = f"{name}: ITK-Python has no reader for {dimension}-dimensional meshes of {' and '.join(needed)} pixels"
    if near is not None:
        message += f". Cast while reading, with pixel_type={pixel_types.expression(near, 'Scalar', 1)}"
    raise pixel_types.NotWrapped(message, near)
