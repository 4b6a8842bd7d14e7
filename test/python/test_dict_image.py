# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""itk.dict_from_image() and itk.image_from_dict(): every class of images, to itkwasm and back, both ways round."""

import gc
import inspect
import pickle
import threading
import weakref
from dataclasses import asdict

import itk
import itkwasm
import numpy as np
import pytest
from conftest import DIRECTIONS, needs

# The class of images of each name, and what its dictionary says: componentType, pixelType, components, and the class
# that comes back, where it is not the same.
KINDS = {
    "UC": ("uint8", "Scalar", 1),
    "SS": ("int16", "Scalar", 1),
    "US": ("uint16", "Scalar", 1),
    "SI": ("int32", "Scalar", 1),
    "UI": ("uint32", "Scalar", 1),
    "UL": ("uint64", "Scalar", 1),
    "ULL": ("uint64", "Scalar", 1),
    "F": ("float32", "Scalar", 1),
    "D": ("float64", "Scalar", 1),
    "B": ("uint8", "Scalar", 1),
    "RGBUC": ("uint8", "RGB", 3),
    "RGBAUC": ("uint8", "RGBA", 4),
    "CF": ("float32", "Complex", 2),
    "CD": ("float64", "Complex", 2),
    "VF1": ("float32", "Vector", 1),
    "VF2": ("float32", "Vector", 2),
    "VF3": ("float32", "Vector", 3),
    "VF4": ("float32", "Vector", 4),
    "VD2": ("float64", "Vector", 2),
    "VD3": ("float64", "Vector", 3),
    "VD4": ("float64", "Vector", 4),
    "CVF2": ("float32", "CovariantVector", 2),
    "CVF3": ("float32", "CovariantVector", 3),
    "CVF4": ("float32", "CovariantVector", 4),
    "CVD2": ("float64", "CovariantVector", 2),
    "CVD3": ("float64", "CovariantVector", 3),
    "CVD4": ("float64", "CovariantVector", 4),
    "FAF": ("float32", "FixedArray", None),
    "FAD": ("float64", "FixedArray", None),
    "O": ("int64", "Offset", None),
    "SSRTF": ("float32", "SymmetricSecondRankTensor", None),
    "SSRTD": ("float64", "SymmetricSecondRankTensor", None),
}
# Two classes have one type in ITK-Wasm: the second becomes the first.
SAME_AS = {"ULL": "UL", "B": "UC"}

# Internal to a level set filter; its pixels are pointers.
LEVEL_SET_NODES = "NBNI"

VECTOR_KINDS = {"UC": "uint8", "SS": "int16", "US": "uint16", "F": "float32", "D": "float64"}


def wrapped_images():
    """(class, KINDS' name, dimension) of every class of itk.Image that itk has, but those of LEVEL_SET_NODES."""
    dir(itk.Image)  # loads the modules that have some
    result = []
    for (_, dimension), cls in itk.Image.items():
        name = cls.__name__[len("itkImage") : -1]
        if name.startswith(LEVEL_SET_NODES):
            continue
        if dimension == 5:
            continue  # wrapped for some Vector pixels, but without regions: not even GetBufferedRegion() works
        if name[-1] == str(dimension) and name[:-1] in KINDS:
            name = name[:-1]
        result.append((cls, name, dimension))
    return result


def values(shape, component):
    """Numbers that all differ, and use the range of the type."""
    count = int(np.prod(shape))
    dtype = np.dtype(component)
    if dtype.kind == "f":
        return (np.arange(count) * 1.5 - 3).astype(dtype).reshape(shape)
    info = np.iinfo(dtype)
    return np.linspace(float(info.min), float(info.max) * 0.99, count).astype(dtype).reshape(shape)


