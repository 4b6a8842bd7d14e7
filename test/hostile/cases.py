"""Damaged and varied objects, from a seed: what files from the internet may hold."""

import copy
import ctypes
import ctypes.util
import json
import random
import struct

import formats as f

IMAGE, MESH, TRANSFORM = range(3)
DIRECTORY, CBOR, ZSTD = range(3)
FAMILIES = ("image", "mesh", "transform")
CONTAINERS = ("directory", "cbor", "zst")

_zstd = ctypes.CDLL(ctypes.util.find_library("zstd"))
for _name in ("ZSTD_compress", "ZSTD_decompress", "ZSTD_compressBound"):
    getattr(_zstd, _name).restype = ctypes.c_size_t


def compress(data, level=3):
    out = ctypes.create_string_buffer(len(data) + len(data) // 128 + 1000)
    size = _zstd.ZSTD_compress(out, ctypes.c_size_t(len(out)), data, ctypes.c_size_t(len(data)), level)
    return out.raw[:size]


def decompress(data):
    """None where zstd itself refuses."""
    out = ctypes.create_string_buffer(1 << 20)
    size = _zstd.ZSTD_decompress(out, ctypes.c_size_t(len(out)), data, ctypes.c_size_t(len(data)))
    return None if _zstd.ZSTD_isError(ctypes.c_size_t(size)) else out.raw[:size]


class Case:
    """`must` is "accept", "refuse" or "either"; `right` the texts that may be read (None: ask the second reader)."""

    __slots__ = ("kind", "family", "container", "data", "must", "right")

    def __init__(self, kind, family, container, data, must="either", right=()):
        self.kind, self.family, self.container, self.data = kind, family, container, data
        self.must, self.right = must, right

    @property
    def category(self):
        return f"{FAMILIES[self.family]} {CONTAINERS[self.container]} {self.kind}"

    def expected(self):
        """(must, right texts)"""
        try:
            if self.container == DIRECTORY:
                text = f.read_directory(self.family, self.data)
            else:
                data = self.data if self.container == CBOR else decompress(self.data)
                if data is None:
                    raise f.Refused("zstd")
                text = f.read_cbor(self.family, data)
        except f.Refused:
            return ("refuse" if not self.right else "either"), set(self.right)
        except f.Unsure:
            return "anything", set()
        return self.must, {text, *self.right}


# Objects: nested lists of [key, value]; values are Python's, or typed arrays


class Typed:
    def __init__(self, component, numbers):
        self.component, self.numbers = component, list(numbers)

    def raw(self, big=False):
        return struct.pack(f"{'>' if big else '<'}{len(self.numbers)}{f.CODES[self.component]}", *self.numbers)


def image(rng, dimension, component, components, pixel="Scalar"):
    size = [rng.randint(1, 4) for _ in range(dimension)]
    count = components
    for s in size:
        count *= s
    whole = not component.startswith("float")
    low, high = (0, 100) if component.startswith("u") else (-100, 100)
    numbers = [rng.randint(low, high) if whole else rng.randint(low, high) / 4 for _ in range(count)]
    direction = [
        float(i % (dimension + 1) == 0) if rng.random() < 0.5 else rng.randint(-4, 4) / 4 for i in range(dimension**2)
    ]
    return [
        [
            "imageType",
            [["dimension", dimension], ["componentType", component], ["pixelType", pixel], ["components", components]],
        ],
        ["origin", [rng.randint(-40, 40) / 8 for _ in size]],
        ["spacing", [rng.randint(1, 40) / 8 for _ in size]],
        ["direction", Typed("float64", direction)],
        ["size", size],
        ["metadata", [["k", "v"], ["n", 5], ["l", (1.5, -2)]]],
        ["data", Typed(component, numbers)],
    ]


def mesh(rng, points, cells, point_data, cell_data, component="uint32"):
    shapes = {0: 1, 1: 2, 2: 3, 3: 4, 4: 5, 5: 4, 10: 3}
    buffer = []
    for _ in range(cells):
        shape = rng.choice(list(shapes))
        buffer += [shape, shapes[shape]] + [rng.randrange(points) for _ in range(shapes[shape])]
    members = [
        [
            "meshType",
            [
                ["dimension", 3],
                ["pointComponentType", "float32"],
                ["pointPixelType", "Scalar"],
                ["pointPixelComponentType", "uint8"],
                ["pointPixelComponents", int(point_data)],
                ["cellComponentType", component],
                ["cellPixelType", "Vector"],
                ["cellPixelComponentType", "float64"],
                ["cellPixelComponents", 2 * int(cell_data)],
            ],
        ],
        ["numberOfPoints", points],
        ["numberOfPointPixels", points * point_data],
        ["numberOfCells", cells],
        ["numberOfCellPixels", cells * cell_data],
        ["cellBufferSize", len(buffer)],
        ["points", Typed("float32", [rng.randint(-40, 40) / 8 for _ in range(points * 3)])],
    ]
    if cells:
        members.append(["cells", Typed(component, buffer)])
    if point_data:
        members.append(["pointData", Typed("uint8", [rng.randrange(256) for _ in range(points)])])
    if cell_data and cells:
        members.append(["cellData", Typed("float64", [rng.randint(-9, 9) / 2 for _ in range(2 * cells)])])
    return members


def transform(rng, name, component, fixed, parameters):
    return [
        [
            "transformType",
            [
                ["transformParameterization", name],
                ["parametersValueType", component],
                ["inputDimension", 2],
                ["outputDimension", 2],
            ],
        ],
        ["numberOfFixedParameters", fixed],
        ["numberOfParameters", parameters],
        ["name", "Transform"],
        ["inputSpaceName", ""],
        ["outputSpaceName", ""],
        ["fixedParameters", Typed("float64", [rng.randint(-40, 40) / 8 for _ in range(fixed)])],
        ["parameters", Typed(component, [rng.randint(-40, 40) / 8 for _ in range(parameters)])],
    ]


def transforms(rng, count):
    entries = [
        transform(
            rng,
            rng.choice(["Affine", "Euler2D", "Translation"]),
            rng.choice(["float32", "float64"]),
            rng.choice([0, 2]),
            rng.choice([0, 2, 6]),
        )
        for _ in range(count)
    ]
    return tuple(entries)


def bases(rng):
    return {
        IMAGE: [
            image(rng, 2, "uint8", 1),
            image(rng, 3, "int16", 1),
            image(rng, 2, "float32", 3, "RGB"),
            image(rng, 1, "float64", 1),
            image(rng, 4, "uint64", 2, "Vector"),
        ],
        MESH: [
            mesh(rng, 4, 2, True, True),
            mesh(rng, 3, 1, False, False, "uint64"),
            mesh(rng, 5, 0, True, False),
            mesh(rng, 6, 4, True, True, "int16"),
        ],
        TRANSFORM: [transforms(rng, 1), transforms(rng, 3), transforms(rng, 2)],
    }


# Encoding


class Style:
    """How CBOR is written: the upstream way unless `rng` says otherwise."""

    def __init__(self, rng=None):
        self.rng = rng

    def maybe(self, chance):
        return self.rng is not None and self.rng.random() < chance

    def width(self):
        return self.rng.choice((0, 1, 2, 4, 8)) if self.maybe(0.5) else 0

    def key(self, key):
        if self.maybe(0.05) and len(key) > 1:
            cut = self.rng.randrange(len(key))
            return b"\x7f" + f.text(key[:cut]) + f.text(key[cut:]) + b"\xff"
        return f.head(3, len(key), self.width() if self.maybe(0.1) else 0) + key.encode()

    def number(self, value):
        if isinstance(value, int) and not isinstance(value, bool):
            if self.maybe(0.2) and abs(value) < 2048:
                return self.float(float(value))
            return f.integer(value, self.width() if self.rng else 0)
        return self.float(value)

    def float(self, value):
        if self.maybe(0.3) and value == int(value):
            return f.integer(int(value), self.width())
        for code, letter, chance in ((b"\xf9", ">e", 0.3), (b"\xfa", ">f", 0.3)):
            if self.maybe(chance):
                packed = struct.pack(letter, value)
                if struct.unpack(letter, packed)[0] == value:
                    return code + packed
        return f.real(value)

    def sequence(self, items, major=4):
        if self.maybe(0.3):
            return bytes([major << 5 | 31]) + b"".join(items) + b"\xff"
        count = len(items) if major == 4 else len(items) // 2
        return f.head(major, count, self.width() if self.rng else 0) + b"".join(items)

    def map(self, members, shuffle=False):
        members = list(members)
        if self.rng is not None and shuffle:
            if self.maybe(0.6):
                self.rng.shuffle(members)
            for _ in range(self.rng.choice((0, 0, 1, 2))):
                at = self.rng.randint(0, len(members))
                members.insert(
                    at, [f"unknown{self.rng.random()}", self.rng.choice((None, 5, -7, 0.1, "x", [["y", 1]], (1, (2,))))]
                )
        items = []
        for key, value in members:
            items += [self.key(key), self.value(value, key)]
        encoded = self.sequence(items, 5)
        if self.maybe(0.1):
            encoded = f.tag(259, encoded)
        return encoded

    def typed(self, array):
        if self.maybe(0.15):
            return self.sequence([self.number(n) for n in array.numbers])
        mark, big = f.TAG_OF[array.component], False
        if self.maybe(0.2) and mark in (64, 69, 70, 71, 85, 86) and mark > 68:
            mark, big = mark - 4, True
        data = array.raw(big)
        if self.maybe(0.2) and len(data) > 2:
            cuts = sorted(self.rng.randrange(len(data)) for _ in range(2))
            body = (
                b"\x5f" + f.blob(data[: cuts[0]]) + f.blob(data[cuts[0] : cuts[1]]) + f.blob(data[cuts[1] :]) + b"\xff"
            )
        else:
            body = f.blob(data, self.width() if self.rng else 0)
        if not big and self.maybe(0.2):
            return body
        if not big and array.component in ("int16", "int32", "int64") and self.maybe(0.3):
            mark -= 4
        return f.tag(mark, body)

    def value(self, value, key=None):
        if isinstance(value, Typed):
            return self.typed(value)
        if value is None:
            return b"\xf6"
        if isinstance(value, bool):
            return b"\xf5" if value else b"\xf4"
        if isinstance(value, bytes):
            return value  # CBOR already
        if isinstance(value, str):
            return f.text(value)
        if isinstance(value, (int, float)):
            return f.integer(value) if isinstance(value, int) and self.rng is None else self.number(value)
        if isinstance(value, tuple):
            return self.sequence([self.value(item) for item in value])
        if value and all(isinstance(item, list) for item in value):
            metadata = key == "metadata"
            if metadata:
                saved, self.rng = self.rng, None
                encoded = self.map(value)
                self.rng = saved
                return encoded
            return self.map(value, shuffle=True)
        if not value:
            return f.mapping([]) if key == "metadata" else f.array([])
        return self.sequence([self.number(item) if not isinstance(item, bytes) else item for item in value])


def to_cbor(thing, style=None):
    style = style or Style()
    if isinstance(thing, tuple):
        body = style.sequence([style.map(entry, shuffle=True) for entry in thing])
    else:
        body = style.map(thing, shuffle=True)
    return f.tag(55799, body) if style.maybe(0.1) else body


RAW_NAMES = {
    "direction": "direction",
    "data": "data",
    "points": "points",
    "cells": "cells",
    "pointData": "point-data",
    "cellData": "cell-data",
    "fixedParameters": "fixed-parameters",
    "parameters": "parameters",
}


def to_json(value, folder, entries, key=None):
    if isinstance(value, Typed):
        path = f"data/{folder}{RAW_NAMES.get(key, 'renamed')}.raw"
        entries.append((0, path, value.raw()))
        return f.PATH_URI + path
    if isinstance(value, tuple):
        return [to_json(item, folder, entries) for item in value]
    if isinstance(value, list) and value and all(isinstance(item, list) for item in value):
        if key == "metadata":
            return [[k, to_json(v, folder, entries)] for k, v in value]
        return {k: to_json(v, folder, entries, k) for k, v in value}
    return value


def to_directory(thing):
    entries = []
    if isinstance(thing, tuple):
        index = [to_json(entry, f"{i}/", entries) for i, entry in enumerate(thing)]
    else:
        index = to_json(thing, "", entries)
    return [(0, "index.json", json.dumps(index).encode()), *entries]


# Damage

BAD_VALUES = [
    None,
    True,
    -1,
    -(2**63),
    0,
    1,
    2,
    3,
    5,
    17,
    255,
    256,
    65536,
    10**9,
    2**31,
    2**32 - 1,
    2**32,
    2**53,
    2**62,
    2**63 - 1,
    2**63,
    2**64 - 1,
    0.5,
    -0.0,
    1e17,
    1e300,
    "",
    "1",
    "x" * 300,
    "float64",
    "uint8",
    "Scalar",
    "\u00e9\u4e2d",
    (),
    (1,),
    (1, 2),
    (1, 2, 3),
    (1.0,) * 20,
    (None, None),
    ("a", "b"),
    ((1, 2), (3, 4)),
    [["a", 1]],
    [["index", (1, 1)], ["size", (1, 1)]],
    (0, 0),
    (-1, 2),
    (2**63, 2**63),
    (2**32, 2**32),
    (2**64 - 1, 1),
    (2**62, 4),
]
BAD_CBOR = [
    b"\xf9\x7c\x00",
    b"\xf9\x7e\x00",
    b"\xfb\x7f\xf0" + b"\0" * 6,
    b"\xfb\xff\xf8" + b"\0" * 6,
    b"\xfa\x7f\x80\0\0",
    b"\x3b" + b"\xff" * 8,
    b"\xf7",
    b"\xe0",
    b"\xf8\xff",
    b"\xf8\x10",
    b"\xc2\x49" + b"\1" * 9,
    f.tag(2, f.blob(b"")),
    f.blob(b""),
    f.blob(b"12345678"),
    f.tag(86, f.blob(b"\0" * 16)),
    f.tag(64, f.blob(b"abc")),
    f.tag(78, f.blob(b"\xff" * 8)),
    b"\x9b" + b"\x40" + b"\0" * 7,
    b"\xbb" + b"\xff" * 8,
    b"\x5b\x7f" + b"\xff" * 7,
    b"\x7b\x7f" + b"\xff" * 7,
    b"\x9a\x10\0\0\0",
    b"\x5f\xff",
    b"\x7f\xff",
    b"\x9f\xff",
    b"\xbf\xff",
    b"\x5f\x41a\x61b\xff",
    b"\x1c",
    b"\xff",
    b"\xc0",
    b"\xd9\xd9\xf7\x01",
    b"\x81" * 100 + b"\0",
    b"\x62\xff\xfe",
    b"\xa2\x61a\0\x61a\0",
    b"\xa1\1\2",
    f.array([b"\xf9\x7e\x00", b"\xf9\x7e\x00"]),
    f.array([b"\xf6", b"\xf6"]),
]


def paths(thing):
    """The place of every member: lists of indices into nested lists."""
    found = []
    if isinstance(thing, tuple):
        for i, entry in enumerate(thing):
            found += [[i, *path] for path in paths(entry)]
        return found
    for i, (_, value) in enumerate(thing):
        found.append([i])
        if isinstance(value, list) and value and all(isinstance(item, list) for item in value):
            found += [[i, *path] for path in paths(value)]
    return found


def change(thing, path, function):
    """A copy with the member list that holds `path` changed by function(members, index)."""
    thing = copy.deepcopy(thing)
    members = thing
    if isinstance(thing, tuple):
        members = thing[path[0]]
        path = path[1:]
    for step in path[:-1]:
        members = members[step][1]
    function(members, path[-1])
    return thing


def encode(thing, container):
    if container == DIRECTORY:
        return to_directory(thing)
    data = to_cbor(thing)
    return data if container == CBOR else compress(data)


def structured(rng, family, thing, container):
    """Keys missing, twice, renamed, of every wrong type and value."""

    def put(value):
        def function(members, i):
            members[i][1] = value

        return function

    def case(kind, path, function):
        return Case(kind, family, container, encode(change(thing, path, function), container), "accept")

    for path in paths(thing):
        yield case("key missing", path, lambda members, i: members.pop(i))
        yield case("key renamed", path, lambda members, i: members[i].__setitem__(0, members[i][0].upper()))
        if container != DIRECTORY:  # Python's json would have to be fooled
            yield case("key twice", path, lambda members, i: members.insert(rng.randint(0, len(members)), members[i]))
        values = [value for value in BAD_VALUES if container != DIRECTORY or value != -0.0]
        for value in values:
            yield case("wrong value", path, put(value))
        if container != DIRECTORY:
            for value in BAD_CBOR:
                yield case("wrong CBOR", path, put(value))


def payload_tags(family, thing, container):
    for path in paths(thing):
        for mark in [*range(60, 92), 0, 1, 2, 24, 40, 41, 259, 55799, 2**32, 2**64 - 1]:

            def function(members, i, mark=mark):
                value = members[i][1]
                if isinstance(value, Typed):
                    members[i][1] = f.tag(mark, f.blob(value.raw()))
                else:
                    members[i][1] = f.tag(mark, Style().value(value, members[i][0]))

            yield Case("tags", family, container, encode(change(thing, path, function), container), "accept")
        for grow in (-9, -8, -4, -2, -1, 1, 2, 4, 8, 1000):

            def resize(members, i, grow=grow):
                value = members[i][1]
                if isinstance(value, Typed):
                    raw = value.raw()
                    raw = raw[: max(0, len(raw) + grow)] if grow < 0 else raw + b"\1" * grow
                    members[i][1] = f.tag(f.TAG_OF[value.component], f.blob(raw))

            yield Case("array length", family, container, encode(change(thing, path, resize), container), "accept")


def cells(rng, container, count):
    for _ in range(count):
        thing = mesh(
            rng,
            rng.randint(1, 6),
            rng.randint(1, 5),
            rng.random() < 0.3,
            rng.random() < 0.3,
            rng.choice(f.COMPONENTS[:8]),
        )
        array = next(value for key, value in thing if key == "cells")
        limit = {
            "i": 1 << struct.calcsize(f.CODES[array.component]) * 8 - 1,
            "u": 1 << struct.calcsize(f.CODES[array.component]) * 8,
        }
        top = limit[array.component[0]] - 1
        for _ in range(rng.randint(1, 2)):
            array.numbers[rng.randrange(len(array.numbers))] = rng.choice(
                [0, 1, 2, 3, 4, 9, 10, 11, 5, 100, top, top // 2]
                + ([-1, -top - 1] if array.component[0] == "i" else [])
            )
        yield Case("cells", MESH, container, encode(thing, container), "accept")


def truncations(rng, family, thing, container, count):
    if container == DIRECTORY:
        entries = to_directory(thing)
        for i, (kind, name, content) in enumerate(entries):
            cuts = range(len(content)) if len(content) <= count else sorted(rng.sample(range(len(content)), count))
            for cut in cuts:
                yield Case(
                    "truncation",
                    family,
                    container,
                    [*entries[:i], (kind, name, content[:cut]), *entries[i + 1 :]],
                    "accept",
                )
            yield Case("file missing", family, container, [*entries[:i], *entries[i + 1 :]], "accept")
            yield Case(
                "file longer",
                family,
                container,
                [*entries[:i], (kind, name, content + b"\0"), *entries[i + 1 :]],
                "accept",
            )
        return
    data = encode(thing, container)
    cuts = (
        range(len(data))
        if len(data) <= count
        else sorted({*rng.sample(range(len(data)), count), *range(len(data) - 20, len(data))})
    )
    for cut in cuts:
        yield Case("truncation", family, container, data[:cut], "refuse")


def flips(rng, family, thing, container, count):
    """Bytes and bits changed, parts removed, doubled, and moved."""
    right = []
    if container == DIRECTORY:
        entries = to_directory(thing)
        for _ in range(count):
            i = rng.choice([0, 0, 0, rng.randrange(len(entries))])
            kind, name, content = entries[i]
            yield Case(
                "flips", family, container, [*entries[:i], (kind, name, damage(rng, content)), *entries[i + 1 :]]
            )
        return
    data = encode(thing, container)
    if container == ZSTD:
        right = [f.read_cbor(family, to_cbor(thing))]
    for _ in range(count):
        yield Case("flips", family, container, damage(rng, data), "either", right)


def damage(rng, data):
    data = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        if not data:
            break
        at = rng.randrange(len(data))
        what = rng.randrange(8)
        if what < 3:
            data[at] ^= 1 << rng.randrange(8)
        elif what < 5:
            data[at] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, 0x5F, 0x9F, 0xBF, 0x1B, 0x3B, 0xF6, rng.randrange(256)))
        elif what == 5:
            del data[at : at + rng.randint(1, 8)]
        elif what == 6:
            data[at:at] = data[at : at + rng.randint(1, 16)]
        else:
            data[at:at] = bytes(rng.randrange(256) for _ in range(rng.randint(1, 9)))
    return bytes(data)


