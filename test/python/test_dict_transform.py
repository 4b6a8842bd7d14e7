# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""Transforms as dictionaries: every one of itkwasm's that ITK-Python wraps, to itkwasm and back, both ways round."""

import gc
import pickle
from dataclasses import asdict

import itk
import itkwasm
import numpy as np
import pytest
from conftest import DIRECTIONS, needs

FIELDS = (
    "BSplineSmoothingOnUpdateDisplacementField",
    "ConstantVelocityField",
    "DisplacementField",
    "GaussianSmoothingOnUpdateDisplacementField",
    "GaussianExponentialDiffeomorphic",
    "VelocityField",
    "TimeVaryingVelocityField",
    "GaussianSmoothingOnUpdateTimeVaryingVelocityField",
)


def wrapped_transforms():
    result = []
    for parameterization in itkwasm.TransformParameterizations:
        template = getattr(itk, f"{parameterization.value}Transform", None)
        if template is None or parameterization.value == "Composite":
            continue
        template._LoadModules()
        result += [pytest.param(parameterization.value, cls, id=cls.__name__[3:]) for cls in template.values()]
    return result


def field_geometry(dimension):
    size = [3, 2, 2, 2, 2][:dimension]
    direction = np.eye(dimension)
    direction[: min(dimension, 3), : min(dimension, 3)] = DIRECTIONS[min(dimension, 3)]
    return [*size, *range(1, dimension + 1), *np.linspace(0.5, 2, dimension), *direction.reshape(-1)]


def fill(name, transform):
    """Gives a transform parameters that all differ, and valid ones."""
    dimension = int(transform.GetTransformTypeAsString().split("_")[2])
    if name in FIELDS:
        number = transform.GetNumberOfFixedParameters()
        field_dimension = next(n for n in range(2, 6) if n * (n + 3) == number)
        fixed = field_geometry(field_dimension)
    elif name == "BSpline":
        fixed = field_geometry(dimension)
        fixed[:dimension] = [4, 5, 4, 4][:dimension]
    else:
        fixed = [1.5, -2.0, 0.25, 7.0][: transform.GetNumberOfFixedParameters()]
        if name == "Euler3D":
            fixed[3] = 1.0
    if fixed:
        transform.SetFixedParameters(itk.OptimizerParameters[itk.D](np.array(fixed, np.float64)))
    parameters = 0.125 + np.arange(transform.GetNumberOfParameters()) / 64
    if name == "QuaternionRigid":
        parameters[:4] = 0.5, 0.5, -0.5, 0.5
    elif name == "Rigid3D":
        parameters[:9] = DIRECTIONS[3].reshape(-1)
    c_type = itk.F if "_float_" in transform.GetTransformTypeAsString() else itk.D
    transform.SetParameters(itk.OptimizerParameters[c_type](parameters))
    return dimension


@pytest.mark.parametrize(("name", "cls"), wrapped_transforms())
def test_every_transform(name, cls):
    transform = cls.New()
    dimension = fill(name, transform)
    transform.SetObjectName("the name")
    transform.SetInputSpaceName("fixed")
    transform.SetOutputSpaceName("moving")

    d = itk.dict_from_transform(transform)
    wasm = itkwasm.Transform(**d)
    precision = "float32" if "_float_" in transform.GetTransformTypeAsString() else "float64"
    assert asdict(wasm.transformType) == dict(
        transformParameterization=name,
        parametersValueType=precision,
        inputDimension=dimension,
        outputDimension=2 if name == "Rigid3DPerspective" else dimension,
    )
    assert wasm.parameters.dtype == precision and wasm.fixedParameters.dtype == np.float64
    assert wasm.numberOfParameters == wasm.parameters.size == transform.GetNumberOfParameters()
    assert wasm.numberOfFixedParameters == wasm.fixedParameters.size
    np.testing.assert_array_equal(wasm.parameters, np.array(transform.GetParameters()))

    back = itk.transform_from_dict(asdict(wasm))
    gc.collect()
    assert type(back) is cls
    assert back.GetTransformTypeAsString() == transform.GetTransformTypeAsString()
    names = back.GetObjectName(), back.GetInputSpaceName(), back.GetOutputSpaceName()
    assert names == ("the name", "fixed", "moving")
    again = itk.dict_from_transform(back)
    np.testing.assert_array_equal(again["parameters"], d["parameters"])
    np.testing.assert_array_equal(again["fixedParameters"], d["fixedParameters"])
    assert again["transformType"] == d["transformType"]
    if name not in FIELDS or name == "DisplacementField":
        point = [1.25, -0.5, 2.0, 3.0][:dimension]
        # Of an AzimuthElevationToCartesianTransform ITK sets three coordinates, whatever the dimension.
        defined = 3 if name == "AzimuthElevationToCartesian" else dimension
        assert list(back.TransformPoint(point))[:defined] == list(transform.TransformPoint(point))[:defined]


@needs("DisplacementFieldTransform")
def test_list_covers_what_itkwasm_names():
    """What is missing has no class in ITK-Python."""
    names = {param.values[0] for param in wrapped_transforms()}
    assert {p.value for p in itkwasm.TransformParameterizations} - names == {"Composite"}


