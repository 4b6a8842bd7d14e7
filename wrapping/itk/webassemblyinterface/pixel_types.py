# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""Which class of ITK-Python holds the pixels that an ITK-Wasm type names.

ITK-Wasm says an image's type in four words: dimension, componentType ("int16"), pixelType ("RGB") and components.
ITK-Python has a class for each combination that its build chose to wrap, and none for the others. The functions
here translate, and where there is no class they say what is nearest.
"""

import numpy as np

#: Every componentType, smaller ones first, which is also the order in which the nearest one is looked for.
COMPONENT_TYPES = (
    "uint8",
    "int8",
    "uint16",
    "int16",
    "uint32",
    "int32",
    "float32",
    "uint64",
    "int64",
    "float64",
)

# Names of itk's C types, the preferred one first where two have the same size. Which do is not the same everywhere:
# long has 32 bits on Windows.
_C_TYPES = "UC SC US SS UI SI F UL SL ULL SLL D".split()

# itk::RGBPixel -> RGB. Templates of one component type that ITK names like ITK-Wasm, but for these.
_PIXEL_TYPE_OF_TEMPLATE = {
    "itk::RGBPixel": "RGB",
    "itk::RGBAPixel": "RGBA",
    "std::complex": "Complex",
}
_TEMPLATE_OF_PIXEL_TYPE = {
    "RGB": "RGBPixel",
    "RGBA": "RGBAPixel",
    "Complex": "complex",
}

_COMPONENTS = {"RGB": 3, "RGBA": 4, "Complex": 2, "DiffusionTensor3D": 6}
_WITH_LENGTH = ("Vector", "CovariantVector", "Point", "FixedArray")


class NotWrapped(TypeError):
    """ITK-Python has no class for a type; ``nearest`` is the nearest componentType that it has one for, or None."""

    def __init__(self, message, nearest=None):
        super().__init__(message)
        self.nearest = nearest


def plain(name):
    """The plain string of a type name, which may be an enumerator of itkwasm."""
    name = str(getattr(name, "value", name))
    # itk.dict_from_image() wrote it so, and it is in pickles.
    return "SymmetricSecondRankTensor" if name == "SymmetrySecondRankTensor" else name


def c_types(component_type):
    """The C types of itk, as itk.SS, that have the componentType."""
    import itk

    if component_type not in COMPONENT_TYPES:
        raise ValueError(f"componentType is {component_type!r}, expected one of {', '.join(COMPONENT_TYPES)}")
    dtype = np.dtype(component_type)
    return [c_type for c_type in (getattr(itk, name) for name in _C_TYPES) if np.dtype(c_type.dtype) == dtype]


def component_type(c_type):
    """The componentType of a C type of itk. bool is kept in a uint8, as everywhere in ITK-Wasm."""
    dtype = np.dtype(c_type.dtype)
    return "uint8" if dtype == np.bool_ else dtype.name


def describe_pixel(pixel):
    """(componentType, pixelType, components) of a pixel class of ITK-Python, as itk.SS or itk.Vector[itk.F, 3]."""
    import itk

    if isinstance(pixel, itk.support.types.itkCType):
        return component_type(pixel), "Scalar", 1
    template, parameters = itk.template(pixel)
    name = template.__name__
    pixel_type = _PIXEL_TYPE_OF_TEMPLATE.get(name, name.split("::")[-1])
    if pixel_type == "Offset":
        return "int64", "Offset", parameters[0]
    length = parameters[1] if len(parameters) > 1 else None
    if pixel_type in _COMPONENTS:
        components = _COMPONENTS[pixel_type]
    elif pixel_type in _WITH_LENGTH:
        components = length
    elif pixel_type == "SymmetricSecondRankTensor":
        components = length * (length + 1) // 2
    elif pixel_type == "Matrix":
        components = length * parameters[2]
    else:
        raise NotWrapped(f"ITK-Wasm has no pixel type for {name}")
    return component_type(parameters[0]), pixel_type, components


def describe_image(image):
    """The imageType dictionary of an image."""
    import itk

    template, (pixel, dimension) = itk.template(image)
    component, pixel_type, components = describe_pixel(pixel)
    if template.__name__ == "itk::VectorImage":
        if pixel_type != "Scalar":
            raise NotWrapped(
                f"ITK-Wasm has no image of {pixel_type} pixels of variable length; "
                "give it real and imaginary part as two images"
            )
        pixel_type, components = "VariableLengthVector", image.GetNumberOfComponentsPerPixel()
    return dict(
        dimension=dimension,
        componentType=component,
        pixelType=pixel_type,
        components=components,
    )


def _pixel_class(component, pixel_type, components):
    """The pixel class, or None."""
    import itk

    def lookup(template, *parameters):
        try:
            return getattr(itk, template)[parameters]
        except (KeyError, itk.TemplateTypeError):
            return None

    if pixel_type == "Offset":
        return lookup("Offset", components)
    template = _TEMPLATE_OF_PIXEL_TYPE.get(pixel_type, pixel_type)
    if pixel_type in _COMPONENTS:
        return lookup(template, component)
    if pixel_type in _WITH_LENGTH:
        return lookup(template, component, components)
    if pixel_type == "SymmetricSecondRankTensor":
        # components = n (n + 1) / 2
        return lookup(template, component, int((np.sqrt(8 * components + 1) - 1) / 2))
    return None


def image_classes(dimension, component_type, pixel_type, components):
    """The classes of images of that type. ITK-Python may have none; it may have two, for both of C's 64-bit types."""
    import itk

    for c_type in c_types(component_type):
        template = itk.Image
        if pixel_type == "VariableLengthVector":
            template, pixel = itk.VectorImage, c_type
        elif pixel_type in ("Scalar", "Unknown") and components == 1:
            pixel = c_type
        else:
            pixel = _pixel_class(c_type, pixel_type, components)
        if pixel is not None:
            try:
                yield template[pixel, dimension]
            except (KeyError, itk.TemplateTypeError):
                pass