def fill(image, pixels):
    """Sets pixel after pixel with ITK's own method, to depend on nothing that is tested."""
    for position in np.ndindex(*pixels.shape[: image.GetImageDimension()]):
        start = image.GetBufferedRegion().GetIndex()
        index = [int(i + s) for i, s in zip(reversed(position), start)]
        value = pixels[position]
        old = image.GetPixel(index)
        if isinstance(old, (bool, int, float)):
            image.SetPixel(index, type(old)(value))
        elif isinstance(old, complex):
            image.SetPixel(index, complex(*value.tolist()))
        elif type(old).__name__.startswith("stdcomplex"):
            image.SetPixel(index, type(old)(*value.tolist()))
        else:
            pixel = type(old)() if not isinstance(image, itk.VectorImage) else old
            for i, component in enumerate(value.tolist()):
                if hasattr(pixel, "SetElement"):
                    pixel.SetElement(i, component)
                elif hasattr(pixel, "SetNthComponent"):
                    pixel.SetNthComponent(i, component)
                else:
                    pixel[i] = component
            image.SetPixel(index, pixel)


def make(cls, dimension, components=None):
    """An image of a class with an asymmetric geometry, not filled."""
    image = cls.New()
    if components:
        image.SetNumberOfComponentsPerPixel(components)
    image.SetRegions([3, 2, 4, 2][:dimension])
    image.Allocate(True)
    image.SetOrigin([1.5, -2.25, 3.0, 10.0, 0.5][:dimension])
    image.SetSpacing([0.5, 0.75, 2.0, 1.25, 3.0][:dimension])
    image.SetDirection(DIRECTIONS[dimension])
    image.SetObjectName("the name")
    image.GetMetaDataDictionary()["key"] = "value"
    return image


def check_geometry(image, dimension):
    assert tuple(image.GetOrigin()) == (1.5, -2.25, 3.0, 10.0, 0.5)[:dimension]
    assert tuple(image.GetSpacing()) == (0.5, 0.75, 2.0, 1.25, 3.0)[:dimension]
    np.testing.assert_array_equal(itk.array_from_matrix(image.GetDirection()), DIRECTIONS[dimension])
    assert tuple(image.GetLargestPossibleRegion().GetSize()) == (3, 2, 4, 2)[:dimension]
    assert image.GetBufferedRegion() == image.GetLargestPossibleRegion()
    assert image.GetObjectName() == "the name"
    assert image.GetMetaDataDictionary()["key"] == "value"


@pytest.mark.parametrize(("cls", "name", "dimension"), wrapped_images(), ids=lambda v: getattr(v, "__name__", None))
def test_every_image(cls, name, dimension):
    component, pixel_type, components = KINDS[name]
    if components is None:
        components = dimension * (dimension + 1) // 2 if name.startswith("SSRT") else dimension
    shape = tuple(reversed((3, 2, 4, 2)[:dimension]))
    if components > 1 or pixel_type != "Scalar":
        shape += (components,)
    pixels = values(shape, component)
    if name == "B":
        pixels = (pixels % 2).astype(component)
    itk_image = make(cls, dimension)
    fill(itk_image, pixels)

    # itk → itkwasm
    d = itk.dict_from_image(itk_image)
    wasm = itkwasm.Image(**d)
    assert asdict(wasm.imageType) == dict(
        dimension=dimension, componentType=component, pixelType=pixel_type, components=components
    )
    assert wasm.data.dtype == component and wasm.data.shape == shape
    np.testing.assert_array_equal(wasm.data, pixels)
    assert wasm.direction.shape == (dimension, dimension)
    np.testing.assert_array_equal(wasm.direction, DIRECTIONS[dimension])
    assert wasm.metadata == {"key": "value"} and wasm.name == "the name"
    assert tuple(wasm.size) == (3, 2, 4, 2)[:dimension]

    # → itk
    back = itk.image_from_dict(asdict(wasm))
    expected = cls.__name__.replace(f"itkImage{name}", f"itkImage{SAME_AS.get(name, name)}")
    assert type(back).__name__ == expected
    check_geometry(back, dimension)

    # → itkwasm
    again = itk.dict_from_image(back)
    np.testing.assert_array_equal(again["data"], pixels)
    assert again["data"].dtype == component
    for key in ("imageType", "name", "origin", "spacing", "size", "bufferedRegion", "metadata"):
        assert again[key] == d[key], key