@needs("DisplacementFieldTransform")
@pytest.mark.parametrize("name", FIELDS)
def test_field_transform_without_a_field(name):
    """itk's own function fails: ITK refuses the spacing of zero that these transforms have themselves."""
    transform = getattr(itk, f"{name}Transform")[itk.D, 2].New()
    back = itk.transform_from_dict(itk.dict_from_transform(transform))
    assert type(back) is type(transform) and back.GetNumberOfParameters() == 0


def test_default_of_itkwasm():
    transform = itk.transform_from_dict(asdict(itkwasm.Transform()))
    assert type(transform) is itk.IdentityTransform[itk.D, 3]


def affine(c_type=itk.D):
    transform = itk.AffineTransform[c_type, 2].New()
    fill("Affine", transform)
    return transform


def translation():
    transform = itk.TranslationTransform[itk.D, 2].New()
    fill("Translation", transform)
    return transform


@pytest.mark.parametrize("nested", [False, True])
def test_composite(nested):
    composite = itk.CompositeTransform[itk.D, 2].New()
    composite.AddTransform(affine())
    if nested:
        inner = itk.CompositeTransform[itk.D, 2].New()
        inner.AddTransform(translation())
        inner.AddTransform(affine())
        composite.AddTransform(inner)
    else:
        composite.AddTransform(translation())
    dicts = itk.dict_from_transform(composite)
    names = [d["transformType"]["transformParameterization"] for d in dicts]
    assert names == (["Affine", "Translation", "Affine"] if nested else ["Affine", "Translation"])
    wasm = [itkwasm.Transform(**d) for d in dicts]
    back = itk.transform_from_dict([asdict(t) for t in wasm])
    assert type(back) is type(composite) and back.GetNumberOfTransforms() == len(names)
    assert list(back.TransformPoint([3.0, 5.0])) == list(composite.TransformPoint([3.0, 5.0]))


@pytest.mark.parametrize("children", [0, 1, 2])
def test_list_that_a_composite_heads(children):
    """As files have it: the rest is its queue."""
    head = itkwasm.Transform(itkwasm.TransformType("Composite", "float64", 2, 2), name="the queue")
    dicts = [asdict(head)] + [itk.dict_from_transform(t) for t in (affine(), translation())[:children]]
    back = itk.transform_from_dict(dicts)
    assert type(back) is itk.CompositeTransform[itk.D, 2] and back.GetNumberOfTransforms() == children
    assert back.GetObjectName() == "the queue"


def test_composite_of_float32():
    dicts = [itk.dict_from_transform(affine(itk.F))] * 2
    assert type(itk.transform_from_dict(dicts)) is itk.CompositeTransform[itk.F, 2]


def test_composite_of_both_precisions_is_float64():
    back = itk.transform_from_dict([itk.dict_from_transform(affine(itk.F)), itk.dict_from_transform(translation())])
    assert type(back) is itk.CompositeTransform[itk.D, 2]
    assert itk.dict_from_transform(back)[0]["parameters"].tolist() == [0.125 + i / 64 for i in range(6)]


def test_list_of_transforms():
    dicts = itk.dict_from_transform([affine(), translation()])
    assert [d["numberOfParameters"] for d in dicts] == [6, 2]


def test_pickle():
    back = pickle.loads(pickle.dumps(affine()))
    assert list(back.TransformPoint([3.0, 5.0])) == list(affine().TransformPoint([3.0, 5.0]))
    back = pickle.loads(pickle.dumps(affine(itk.F)))
    assert list(back.GetParameters()) == [0.125 + i / 64 for i in range(6)]


def test_enumerators_of_itkwasm():
    wasm = itkwasm.Transform(
        itkwasm.TransformType(itkwasm.TransformParameterizations.Translation, itkwasm.FloatTypes.Float64, 2, 2),
        parameters=np.array([1.0, 2.0]),
        numberOfParameters=2,
    )
    assert list(itk.transform_from_dict(asdict(wasm)).TransformPoint([0.0, 0.0])) == [1.0, 2.0]


@pytest.mark.parametrize(
    ("kind", "parameters", "error", "expected"),
    [
        (("Euler3D", "float32", 3, 3), None, TypeError, "no Euler3DTransform of float32 .* is float64. Cast first"),
        (("Affine", "float64", 5, 5), None, TypeError, r"no AffineTransform of float64 with dimensions 5 and 5"),
        (("Rigid9D", "float64", 3, 3), None, TypeError, "no transform Rigid9DTransform"),
        (("Affine", "float64", 2, 2), [1.0] * 5, ValueError, "has 6 parameters, but the dictionary has 5"),
    ],
)
def test_wrong_transforms(kind, parameters, error, expected):
    wasm = itkwasm.Transform(itkwasm.TransformType(*kind), parameters=parameters)
    with pytest.raises(error, match=expected):
        itk.transform_from_dict(asdict(wasm))


def test_empty_list():
    with pytest.raises(ValueError, match="an empty list"):
        itk.transform_from_dict([])
