# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""The stubs that the wheel ships for editors name what there is, with its parameters."""

import ast
import inspect
from pathlib import Path

import itk
import pytest

STUBS = Path(itk.__file__).resolve().parent.parent / "itk-stubs"
TREE = ast.parse((STUBS / "__init__.pyi").read_text())
PRIVATE = {node.name: node for node in TREE.body if isinstance(node, ast.ClassDef) and node.name.startswith("_")}
CLASSES = [node for node in TREE.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]
FUNCTIONS = [node for node in TREE.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]


def methods(node):
    """Names of the public methods of a class and its bases."""
    names = {item.name for item in node.body if isinstance(item, ast.FunctionDef)}
    for base in node.bases:
        names |= methods(PRIVATE[base.id])
    return {name for name in names if not name.startswith("_")}


def test_stubs_leave_the_rest_to_itk():
    assert (STUBS / "py.typed").read_text() == "partial\n"
    assert any(isinstance(node, ast.FunctionDef) and node.name == "__getattr__" for node in TREE.body)


@pytest.mark.parametrize("node", CLASSES, ids=lambda node: node.name)
def test_class(node):
    found = getattr(itk, node.name)
    assert not [name for name in sorted(methods(node)) if not hasattr(found, name)]


def test_transform_template():
    transform_io = itk.WasmTransformIOTemplate[itk.D]
    assert not [name for name in sorted(methods(PRIVATE["_WasmTransformIO"])) if not hasattr(transform_io, name)]


@pytest.mark.parametrize("node", FUNCTIONS, ids=lambda node: node.name)
def test_function(node):
    found = getattr(itk, node.name)
    assert [argument.arg for argument in node.args.args] == list(inspect.signature(found).parameters)
    assert ast.get_docstring(node)


def test_package():
    tree = ast.parse((STUBS / "webassemblyinterface" / "__init__.pyi").read_text())
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert [node.name for node in functions] == itk.webassemblyinterface.__all__
    for node in functions:
        found = getattr(itk.webassemblyinterface, node.name)
        assert [argument.arg for argument in node.args.args] == list(inspect.signature(found).parameters)


def test_none_of_ours_is_missing():
    inside = {"WasmBufferKeeper", "WasmMetaDataAccess"}  # for the package itself
    known = {node.name for node in [*CLASSES, *FUNCTIONS]} | {"WasmTransformIOTemplate"} | inside
    assert {name for name in dir(itk) if name.startswith("Wasm")} <= known