@pytest.mark.parametrize("components", [1, 3, 7])
@pytest.mark.parametrize("dimension", [2, 3, 4])
@pytest.mark.parametrize("name", VECTOR_KINDS)
def test_every_vector_image(name, dimension, components):
    component = VECTOR_KINDS[name]
    itk_image = make(getattr(itk.VectorImage, f"{name}{dimension}"), dimension, components)
    pixels = values((*reversed((3, 2, 4, 2)[:dimension]), components), component)
    itk.array_view_from_image(itk_image)[...] = pixels

    wasm = itkwasm.Image(**itk.dict_from_image(itk_image))
    assert asdict(wasm.imageType) == dict(
        dimension=dimension, componentType=component, pixelType="VariableLengthVector", components=components
    )
    np.testing.assert_array_equal(wasm.data, pixels)
    back = itk.image_from_dict(asdict(wasm))
    assert type(back) is type(itk_image)
    assert back.GetNumberOfComponentsPerPixel() == components
    check_geometry(back, dimension)
    np.testing.assert_array_equal(itk.array_from_image(back), pixels)


@needs("SparseFieldFourthOrderLevelSetImageFilter")
def test_images_of_pointers_are_refused():
    image = getattr(itk.Image, f"{LEVEL_SET_NODES}F22").New()
    with pytest.raises(TypeError, match="ITK-Wasm has no pixel type for itk::NormalBandNode"):
        itk.dict_from_image(image)


def test_complex_vector_image_is_refused():
    image = make(itk.VectorImage.CF2, 2, 2)
    with pytest.raises(TypeError, match="no image of Complex pixels of variable length"):
        itk.dict_from_image(image)


@pytest.mark.parametrize("pixel_type", ["Scalar", "VariableLengthVector"])
@pytest.mark.parametrize("component", ["uint8", "int16", "uint16", "float32", "float64"])
def test_itkwasm_to_itk_to_itkwasm(component, pixel_type):
    components = 1 if pixel_type == "Scalar" else 2
    wasm = itkwasm.Image(
        imageType=itkwasm.ImageType(3, component, pixel_type, components),
        name="scan",
        origin=[1.0, 2.0, 3.0],
        spacing=[0.5, 0.25, 2.0],
        direction=DIRECTIONS[3],
        size=[4, 3, 2],
        metadata={"a": "text", "b": 2, "c": 2.5, "d": True, "e": [1.0, 2.0]},
        data=values((2, 3, 4) if components == 1 else (2, 3, 4, components), component),
    )
    back = itkwasm.Image(**itk.dict_from_image(itk.image_from_dict(asdict(wasm))))
    assert asdict(back.imageType) == asdict(wasm.imageType)
    assert back.name == "scan"
    assert list(back.origin) == wasm.origin and list(back.spacing) == wasm.spacing and list(back.size) == wasm.size
    np.testing.assert_array_equal(back.direction, wasm.direction)
    np.testing.assert_array_equal(back.data, wasm.data)
    assert back.metadata == wasm.metadata


def test_as_written_in_the_readme():
    itk_image = itk.image_from_dict(asdict(itkwasm.Image()))
    assert type(itk_image) is itk.Image[itk.UC, 2] and itk_image.GetPixel([0, 0]) == 0
    itk_image = itk.Image.New()
    itk_image.SetRegions([8, 8])
    itk_image.Allocate()
    assert list(itkwasm.Image(**itk.dict_from_image(itk_image)).size) == [8, 8]


def test_image_without_pixels():
    image = itk.Image[itk.F, 3].New()
    d = itk.dict_from_image(image)
    assert d["data"] is None and d["size"] == (0, 0, 0)
    itkwasm.Image(**d)
    back = itk.image_from_dict(d)
    assert type(back) is type(image) and tuple(back.GetBufferedRegion().GetSize()) == (0, 0, 0)


