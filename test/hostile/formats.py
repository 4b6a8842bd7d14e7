"""CBOR by hand, and a second, plain reader of the formats: what a case must be read as.

Written from the description of the formats alone, so that it does not share mistakes with the library.
"""

import json
import math
import struct

COMPONENTS = "int8 uint8 int16 uint16 int32 uint32 int64 uint64 float32 float64".split()
CODES = dict(zip(COMPONENTS, "bBhHiIqQfd"))
PIXELS = (
    "Unknown Scalar RGB RGBA Offset Vector Point CovariantVector SymmetricSecondRankTensor DiffusionTensor3D Complex"
    " FixedArray Array Matrix VariableLengthVector VariableSizeMatrix"
).split()
TAGS = {
    64: ("uint8", False),
    65: ("uint16", True),
    66: ("uint32", True),
    67: ("uint64", True),
    68: ("uint8", False),
    69: ("uint16", False),
    70: ("uint32", False),
    71: ("uint64", False),
    72: ("int8", False),
    73: ("int16", False),
    74: ("int32", False),
    75: ("int64", False),
    77: ("int16", False),
    78: ("int32", False),
    79: ("int64", False),
    81: ("float32", True),
    82: ("float64", True),
    85: ("float32", False),
    86: ("float64", False),
}
TAG_OF = dict(zip(COMPONENTS, (72, 64, 77, 69, 78, 70, 79, 71, 85, 86)))
PATH_URI = "data:application/vnd.itk.path,"


class Refused(Exception):
    """The case has to be refused."""


class Unsure(Exception):
    """This reader does not know: only harm counts."""


# Writing CBOR


def head(major, argument, width=0):
    for size, code, limit in ((0, None, 24), (1, 24, 1 << 8), (2, 25, 1 << 16), (4, 26, 1 << 32), (8, 27, 1 << 64)):
        if argument < limit and size >= width:
            if size == 0:
                return bytes([major << 5 | argument])
            return bytes([major << 5 | code]) + argument.to_bytes(size, "big")
    raise ValueError(argument)


def uint(value, width=0):
    return head(0, value, width)


def integer(value, width=0):
    return head(0, value, width) if value >= 0 else head(1, -1 - value, width)


def real(value):
    return b"\xfb" + struct.pack(">d", value)


def text(value):
    return head(3, len(value.encode())) + value.encode()


def blob(value, width=0):
    return head(2, len(value), width) + value


def tag(number, item):
    return head(6, number) + item


def array(items):
    return head(4, len(items)) + b"".join(items)


def mapping(members):
    return head(5, len(members)) + b"".join(text(key) + value for key, value in members)


# Reading CBOR: items are (kind, value, tag); kinds: u n f t y (bytes) b z a m


class Decoder:
    def __init__(self, data):
        self.data = data
        self.at = 0

    def take(self, count):
        if count > len(self.data) - self.at:
            raise Refused("truncated")
        self.at += count
        return self.data[self.at - count : self.at]

    def head(self):
        first = self.take(1)[0]
        major, additional = first >> 5, first & 31
        if additional < 24:
            return major, additional, additional
        if additional < 28:
            return major, additional, int.from_bytes(self.take(1 << additional - 24), "big")
        if additional < 31:
            raise Refused("reserved")
        return major, additional, None

    def item(self, depth=0, mark=None):
        start = self.at
        major, additional, argument = self.head()
        if major == 6:
            if argument is None:
                raise Refused("tag")
            tags = []
            while major == 6:
                if argument is None:
                    raise Refused("tag")
                if argument not in (55799, 259):
                    tags.append(argument)
                start = self.at
                major, additional, argument = self.head()
            if major == 7 and additional == 31:
                raise Refused("break after a tag")
            mark = tags[-1] if tags else mark
        if major in (0, 1):
            if argument is None:
                raise Refused("indefinite number")
            if major == 0:
                return "u", argument, mark
            if argument < 1 << 63:
                return "n", -1 - argument, mark
            return "f", -1.0 - float(argument), mark
        if major in (2, 3):
            return self.string(major, argument, mark)
        if major in (4, 5):
            return self.container(major, argument, depth, mark)
        return self.simple(additional, argument, start, mark)

    def string(self, major, argument, mark):
        if argument is not None:
            content = self.take(argument)
        else:
            content = b""
            while True:
                if self.at < len(self.data) and self.data[self.at] == 255:
                    self.at += 1
                    break
                inner, _, length = self.head()
                if inner != major or length is None:
                    raise Refused("chunk")
                content += self.take(length)
        if major == 2:
            return "y", content, mark
        try:
            return "t", content.decode(), mark
        except UnicodeDecodeError:
            raise Refused("text") from None

    def container(self, major, argument, depth, mark):
        if depth == 32:
            raise Refused("depth")
        items = []
        expected = None if argument is None else argument * (major - 3)
        if expected is not None and expected > len(self.data) - self.at:
            raise Refused("more items than bytes")
        while expected is None or len(items) < expected:
            if expected is None and self.at < len(self.data) and self.data[self.at] == 255:
                self.at += 1
                if major == 5 and len(items) % 2:
                    raise Refused("half a member")
                break
            items.append(self.item(depth + 1))
        if major == 4:
            return "a", items, mark
        members = [(key[1], value) for key, value in zip(items[::2], items[1::2]) if key[0] == "t"]
        if len({key for key, _ in members}) != len(members):
            raise Refused("duplicate")
        return "m", members, mark

    def simple(self, additional, argument, start, mark):
        if argument is None:
            raise Refused("break")
        if additional == 24:
            if argument < 32:
                raise Refused("simple")
            return "z", None, mark
        if additional in (25, 26, 27):
            code = {25: ">e", 26: ">f", 27: ">d"}[additional]
            return "f", struct.unpack(code, self.data[start + 1 : self.at])[0], mark
        if additional in (20, 21):
            return "b", additional == 21, mark
        return "z", None, mark