def variations(rng, family, make, container, count):
    """Valid: other implementations write, or may write, so."""
    for _ in range(count):
        thing = make(rng)
        data = to_cbor(thing, Style(rng))
        plain = f.read_cbor(family, to_cbor(thing))
        if container == ZSTD:
            cut = rng.randint(0, len(data))
            data = rng.choice(
                (
                    lambda: compress(data),
                    lambda: compress(data[:cut]) + compress(data[cut:]),
                    lambda: b"\x50\x2a\x4d\x18\3\0\0\0abc" + compress(data, rng.randint(1, 19)),
                )
            )()
        yield Case("valid variation", family, container, data, "accept", [plain])


def directory_variations(rng, family, make, count):
    old = {"data/point-data.raw": "data/pointData.raw", "data/cell-data.raw": "data/cellData.raw"}
    for _ in range(count):
        thing = make(rng)
        entries = to_directory(thing)
        text = entries[0][2].decode()
        if rng.random() < 0.3:
            text = "\ufeff" + text
        if rng.random() < 0.5:
            text = text.replace(", ", rng.choice((",", ",\n\t ", " ,")))
        if rng.random() < 0.5:
            entries = [(k, old.get(n, n), c) for k, n, c in entries]
        if rng.random() < 0.3 and "data/data.raw" in text:
            text = text.replace("data/data.raw", "pixels/of this.bin")
            entries = [(k, "pixels/of this.bin" if n == "data/data.raw" else n, c) for k, n, c in entries]
        if rng.random() < 0.3:
            text = text.replace("{", '{"unknown": [1, {"x": null}], ', 1)
        entries[0] = (0, "index.json", text.encode())
        yield Case("valid variation", family, DIRECTORY, entries, "accept")


