# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""Many readers and writers at once, in threads and in processes."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import itk
import numpy as np
import pytest
from conftest import has_transform_io

SUFFIXES = ("", ".cbor", ".cbor.zst")


def pixels_of(number):
    return np.random.default_rng(number).integers(0, 999, (5, 16, 16 + number % 7), dtype=np.uint16)


def write_and_read(folder, number):
    """Writes and reads an image and a transform that differ from those of all other numbers; says what was wrong."""
    suffix = SUFFIXES[number % 3]
    image_name, transform_name = f"{folder}/{number}.iwi{suffix}", f"{folder}/{number}.iwt{suffix}"
    itk.imwrite(itk.image_from_array(pixels_of(number)), image_name)
    if not np.array_equal(itk.array_from_image(itk.imread(image_name)), pixels_of(number)):
        return f"{image_name}: other pixels"
    if not has_transform_io:
        return None
    transform = itk.TranslationTransform[itk.D, 3].New()
    transform.SetOffset([number, -number, 0.5])
    itk.transformwrite([transform], transform_name)
    if list(itk.transformread(transform_name)[0].GetOffset()) != [number, -number, 0.5]:
        return f"{transform_name}: other parameters"
    return None


@pytest.fixture
def loaded(tmp_path):
    """ITK's modules are loaded: their lazy loading is not made for threads."""
    for number in range(3):
        assert write_and_read(tmp_path, number) is None


def test_threads(loaded, tmp_path):
    with ThreadPoolExecutor(8) as threads:
        assert not any(threads.map(write_and_read, [tmp_path] * 120, range(120)))


@pytest.mark.parametrize("method", ("fork", "spawn"))
def test_processes(loaded, tmp_path, method):
    with ProcessPoolExecutor(3, mp_context=multiprocessing.get_context(method)) as processes:
        assert not any(processes.map(write_and_read, [tmp_path] * 60, range(60)))


def test_threads_read_one_file(loaded, tmp_path):
    for suffix in SUFFIXES:
        name = tmp_path / f"one.iwi{suffix}"
        itk.imwrite(itk.image_from_array(pixels_of(3)), name)
        with ThreadPoolExecutor(8) as threads:
            arrays = threads.map(lambda name: itk.array_from_image(itk.imread(name)), [name] * 64)
            assert all(np.array_equal(array, pixels_of(3)) for array in arrays)