def decode(data):
    return Decoder(data).item()


# Reading JSON


def decode_json(data):
    if data[:3] == b"\xef\xbb\xbf":
        data = data[3:]
    try:
        return convert_json(json.loads(data.decode(), object_pairs_hook=Pairs, parse_constant=refuse_constant), 0)
    except (ValueError, RecursionError) as error:
        if "digits" in str(error):
            raise Unsure from None
        raise Refused("JSON") from None


class Pairs(list):
    pass


def refuse_constant(_):
    raise Refused("constant")


def check_text(value):
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Refused("surrogate") from None
    return value


def convert_json(value, depth):
    if isinstance(value, bool):
        return "b", value, None
    if value is None:
        return "z", None, None
    if isinstance(value, int):
        if 0 <= value < 1 << 64:
            return "u", value, None
        if -(1 << 63) <= value < 0:
            return "n", value, None
        try:
            value = float(value)
        except OverflowError:
            raise Refused("too large") from None
    if isinstance(value, float):
        if not math.isfinite(value):
            raise Refused("too large")
        return "f", value, None
    if isinstance(value, str):
        return "t", check_text(value), None
    if depth == 32:
        raise Refused("depth")
    if isinstance(value, Pairs):
        keys = [check_text(key) for key, _ in value]
        if len(set(keys)) != len(keys):
            raise Refused("duplicate")
        return "m", [(key, convert_json(item, depth + 1)) for key, item in value], None
    return "a", [convert_json(item, depth + 1) for item in value], None


# The schemas


def get(item, key):
    return next((value for name, value in item[1] if name == key), None)


def as_uint(item, bits=64):
    kind, value, _ = item
    if kind == "f" and 0 <= value < 2**53 and value == int(value):
        kind, value = "u", int(value)
    if kind != "u" or value >= 1 << bits:
        raise Refused("a whole number")
    return value


def as_real(item):
    if item[0] not in "unf" or not math.isfinite(item[1]):
        raise Refused("a finite number")
    return float(item[1])


def as_map(item):
    if item[0] != "m":
        raise Refused("a map")
    return item


def as_text(item):
    if item[0] != "t":
        raise Refused("text")
    return item[1]


def as_component(item):
    if item[0] == "t" and item[1] in COMPONENTS:
        return item[1]
    if item[0] == "u" and item[1] < 10:
        return COMPONENTS[item[1]]
    raise Refused("a component type")


def as_pixel(item):
    if item[0] == "t" and item[1] in PIXELS:
        return item[1]
    raise Refused("a pixel type")


def optional(item, key, convert, default):
    value = get(item, key)
    return default if value is None else convert(value)


def pack(item, component):
    """One number of a plain array as little-endian bytes."""
    kind, value, _ = item
    if component.startswith("float"):
        if kind not in "unf":
            raise Refused("a number")
        try:
            return struct.pack("<" + CODES[component], value)
        except OverflowError:
            raise Refused("too large") from None
    if kind == "f" and abs(value) < 2**53 and value == int(value):
        value, kind = int(value), "u"
    if kind not in "un":
        raise Refused("a whole number")
    try:
        return struct.pack("<" + CODES[component], value)
    except struct.error:
        raise Refused("out of range") from None


def swap(data, size):
    return b"".join(data[i : i + size][::-1] for i in range(0, len(data), size))