def structures(family, container):
    """What decoders fall for."""
    items = {
        "nesting": [
            b"\x81" * 100000 + b"\0",
            b"\x9f" * 100000,
            b"\xa1\x60" * 100000 + b"\0",
            b"\xbf\x61a" * 50000,
            b"\xc1" * 100000 + b"\0",
            f.array([b"\x81" * 100000]),
        ],
        "huge counts": [
            bytes([major << 5 | 27]) + struct.pack(">Q", n)
            for major in (2, 3, 4, 5)
            for n in (2**62, 2**63, 2**64 - 1, 2**64 - 2, 2**32, 2**31)
        ]
        + [b"\x9a\x10\0\0\0" + b"\0" * 1000, b"\xba\x10\0\0\0"],
        "many items": [
            b"\x9a\x00\x0f\x42\x40" + b"\0" * 1000000,
            b"\x9f" + b"\0" * 3000000 + b"\xff",
            b"\xbf" + b"".join(f.text(str(i)) + b"\0" for i in range(100000)) + b"\xff",
            b"\x5f" + b"\x40" * 2000000 + b"\xff",
            b"\x7f" + b"\x61a" * 1000000 + b"\xff",
            b"\x5f" + b"\x41a" * 1000000 + b"\xff",
        ],
    }
    for kind, datas in items.items():
        for data in datas:
            for whole in (data, f.mapping([("unknown", data)]), f.mapping([("metadata", data), ("size", f.array([]))])):
                # How much is too much is this library's to say.
                yield Case(kind, family, container, whole if container == CBOR else compress(whole), "either")