def _has_images(dimension, component_type, pixel_type, components):
    return any(True for _ in image_classes(dimension, component_type, pixel_type, components))


def can_hold(component_type, other):
    """Whether all values of the other componentType are values of this one. float64 counts as holding 64-bit integers,
    as in NumPy."""
    return bool(np.can_cast(other, component_type))


def nearest(component_type, exists):
    """The smallest other componentType that can hold all values and for which exists(it) holds, or None."""
    for candidate in COMPONENT_TYPES:
        if candidate != component_type and can_hold(candidate, component_type) and exists(candidate):
            return candidate
    return None


def nearest_type(component_type, pixel_type, components, exists):
    """The (componentType, pixelType) nearest to one that is not wrapped, of those for which exists(both) holds.

    Another component type is nearer than pixels of variable length. None where nothing can keep the values.
    """
    cast = nearest(component_type, lambda c: exists(c, pixel_type))
    if cast is not None:
        return cast, pixel_type
    vector = "VariableLengthVector"
    if components > 1 and pixel_type != vector:
        if exists(component_type, vector):
            return component_type, vector
        cast = nearest(component_type, lambda c: exists(c, vector))
        if cast is not None:
            return cast, vector
    return None


def wanted(component_type, pixel_type, components):
    """The type of pixels in words."""
    return f"{component_type} {pixel_type} pixels" + (f" of {components} components" if components > 1 else "")


def expression(component_type, pixel_type, components):
    """How one writes the type of pixels in Python, "itk.Vector[itk.F, 3]" for example."""
    component = f"itk.{c_types(component_type)[0].short_name}"
    if pixel_type == "Scalar":
        return component
    template = _TEMPLATE_OF_PIXEL_TYPE.get(pixel_type, pixel_type)
    return f"itk.{template}[{component}{f', {components}' if pixel_type in _WITH_LENGTH else ''}]"


def image_class(image_type):
    """The class of images of an imageType dictionary. Raises NotWrapped where ITK-Python has none."""
    dimension = int(image_type["dimension"])
    component = plain(image_type["componentType"])
    pixel_type = plain(image_type["pixelType"])
    components = int(image_type.get("components", 1))

    expected = _COMPONENTS.get(pixel_type)
    if expected is not None and components != expected:
        raise ValueError(f"components is {components}, but pixels of pixelType {pixel_type} have {expected}")
    # A few classes of Vector pixels are wrapped for 5 dimensions, but nothing that one could use them with.
    if not _has_images(dimension, "uint8", "Scalar", 1):
        dimensions = [n for n in range(1, 7) if _has_images(n, "uint8", "Scalar", 1)]
        raise NotWrapped(
            f"ITK-Python has no images of dimension {dimension}; it wraps dimensions "
            f"{', '.join(map(str, dimensions))}. Add or drop axes of length one, or hand it one slab after the other"
        )
    for found in image_classes(dimension, component, pixel_type, components):
        return found

    message = f"ITK-Python has no {dimension}-dimensional images of {wanted(component, pixel_type, components)}"
    near = nearest_type(component, pixel_type, components, lambda c, p: _has_images(dimension, c, p, components))
    if near is None:
        raise NotWrapped(message)
    options, steps = [], []
    if near[0] != component:
        options.append(f"component_type={near[0]!r}")
        steps.append(f"d['data'] = d['data'].astype({near[0]!r})")
        steps.append(f"d['imageType']['componentType'] = {near[0]!r}")
    if near[1] != pixel_type:
        options.append(f"pixel_type={near[1]!r}")
        steps.append(f"d['imageType']['pixelType'] = {near[1]!r}")
    raise NotWrapped(
        f"{message}; the nearest that it wraps are {wanted(*near, components)}. Cast first: "
        f"itkwasm.cast_image(image, {', '.join(options)}), or in a dictionary d: {'; '.join(steps)}",
        near[0],
    )