def payload(item, component, count, required=True, fixed=False, tolerated=0):
    size = struct.calcsize("<" + CODES[component])
    if count * size >= 1 << 63:
        raise Refused("too large")
    if item is None or (item[0] == "z" and count == 0):
        if count and required:
            raise Refused("missing")
        return None
    kind, value, mark = item
    if kind == "a":
        if len(value) != count:
            raise Refused("length")
        return b"".join(pack(number, component) for number in value)
    if kind != "y":
        raise Refused("an array")
    stored, big = (component, False) if mark is None else TAGS.get(mark, (None, None))
    if stored is None:
        raise Refused("tag")
    stored_size = struct.calcsize("<" + CODES[stored])
    if (
        fixed
        and stored != component
        and len(value) == count * stored_size
        and (stored_size > 1 or len(value) != count * size)
    ):
        value = swap(value, stored_size) if big else value
        numbers = struct.unpack(f"<{count}{CODES[stored]}", value)
        return (
            struct.pack(f"<{count}{CODES[component]}", *map(float, numbers))
            if component == "float64"
            else b"".join(pack(("f" if isinstance(n, float) else "u", n, None), component) for n in numbers)
        )
    if big and stored_size != size:
        raise Refused("tag")
    if len(value) != count * size and not (tolerated > count * size and len(value) == tolerated):
        raise Refused("length")
    value = value[: count * size]
    return swap(value, size) if big else value


def metadata_of(item):
    value = get(item, "metadata")
    if value is None or value[0] == "z":
        return []
    if value[0] == "m":
        return value[1]
    if value[0] != "a":
        raise Refused("metadata")
    members = []
    for pair in value[1]:
        if pair[0] != "a" or len(pair[1]) != 2 or pair[1][0][0] != "t":
            raise Refused("a pair")
        members.append((pair[1][0][1], pair[1][1]))
    if len({key for key, _ in members}) != len(members):
        raise Refused("duplicate")
    return members


def axes(item, dimension, convert, component):
    kind, value, _ = item
    if kind == "y":
        data = payload(item, component, dimension, fixed=True)
        numbers = struct.unpack(f"<{dimension}{CODES[component]}", data)
        if not all(math.isfinite(number) for number in numbers):
            raise Refused("finite")
        return list(numbers)
    if kind != "a" or len(value) != dimension:
        raise Refused("one number per axis")
    return [convert(number) for number in value]


def show_value(item):
    kind, value, _ = item
    if kind == "z":
        return "z"
    if kind == "b":
        return f"b{int(value)}"
    if kind in "un":
        return f"{kind}{value}"
    if kind == "f":
        return "f" + struct.pack("<d", value).hex()
    if kind == "t":
        return "t" + value.encode().hex()
    if kind == "y":
        return f"y{len(value)}"
    if kind == "a":
        return "[" + "".join(show_value(i) + "," for i in value) + "]"
    return "{" + "".join(key.encode().hex() + ":" + show_value(i) + "," for key, i in value) + "}"


def show_metadata(members):
    return " " + show_value(("m", members, None))


def show_text(value):
    return " '" + value.encode().hex()


def doubles(values):
    return "".join(" " + struct.pack("<d", value).hex() for value in values)


def small(item):
    return as_uint(item, 32)


class Image:
    """What a case's driver must print of it."""

    def __init__(self, item, find):
        as_map(item)
        kind = as_map(get(item, "imageType") or ("m", [], None))
        dimension = optional(kind, "dimension", lambda i: as_uint(i, 32), 2)
        component = optional(kind, "componentType", as_component, "float32")
        pixel = optional(kind, "pixelType", as_pixel, "Scalar")
        components = optional(kind, "components", lambda i: as_uint(i, 32), 1)
        if not 1 <= dimension <= 16 or components < 1:
            raise Refused("dimension or components")
        if components != {"RGB": 3, "RGBA": 4}.get(pixel, components):
            raise Refused("components")
        name = optional(item, "name", as_text, "Image")
        origin = optional(item, "origin", lambda i: axes(i, dimension, as_real, "float64"), [0.0] * dimension)
        spacing = optional(item, "spacing", lambda i: axes(i, dimension, as_real, "float64"), [1.0] * dimension)
        if get(item, "size") is None:
            raise Refused("size")
        size = axes(get(item, "size"), dimension, as_uint, "uint64")
        if 0 in size or math.prod(size) >= 1 << 64:
            raise Refused("size")
        self.check_region(get(item, "bufferedRegion"), dimension, size)
        members = metadata_of(item)
        direction = find("direction", get(item, "direction"), "float64", dimension**2, required=False, fixed=True)
        if direction is None:
            cosines = [float(i % (dimension + 1) == 0) for i in range(dimension**2)]
        else:
            stored = struct.unpack(f"<{dimension**2}d", direction)
            cosines = [stored[c * dimension + r] for r in range(dimension) for c in range(dimension)]
        if not all(math.isfinite(cosine) for cosine in cosines):
            raise Refused("direction")
        data = find("data", get(item, "data"), component, math.prod(size) * components)
        self.text = (
            f"image {dimension} {COMPONENTS.index(component)} {PIXELS.index(pixel)} {components}"
            + show_text(name)
            + "".join(f" {s}{doubles([o, p])}" for s, o, p in zip(size, origin, spacing))
            + doubles(cosines)
            + show_metadata(members)
            + " "
            + (data or b"").hex()
        )

    @staticmethod
    def check_region(region, dimension, size):
        if region is None:
            return
        as_map(region)
        for key, wanted in (("size", size), ("index", [0] * dimension)):
            value = get(region, key)
            if value is not None and not (value[0] in "ay" and len(value[1]) == 0):
                if axes(value, dimension, as_uint, "uint64") != wanted:
                    raise Refused("a part")


