"""ITK-Python as a client: our wheel, or the old wheel in its own environment.

    python itk_client.py ANSWERS < JOBS          (see protocol.py)

Only ITK's own functions are used (imread, meshread, transformread and their
writers), as a user would; `note` in an answer says what more was necessary.
"""

import os
import resource
import sys

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))
import itk  # noqa: E402
import model  # noqa: E402
from protocol import serve  # noqa: E402

C_TYPES = {
    "uint8": "UC",
    "int16": "SS",
    "uint16": "US",
    "int32": "SI",
    "uint32": "UI",
    "uint64": "ULL",
    "int8": "SC",
    "int64": "SLL",
    "float32": "F",
    "float64": "D",
}
PIXEL_TYPES = {
    "RGBPixel": "RGB",
    "RGBAPixel": "RGBA",
    "Vector": "Vector",
    "complex": "Complex",
    "CovariantVector": "CovariantVector",
    "FixedArray": "FixedArray",
}


def c_type(name):
    try:
        return getattr(itk, C_TYPES[name])
    except AttributeError:
        raise TypeError(f"ITK-Python wraps nothing for {name}") from None


# --- images ---------------------------------------------------------------


def image_class(job):
    component, dimension, n = c_type(job["componentType"]), job["dimension"], job["components"]
    kind = job["pixelType"]
    try:
        if kind == "Scalar":
            pixel = component
        elif kind == "RGB":
            pixel = itk.RGBPixel[component]
        elif kind == "RGBA":
            pixel = itk.RGBAPixel[component]
        elif kind == "Complex":
            pixel = itk.complex[component]
        else:
            pixel = getattr(itk, kind)[component, n]
        return itk.Image[pixel, dimension]
    except (KeyError, itk.TemplateTypeError):
        raise TypeError(f"ITK-Python wraps no {dimension}-D image of {kind} {job['componentType']}") from None


def set_metadata(dictionary, key, value):
    def add(template, value):
        entry = itk.MetaDataObject[template].New()
        entry.SetMetaDataObjectValue(value)
        dictionary.Set(key, entry)

    if isinstance(value, float):
        add(itk.D, value)
    elif isinstance(value, bool):
        add(itk.B, value)
    elif isinstance(value, list) and isinstance(value[0], list):
        add(itk.vector[itk.vector[itk.D]], [itk.vector[itk.D](row) for row in value])
    elif isinstance(value, list):
        add(itk.vector[itk.D], itk.vector[itk.D](value))
    else:
        dictionary[key] = value


def indices(image):
    """All indices of a small image, x fastest."""
    shape = [int(n) for n in itk.size(image)][::-1]
    return [[int(i) for i in index[::-1]] for index in np.ndindex(*shape)]


def make_image(job, start=None):
    """`start` = {"index", "origin"}: an image that doesn't begin at index 0."""
    image = image_class(job).New()
    dimension = job["dimension"]
    region = itk.ImageRegion[dimension]()
    region.SetSize(job["size"])
    if start:
        region.SetIndex(start["index"])
    image.SetRegions(region)
    image.Allocate()
    image.SetOrigin(start["origin"] if start else job["origin"])
    image.SetSpacing(job["spacing"])
    image.SetDirection(itk.matrix_from_array(np.reshape(job["direction"], (dimension, dimension))))
    values = model.unpack(job["data"])
    if job["pixelType"] == "Complex":  # no array view in ITK-Python
        pixel = itk.template(image)[1][0]
        for index, (real, imaginary) in zip(indices(image), values.reshape(-1, 2)):
            image.SetPixel(index, pixel(float(real), float(imaginary)))
    else:
        view = itk.array_view_from_image(image)
        view[...] = values.reshape(view.shape)
    for key, value in job["metadata"].items():
        set_metadata(image.GetMetaDataDictionary(), key, value)
    return image


def plain(value):
    if isinstance(value, (bool, int, float, str)):
        return value
    return [plain(v) for v in value]


def describe_metadata(image):
    dictionary, out = image.GetMetaDataDictionary(), {}
    for key in dictionary.GetKeys():
        try:
            out[key] = plain(dictionary[key])
        except Exception as error:  # noqa: BLE001
            out[key] = f"(not readable from Python: {type(error).__name__})"
    return out


