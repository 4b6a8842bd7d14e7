# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""``itk.imread`` and its siblings know the names ``.iwi``, ``.iwm`` and ``.iwt``.

itk sends every directory that it shall read an image from to its DICOM reader, and ``x.iwi`` is a directory. And it
asks every format that it has whether it can read a file: that takes longer than to read a small one, and some of
them print what they think of a directory. So the functions here give names of ours straight to our IO class. All
other names, lists of names and file formats go to itk's own function, untouched.
"""

import os

from . import pixel_types
from .replacing import replace

IMAGE = (".iwi", ".iwi.cbor", ".iwi.cbor.zst")
MESH = (".iwm", ".iwm.cbor", ".iwm.cbor.zst")
TRANSFORM = (".iwt", ".iwt.cbor", ".iwt.cbor.zst")

_SEPARATORS = os.sep + (os.altsep or "")


def _ours(filename, suffixes):
    """The name as string, without a separator at its end, if it has one of the suffixes; None otherwise."""
    if not isinstance(filename, (str, os.PathLike)):
        return None
    name = os.fspath(filename)
    if not isinstance(name, str):
        return None
    name = name.rstrip(_SEPARATORS)
    return name if name.lower().endswith(suffixes) else None


# ---- images -----------------------------------------------------------------------------------------------------

# As itk.ImageIOBase calls them -> as ITK-Wasm does.
_PIXEL_TYPES = {
    "scalar": "Scalar",
    "rgb": "RGB",
    "rgba": "RGBA",
    "offset": "Offset",
    "vector": "Vector",
    "point": "Point",
    "covariant_vector": "CovariantVector",
    "symmetric_second_rank_tensor": "SymmetricSecondRankTensor",
    "diffusion_tensor_3D": "DiffusionTensor3D",
    "complex": "Complex",
    "fixed_array": "FixedArray",
    "array": "Array",
    "matrix": "Matrix",
    "variable_length_vector": "VariableLengthVector",
    "variable_size_matrix": "VariableSizeMatrix",
}

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


def _component_type(io, component):
    name = io.GetComponentTypeAsString(component)
    if name in ("long", "unsigned_long"):
        name = name.replace("long", "long_long" if io.GetComponentSize() == 8 else "int")
    return _COMPONENT_TYPES[name]


def _reader_class(image_class):
    """itk.ImageFileReader for the class of images, or None: not every image that is wrapped has a reader."""
    import itk

    try:
        return itk.ImageFileReader[image_class]
    except (KeyError, itk.TemplateTypeError):
        return None


def _reader_for(io, name):
    """The reader for the images in a file whose information the io has read."""
    dimension = io.GetNumberOfDimensions()
    component = _component_type(io, io.GetComponentType())
    pixel_type = _PIXEL_TYPES[io.GetPixelTypeAsString(io.GetPixelType())]
    components = io.GetNumberOfComponents()

    def find(component, pixel_type=pixel_type):
        import itk

        # Of the two 64-bit types, ITK-Python has images of both but readers for one.
        for c_type in pixel_types.c_types(component):
            if pixel_type == "Scalar":
                candidates = [(itk.Image, c_type)]
            else:
                break
            for template, pixel in candidates:
                try:
                    return itk.ImageFileReader[template[pixel, dimension]]
                except (KeyError, itk.TemplateTypeError):
                    pass
        image_class = pixel_types.find_image_class(dimension, component, pixel_type, components)
        return None if image_class is None else _reader_class(image_class)

    reader = find(component)
    if reader is not None:
        return reader
    wanted = f"{component} {pixel_type} pixels" + (f" of {components} components" if components > 1 else "")
    message = f"{name}: ITK-Python has no reader for {dimension}-dimensional images of {wanted}"
    for as_pixel_type in dict.fromkeys((pixel_type, "VariableLengthVector" if components > 1 else pixel_type)):
        cast = component
        if find(cast, as_pixel_type) is None:
            cast = pixel_types.nearest(component, lambda c: find(c, as_pixel_type) is not None)
        if cast is not None:
            c_type = pixel_types.c_types(cast)[0].short_name
            pixel = f"itk.{c_type}"
            if as_pixel_type == "VariableLengthVector":
                pixel = f"itk.VariableLengthVector[{pixel}]"
            elif as_pixel_type != "Scalar":
                pixel = f"itk.{pixel_types.template_name(as_pixel_type)}[{pixel}, …]"
            raise pixel_types.NotWrapped(f"{message}. Cast while reading, with pixel_type={pixel}", cast)
    raise pixel_types.NotWrapped(message)


def _read_image(name, pixel_type, io):
    import itk

    io.SetFileName(name)
    io.ReadImageInformation()
    if pixel_type is None:
        reader_class = _reader_for(io, name)
    else:
        dimension = io.GetNumberOfDimensions()
        is_vector = not isinstance(pixel_type, itk.support.types.itkCType) and (
            itk.template(pixel_type)[0] is itk.VariableLengthVector
        )
        if is_vector:
            image_class = itk.VectorImage[itk.template(pixel_type)[1][0], dimension]
        else:
            image_class = itk.Image[pixel_type, dimension]
        reader_class = itk.ImageFileReader[image_class]
    reader = reader_class.New(FileName=name, ImageIO=io)
    reader.Update()
    return reader.GetOutput()


def _make_imread(original):
    def imread(filename, pixel_type=None, fallback_only=False, imageio=None, series_uid=None):
        name = _ours(filename, IMAGE)
        if name is None:
            return original(filename, pixel_type, fallback_only, imageio, series_uid)
        import itk

        io = imageio or itk.WasmImageIO.New()
        if fallback_only:
            if pixel_type is None:
                raise Exception("pixel_type must be set when using the fallback_only option")
            try:
                return _read_image(name, None, io)
            except (KeyError, itk.TemplateTypeError, pixel_types.NotWrapped):
                pass
        return _read_image(name, pixel_type, io)

    return imread


def _make_imwrite(original):
    def imwrite(image_or_filter, filename, compression=False, imageio=None):
        name = _ours(filename, IMAGE)
        if name is not None:
            filename = name
            if imageio is None:
                import itk

                imageio = itk.WasmImageIO.New()
        return original(image_or_filter, filename, compression, imageio)

    return imwrite


# ---- meshes -----------------------------------------------------------------------------------------------------


def _mesh_reader_for(io, name):
    """The reader for the mesh in a file whose information the io has read."""
    import itk

    dimension = io.GetPointDimension()
    kinds = []
    if io.GetNumberOfPointPixels():
        kinds.append((io.GetPointPixelComponentType(), io.GetPointPixelType(), io.GetNumberOfPointPixelComponents()))
    if io.GetNumberOfCellPixels():
        kinds.append((io.GetCellPixelComponentType(), io.GetCellPixelType(), io.GetNumberOfCellPixelComponents()))
    if not kinds:
        pixel = itk.F
    else:
        component, pixel_type, components = kinds[0]
        pixel = None
        if components <= 1:
            candidates = pixel_types.c_types(_component_type(io, component))
            pixel = candidates[0]
    return itk.MeshFileReader[itk.Mesh[pixel, dimension]]
