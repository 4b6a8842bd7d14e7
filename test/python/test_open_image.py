# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""open_image: an image whose pixels are mapped into memory rather than read."""

import gc
import json
import os
import sys

import itk
import numpy as np
import pytest

open_image = itk.webassemblyinterface.open_image

UNCOMPRESSED = (".iwi", ".iwi.cbor")
IMAGES = {
    "scalar": itk.image_from_array(np.arange(60, dtype=np.uint16).reshape(3, 4, 5)),
    "RGB": itk.image_from_array(np.arange(60, dtype=np.uint8).reshape(4, 5, 3), is_vector=True),
    "vector": itk.image_from_array(np.linspace(0, 1, 120, dtype=np.float32).reshape(3, 4, 5, 2), is_vector=True),
}


def mappings(path):
    """How often the files below a path are mapped into this process."""
    with open("/proc/self/maps") as file:
        return sum(str(path) in line for line in file)


needs_maps = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at /proc/self/maps")


def write(kind, path):
    image = itk.image_view_from_array(itk.array_from_image(IMAGES[kind]), ttype=type(IMAGES[kind]))
    image.SetSpacing([0.5] * image.GetImageDimension())
    image.SetOrigin([-7.25] * image.GetImageDimension())
    image["PatientName"] = "Nobody"
    itk.imwrite(image, path)


@pytest.mark.parametrize("suffix", [*UNCOMPRESSED, ".iwi.cbor.zst"])
@pytest.mark.parametrize("kind", IMAGES)
def test_is_the_image_that_imread_reads(tmp_path, kind, suffix):
    path = tmp_path / f"image{suffix}"
    write(kind, path)
    opened, read = open_image(path), itk.imread(path)
    assert type(opened) is type(read)
    assert np.array_equal(itk.array_from_image(opened), itk.array_from_image(read))
    assert opened.GetLargestPossibleRegion() == read.GetLargestPossibleRegion()
    assert list(opened.GetSpacing()) == list(read.GetSpacing())
    assert list(opened.GetOrigin()) == list(read.GetOrigin())
    assert np.array_equal(itk.array_from_matrix(opened.GetDirection()), itk.array_from_matrix(read.GetDirection()))
    assert opened["PatientName"] == "Nobody"


@needs_maps
@pytest.mark.parametrize("suffix", UNCOMPRESSED)
def test_is_mapped_as_long_as_it_is_used(tmp_path, suffix):
    path = tmp_path / f"image{suffix}"
    write("scalar", path)
    image = open_image(path)
    assert mappings(path) == 1
    sharing = type(image).New()
    sharing.Graft(image)
    del image
    gc.collect()
    assert mappings(path) == 1
    assert itk.array_view_from_image(sharing, update=False).sum() == sum(range(60))
    del sharing
    gc.collect()
    assert mappings(path) == 0


@needs_maps
def test_compressed_files_are_read(tmp_path):
    path = tmp_path / "image.iwi.cbor.zst"
    write("scalar", path)
    image = open_image(path)
    assert mappings(path) == 0
    assert itk.array_view_from_image(image).sum() == sum(range(60))


@pytest.mark.parametrize("suffix", UNCOMPRESSED)
def test_changes_do_not_reach_the_file(tmp_path, suffix):
    path = tmp_path / f"image{suffix}"
    write("scalar", path)
    image = open_image(path)
    itk.array_view_from_image(image)[:] = 7
    image.SetPixel([0, 0, 0], 8)
    assert itk.array_view_from_image(itk.imread(path)).ravel()[:3].tolist() == [0, 1, 2]
    assert itk.array_view_from_image(image).ravel()[:3].tolist() == [8, 7, 7]


@pytest.mark.parametrize("suffix", UNCOMPRESSED)
def test_outlives_the_file(tmp_path, suffix):
    path = tmp_path / f"image{suffix}"
    write("scalar", path)
    image = open_image(path)
    itk.imwrite(itk.image_from_array(np.zeros((3, 4, 5), np.uint16)), path)
    assert itk.array_view_from_image(image).sum() == sum(range(60))


def test_opens_more_than_there_is_memory(tmp_path):
    """64 GiB of a file with holes; a page of it is read."""
    path = tmp_path / "large.iwi"
    write("scalar", path)
    index = json.loads((path / "index.json").read_text())
    index["size"] = [2048, 4096, 4096]
    (path / "index.json").write_text(json.dumps(index))
    with open(path / "data" / "data.raw", "r+b") as file:
        file.seek(2 * 2048 * 4096 * 4096 - 2)
        file.write(b"\x2a\x00")
    image = open_image(path)
    assert image.GetPixel([2047, 4095, 4095]) == 42
    image.SetPixel([1000, 2000, 3000], 1)
    assert image.GetPixel([1000, 2000, 3000]) == 1


def test_says_what_is_wrong(tmp_path):
    with pytest.raises(RuntimeError, match="No such file"):
        open_image(tmp_path / "none.iwi.cbor")
    path = tmp_path / "short.iwi"
    write("scalar", path)
    os.truncate(path / "data" / "data.raw", 100)
    with pytest.raises(RuntimeError, match="expected 120 bytes"):
        open_image(path)


@pytest.mark.parametrize("suffix", (".iwi", ".iwi.cbor", ".iwi.cbor.zst"))
def test_complex_pixels(tmp_path, suffix):
    pixels = np.arange(60, dtype=np.float32).reshape(5, 6, 2)
    image_type = {"dimension": 2, "componentType": "float32", "pixelType": "Complex", "components": 2}
    image = itk.image_from_dict({"imageType": image_type, "name": "c", "origin": [0, 0], "spacing": [1, 1],
                                 "direction": np.eye(2), "size": [6, 5], "metadata": {}, "data": pixels})  # fmt: skip
    itk.imwrite(image, tmp_path / f"c{suffix}")
    opened = itk.dict_from_image(itk.webassemblyinterface.open_image(tmp_path / f"c{suffix}"))
    assert opened["imageType"] == image_type
    assert np.array_equal(np.asarray(opened["data"]).view(np.float32).reshape(5, 6, 2), pixels)