class Mesh:
    def __init__(self, item, find):
        as_map(item)
        if get(item, "polyDataType") is not None:
            raise Unsure
        both = get(item, "meshType") is not None and get(item, "pointSetType") is not None
        if both:
            raise Refused("two types")
        kind = as_map(get(item, "meshType") or get(item, "pointSetType") or ("m", [], None))
        dimension = optional(kind, "dimension", small, 2)
        point = optional(kind, "pointComponentType", as_component, "float32")
        point_data = optional(kind, "pointPixelComponentType", as_component, "float32")
        point_pixel = optional(kind, "pointPixelType", as_pixel, "Scalar")
        point_components = optional(kind, "pointPixelComponents", small, 0)
        cell = optional(kind, "cellComponentType", as_component, "uint32")
        cell_data = optional(kind, "cellPixelComponentType", as_component, "float32")
        cell_pixel = optional(kind, "cellPixelType", as_pixel, "Scalar")
        cell_components = optional(kind, "cellPixelComponents", small, 0)
        name = optional(item, "name", as_text, "Mesh")
        if get(item, "numberOfPoints") is None:
            raise Refused("numberOfPoints")
        counts = [
            optional(item, key, as_uint, 0)
            for key in (
                "numberOfPoints",
                "numberOfPointPixels",
                "numberOfCells",
                "numberOfCellPixels",
                "cellBufferSize",
            )
        ]
        points, point_pixels, cells, cell_pixels, buffer = counts
        if (
            not 1 <= dimension <= 16
            or (points and not point.startswith("float"))
            or (buffer and cell.startswith("float"))
        ):
            raise Refused("types")
        if cells > buffer // 2 or (cells == 0 and buffer):
            raise Refused("cell buffer")
        members = metadata_of(item)
        arrays = [
            find("points", get(item, "points"), point, points * dimension),
            find("cells", get(item, "cells"), cell, buffer),
            find("pointData", get(item, "pointData"), point_data, point_pixels * point_components),
            find(
                "cellData",
                get(item, "cellData"),
                cell_data,
                cell_pixels * cell_components,
                tolerated=point_pixels * point_components * struct.calcsize(CODES[cell_data]),
            ),
        ]
        self.check_cells(arrays[1] or b"", cell, cells, points)
        numbers = [
            dimension,
            COMPONENTS.index(point),
            COMPONENTS.index(point_data),
            PIXELS.index(point_pixel),
            point_components,
            COMPONENTS.index(cell),
            COMPONENTS.index(cell_data),
            PIXELS.index(cell_pixel),
            cell_components,
            *counts,
        ]
        self.text = (
            "mesh"
            + "".join(f" {n}" for n in numbers)
            + show_text(name)
            + show_metadata(members)
            + "".join(" " + (a or b"").hex() for a in arrays)
        )

    @staticmethod
    def check_cells(data, component, cells, points):
        numbers = struct.unpack(f"<{len(data) // struct.calcsize(CODES[component])}{CODES[component]}", data)
        sizes = {
            0: (1, 1),
            1: (2, None),
            2: (3, 3),
            3: (4, 4),
            4: (1, None),
            5: (4, 4),
            6: (8, 8),
            7: (3, 3),
            8: (6, 6),
            10: (1, None),
        }
        at = 0
        for _ in range(cells):
            if len(numbers) - at < 2 or numbers[at] not in sizes:
                raise Refused("cell")
            low, high = sizes[numbers[at]]
            count = numbers[at + 1]
            if count < low or (high is not None and count > high) or count > len(numbers) - at - 2:
                raise Refused("cell size")
            if any(not 0 <= point < points for point in numbers[at + 2 : at + 2 + count]):
                raise Refused("point id")
            at += 2 + count
        if at != len(numbers):
            raise Refused("cells")


