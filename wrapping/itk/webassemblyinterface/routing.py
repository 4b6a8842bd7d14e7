# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""``itk.imread`` and its siblings know the names ``.iwi``, ``.iwm`` and ``.iwt``.

itk sends every directory that it shall read an image from to its DICOM reader, and ``x.iwi`` is a directory. And it
asks every format that it has whether it can read a file: that takes longer than to read a small one, and some of
them print what they think of a directory. So the functions here give names of ours straight to our IO class. All
other names, lists of names and file formats go to itk's own function, untouched.
"""

import os

from . import pixel_types, readers
from .replacing import EXTRA, replace

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


def _read_image(name, pixel_type, io):
    import itk

    io.SetFileName(name)
    io.ReadImageInformation()
    if pixel_type is None:
        reader_class = readers.image_reader(io, name)
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


def _read_mesh(name, pixel_type):
    import itk

    io = itk.WasmMeshIO.New()
    io.SetFileName(name)
    io.ReadMeshInformation()
    if pixel_type is None:
        reader_class = readers.mesh_reader(io, name)
    else:
        reader_class = itk.MeshFileReader[itk.Mesh[pixel_type, io.GetPointDimension()]]
    reader = reader_class.New(FileName=name, MeshIO=io)
    reader.Update()
    return reader.GetOutput()


def _make_meshread(original):
    def meshread(filename, pixel_type=None, fallback_only=False):
        name = _ours(filename, MESH)
        if name is None:
            return original(filename, pixel_type, fallback_only)
        import itk

        if fallback_only:
            if pixel_type is None:
                raise Exception("pixel_type must be set when using the fallback_only option")
            try:
                return _read_mesh(name, None)
            except (KeyError, itk.TemplateTypeError, pixel_types.NotWrapped):
                pass
        return _read_mesh(name, pixel_type)

    return meshread


def _mesh_of(pointset):
    """A mesh of the points and pixels of a point set. Files have no point sets, and itk.MeshFileWriter takes none."""
    import itk

    d = itk.dict_from_pointset(pointset)
    kind = d.pop("pointSetType")
    cell_kind = {key.replace("pointPixel", "cellPixel"): kind[key] for key in kind if "Pixel" in key}
    return itk.mesh_from_dict(dict(d, meshType=dict(kind, cellComponentType="uint64", **cell_kind)))


def _make_meshwrite(original):
    def meshwrite(mesh, filename, compression=False):
        name = _ours(filename, MESH)
        if name is None:
            return original(mesh, filename, compression)
        import itk

        if itk.template(mesh)[0].__name__ == "itk::PointSet":
            mesh = _mesh_of(mesh)
        return original(mesh, name, compression)

    return meshwrite


# ---- transforms -------------------------------------------------------------------------------------------------


def _with_extra_named(function):
    """Calls the function; where ITK's transforms are not installed, an error that says how to install them."""
    try:
        return function()
    except KeyError as error:
        # itk.support.base looks for a module that no installed wheel of itk has.
        if not (len(error.args) == 1 and str(error.args[0]).startswith("ITK")):
            raise
        raise ImportError(
            f"reading and writing transforms needs {error.args[0]} of ITK, from the package itk-filtering: {EXTRA}"
        ) from error


def _ours_transform(filename):
    """As _ours(). Refuses ITK 5.4.0, whose itk::TransformIOBase has its members elsewhere: using ours there crashes."""
    import itk

    name = _ours(filename, TRANSFORM)
    if name is not None and itk.__version__ == "5.4.0":
        raise ImportError(f"{name}: transforms in our formats need ITK 5.4.2 or newer, but this is 5.4.0: {EXTRA}")
    return name


def _make_transformread(original):
    def transformread(filename):
        name = _ours_transform(filename)
        return _with_extra_named(lambda: original(filename if name is None else name))

    return transformread


def _write_float32(transforms, name, compression):
    """As itk.transformwrite(), which has a writer for transforms of float64 only."""
    import itk

    writer = itk.TransformFileWriterTemplate[itk.F].New()
    writer.SetFileName(name)
    writer.SetUseCompression(compression)
    for transform in transforms:
        writer.AddTransform(transform)
    writer.Update()


def _make_transformwrite(original):
    def transformwrite(transforms, filename, compression=False):
        name = _ours_transform(filename)
        if name is None:
            return _with_extra_named(lambda: original(transforms, filename, compression))
        listed = transforms if isinstance(transforms, list) else [transforms]
        if listed and all("_float_" in transform.GetTransformTypeAsString() for transform in listed):
            return _with_extra_named(lambda: _write_float32(listed, name, compression))
        return _with_extra_named(lambda: original(transforms, name, compression))

    return transformwrite


def install():
    """Puts the functions into the module itk."""
    replace("imread", _make_imread)
    replace("imwrite", _make_imwrite)
    replace("meshread", _make_meshread)
    replace("meshwrite", _make_meshwrite)
    replace("transformread", _make_transformread)
    replace("transformwrite", _make_transformwrite)
