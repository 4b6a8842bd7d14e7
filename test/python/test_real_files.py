# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""Real images, meshes and transforms of ITK's own test data go through every form and come back equal.

IWF_ITK_DATA names their folder; tools/itk_test_data.py fetches them and tools/test.sh sets it.
"""

import os
from pathlib import Path

import itk
import numpy as np
import pytest
from conftest import needs_transform_io

DATA = Path(os.environ["IWF_ITK_DATA"])

IMAGES = [
    "cthead1.png",  # 8-bit RGB
    "SpotsLabeled.png",
    "whiteSpot.png",
    "HeadMRVolume.mha",  # 3-D
    "HeadMRVolumeWithDirection.nhdr",  # 3-D, oriented
    "itkImageNegativeSpacing.mha",
    "vol-raw-big.nrrd",
    "testrgba.nrrd",
    "mini-complex-slow.nrrd",
    "mini-vector-slow.nrrd",
    "mini-covector-slow.nrrd",
    "itkGDCMImageIOTest3.dcm",
    "raw-RGB.dcm",
    "DicomImageOrientationTest/ImageOrientation.2.dcm",
]
MESHES = [
    "sphere.vtk",
    "tetrahedron.vtk",
    "sphere_curv.vtk",
    "mushroom.vtk",
    "octa.off",
    "sphere.fsa",
    "white.gii",
]
TRANSFORMS = [
    "LinearTransform.h5",
    "historical_misspelled_TranformParameters.h5",
    "euler3DOldFormat.tfm",
    "itkBSplineTransform00.txt",
]
CONTAINERS = ["", ".cbor", ".cbor.zst"]


def read(function, name):
    """What ITK itself reads from the file."""
    return function(str(DATA / name))


def assert_same_pixels(back, original, folder):
    try:
        np.testing.assert_array_equal(itk.array_view_from_image(back), itk.array_view_from_image(original))
    except RuntimeError:  # itk has no arrays of complex pixels: compare what another format writes of both
        itk.imwrite(back, folder / "back.mha")
        itk.imwrite(original, folder / "original.mha")
        assert (folder / "back.mha").read_bytes() == (folder / "original.mha").read_bytes()


def assert_same_metadata(back, original):
    ours, theirs = dict(back), dict(original)
    # ITK's readers note the geometry of each file that they read.
    for notes in (ours, theirs):
        for key in [key for key in notes if key.startswith("ITK_original_") or key == "ITK_InputFilterName"]:
            del notes[key]
    assert ours.keys() == theirs.keys()
    for key, value in theirs.items():
        np.testing.assert_equal(ours[key], value, err_msg=key)


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("name", IMAGES)
def test_image(name, container, tmp_path):
    original = read(itk.imread, name)
    path = tmp_path / f"image.iwi{container}"
    itk.imwrite(original, path)
    back = itk.imread(path)
    assert type(back) is type(original)
    assert_same_pixels(back, original, tmp_path)
    np.testing.assert_array_equal(back.GetOrigin(), original.GetOrigin())
    np.testing.assert_array_equal(back.GetSpacing(), original.GetSpacing())
    np.testing.assert_array_equal(
        itk.array_from_matrix(back.GetDirection()), itk.array_from_matrix(original.GetDirection())
    )
    assert_same_metadata(back, original)


def test_dicom_brings_metadata():
    """The comparison above is one of nothing with nothing unless the file has some."""
    image = read(itk.imread, "itkGDCMImageIOTest3.dcm")
    assert len([key for key in dict(image) if "|" in key]) > 10


def cells_of(mesh):
    return itk.array_from_vector_container(mesh.GetCellsArray())


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("name", MESHES)
def test_mesh(name, container, tmp_path):
    original = read(itk.meshread, name)
    path = tmp_path / f"mesh.iwm{container}"
    itk.meshwrite(original, path)
    back = itk.meshread(path)
    assert back.GetNumberOfPoints() == original.GetNumberOfPoints() > 0
    assert back.GetNumberOfCells() == original.GetNumberOfCells()
    np.testing.assert_array_equal(
        itk.array_from_vector_container(back.GetPoints()), itk.array_from_vector_container(original.GetPoints())
    )
    np.testing.assert_array_equal(cells_of(back), cells_of(original))
    for get in ("GetPointData", "GetCellData"):
        theirs = getattr(original, get)()
        if theirs is not None and theirs.Size() > 0:
            np.testing.assert_array_equal(
                itk.array_from_vector_container(getattr(back, get)()), itk.array_from_vector_container(theirs)
            )


@pytest.mark.parametrize("container", CONTAINERS)
def test_cow(container, tmp_path):
    """The mesh that the older wheel wrote and could not read back, where it is at hand."""
    cow = next((p for p in Path(__file__).resolve().parents if (p.parent / "shared/data/cow.vtk").is_file()), None)
    if cow is None:
        pytest.skip("no cow.vtk beside the checkout")
    original = itk.meshread(str(cow.parent / "shared/data/cow.vtk"))
    itk.meshwrite(original, tmp_path / f"cow.iwm{container}")
    back = itk.meshread(tmp_path / f"cow.iwm{container}")
    assert back.GetNumberOfPoints() == 2903 and back.GetNumberOfCells() == original.GetNumberOfCells()
    np.testing.assert_array_equal(
        itk.array_from_vector_container(back.GetPoints()), itk.array_from_vector_container(original.GetPoints())
    )
    np.testing.assert_array_equal(cells_of(back), cells_of(original))


@needs_transform_io
@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("name", TRANSFORMS)
def test_transform(name, container, tmp_path):
    original = read(itk.transformread, name)
    path = tmp_path / f"transform.iwt{container}"
    itk.transformwrite(original, str(path))
    back = itk.transformread(str(path))
    assert len(back) == len(original) > 0
    for ours, theirs in zip(back, original):
        assert ours.GetTransformTypeAsString() == theirs.GetTransformTypeAsString()
        np.testing.assert_array_equal(np.array(ours.GetParameters()), np.array(theirs.GetParameters()))
        np.testing.assert_array_equal(np.array(ours.GetFixedParameters()), np.array(theirs.GetFixedParameters()))