def describe_image(image):
    pixel, dimension = itk.template(image)[1]
    kind, components = "Scalar", 1
    templates = itk.template(pixel) if "itk." in str(pixel) else None
    if "complex" in str(pixel):
        kind, components = "Complex", 2
        values = [image.GetPixel(index) for index in indices(image)]
        array = np.array(
            [part for v in values for part in (v.real(), v.imag())],
            "float64" if str(pixel).rstrip(">'").endswith("D") else "float32",
        )
    else:
        array = itk.array_view_from_image(image)
    if kind == "Complex":
        pass
    elif itk.template(image)[0] is itk.VectorImage:
        kind, components = "VariableLengthVector", image.GetNumberOfComponentsPerPixel()
    elif templates:
        name = templates[0].__name__ if hasattr(templates[0], "__name__") else str(templates[0])
        name = name.split("::")[-1].strip(">")
        kind, components = PIXEL_TYPES.get(name, name), array.shape[-1]
    return {
        "kind": "image",
        "dimension": int(dimension),
        "componentType": array.dtype.name,
        "pixelType": kind,
        "components": int(components),
        "origin": [float(x) for x in image.GetOrigin()],
        "spacing": [float(x) for x in image.GetSpacing()],
        "direction": [float(x) for x in itk.array_from_matrix(image.GetDirection()).ravel()],
        "size": [int(x) for x in itk.size(image)],
        "metadata": describe_metadata(image),
        "data": model.pack(array.ravel()),
    }


def read_image(path):
    try:
        return describe_image(itk.imread(path)), None
    except Exception as error:  # noqa: BLE001
        if not os.path.isdir(path):
            raise
        image = itk.imread(path, imageio=itk.WasmImageIO.New())
        return describe_image(image), f"only with imageio=itk.WasmImageIO.New(); plain imread: {type(error).__name__}"


# --- meshes ---------------------------------------------------------------


def make_mesh(job):
    data = job["pointData"] or job["cellData"]
    name = data["dtype"] if data else "float32"
    try:
        component = c_type(name)
        pixel = component if job["components"] == 1 else getattr(itk, job["pixelType"])[component, job["components"]]
        mesh = itk.Mesh[pixel, job["dimension"]].New()
    except (KeyError, itk.TemplateTypeError):
        raise TypeError(f"ITK-Python wraps no {job['dimension']}-D mesh of {job['components']} x {name}") from None
    if job["points"]["dtype"] != "float32":
        raise TypeError(f"ITK-Python wraps no mesh with points of {job['points']['dtype']}")
    mesh.SetPoints(itk.vector_container_from_array(model.unpack(job["points"])))
    if job["cells"]:
        mesh.SetCellsArray(itk.vector_container_from_array(model.unpack(job["cells"]).astype("uint64")))
    for key in ("PointData", "CellData"):
        values = job[key[0].lower() + key[1:]]
        if values:
            getattr(mesh, f"Set{key}")(itk.vector_container_from_array(model.unpack(values)))
    return mesh


def make_point_set(mesh):
    """An itk.PointSet with the points and data of a mesh."""
    points = itk.PointSet[itk.template(mesh)[1]].New()
    points.SetPoints(mesh.GetPoints())
    points.SetPointData(mesh.GetPointData())
    return points


def describe_mesh(mesh):
    def values(container):
        if container is None or container.Size() == 0:
            return None
        return itk.array_from_vector_container(container)

    point_data, cell_data = values(mesh.GetPointData()), values(mesh.GetCellData())
    points = itk.array_from_vector_container(mesh.GetPoints()) if mesh.GetNumberOfPoints() else np.zeros(0, "f4")
    cells = itk.array_from_vector_container(mesh.GetCellsArray()) if mesh.GetNumberOfCells() else None
    data = point_data if point_data is not None else cell_data
    components = 1 if data is None or data.ndim == 1 else data.shape[-1]
    kind = "Scalar"
    if components > 1:
        kind = str(itk.template(itk.template(mesh)[1][0])[0]).split("::")[-1].strip(">")
    return {
        "kind": "mesh",
        "dimension": int(itk.template(mesh)[1][1]),
        "numberOfPoints": int(mesh.GetNumberOfPoints()),
        "numberOfCells": int(mesh.GetNumberOfCells()),
        "points": model.pack(np.ravel(points)),
        "cells": None if cells is None else model.pack(np.ravel(cells)),
        "pixelType": kind,
        "components": components,
        "pointData": None if point_data is None else model.pack(np.ravel(point_data)),
        "cellData": None if cell_data is None else model.pack(np.ravel(cell_data)),
    }


