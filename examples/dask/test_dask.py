# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""The examples at work on a cluster of two processes."""

from pathlib import Path

import convert
import itk
import numpy as np
import pytest
import volumes
from distributed import Client, LocalCluster


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dask")
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, local_directory=str(folder)
        ) as cluster,
        Client(cluster) as client,
    ):
        client.run(lambda place: __import__("sys").path.insert(0, place), str(Path(__file__).parent))
        yield client


@pytest.fixture
def volume(tmp_path):
    image = itk.image_from_array(np.random.default_rng(0).integers(0, 9999, (20, 30, 40), dtype=np.uint16))
    image.SetSpacing([0.5, 0.25, 2.0])
    image.SetOrigin([1.0, -2.0, 3.5])
    image.SetDirection(itk.matrix_from_array(np.array([[0.36, 0.48, -0.8], [-0.8, 0.6, 0.0], [0.48, 0.64, 0.6]])))
    return image


@pytest.mark.parametrize("suffix", (".iwi", ".iwi.cbor"))
def test_volume_through_a_cluster(client, volume, tmp_path, suffix):
    source, target = tmp_path / f"scan{suffix}", tmp_path / f"result{suffix}"
    itk.imwrite(volume, source)
    array = volumes.open_array(source, chunks=(7, 16, 40))
    assert array.shape == (20, 30, 40) and array.dtype == np.uint16 and array.npartitions == 6
    volumes.write_array(array.astype(np.float32) / 2, target, like=source)

    result = itk.imread(target)
    assert np.array_equal(itk.array_from_image(result), itk.array_from_image(volume).astype(np.float32) / 2)
    assert list(result.GetSpacing()) == list(volume.GetSpacing())
    assert list(result.GetOrigin()) == list(volume.GetOrigin())
    assert np.array_equal(itk.array_from_matrix(result.GetDirection()), itk.array_from_matrix(volume.GetDirection()))


def test_existing_result_is_left_alone(volume, tmp_path):
    itk.imwrite(volume, tmp_path / "scan.iwi")
    array = volumes.open_array(tmp_path / "scan.iwi")
    with pytest.raises(FileExistsError):
        volumes.write_array(array, tmp_path / "scan.iwi", like=tmp_path / "scan.iwi")


def test_folder_of_images(tmp_path, capsys):
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    for number in range(20):
        image = itk.image_from_array(np.full((5, 6), number, np.uint8))
        itk.imwrite(image, folder / ("sub" if number % 2 else "") / f"{number}.png")
    (folder / "notes.txt").write_text("no image")
    problems = convert.convert_folder(folder, tmp_path / "out", ".iwi.cbor", processes=2)
    assert len(problems) == 1 and "notes.txt" in problems[0]
    assert "100% Completed" in capsys.readouterr().out
    for number in range(20):
        path = tmp_path / "out" / ("sub" if number % 2 else "") / f"{number}.png.iwi.cbor"
        assert (itk.array_view_from_image(itk.imread(path)) == number).all()
