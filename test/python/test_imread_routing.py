# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""itk.imread() and its siblings send the names .iwi, .iwm and .iwt to our IO, and nothing else."""

import multiprocessing
from pathlib import Path

import itk
import numpy as np
import pytest
from conftest import DIRECTIONS, needs_transform_io

FORMS = ["image.iwi", "image.iwi.cbor", "image.iwi.cbor.zst", "IMAGE.IWI", "Image.Iwi.Cbor"]


@pytest.fixture
def image():
    result = itk.image_from_array(np.arange(24, dtype=np.int16).reshape(2, 3, 4) * 1000 - 12000)
    result.SetOrigin([1.5, -2.0, 3.0])
    result.SetSpacing([0.5, 0.25, 2.0])
    result.SetDirection(DIRECTIONS[3])
    result.GetMetaDataDictionary()["key"] = "value"
    return result


def check(back, image, pixel=itk.SS):
    assert type(back) is itk.Image[pixel, 3]
    np.testing.assert_array_equal(itk.array_from_image(back), itk.array_from_image(image))
    assert tuple(back.GetOrigin()) == (1.5, -2.0, 3.0) and tuple(back.GetSpacing()) == (0.5, 0.25, 2.0)
    np.testing.assert_array_equal(itk.array_from_matrix(back.GetDirection()), DIRECTIONS[3])
    assert back["key"] == "value"


# ---- our names ----


@pytest.mark.parametrize("form", FORMS)
def test_str_and_path(image, tmp_path, form):
    itk.imwrite(image, tmp_path / form)
    check(itk.imread(tmp_path / form), image)
    check(itk.imread(str(tmp_path / form)), image)
    assert (tmp_path / form).is_dir() == (not form.lower().endswith(("cbor", "zst")))


def test_trailing_slash(image, tmp_path):
    itk.imwrite(image, f"{tmp_path}/image.iwi/")
    assert (tmp_path / "image.iwi" / "index.json").is_file()
    check(itk.imread(f"{tmp_path}/image.iwi/"), image)


