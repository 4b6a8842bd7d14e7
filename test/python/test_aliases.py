# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""The names of ITK's C++ classes are there in Python."""

import itk
from conftest import needs_transform_io


@needs_transform_io
def test_transform_io_has_its_name_in_cxx(tmp_path):
    transform = itk.TranslationTransform[itk.D, 3].New()
    itk.transformwrite([transform], str(tmp_path / "move.iwt.cbor"))

    io = itk.WasmTransformIO.New()
    assert type(io) is itk.WasmTransformIOTemplate[itk.D]
    assert io.CanReadFile(str(tmp_path / "move.iwt.cbor"))
    assert not io.CanReadFile(str(tmp_path / "move.h5"))


def test_classes():
    for name in ("WasmImageIO", "WasmMeshIO", "WasmTransformIO"):
        assert getattr(itk, name).New() is not None
        assert getattr(itk, name + "Factory").New() is not None
