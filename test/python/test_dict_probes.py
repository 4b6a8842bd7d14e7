# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""Our functions take the place of itk's only where the installed itk has the gap, which is found out by trying."""

import itk
import pytest
from conftest import needs
from itk.webassemblyinterface import dictionaries

PAIRS = [
    pytest.param(names, entry, id=names[1], marks=needs("PolyLineParametricPath") if "polyline" in names[1] else ())
    for names, entry in dictionaries._PAIRS.items()
]


@pytest.mark.parametrize(("names", "entry"), PAIRS)
def test_probe_knows_right_from_wrong(names, entry):
    probe, *ours = entry
    assert probe(*ours)
    originals = [getattr(itk, name).__wrapped__ for name in names]
    try:
        assert not probe(*originals), "this itk has no gap any more"
    except Exception:
        pass  # a gap, too


@pytest.mark.parametrize(("names", "entry"), PAIRS)
def test_itk_without_the_gap_keeps_its_functions(names, entry):
    probe, to_dict, from_dict = entry
    called = []

    def fixed_to_dict(*args):
        called.append("to")
        return to_dict(*args)

    def fixed_from_dict(*args):
        called.append("from")
        return from_dict(*args)

    never = [None, None]
    functions = dictionaries._pair(probe, never, [fixed_to_dict, fixed_from_dict])
    assert called == [], "probed before the first call"
    made = {
        "image_from_dict": lambda: itk.Image[itk.UC, 2].New(),
        "mesh_from_dict": lambda: itk.Mesh[itk.F, 3].New(),
        "pointset_from_dict": lambda: itk.PointSet[itk.F, 3].New(),
        "polyline_from_dict": lambda: itk.PolyLineParametricPath[2].New(),
        "transform_from_dict": lambda: itk.IdentityTransform[itk.D, 2].New(),
    }[names[1]]()
    d = functions[0](made)
    called.clear()
    functions[1](d)
    functions[0](made)
    assert called == ["from", "to"], "probed once"


def test_itk_that_lacks_the_functions():
    ours = [lambda value: ("to", value), lambda value: ("from", value)]
    functions = dictionaries._pair(lambda *originals: True, ours, [None, None])
    assert functions[0](1) == ("to", 1) and functions[1](2) == ("from", 2)