class Transforms:
    def __init__(self, item, find):
        if item[0] != "a" or not item[1] or len(item[1]) > 65536:
            raise Refused("a list")
        shown = [self.show(i, entry, find) for i, entry in enumerate(item[1])]
        self.text = " ".join(shown)

    @staticmethod
    def show(number, item, find):
        as_map(item)
        if get(item, "transformType") is None:
            raise Refused("transformType")
        kind = as_map(get(item, "transformType"))
        name = optional(kind, "transformParameterization", as_text, "Identity")
        component = optional(kind, "parametersValueType", as_component, "float64")
        dimensions = [optional(kind, key, small, 3) for key in ("inputDimension", "outputDimension")]
        if not name or not name.isascii() or not name.isalnum() or not component.startswith("float"):
            raise Refused("type")
        if not all(1 <= d <= 16 for d in dimensions):
            raise Refused("dimension")
        fixed, parameters = (
            optional(item, key, as_uint, 0) for key in ("numberOfFixedParameters", "numberOfParameters")
        )
        names = [
            optional(item, "name", as_text, "Transform"),
            optional(item, "inputSpaceName", as_text, ""),
            optional(item, "outputSpaceName", as_text, ""),
        ]
        members = metadata_of(item)
        own = name != "Composite"
        arrays = [
            find(f"{number}/fixedParameters", get(item, "fixedParameters"), "float64", fixed if own else 0, fixed=True),
            find(f"{number}/parameters", get(item, "parameters"), component, parameters if own else 0),
        ]
        return (
            "transform" + show_text(name) + f" {COMPONENTS.index(component)} {dimensions[0]} {dimensions[1]}"
            f" {fixed} {parameters}"
            + "".join(map(show_text, names))
            + show_metadata(members)
            + "".join(" " + (a or b"").hex() for a in arrays)
        )


READERS = (Image, Mesh, Transforms)


def read_cbor(family, data):
    def find(_, item, component, count, **options):
        return payload(item, component, count, **options)

    if len(data) == 0:
        raise Refused("empty")
    return READERS[family](decode(data), find).text


RAW = {
    "direction": ["direction.raw"],
    "data": ["data.raw"],
    "points": ["points.raw"],
    "cells": ["cells.raw"],
    "pointData": ["point-data.raw", "pointData.raw"],
    "cellData": ["cell-data.raw", "cellData.raw"],
    "fixedParameters": ["fixed-parameters.raw"],
    "parameters": ["parameters.raw"],
}


def read_directory(family, entries):
    """entries: [(kind, name, content)], the driver's, below x.iwi/."""
    files = {name: content for kind, name, content in entries if kind == 0}
    others = {name for kind, name, _ in entries if kind != 0}

    def open_below(path):
        parts = path.split("/")
        if path.startswith("/") or any(c in path for c in "\\:\0") or "" in parts or ".." in parts:
            raise Refused("path")
        plain = "/".join(part for part in parts if part != ".")
        if plain in others or any(plain.startswith(other + "/") for other in others):
            raise Refused("not a file")
        if plain == "" or any(name.startswith(plain + "/") for name in files) or parts[-1] == ".":
            raise Refused("a directory")
        if any(len(part.encode()) > 255 for part in parts) or len(path.encode()) > 1023:
            raise Refused("name")
        return files.get(plain)

    def find(key, item, component, count, required=True, **options):
        size = struct.calcsize("<" + CODES[component])
        if count * size >= 1 << 63:
            raise Refused("too large")
        if count == 0:
            return None
        folder, _, name = key.rpartition("/")
        content = None
        if item is not None and item[0] == "a":
            return payload(item, component, count, required, **options)
        if item is not None:
            if item[0] != "t" or not item[1].startswith(PATH_URI) or len(item[1]) == len(PATH_URI):
                raise Refused("URI")
            content = open_below(item[1][len(PATH_URI) :])
        for raw in RAW[name]:
            if content is None:
                content = open_below("data/" + (folder + "/" if folder else "") + raw)
        if content is None:
            if required or item is not None:
                raise Refused("missing")
            return None
        return payload(("y", content, None), component, count, required, **options)

    if "index.json" not in files:
        raise Refused("index.json")
    return READERS[family](decode_json(files["index.json"]), find).text