def test_relative_name(image, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    itk.imwrite(image, "image.iwi")
    check(itk.imread("image.iwi"), image)
    check(itk.imread("image.iwi/"), image)
    check(itk.imread(Path("image.iwi")), image)


@pytest.mark.parametrize("form", FORMS)
def test_pixel_type(image, tmp_path, form):
    itk.imwrite(image, tmp_path / form)
    check(itk.imread(tmp_path / form, itk.F), image, itk.F)
    check(itk.imread(tmp_path / form, pixel_type=itk.D), image, itk.D)
    vector = itk.imread(tmp_path / form, pixel_type=itk.VariableLengthVector[itk.F])
    assert type(vector) is itk.VectorImage[itk.F, 3]


@pytest.mark.parametrize("form", FORMS)
def test_imageio(image, tmp_path, form):
    itk.imwrite(image, tmp_path / form, imageio=itk.WasmImageIO.New())
    check(itk.imread(tmp_path / form, imageio=itk.WasmImageIO.New()), image)
    check(itk.imread(tmp_path / form, itk.F, imageio=itk.WasmImageIO.New()), image, itk.F)


def test_fallback_only(image, tmp_path):
    itk.imwrite(image, tmp_path / "image.iwi")
    check(itk.imread(tmp_path / "image.iwi", itk.F, fallback_only=True), image)
    with pytest.raises(Exception, match="pixel_type must be set when using the fallback_only option"):
        itk.imread(tmp_path / "image.iwi", fallback_only=True)


def test_series_uid_means_nothing_for_our_directories(image, tmp_path):
    itk.imwrite(image, tmp_path / "image.iwi")
    check(itk.imread(tmp_path / "image.iwi", series_uid=0), image)


def test_compression_option(image, tmp_path):
    itk.imwrite(image, tmp_path / "image.iwi.cbor", compression=True)
    itk.imwrite(image, tmp_path / "image.mha", True)
    check(itk.imread(tmp_path / "image.iwi.cbor"), image)
    check(itk.imread(tmp_path / "image.mha"), image)


def test_reader_and_writer_find_us_by_factory(image, tmp_path):
    """Without itk.imread: the name and the type of the image from the file."""
    name = str(tmp_path / "image.iwi")
    writer = itk.ImageFileWriter.New(image, FileName=name)
    writer.Update()
    reader = itk.ImageFileReader.New(FileName=name)
    reader.Update()
    check(reader.GetOutput(), image)
    assert "WasmImageIO" in reader.GetImageIO().GetNameOfClass()
    check(itk.image_file_reader(FileName=name), image)


def test_filter_as_source(image, tmp_path):
    flip = itk.FlipImageFilter.New(image, FlipAxes=[True, False, False])
    itk.imwrite(flip, tmp_path / "image.iwi")
    np.testing.assert_array_equal(itk.imread(tmp_path / "image.iwi")[...], itk.array_from_image(image)[..., ::-1])


def test_all_wrapped_readers_and_writers(tmp_path):
    """Every class of images that ITK-Python can read and write comes back as what it was."""
    readers = {key[0] for key in itk.ImageFileReader.keys()}
    dir(itk.ImageFileReader)
    tried = 0
    for image_class in {key[0] for key in itk.ImageFileReader.keys()} | readers:
        template, (pixel, *dimension) = itk.template(image_class)
        if template not in (itk.Image, itk.VectorImage):
            continue
        source = image_class.New()
        if template is itk.VectorImage:
            source.SetNumberOfComponentsPerPixel(3)
        source.SetRegions([3, 2, 2, 2][: dimension[0]])
        source.Allocate(True)
        d = itk.dict_from_image(source)
        d["data"] = np.arange(d["data"].size, dtype=d["data"].dtype).reshape(d["data"].shape)
        if image_class.__name__.startswith("itkImageULL"):
            source = itk.image_from_array(d["data"], ttype=image_class)
        else:
            source = itk.image_from_dict(d)
        name = tmp_path / f"{image_class.__name__}.iwi"
        itk.imwrite(source, name)
        back = itk.imread(name)
        assert type(back) is image_class
        np.testing.assert_array_equal(itk.dict_from_image(back)["data"], d["data"])
        tried += 1
    assert tried >= 60


def test_nothing_is_printed(image, tmp_path, run_python):
    """ITK's HDF5ImageIO prints what it thinks of a directory that it is asked about."""
    itk.imwrite(image, tmp_path / "image.iwi")
    name = str(tmp_path / "image.iwi")
    code = f"import itk; itk.imread({name!r}); itk.imread({name!r}, itk.F); itk.imwrite(itk.imread({name!r}), {name!r})"
    assert run_python(code) == ""


def test_pool(image, tmp_path):
    """Functions and images travel by pickle."""
    names = [str(tmp_path / f"{i}.iwi") for i in range(3)]
    for name in names:
        itk.imwrite(image, name)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        for back in pool.map(itk.imread, names):
            check(back, image)


# ---- errors ----


def test_missing_file(tmp_path):
    for name in ("none.iwi", "none.iwi.cbor"):
        with pytest.raises(RuntimeError, match=name):
            itk.imread(tmp_path / name)


def test_directory_without_index(tmp_path):
    (tmp_path / "empty.iwi").mkdir()
    with pytest.raises(RuntimeError, match="index.json"):
        itk.imread(tmp_path / "empty.iwi")


@pytest.mark.parametrize(
    ("component", "pixel_type", "components", "advice"),
    [
        ("int8", "Scalar", 1, "itk.SS"),
        ("int64", "Scalar", 1, "itk.D"),
        ("uint16", "RGB", 3, "itk.VariableLengthVector[itk.US]"),
        ("float64", "Vector", 3, "itk.VariableLengthVector[itk.D]"),
        ("uint8", "Vector", 3, "itk.Vector[itk.F, 3]"),
        ("float64", "SymmetricSecondRankTensor", 3, "itk.VariableLengthVector[itk.D]"),
    ],
)
def test_files_that_itk_python_has_no_image_for(tmp_path, component, pixel_type, components, advice):
    import json

    directory = tmp_path / "image.iwi"
    (directory / "data").mkdir(parents=True)
    pixels = np.arange(2 * components, dtype=component) - (1 if component.startswith("int") else 0)
    kind = dict(dimension=2, componentType=component, pixelType=pixel_type, components=components)
    index = dict(imageType=kind, size=[2, 1], data="data:application/vnd.itk.path,data/data.raw")
    (directory / "index.json").write_text(json.dumps(index))
    (directory / "data" / "data.raw").write_bytes(pixels.tobytes())
    with pytest.raises(TypeError) as error:
        itk.imread(directory)
    assert str(error.value).startswith(f"{directory}: ITK-Python has no reader for 2-dimensional images of {component}")
    assert str(error.value).endswith(f"Cast while reading, with pixel_type={advice}")
    back = itk.imread(directory, pixel_type=eval(advice))
    assert itk.array_from_image(back).reshape(-1).tolist() == pixels.tolist()
    again = itk.imread(directory, pixel_type=eval(advice), fallback_only=True)
    assert type(again) is type(back)


# ---- everything else is itk's ----


def test_names_that_only_look_like_ours(image, tmp_path):
    itk.imwrite(image, tmp_path / "image.iwi.mha")
    check(itk.imread(tmp_path / "image.iwi.mha"), image)
    with pytest.raises(RuntimeError):
        itk.imwrite(image, tmp_path / "image.iwi.cbor.bak")
    (tmp_path / "plain").mkdir()
    with pytest.raises(FileNotFoundError, match="no DICOMs in"):
        itk.imread(tmp_path / "plain")


def test_other_formats(image, tmp_path):
    for name in ("image.mha", "image.nrrd"):
        itk.imwrite(image, tmp_path / name)
        check(itk.imread(tmp_path / name), image)
        check(itk.imread(str(tmp_path / name), itk.F), image, itk.F)
    with pytest.raises(RuntimeError):
        itk.imread(tmp_path / "missing.mha")


def test_list_of_files(tmp_path):
    slices = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    names = [tmp_path / f"{i}.png" for i in range(2)]
    for name, pixels in zip(names, slices):
        itk.imwrite(itk.image_from_array(pixels), name)
    for given in (names, tuple(map(str, names))):
        volume = itk.imread(given)
        assert type(volume) is itk.Image[itk.UC, 3]
        np.testing.assert_array_equal(itk.array_from_image(volume), slices)


def test_list_of_our_files(tmp_path):
    slices = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    names = [str(tmp_path / f"{i}.iwi.cbor") for i in range(2)]
    for name, pixels in zip(names, slices):
        itk.imwrite(itk.image_from_array(pixels), name)
    np.testing.assert_array_equal(itk.array_from_image(itk.imread(names)), slices)


@pytest.fixture
def dicom_series(tmp_path):
    """(directory, pixels): a series of three slices, its files in an order that is not that of the slices."""
    directory = tmp_path / "series"
    directory.mkdir()
    pixels = np.arange(24, dtype=np.int16).reshape(3, 2, 4) * 10
    for number, file in enumerate(("c", "a", "b")):
        image = itk.image_from_array(pixels[number : number + 1])
        image.SetSpacing([0.5, 0.75, 2.0])
        image.SetOrigin([-5.0, 7.0, 2.0 * number])
        dictionary = image.GetMetaDataDictionary()
        for key, value in {
            "0008|0016": "1.2.840.10008.5.1.4.1.1.2",
            "0008|0018": f"1.2.3.4.{number + 1}",
            "0008|0021": "20240102",
            "0008|0060": "CT",
            "0010|0010": "Doe^Jane",
            "0020|000d": "1.2.3",
            "0020|000e": "1.2.3.4",
            "0020|0013": str(number + 1),
        }.items():
            dictionary[key] = value
        io = itk.GDCMImageIO.New()
        io.KeepOriginalUIDOn()
        itk.imwrite(image, directory / f"{file}.dcm", imageio=io)
    return directory, pixels


def test_dicom_directory_is_read_as_before(dicom_series):
    directory, pixels = dicom_series
    original = itk.imread.__wrapped__
    for given in (directory, str(directory), f"{directory}/"):
        volume = itk.imread(given)
        expected = original(given)
        assert type(volume) is type(expected) is itk.Image[itk.SS, 3]
        np.testing.assert_array_equal(itk.array_from_image(volume), pixels)
        assert tuple(volume.GetSpacing()) == tuple(expected.GetSpacing()) == (0.5, 0.75, 2.0)
        assert tuple(volume.GetOrigin()) == tuple(expected.GetOrigin()) == (-5.0, 7.0, 0.0)
    assert type(itk.imread(directory, itk.F)) is itk.Image[itk.F, 3]
    assert itk.imread(directory, series_uid=0).shape == (3, 2, 4)
    with pytest.raises(OSError, match="cannot access DICOM series 5"):
        itk.imread(directory, series_uid=5)


def test_dicom_metadata_survives(dicom_series, tmp_path):
    directory, _ = dicom_series
    image = itk.imread(directory / "a.dcm")
    itk.imwrite(image, tmp_path / "image.iwi")
    back = itk.imread(tmp_path / "image.iwi")
    assert back["0010|0010"].strip() == "Doe^Jane" and back["0008|0060"] == "CT"
    assert itk.dict_from_image(back)["metadata"] == itk.dict_from_image(image)["metadata"]


# ---- meshes ----


def mesh_of(pixel=itk.F, dimension=3, point_data=True, cell_data=True):
    mesh = itk.Mesh[pixel, dimension].New()
    points = np.arange(4 * dimension, dtype=np.float32) ** 2
    mesh.SetPoints(itk.vector_container_from_array(points))
    cells = np.array([2, 3, 0, 1, 2, 2, 3, 1, 2, 3], np.uint64)
    mesh.SetCellsArray(itk.vector_container_from_array(cells))
    if point_data:
        mesh.SetPointData(itk.vector_container_from_array(np.arange(4).astype(pixel.dtype)))
    if cell_data:
        mesh.SetCellData(itk.vector_container_from_array((np.arange(2) + 7).astype(pixel.dtype)))
    return mesh


@pytest.mark.parametrize("form", ["mesh.iwm", "mesh.iwm.cbor", "mesh.iwm.cbor.zst"])
@pytest.mark.parametrize("dimension", [2, 3, 4])
@pytest.mark.parametrize("pixel", [itk.UC, itk.SS, itk.US, itk.F, itk.D], ids=str)
def test_meshes(tmp_path, form, pixel, dimension):
    mesh = mesh_of(pixel, dimension)
    itk.meshwrite(mesh, tmp_path / form)
    for name in (tmp_path / form, str(tmp_path / form)):
        back = itk.meshread(name)
        assert type(back) is type(mesh)
        a, b = itk.dict_from_mesh(back), itk.dict_from_mesh(mesh)
        for key in ("points", "cells", "pointData", "cellData"):
            np.testing.assert_array_equal(a[key], b[key])


@pytest.mark.parametrize("point_data", [False, True])
@pytest.mark.parametrize("cell_data", [False, True])
def test_mesh_with_pixels_of_one_only(tmp_path, point_data, cell_data):
    mesh = mesh_of(itk.US, 3, point_data, cell_data)
    itk.meshwrite(mesh, tmp_path / "mesh.iwm")
    back = itk.dict_from_mesh(itk.meshread(f"{tmp_path}/mesh.iwm/"))
    assert back["pointData"].tolist() == ([0, 1, 2, 3] if point_data else [])
    assert back["cellData"].tolist() == ([7, 8] if cell_data else [])
    assert back["points"].tolist() == (np.arange(12) ** 2).tolist()


def test_mesh_pixel_type(tmp_path):
    itk.meshwrite(mesh_of(itk.US), tmp_path / "mesh.iwm.cbor")
    back = itk.meshread(tmp_path / "mesh.iwm.cbor", itk.D)
    assert type(back) is itk.Mesh[itk.D, 3]
    assert itk.dict_from_mesh(back)["pointData"].tolist() == [0, 1, 2, 3]
    assert type(itk.meshread(tmp_path / "mesh.iwm.cbor", itk.D, fallback_only=True)) is itk.Mesh[itk.US, 3]


@pytest.mark.parametrize("form", ["points.iwm", "points.iwm.cbor"])
def test_point_set_is_written_as_a_mesh(tmp_path, form):
    pointset = itk.PointSet[itk.US, 3].New()
    pointset.SetPoints(itk.vector_container_from_array(np.arange(6, dtype=np.float32)))
    pointset.SetPointData(itk.vector_container_from_array(np.array([7, 8], np.uint16)))
    itk.meshwrite(pointset, tmp_path / form)
    back = itk.meshread(tmp_path / form)
    assert type(back) is itk.Mesh[itk.US, 3]
    d = itk.dict_from_mesh(back)
    assert d["points"].tolist() == [0, 1, 2, 3, 4, 5] and d["pointData"].tolist() == [7, 8]
    assert d["numberOfCells"] == 0


def test_other_mesh_formats(tmp_path):
    itk.meshwrite(mesh_of(), tmp_path / "mesh.vtk")
    assert itk.meshread(tmp_path / "mesh.vtk").GetNumberOfCells() == 2


# ---- transforms ----


def affine():
    transform = itk.AffineTransform[itk.D, 3].New()
    transform.SetParameters(itk.OptimizerParameters[itk.D](np.arange(12.0) / 7))
    transform.SetFixedParameters(itk.OptimizerParameters[itk.D](np.array([1.0, 2.0, 3.5])))
    return transform


@needs_transform_io
@pytest.mark.parametrize("form", ["t.iwt", "t.iwt.cbor", "t.iwt.cbor.zst", "t.tfm"])
def test_transforms(tmp_path, form):
    itk.transformwrite([affine()], tmp_path / form)
    (back,) = itk.transformread(tmp_path / form)
    d = itk.dict_from_transform(back)
    np.testing.assert_allclose(d["parameters"], np.arange(12.0) / 7, rtol=0 if "iwt" in form else 1e-12)
    assert d["fixedParameters"].tolist() == [1.0, 2.0, 3.5]


@needs_transform_io
@pytest.mark.parametrize("form", ["t.iwt", "t.iwt.cbor"])
def test_float32_transforms(tmp_path, form):
    """itk.transformwrite() refuses them, itk.transformread() always makes float64 ones."""
    transform = itk.AffineTransform[itk.F, 2].New()
    transform.SetParameters(itk.OptimizerParameters[itk.F](np.arange(6) / 8))
    itk.transformwrite(transform, tmp_path / form)
    (back,) = itk.transformread(tmp_path / form)
    d = itk.dict_from_transform(back)
    assert d["transformType"]["parametersValueType"] == "float64"
    assert d["parameters"].tolist() == [0, 0.125, 0.25, 0.375, 0.5, 0.625]


def test_transforms_in_the_first_itk(monkeypatch, tmp_path):
    """ITK 5.4.0, where using our IO class would crash."""
    monkeypatch.setattr(itk, "__version__", "5.4.0")
    for call in (lambda: itk.transformread(tmp_path / "t.iwt"), lambda: itk.transformwrite([], tmp_path / "t.iwt")):
        with pytest.raises(ImportError, match="need ITK 5.4.2 or newer, but this is 5.4.0"):
            call()


def test_transforms_without_their_package(run_python, tmp_path):
    """itk.transformread() needs itk-filtering, which our wheel leaves to its extra. The error names it."""
    code = f"""
import itk
from itk.support import base
for module in list(base.itk_base_global_module_data):
    if module == "ITKDisplacementField":
        del base.itk_base_global_module_data[module]
try:
    itk.transformread({str(tmp_path / "t.iwt")!r})
except ImportError as error:
    print(error)
"""
    assert "pip install 'itk-webassemblyinterface[transforms]'" in run_python(code)