def json_texts(rng, family, thing):
    entries = to_directory(thing)
    text = entries[0][2].decode()
    numbers = [
        "NaN",
        "Infinity",
        "-Infinity",
        "1e999",
        "-1e999",
        "1e-999",
        "0x10",
        "01",
        "+1",
        ".5",
        "1.",
        "1e",
        "nan",
        "1" * 400,
        "0." + "1" * 400,
        "1e99999999999",
        "1e-99999999999",
        "-",
        "--1",
        "18446744073709551616",
        "-9223372036854775809",
        "9007199254740993",
        "2.0",
        "2e0",
        "20e-1",
    ]
    spots = [i for i, c in enumerate(text) if c.isdigit() and not text[i - 1].isalnum() and text[i - 1] not in ".\\-/"]
    for number in numbers:
        for at in rng.sample(spots, min(len(spots), 6)):
            end = at
            while end < len(text) and text[end] in "0123456789.eE+-":
                end += 1
            yield "JSON numbers", text[:at] + number + text[end:]
    for raw in (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb", b"\xbb", b"\xef\xbb\xbf\xef\xbb\xbf", b"\0", b"// x\n", b"["):
        yield "JSON bytes", raw + text.encode()
    for raw in (b"\0", b"x", b"{}", b",", b"\n\n ", b"\xff", b"]" * 10):
        yield "JSON bytes", text.encode() + raw
    for old, new in (
        (b'"size"', b'"si\xffze"'),
        (b'"size"', b'"si\\u0000ze"'),
        (b'"size"', b'"\\u0073ize"'),
        (b'"', b"'"),
        (b":", b"="),
        (b'"size"', b'"size\\ud800"'),
        (b'"name"', b'"n\xc0\x80"'),
        (b'"Transform"', b'"\xed\xa0\x80"'),
        (b"{", b"[" * 100000),
        (b"{", b'{"a":' * 100000),
    ):
        yield "JSON bytes", text.encode().replace(old, new, 1)


def index_texts(rng, family, thing):
    entries = to_directory(thing)
    for kind, text in json_texts(rng, family, thing):
        data = text if isinstance(text, bytes) else text.encode()
        yield Case(kind, family, DIRECTORY, [(0, "index.json", data), *entries[1:]], "accept")
    # Duplicate keys, which Python's dictionaries cannot hold.
    for key in ("imageType", "size", "data", "meshType", "numberOfPoints", "points", "transformType", "parameters"):
        text = entries[0][2]
        yield Case(
            "key twice",
            family,
            DIRECTORY,
            [(0, "index.json", text.replace(b"{", b'{"%s": 1, ' % key.encode(), 1)), *entries[1:]],
            "accept",
        )


def uris(rng, family, thing):
    entries = to_directory(thing)
    named = [name for _, name, _ in entries[1:]]
    targets = [
        "../outside.raw",
        "/etc/passwd",
        "/dev/zero",
        "data/../../outside.raw",
        "..",
        ".",
        "data",
        "data/",
        "//x",
        "C:/x",
        "c:\\\\x",
        "..\\\\x",
        "data//x",
        "data/./x.raw",
        "missing.raw",
        "",
        " ",
        "x" * 300,
        "x/" * 300 + "x",
        "a" * 3000,
        "link.raw",
        "linked/x.raw",
        "fifo.raw",
        "folder",
        "\\u0000",
        "index.json",
        "data/\\u00e9.raw",
        "file:///etc/passwd",
        "%2e%2e/outside.raw",
        "~/x",
        "$HOME/x",
        "data/data.raw\\u0000",
        "./index.json/x",
    ]
    for name in named:
        for target in targets:
            text = entries[0][2].decode().replace(f.PATH_URI + name, f.PATH_URI + target)
            extra = [
                (0, "../outside.raw", b"secret"),
                (1, "link.raw", b"../outside.raw"),
                (1, "linked", b".."),
                (2, "fifo.raw", b""),
                (3, "folder", b""),
            ]
            yield Case("URIs", family, DIRECTORY, [(0, "index.json", text.encode()), *entries[1:], *extra], "accept")
        for value in (
            b"null",
            b"5",
            b'""',
            b'"data:application/vnd.itk.address,0:140000"',
            b'"data:application/vnd.itk.address,0:0"',
            b'"data:,x"',
            b'"%s"' % name.encode(),
            b"[]",
            b"[1, 2]",
            b"{}",
            b'"http://localhost/x"',
        ):
            text = entries[0][2].replace(b'"' + (f.PATH_URI + name).encode() + b'"', value)
            yield Case("URIs", family, DIRECTORY, [(0, "index.json", text), *entries[1:]], "accept")
        for kind, content in ((1, b"../outside.raw"), (1, b"/etc/passwd"), (1, b"nowhere"), (2, b""), (3, b"")):
            yield Case(
                "files that are none",
                family,
                DIRECTORY,
                [(kind if n == name else k, n, content if n == name else c) for k, n, c in entries],
                "accept",
            )


def frames(rng, family, thing):
    data = to_cbor(thing)
    right = [f.read_cbor(family, data)]
    zst = compress(data)
    known = b"\x28\xb5\x2f\xfd"

    def case(kind, content, must="either"):
        return Case(kind, family, ZSTD, content, must, right)

    for magic in (b"\0\0\0\0", b"\x27\xb5\x2f\xfd", b"\x50\x2a\x4d\x18", known[:3], b"", b"PK\3\4", data[:4]):
        yield case("frames", magic + zst[4:])
    yield case("frames", zst + b"trailing")
    yield case("frames", zst + known)
    yield case("frames", zst + b"\x50\x2a\x4d\x18\xff\xff\xff\xff")
    yield case("frames", data)
    for descriptor in range(256):
        yield case("frames", zst[:4] + bytes([descriptor]) + zst[5:])
    for size in (0, 1, 2**32, 2**62, 2**63, 2**64 - 1, len(data) - 1, len(data) + 1):
        yield case("frames", known + b"\xe0" + struct.pack("<Q", size) + zst[6:])
    for count in (1, 1000, 7000, 30000):  # repeat a byte 128 Ki times each
        block = struct.pack("<I", 1 << 1 | 131072 << 3)[:3] + b"\0"
        last = struct.pack("<I", 1 | 1 << 1 | 131072 << 3)[:3] + b"\0"
        yield Case("bombs", family, ZSTD, known + b"\0\x38" + block * (count - 1) + last, "either")
        size = struct.pack("<Q", count * 131072)
        yield Case("bombs", family, ZSTD, known + b"\xc0\x38" + size + block * (count - 1) + last, "either")
    for window in range(0, 256, 8):
        yield Case("windows", family, ZSTD, known + b"\0" + bytes([window]) + b"\1\0\0", "either")


def generate(seed):
    """All cases, about 80,000, each a pure function of the seed."""
    rng = random.Random(seed)
    makers = {
        IMAGE: lambda r: image(
            r, r.randint(1, 4), r.choice(f.COMPONENTS), r.randint(1, 3), r.choice(("Scalar", "Vector"))
        ),
        MESH: lambda r: mesh(
            r,
            r.randint(1, 6),
            r.randint(0, 4),
            r.random() < 0.5,
            r.random() < 0.5,
            r.choice(("uint8", "int32", "uint32", "uint64")),
        ),
        TRANSFORM: lambda r: transforms(r, r.randint(1, 3)),
    }
    for family, things in bases(rng).items():
        for container in (CBOR, ZSTD):
            yield from variations(rng, family, makers[family], container, 3500 if container == CBOR else 1000)
            yield from structures(family, container)
        yield from directory_variations(rng, family, makers[family], 1000)
        for number, thing in enumerate(things):
            few = number > 0
            for container in (DIRECTORY, CBOR, ZSTD):
                yield from truncations(rng, family, thing, container, 400)
                yield from flips(rng, family, thing, container, 2500 if container == CBOR else 1000)
                if container != ZSTD or not few:
                    yield from structured(rng, family, thing, container)
            yield from payload_tags(family, thing, CBOR)
            yield from index_texts(rng, family, thing)
            yield from uris(rng, family, thing)
            yield from frames(rng, family, thing)
    yield from cells(rng, CBOR, 3000)
    yield from cells(rng, DIRECTORY, 500)