def test_dictionary_of_a_filter_updates_it():
    image = make(itk.Image[itk.UC, 2], 2)
    fill(image, np.arange(6, dtype=np.uint8).reshape(2, 3))
    flip = itk.FlipImageFilter.New(image, FlipAxes=[True, False])
    expected = [[2, 1, 0], [5, 4, 3]]
    assert itk.dict_from_image(flip)["data"].tolist() == expected
    assert itk.dict_from_image(flip.GetOutput())["data"].tolist() == expected


# ---- start index ----


def indexed(start=(-2, 5), size=(3, 2)):
    image = itk.Image[itk.SS, 2].New()
    image.SetRegions(itk.ImageRegion[2](list(start), list(size)))
    image.Allocate(True)
    image.SetOrigin([10.0, 20.0])
    image.SetSpacing([2.0, 3.0])
    image.SetDirection(DIRECTIONS[2])
    fill(image, np.arange(size[0] * size[1], dtype=np.int16).reshape(size[::-1]))
    return image


def test_start_index_becomes_part_of_the_origin():
    image = indexed()
    d = itk.dict_from_image(image)
    # origin + D (spacing * index) = (10 + .6 * -4 - .8 * 15, 20 + .8 * -4 + .6 * 15)
    np.testing.assert_allclose(d["origin"], (-4.4, 25.8), rtol=1e-15)
    assert d["bufferedRegion"] == {"index": (0, 0), "size": (3, 2)} and d["size"] == (3, 2)
    back = itk.image_from_dict(d)
    assert tuple(back.GetLargestPossibleRegion().GetIndex()) == (0, 0)
    assert back.GetBufferedRegion() == back.GetLargestPossibleRegion() == back.GetRequestedRegion()
    assert back.GetPixel([1, 1]) == image.GetPixel([-1, 6]) == 4
    np.testing.assert_allclose(
        back.TransformIndexToPhysicalPoint([1, 1]), image.TransformIndexToPhysicalPoint([-1, 6]), rtol=1e-14
    )


def test_dictionary_of_itk_itself_with_start_index():
    """As itk 5.4.7 and older made and pickled it: the index in bufferedRegion, the origin at index zero."""
    image = indexed()
    d = dict(itk.dict_from_image(image), origin=(10.0, 20.0), bufferedRegion={"index": (-2, 5), "size": (3, 2)})
    del d["metadata"]
    back = itk.image_from_dict(d)
    assert back.GetLargestPossibleRegion() == back.GetBufferedRegion() == image.GetBufferedRegion()
    assert tuple(back.GetOrigin()) == (10.0, 20.0)
    assert back.GetPixel([-1, 6]) == 4


def test_buffered_region_inside_of_the_image():
    image = itk.Image[itk.SS, 2].New()
    image.SetLargestPossibleRegion(itk.ImageRegion[2]([10, 20], [5, 4]))
    image.SetBufferedRegion(itk.ImageRegion[2]([11, 22], [3, 2]))
    image.Allocate(True)
    fill(image, np.arange(6, dtype=np.int16).reshape(2, 3))
    d = itk.dict_from_image(image)
    assert d["size"] == (5, 4) and d["bufferedRegion"] == {"index": (1, 2), "size": (3, 2)}
    assert d["origin"] == (10.0, 20.0)
    wasm = itkwasm.Image(**d)
    assert list(wasm.bufferedRegion.index) == [1, 2]
    back = itk.image_from_dict(asdict(wasm))
    assert tuple(back.GetLargestPossibleRegion().GetSize()) == (5, 4)
    assert back.GetBufferedRegion() == itk.ImageRegion[2]([1, 2], [3, 2])
    assert back.GetPixel([2, 3]) == image.GetPixel([12, 23]) == 4


