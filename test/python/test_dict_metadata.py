# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""Metadata in the dictionaries: of every kind that ITK-Python can hold, both ways, for every kind of object."""

import warnings
from dataclasses import asdict

import itk
import itkwasm
import numpy as np
import pytest
from conftest import needs

VALUES = {
    "text": "Grüße, 世界",
    "empty text": "",
    "true": True,
    "false": False,
    "zero": 0,
    "negative": -7,
    "smallest int": -(2**31),
    "largest int": 2**31 - 1,
    "unsigned": 2**32 - 1,
    "unsigned long": 2**64 - 1,
    "beyond int64": 2**63,
    "long": -(2**31) - 1,
    "smallest long": -(2**63),
    "number": 0.1,
    "huge": 1e300,
    "numbers": [1.0, 0.1, -1e300],
    "no numbers": [],
    "matrix": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]],
    "large unsigned": [2**53 + 1, 0, 2**64 - 1],
    "large signed": [-(2**63), 2**53 + 1, 2**63 - 1],
    "texts": ["left", "", "Grüße"],
    "ragged": [[1.0], [2.0, 3.0]],
}


def image():
    result = itk.Image[itk.UC, 2].New()
    result.SetRegions([1, 1])
    result.Allocate(True)
    return result


def same(a, b):
    return type(a) is type(b) and a == b


@pytest.mark.parametrize("key", VALUES)
def test_value_to_itk_and_back(key):
    d = dict(itk.dict_from_image(image()), metadata={key: VALUES[key]})
    back = itk.dict_from_image(itk.image_from_dict(d))["metadata"]
    assert list(back) == [key]
    assert same(back[key], VALUES[key]), back


def test_through_itkwasm():
    d = dict(itk.dict_from_image(image()), metadata=VALUES)
    wasm = itkwasm.Image(**itk.dict_from_image(itk.image_from_dict(asdict(itkwasm.Image(**d)))))
    assert wasm.metadata == VALUES


# The name of the class, what it is given, and what Python gets.
CLASSES = [
    ("D", 0.1, 0.1),
    ("F", 0.1, float(np.float32(0.1))),
    ("B", True, True),
    ("S", "text", "text"),
    ("SS", -5, -5),
    ("US", 65535, 65535),
    ("SI", -5, -5),
    ("UI", 2**32 - 1, 2**32 - 1),
    ("UL", 2**64 - 1, 2**64 - 1),
    ("vectorD", [1.0, 0.1], [1.0, 0.1]),
    ("vectorF", [1.0, 0.5], [1.0, 0.5]),
    ("vectorvectorD", [[1.0], [2.0, 3.0]], [[1.0], [2.0, 3.0]]),
    ("vectorvectorF", [[1.0], [2.0, 3.0]], [[1.0], [2.0, 3.0]]),
    ("AD", [1.0, 2.0], [1.0, 2.0]),
    ("AF", [1.0, 2.0], [1.0, 2.0]),
    ("matrixD33", itk.matrix_from_array(np.arange(9.0).reshape(3, 3)), np.arange(9.0).reshape(3, 3).tolist()),
]


@pytest.mark.parametrize(("name", "given", "expected"), CLASSES, ids=[c[0] for c in CLASSES])
def test_every_class_of_itk(name, given, expected):
    entry = getattr(itk.MetaDataObject, name).New()
    entry.SetMetaDataObjectValue(given)
    source = image()
    source.GetMetaDataDictionary().Set("key", entry)
    d = itk.dict_from_image(source)
    assert same(d["metadata"]["key"], expected)
    assert itk.dict_from_image(itk.image_from_dict(d))["metadata"] == {"key": expected}


def test_numpy_values():
    given = {"a": np.int16(3), "b": np.float32(0.5), "c": np.bool_(True), "d": np.arange(3.0), "e": np.eye(2)}
    d = dict(itk.dict_from_image(image()), metadata=given)
    back = itk.dict_from_image(itk.image_from_dict(d))["metadata"]
    assert back == {"a": 3, "b": 0.5, "c": True, "d": [0.0, 1.0, 2.0], "e": [[1.0, 0.0], [0.0, 1.0]]}
    assert same(back["c"], True) and same(back["a"], 3)


def test_pairs_as_in_json():
    d = dict(itk.dict_from_image(image()), metadata=[["b", 1], ["a", "x"]])
    assert itk.dict_from_image(itk.image_from_dict(d))["metadata"] == {"a": "x", "b": 1}


@pytest.mark.parametrize(
    "value",
    [
        None,
        {"nested": 1},
        b"bytes",
        [1.0, "mixed"],
        2**70 + 1,
        [2**70 + 1],
        [2**53 + 1, 0.5],
        [2**63 + 1, -1],
        [[2**53 + 1]],
        10**400,
        [10**400],
    ],
)
def test_what_itk_cannot_hold_is_named(value):
    d = dict(itk.dict_from_image(image()), metadata={"good": 1, "bad": value})
    with pytest.warns(UserWarning, match="metadata 'bad' is left out"):
        back = itk.image_from_dict(d)
    assert itk.dict_from_image(back)["metadata"] == {"good": 1}


def test_no_metadata_is_an_empty_dictionary():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        d = itk.dict_from_image(image())
        assert d["metadata"] == {}
        for nothing in (None, {}, []):
            assert not itk.image_from_dict(dict(d, metadata=nothing)).GetMetaDataDictionary().GetKeys()
        del d["metadata"]
        itk.image_from_dict(d)


def with_metadata(kind):
    """(object, function to dictionary, function from dictionary), the object with metadata."""
    if kind == "mesh":
        result = itk.Mesh[itk.F, 3].New()
    elif kind == "pointset":
        result = itk.PointSet[itk.F, 3].New()
    elif kind == "polyline":
        result = itk.PolyLineParametricPath[2].New()
    else:
        result = itk.AffineTransform[itk.D, 2].New()
    entry = itk.MetaDataObject.D.New()
    entry.SetMetaDataObjectValue(0.1)
    result.GetMetaDataDictionary().Set("key", entry)
    return result, getattr(itk, f"dict_from_{kind}"), getattr(itk, f"{kind}_from_dict")


@pytest.mark.parametrize(
    "kind",
    ["mesh", "pointset", "transform", pytest.param("polyline", marks=needs("PolyLineParametricPath"))],
)
def test_other_objects(kind):
    source, to_dict, from_dict = with_metadata(kind)
    d = to_dict(source)
    assert d["metadata"] == {"key": 0.1}
    assert to_dict(from_dict(d))["metadata"] == {"key": 0.1}