def read_mesh(path):
    try:
        return describe_mesh(itk.meshread(path)), None
    except (KeyError, itk.TemplateTypeError) as error:
        mesh = itk.meshread(path, pixel_type=itk.F)
        return describe_mesh(mesh), f"only with pixel_type=; plain meshread: {type(error).__name__}"


# --- transforms -----------------------------------------------------------


def transform_class(name, value_type, inputs, outputs):
    template = getattr(itk, name + "Transform")
    value = c_type(value_type)
    for arguments in ((value, inputs, outputs), (value, inputs, 3), (value, inputs), (value,)):
        if name == "BSpline" and arguments != (value, inputs, 3):
            continue
        try:
            return template[arguments if len(arguments) > 1 else arguments[0]]
        except (KeyError, itk.TemplateTypeError):
            continue
    raise TypeError(f"ITK-Python wraps no {name}Transform {value_type} {inputs}->{outputs}")


def make_transform(job):
    transforms = []
    for entry in job["transforms"]:
        transform = transform_class(
            entry["parameterization"], entry["parametersValueType"], entry["inputDimension"], entry["outputDimension"]
        ).New()
        transforms.append(transform)
        if entry["parameterization"] == "Composite":
            continue
        fixed, parameters = model.unpack(entry["fixedParameters"]), model.unpack(entry["parameters"])
        if fixed.size:
            transform.SetFixedParameters(itk.OptimizerParameters[itk.D](fixed.tolist()))
        if parameters.size:
            value = c_type(entry["parametersValueType"])
            transform.SetParameters(itk.OptimizerParameters[value](parameters.tolist()))
    if job["transforms"][0]["parameterization"] == "Composite":
        composite = transforms[0]
        for transform in transforms[1:]:
            composite.AddTransform(transform)
        return [composite]
    return transforms


def describe_transform(transform):
    name, value, inputs, outputs = transform.GetTransformTypeAsString().split("_")
    out = [
        {
            "parameterization": name[: -len("Transform")],
            "parametersValueType": {"double": "float64", "float": "float32"}[value],
            "inputDimension": int(inputs),
            "outputDimension": int(outputs),
            "fixedParameters": model.pack(np.array(list(transform.GetFixedParameters()), "float64")),
            "parameters": model.pack(
                np.array(list(transform.GetParameters()), "float64" if value == "double" else "float32")
            ),
        }
    ]
    if name == "CompositeTransform":
        # range() is taken by itk's namespace of templates only in old versions; be plain.
        for i in [*np.arange(transform.GetNumberOfTransforms())]:
            out += describe_transform(itk.down_cast(transform.GetNthTransform(int(i))))
    return out


def read_transform(path, value_type):
    if value_type == "float32":
        reader = itk.TransformFileReaderTemplate[itk.F].New(FileName=path)
        reader.Update()
        listed = reader.GetModifiableTransformList()
        transforms = []
        while not listed.empty():
            transforms.insert(0, itk.down_cast(listed.pop()))
    else:
        transforms = itk.transformread(path)
    return {"kind": "transform", "transforms": [x for t in transforms for x in describe_transform(t)]}, None


def handle(job):
    path, kind = job["path"], job["kind"]
    if job["op"] == "write":
        if kind == "image":
            itk.imwrite(make_image(job["model"], job.get("start")), path)
        elif kind == "mesh":
            mesh = make_mesh(job["model"])
            if job.get("pointSet"):
                mesh = make_point_set(mesh)
            itk.meshwrite(mesh, path)
        else:
            itk.transformwrite(make_transform(job["model"]), path)
        return {}
    if kind == "image":
        value, note = read_image(path)
    elif kind == "mesh":
        value, note = read_mesh(path)
    else:
        value, note = read_transform(path, job.get("valueType"))
    return {"value": value, "note": note}


# A reader that takes a misread number for a size must not take the machine's memory.
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
serve(handle)