def test_buffered_region_outside_of_the_image_is_refused():
    d = itk.dict_from_image(indexed())
    d["bufferedRegion"] = {"index": (2, 0), "size": (2, 2)}
    with pytest.raises(ValueError, match=r"bufferedRegion with index \(2, 0\) and size \(2, 2\) is not inside"):
        itk.image_from_dict(d)


# ---- lifetime ----


def unused_memory():
    """Takes the memory that was let go of, and writes to it."""
    gc.collect()
    return [np.full((500, 500), 3, np.float32) for _ in range(4)]


VIEWED = [
    "UC2 RGBUC2 VF32 CVD33 SSRTD33 ULL2 D4".split(),
    "UC2 F3".split(),
]


@pytest.mark.parametrize(
    "image_class",
    [getattr(itk.Image, n) for n in VIEWED[0]] + [getattr(itk.VectorImage, n) for n in VIEWED[1]],
    ids=lambda c: c.__name__,
)
def test_image_uses_the_array_of_its_dictionary(image_class):
    dimension = int(image_class.__name__[-1])
    d = itk.dict_from_image(make(image_class, dimension, 3 if "VectorImage" in image_class.__name__ else None))
    d["data"] = np.arange(d["data"].size, dtype=d["data"].dtype).reshape(d["data"].shape)
    image = itk.image_from_dict(d)
    view = itk.array_view_from_image(image)
    assert np.shares_memory(view, d["data"])
    np.testing.assert_array_equal(view, d["data"])
    check_geometry(image, dimension)
    assert image.shape == d["data"].shape


def test_image_outlives_its_dictionary():
    expected = np.arange(250_000, dtype=np.float32).reshape(500, 500)
    d = itk.dict_from_image(itk.image_from_array(expected))
    array = weakref.ref(d["data"])
    image = itk.image_from_dict(d)
    del d
    noise = unused_memory()
    np.testing.assert_array_equal(itk.array_view_from_image(image), expected)
    assert array() is not None
    del image, noise
    gc.collect()
    assert array() is None, "the array is never let go of"


def test_filter_holds_what_it_reads():
    expected = np.arange(250_000, dtype=np.float32).reshape(500, 500)
    flip = itk.FlipImageFilter.New(itk.image_from_dict(itk.dict_from_image(itk.image_from_array(expected))))
    flip.SetFlipAxes([True, False])
    noise = unused_memory()
    flip.Update()
    np.testing.assert_array_equal(itk.array_view_from_image(flip.GetOutput()), expected[:, ::-1])
    del noise


def test_buffer_outlives_the_image():
    """This filter hands the pixel buffer of its input on to its output, and the input goes."""
    expected = np.arange(250_000, dtype=np.float32).reshape(500, 500)
    d = itk.dict_from_image(itk.image_from_array(expected))
    array = weakref.ref(d["data"])
    output = itk.change_information_image_filter(itk.image_from_dict(d))
    del d
    noise = unused_memory()
    np.testing.assert_array_equal(itk.array_view_from_image(output), expected)
    del output, noise
    gc.collect()
    assert array() is None


def test_buffer_let_go_of_in_another_thread():
    d = itk.dict_from_image(itk.image_from_array(np.zeros((50, 50), np.float32)))
    array = weakref.ref(d["data"])
    images = [itk.image_from_dict(d)]
    del d
    thread = threading.Thread(target=images.clear)
    thread.start()
    thread.join()
    gc.collect()
    assert array() is None


def test_view_of_an_image_is_copied():
    """Its memory is ITK's, which lets go of it when the image is allocated anew."""
    source = itk.image_from_array(np.arange(6, dtype=np.uint8).reshape(2, 3))
    d = dict(itk.dict_from_image(source), data=itk.array_view_from_image(source))
    for data in (d["data"], np.asarray(d["data"]), d["data"][...]):
        image = itk.image_from_dict(dict(d, data=data))
        assert not np.shares_memory(itk.array_view_from_image(image), d["data"])
        assert itk.array_from_image(image).tolist() == [[0, 1, 2], [3, 4, 5]]


