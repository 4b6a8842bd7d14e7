# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""Transforms, also composite ones, to dictionaries and back."""

import numpy as np

from ..pixel_types import NotWrapped, plain
from ..replacing import EXTRA
from .meshes import flat_array
from .metadata import metadata_of, set_metadata


def _dict_from_single_transform(transform):
    # As "AffineTransform_double_3_3".
    name, precision, input_dimension, output_dimension = transform.GetTransformTypeAsString().split("_")
    value_type = {"float": "float32", "double": "float64"}[precision]
    parameters = np.array(transform.GetParameters(), value_type).reshape(-1)
    fixed_parameters = np.array(transform.GetFixedParameters(), np.float64).reshape(-1)
    return dict(
        transformType=dict(
            transformParameterization=name.replace("Transform", ""),
            parametersValueType=value_type,
            inputDimension=int(input_dimension),
            outputDimension=int(output_dimension),
        ),
        name=transform.GetObjectName(),
        inputSpaceName=transform.GetInputSpaceName(),
        outputSpaceName=transform.GetOutputSpaceName(),
        parameters=parameters,
        fixedParameters=fixed_parameters,
        numberOfParameters=parameters.size,
        numberOfFixedParameters=fixed_parameters.size,
        metadata=metadata_of(transform),
    )


def _is_composite(transform):
    return transform.GetTransformTypeAsString().startswith("CompositeTransform_")


def _flattened(transform):
    """The transforms of a composite, and of the composites in it."""
    import itk

    if not _is_composite(transform):
        return [transform]
    transform = itk.down_cast(transform)
    children = [transform.GetNthTransform(i) for i in range(transform.GetNumberOfTransforms())]
    return [leaf for child in children for leaf in _flattened(child)]


def dict_from_transform(transform):
    if isinstance(transform, (list, tuple)):
        return [_dict_from_single_transform(leaf) for item in transform for leaf in _flattened(item)]
    if _is_composite(transform):
        return [_dict_from_single_transform(leaf) for leaf in _flattened(transform)]
    return _dict_from_single_transform(transform)


def _transform_class(transform_type, value_type):
    """The class of a transformType. Of the B-spline transforms only the cubic one is wrapped."""
    import itk

    name = plain(transform_type["transformParameterization"]) + "Transform"
    dimensions = [int(transform_type["inputDimension"]), int(transform_type["outputDimension"])]
    template = getattr(itk, name, None)
    if template is None:
        extra = ""
        if not hasattr(itk, "DisplacementFieldTransform"):
            extra = "; those with fields are in the package itk-filtering: " + EXTRA
        raise NotWrapped(f"ITK-Python has no transform {name}{extra}")
    c_type = {"float32": itk.F, "float64": itk.D}
    template._LoadModules()
    shapes = ((), tuple(dimensions[:1]), tuple(dimensions), (dimensions[0], 3))
    for shape in shapes:
        for key, cls in template.items():
            if key == (c_type[value_type], *shape) and (shape or _dimensions(cls) == dimensions):
                return cls
    what = f"{name} of {value_type} with dimensions {dimensions[0]} and {dimensions[1]}"
    other = "float64" if value_type == "float32" else "float32"
    if any(key[0] == c_type[other] and key[1:] in shapes for key in template.keys()):
        raise NotWrapped(
            f"ITK-Python has no {what}; the nearest that it wraps is {other}. Cast first, in a dictionary d: "
            f"d['parameters'] = d['parameters'].astype({other!r}); "
            f"d['transformType']['parametersValueType'] = {other!r}",
            other,
        )
    wrapped = ", ".join(sorted({str(key[1:]) for key in template.keys()}))
    raise NotWrapped(f"ITK-Python has no {what}; it wraps {wrapped}")


def _dimensions(cls):
    return [int(n) for n in cls.New().GetTransformTypeAsString().split("_")[2:]]


def _set_parameters(transform, key, values, dtype):
    """Hands parameters or fixed parameters to a transform, unless there are none or it has them already."""
    import itk

    if values is None:
        return
    values = flat_array(values).astype(np.float64)
    current = getattr(transform, f"Get{key}")()
    # Transforms with a field refuse the fixed parameters of the one that they have before they are given one.
    if current.Size() == values.size and np.array_equal(np.array(current).reshape(-1), values):
        return
    parameters = itk.OptimizerParameters[dtype](values)
    if key == "Parameters" and parameters.Size() != transform.GetNumberOfParameters():
        raise ValueError(
            f"{transform.GetTransformTypeAsString()} has {transform.GetNumberOfParameters()} parameters, "
            f"but the dictionary has {parameters.Size()}"
        )
    getattr(transform, f"Set{key}")(parameters)


def _single_transform_from_dict(d, value_type):
    import itk

    transform = _transform_class(d["transformType"], value_type).New()
    transform.SetObjectName(d.get("name") or "")
    transform.SetInputSpaceName(d.get("inputSpaceName") or "")
    transform.SetOutputSpaceName(d.get("outputSpaceName") or "")
    _set_parameters(transform, "FixedParameters", d.get("fixedParameters"), itk.D)
    _set_parameters(transform, "Parameters", d.get("parameters"), itk.F if value_type == "float32" else itk.D)
    set_metadata(transform, d.get("metadata"))
    return transform


def transform_from_dict(transform_dict):
    import itk

    def parameterization(d):
        return plain(d["transformType"]["transformParameterization"])

    def value_type(d):
        return plain(d["transformType"]["parametersValueType"])

    dicts = list(transform_dict) if isinstance(transform_dict, (list, tuple)) else [transform_dict]
    if not dicts:
        raise ValueError("an empty list doesn't tell the type of transform to make")
    composites = [d for d in dicts if parameterization(d) == "Composite"]
    leaves = [d for d in dicts if parameterization(d) != "Composite"]
    if not composites and len(leaves) == 1:
        return _single_transform_from_dict(leaves[0], value_type(leaves[0]))

    # The transforms of a composite have one type. Of float32 and float64 ones it is float64, which loses nothing.
    common = "float32" if all(value_type(d) == "float32" for d in leaves or composites) else "float64"
    first = (composites or leaves)[0]
    dimension = int(first["transformType"]["inputDimension"])
    composite = itk.CompositeTransform[itk.F if common == "float32" else itk.D, dimension].New()
    for d in leaves:
        composite.AddTransform(_single_transform_from_dict(d, common))
    if composites:
        composite.SetObjectName(first.get("name") or "")
        set_metadata(composite, first.get("metadata"))
    return composite
