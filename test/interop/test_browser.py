"""NiiVue in headless Chromium shows what our wheel wrote: the values, not only something."""

import hashlib
import sys
from pathlib import Path

import clients
import itk
import numpy as np
import pytest

EXAMPLE = Path(__file__).resolve().parent.parent.parent / "examples" / "browser"
sys.path.insert(0, str(EXAMPLE))


def sha256(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    import run

    clients.chromium()
    run.build()
    screenshot = tmp_path_factory.mktemp("browser") / "browser.png"
    return run.look(screenshot), screenshot


def test_nothing_failed(shown):
    page, _ = shown
    assert "error" not in page, page["error"]
    assert page["problems"] == []


def test_pixels(shown):
    import make_data

    page, _ = shown
    image = make_data.make_image()
    pixels = itk.array_view_from_image(image)
    assert page["image"]["size"] == list(make_data.SIZE)
    assert page["image"]["type"] == "Int16Array"
    assert page["image"]["range"] == [int(pixels.min()), int(pixels.max())]
    for probe in page["image"]["probes"]:
        x, y, z = probe["index"]
        assert probe["value"] == int(pixels[z, y, x])
    assert page["image"]["sha256"] == sha256(pixels)


def test_geometry(shown):
    import make_data

    page, _ = shown
    assert np.allclose(page["image"]["spacing"], make_data.SPACING, atol=1e-6)
    lps = np.eye(4)
    lps[:3, :3] = make_data.DIRECTION * make_data.SPACING
    lps[:3, 3] = make_data.ORIGIN
    ras = np.diag([-1.0, -1.0, 1.0, 1.0]) @ lps  # NIfTI's axes
    assert np.allclose(page["image"]["affine"], ras, atol=1e-4)


def test_mesh(shown):
    import make_data

    page, _ = shown
    _, points, triangles = make_data.make_mesh()
    assert (page["mesh"]["points"], page["mesh"]["triangles"]) == (len(points), len(triangles))
    assert page["mesh"]["pointsSha256"] == sha256(points * np.array([-1, -1, 1], np.float32))
    assert page["mesh"]["trianglesSha256"] == sha256(triangles.astype(np.uint32))


def test_it_is_drawn(shown):
    page, screenshot = shown
    assert page["drawn"]["bright"] > 0.05  # bone
    assert page["drawn"]["orange"] > 0.02  # the brain's surface
    assert 10_000 < screenshot.stat().st_size < 500_000