def test_dictionary_outlives_its_image():
    expected = np.arange(250_000, dtype=np.float32).reshape(500, 500)
    image = itk.image_from_array(expected)
    d = itk.dict_from_image(image)
    image.FillBuffer(-1)
    del image
    gc.collect()
    np.testing.assert_array_equal(d["data"], expected)
    assert type(d["data"]) is np.ndarray and d["data"].flags.owndata and d["data"].flags.writeable


def test_read_only_array_is_not_written_to():
    """Pipelines of itkwasm return arrays over bytes, and ITK's in-place filters write."""
    raw = bytes(range(6))
    d = itk.dict_from_image(make(itk.Image[itk.UC, 2], 2))
    d["data"] = np.frombuffer(raw, np.uint8).reshape(2, 3)
    image = itk.image_from_dict(d)
    image.FillBuffer(9)
    assert raw == bytes(range(6))


@pytest.mark.parametrize("how", ["fortran", "strided", "big-endian", "flat", "bytes", "list"])
def test_arrays_of_all_kinds(how):
    pixels = np.arange(6, dtype=np.uint16).reshape(2, 3) * 300
    data = {
        "fortran": np.asfortranarray(pixels),
        "strided": np.repeat(pixels, 2, axis=1)[:, ::2],
        "big-endian": pixels.astype(">u2"),
        "flat": pixels.reshape(-1),
        "bytes": pixels.tobytes(),
        "list": pixels.astype(np.uint16),
    }[how]
    d = itk.dict_from_image(make(itk.Image[itk.US, 2], 2))
    d["data"] = data
    np.testing.assert_array_equal(itk.array_from_image(itk.image_from_dict(d)), pixels)


def test_complex_array():
    pixels = np.array([[1 + 2j, 3 - 4j, 0], [5j, -6, 7 + 0.5j]], np.complex64)
    d = itk.dict_from_image(make(itk.Image[itk.complex[itk.F], 2], 2))
    d["data"] = pixels
    back = itk.dict_from_image(itk.image_from_dict(d))["data"]
    np.testing.assert_array_equal(back.view(np.complex64)[..., 0], pixels)


def test_direction_in_other_forms():
    d = itk.dict_from_image(make(itk.Image[itk.UC, 2], 2))
    for direction in (DIRECTIONS[2].tolist(), DIRECTIONS[2].reshape(-1), DIRECTIONS[2].astype(np.float64).T.copy().T):
        d["direction"] = direction
        matrix = itk.array_from_matrix(itk.image_from_dict(d).GetDirection())
        np.testing.assert_array_equal(matrix, DIRECTIONS[2])
    for direction in (None, [], np.empty(0)):
        d["direction"] = direction
        np.testing.assert_array_equal(itk.array_from_matrix(itk.image_from_dict(d).GetDirection()), np.eye(2))


# ---- what is refused ----


@pytest.mark.parametrize(
    ("component", "pixel_type", "components", "dimension", "expected"),
    [
        ("int8", "Scalar", 1, 2, "no 2-dimensional images of int8 Scalar pixels; the nearest that it wraps are int16"),
        ("int64", "Scalar", 1, 3, "no 3-dimensional images of int64 Scalar pixels; .* are float64"),
        ("uint16", "RGB", 3, 2, "uint16 RGB pixels of 3 components; .* are uint16 VariableLengthVector"),
        ("float32", "Vector", 5, 2, "float32 Vector pixels of 5 components; .* are float32 VariableLengthVector"),
        ("int32", "VariableLengthVector", 2, 2, "int32 VariableLengthVector .* are float64 VariableLengthVector"),
        ("int16", "Complex", 2, 2, "int16 Complex .* are float32 Complex"),
        ("float64", "DiffusionTensor3D", 6, 3, "DiffusionTensor3D .* are float64 VariableLengthVector"),
        ("uint8", "Scalar", 1, 1, "no images of dimension 1; it wraps dimensions 2, 3, 4"),
        ("uint8", "Scalar", 1, 5, "no images of dimension 5; it wraps dimensions 2, 3, 4"),
    ],
)
def test_types_that_are_not_wrapped(component, pixel_type, components, dimension, expected):
    shape = (2,) * dimension + ((components,) if components > 1 else ())
    image = itkwasm.Image(
        imageType=itkwasm.ImageType(dimension, component, pixel_type, components),
        size=[2] * dimension,
        data=np.arange(np.prod(shape), dtype=component).reshape(shape),
    )
    with pytest.raises(TypeError, match=expected):
        itk.image_from_dict(asdict(image))


def test_the_advice_in_the_error_works():
    image = itkwasm.Image(
        imageType=itkwasm.ImageType(2, "int8", "RGB", 3),
        size=[2, 1],
        data=np.array([[[-1, 2, 3], [4, -5, 127]]], np.int8),
    )
    d = asdict(image)
    with pytest.raises(TypeError) as error:
        itk.image_from_dict(d)
    text = str(error.value)
    exec(text[text.index("dictionary d: ") + len("dictionary d: ") :], {"d": d})
    assert itk.array_from_image(itk.image_from_dict(d)).tolist() == image.data.tolist()
    call = text[text.index("itkwasm.cast_image") : text.index(", or in")]
    cast = eval(call, {"itkwasm": itkwasm, "image": image})
    assert itk.array_from_image(itk.image_from_dict(asdict(cast))).tolist() == image.data.tolist()


@pytest.mark.parametrize(
    ("change", "error", "expected"),
    [
        (dict(data=np.zeros((3, 2), np.uint8)), ValueError, r"data has shape \(3, 2\), expected \(2, 3\)"),
        (dict(data=np.zeros((2, 3), np.int16)), TypeError, "data has dtype int16, but componentType is uint8"),
        (dict(data=np.zeros(5, np.uint8)), ValueError, r"data has shape \(5,\), expected \(2, 3\)"),
        (dict(size=(3,)), ValueError, "size has 1 values, expected 2"),
        (dict(direction=np.eye(3)), ValueError, "direction has 9 values, expected 4"),
        (
            dict(imageType=dict(dimension=2, componentType="uint9", pixelType="Scalar", components=1)),
            ValueError,
            "componentType is 'uint9', expected one of uint8",
        ),
        (
            dict(imageType=dict(dimension=2, componentType="uint8", pixelType="RGB", components=4)),
            ValueError,
            "components is 4, but pixels of pixelType RGB have 3",
        ),
    ],
)
def test_wrong_dictionaries(change, error, expected):
    d = itk.dict_from_image(make(itk.Image[itk.UC, 2], 2))
    with pytest.raises(error, match=expected):
        itk.image_from_dict(dict(d, **change))


# ---- pickle, copy, and what else itk does with the functions ----


def test_pickle():
    image = indexed()
    image.GetMetaDataDictionary()["key"] = 2.5
    back = pickle.loads(pickle.dumps(image))
    np.testing.assert_array_equal(itk.array_from_image(back), itk.array_from_image(image))
    np.testing.assert_allclose(
        back.TransformIndexToPhysicalPoint([0, 0]), image.TransformIndexToPhysicalPoint([-2, 5]), rtol=1e-14
    )
    assert dict(back)["key"] == 2.5


def test_signature_and_docstring_are_those_of_itk():
    assert itk.dict_from_image.__doc__ == "Serialize a Python itk.Image object to a pickable Python dictionary."
    assert str(inspect.signature(itk.image_from_dict)).startswith("(image_dict: ")
    assert itk.image_from_dict.__module__ == "itk.support.extras"
    assert pickle.loads(pickle.dumps(itk.image_from_dict)) is itk.image_from_dict
    image = make(itk.Image[itk.UC, 2], 2)
    assert itk.image_from_dict(image_dict=itk.dict_from_image(image=image)).GetObjectName() == "the name"
