"""Valid files that no common writer makes, but that some encoder may.

Each is one deviation from what the product writes, and means the same object.
The encoder here is a few lines on purpose: it must be able to produce every
width and form that RFC 8949 allows, which libraries don't.
"""

import json
import os
import struct

import cases
import model
import numpy as np

# --- CBOR, byte by byte ------------------------------------------------------

WIDTHS = {1: (24, ">B"), 2: (25, ">H"), 4: (26, ">I"), 8: (27, ">Q")}


def head(major, value, width=None):
    if width is None:
        if value < 24:
            return bytes([major << 5 | value])
        width = next(w for w in (1, 2, 4, 8) if value < 1 << 8 * w)
    info, code = WIDTHS[width]
    return bytes([major << 5 | info]) + struct.pack(code, value)


def integer(value, width=None):
    return head(0, value, width) if value >= 0 else head(1, -1 - value, width)


def f16(value):
    return b"\xf9" + struct.pack(">e", value)


def f32(value):
    return b"\xfa" + struct.pack(">f", value)


def f64(value):
    return b"\xfb" + struct.pack(">d", value)


def text(value):
    value = value.encode()
    return head(3, len(value)) + value


def octets(value):
    return head(2, len(value)) + value


def tag(number, content):
    return head(6, number) + content


def array(items):
    return head(4, len(items)) + b"".join(items)


def pairs(items):
    """A map from (text, encoded value) pairs."""
    items = list(items)
    return head(5, len(items)) + b"".join(text(k) + v for k, v in items)


def endless(major, *chunks):
    return bytes([major << 5 | 31]) + b"".join(chunks) + b"\xff"


FALSE, TRUE, NULL, UNDEFINED = b"\xf4", b"\xf5", b"\xf6", b"\xf7"
LITTLE = {
    "uint8": 64,
    "int8": 72,
    "uint16": 69,
    "int16": 77,
    "uint32": 70,
    "int32": 78,
    "uint64": 71,
    "int64": 79,
    "float32": 85,
    "float64": 86,
}
BIG = {"uint16": 65, "uint32": 66, "uint64": 67, "float32": 81, "float64": 82}


def typed(values, number=None):
    values = np.asarray(values)
    little = values.astype(values.dtype.newbyteorder("<")).tobytes()
    return tag(LITTLE[values.dtype.name] if number is None else number, octets(little))


def typed_big(values):
    return tag(BIG[values.dtype.name], octets(values.astype(values.dtype.newbyteorder(">")).tobytes()))


# --- images ------------------------------------------------------------------


def image_type(m, component_type=None):
    return pairs(
        [
            ("dimension", integer(m["dimension"], 4)),
            ("componentType", component_type or text(m["componentType"])),
            ("pixelType", text(m["pixelType"])),
            ("components", integer(m["components"], 4)),
        ]
    )


def image_items(m):
    """The seven keys as the product writes them, in its order."""
    return {
        "imageType": image_type(m),
        "origin": array([f64(v) for v in m["origin"]]),
        "spacing": array([f64(v) for v in m["spacing"]]),
        "direction": typed(column_major(m)),
        "size": array([integer(v, 8) for v in m["size"]]),
        "metadata": pairs([]),
        "data": typed(model.unpack(m["data"])),
    }


def column_major(m):
    n = m["dimension"]
    return np.reshape(m["direction"], (n, n)).T.ravel()


IMAGES = cases.images()
ORIENTED = "oriented-3d"


def numbers(encode, values):
    return array([encode(v) for v in values])


def image_variants():
    """name -> (case or model, bytes)."""
    out = {}

    def add(name, case, change=None, **replace):
        m = case if isinstance(case, dict) else IMAGES[case]
        items = image_items(m)
        items.update({k: v(m) if callable(v) else v for k, v in replace.items()})
        items = {k: v for k, v in items.items() if v is not None}
        content = change(items) if change else pairs(items.items())
        out[name] = (m, content)

    # Numbers
    add("floats-16", ORIENTED, origin=lambda m: numbers(f16, m["origin"]), spacing=lambda m: numbers(f16, m["spacing"]))
    add("floats-32", ORIENTED, origin=lambda m: numbers(f32, m["origin"]), spacing=lambda m: numbers(f32, m["spacing"]))
    add(
        "whole-numbers-as-integers",
        "whole-numbers",
        origin=lambda m: array([integer(int(v)) for v in m["origin"]]),
        spacing=lambda m: array([integer(int(v), 8) for v in m["spacing"]]),
    )
    add(
        "integers-smallest",
        ORIENTED,
        size=lambda m: array([integer(v) for v in m["size"]]),
        imageType=lambda m: pairs(
            [
                ("dimension", integer(m["dimension"])),
                ("componentType", text(m["componentType"])),
                ("pixelType", text(m["pixelType"])),
                ("components", integer(m["components"])),
            ]
        ),
    )
    add("integers-mixed-widths", ORIENTED, size=lambda m: array([integer(v, w) for v, w in zip(m["size"], (1, 2, 4))]))
    add(
        "geometry-typed-arrays",
        ORIENTED,
        origin=lambda m: typed(np.array(m["origin"])),
        spacing=lambda m: typed(np.array(m["spacing"])),
    )
    # Arrays
    add("data-untagged", "uint8-2d", data=lambda m: octets(model.unpack(m["data"]).tobytes()))
    add("data-untagged-int16", ORIENTED, data=lambda m: octets(model.unpack(m["data"]).astype("<i2").tobytes()))
    add("data-numbers", ORIENTED, data=lambda m: array([integer(int(v)) for v in model.unpack(m["data"])]))
    add("data-numbers-float32", "float32-2d", data=lambda m: array([f16(float(v)) for v in model.unpack(m["data"])]))
    add("data-clamped", "uint8-2d", data=lambda m: typed(model.unpack(m["data"]), 68))
    for component_type in BIG:
        add(
            f"data-big-endian-{component_type}",
            f"{component_type}-2d",
            data=lambda m: typed_big(model.unpack(m["data"])),
        )
    # int16 and its kin under 73, 74, 75 with little-endian bytes, int8 under 64: the old wheel and WASI.
    for component_type, number in (("int8", 64), ("int16", 73), ("int32", 74), ("int64", 75)):
        add(
            f"data-tag-{number}-{component_type}",
            f"{component_type}-2d",
            data=lambda m: typed(model.unpack(m["data"]), number),
        )
    add("direction-untagged", ORIENTED, direction=lambda m: octets(column_major(m).tobytes()))
    add("direction-numbers", ORIENTED, direction=lambda m: numbers(f64, column_major(m)))
    add("direction-big-endian", ORIENTED, direction=lambda m: typed_big(column_major(m)))
    quarter = model.image(
        "int16",
        (4, 3, 2),
        (-3, 77, 24),
        spacing=(0.75, 1.25, 2.5),
        direction=[[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]],
    )
    add("direction-float32", quarter, direction=lambda m: typed(column_major(m).astype("f4")))
    add("direction-integers", quarter, direction=lambda m: array([integer(int(v)) for v in column_major(m)]))
    # Structure
    add("map-indefinite", ORIENTED, lambda items: endless(5, *(text(k) + v for k, v in items.items())))
    add(
        "arrays-indefinite",
        ORIENTED,
        origin=lambda m: endless(4, *(f64(v) for v in m["origin"])),
        spacing=lambda m: endless(4, *(f64(v) for v in m["spacing"])),
        size=lambda m: endless(4, *(integer(v) for v in m["size"])),
    )

    def chunked(m):
        content = model.unpack(m["data"]).tobytes()
        return tag(77, endless(2, octets(content[:5]), octets(b""), octets(content[5:])))

    add("data-indefinite", ORIENTED, data=chunked)
    add(
        "keys-indefinite",
        ORIENTED,
        lambda items: (
            head(5, len(items)) + b"".join(endless(3, text(k[:3]), text(k[3:])) + v for k, v in items.items())
        ),
    )
    add("keys-sorted", ORIENTED, lambda items: pairs(sorted(items.items())))
    add("keys-reversed", ORIENTED, lambda items: pairs(reversed(items.items())))
    add("self-described", ORIENTED, lambda items: tag(55799, pairs(items.items())))
    add("tag-259", ORIENTED, lambda items: tag(259, pairs(items.items())), metadata=tag(259, pairs([])))
    add("head-wide", ORIENTED, lambda items: head(5, len(items), 8) + b"".join(text(k) + v for k, v in items.items()))
    # Keys
    add(
        "unknown-keys",
        ORIENTED,
        lambda items: pairs(
            [
                ("comment", text("keys that no one knows")),
                ("nested", pairs([("a", array([integer(1), pairs([("b", NULL)])])), ("size", array([integer(9)]))])),
                *items.items(),
                ("last", endless(4, FALSE, UNDEFINED, f16(1.5), octets(b"\0\1"))),
            ]
        ),
    )
    add(
        "name-and-buffered-region",
        ORIENTED,
        lambda items: pairs(
            [
                ("name", text("A name")),
                (
                    "bufferedRegion",
                    pairs([("index", array([integer(0)] * 3)), ("size", array([integer(v) for v in (4, 3, 2)]))]),
                ),
                *items.items(),
            ]
        ),
    )
    add(
        "buffered-region-empty",
        ORIENTED,
        lambda items: pairs([*items.items(), ("bufferedRegion", pairs([("index", array([])), ("size", array([]))]))]),
    )
    add("no-metadata", ORIENTED, metadata=None)
    add(
        "no-geometry",
        model.image("uint8", (4, 3), (3, 1, 12)),
        origin=None,
        spacing=None,
        direction=None,
        metadata=None,
    )
    add("component-type-number", "uint64-2d", imageType=lambda m: image_type(m, integer(7)))
    # Metadata
    add(
        "metadata-pairs",
        "metadata",
        metadata=array(
            [
                array([text("text"), text("caf\u00e9")]),
                array([text("number"), f64(1.5)]),
                array([text("list"), array([f64(1.5), f64(-2.25)])]),
            ]
        ),
    )
    add(
        "metadata-tag-259",
        "metadata",
        metadata=tag(
            259, pairs([("text", text("caf\u00e9")), ("number", f32(1.5)), ("list", array([f16(1.5), f16(-2.25)]))])
        ),
    )
    add(
        "metadata-types",
        model.image(
            "uint8",
            (2, 2),
            (1, 1, 4),
            metadata={
                "whole": 7,
                "negative": -3,
                "yes": True,
                "no": False,
                "half": 0.5,
                "text": "x",
                "integers": [1, -2, 300],
            },
        ),
        metadata=pairs(
            [
                ("whole", integer(7)),
                ("negative", integer(-3)),
                ("yes", TRUE),
                ("no", FALSE),
                ("half", f16(0.5)),
                ("text", endless(3, text("x"))),
                ("integers", array([integer(v) for v in (1, -2, 300)])),
            ]
        ),
    )
    return out


# --- meshes ------------------------------------------------------------------

MESHES = cases.meshes()


def mesh_type(m, cell_type, **replace):
    def data(key):
        packed = m[key]
        return ("int8", 0) if packed is None else (packed["dtype"], m["components"])

    (point_type, point_n), (pixel_type, pixel_n) = data("pointData"), data("cellData")
    values = {
        "dimension": integer(m["dimension"]),
        "pointComponentType": text(m["points"]["dtype"]),
        "pointPixelType": text(m["pixelType"]),
        "pointPixelComponentType": text(point_type),
        "pointPixelComponents": integer(point_n),
        "cellComponentType": text(cell_type),
        "cellPixelType": text(m["pixelType"]),
        "cellPixelComponentType": text(pixel_type),
        "cellPixelComponents": integer(pixel_n),
    }
    values.update(replace)
    return pairs(values.items())


def mesh_items(m, cell_type="uint64", encode=typed):
    arrays = {k: model.unpack(m[k]) for k in ("points", "cells", "pointData", "cellData")}
    if arrays["cells"] is not None:
        arrays["cells"] = arrays["cells"].astype(cell_type)
    pixels = {k: 0 if arrays[k] is None else arrays[k].size // m["components"] for k in ("pointData", "cellData")}
    items = {
        "meshType": mesh_type(m, cell_type),
        "numberOfPoints": integer(m["numberOfPoints"]),
        "numberOfPointPixels": integer(pixels["pointData"]),
        "numberOfCells": integer(m["numberOfCells"]),
        "numberOfCellPixels": integer(pixels["cellData"]),
        "cellBufferSize": integer(0 if arrays["cells"] is None else arrays["cells"].size),
    }
    items.update({k: encode(a) for k, a in arrays.items() if a is not None})
    return items


def plain_numbers(values):
    if values.dtype.kind == "f":
        return array([f64(float(v)) for v in values])
    return array([integer(int(v)) for v in values])


def mesh_variants():
    out = {}

    def add(name, case, items, change=lambda items: pairs(items.items())):
        m = case if isinstance(case, dict) else MESHES[case]
        out[name] = (m, change(items(m)))

    for cell_type in ("uint8", "int16", "int32", "uint32", "int64"):
        add(f"cells-{cell_type}", "both-data", lambda m: mesh_items(m, cell_type))
    add("untagged", "both-data", lambda m: mesh_items(m, encode=lambda a: octets(a.tobytes())))
    add("numbers", "both-data", lambda m: mesh_items(m, encode=plain_numbers))
    add("keys-reversed", "both-data", mesh_items, lambda items: pairs(reversed(items.items())))
    add("keys-sorted", "both-data-uneven", mesh_items, lambda items: pairs(sorted(items.items())))
    add(
        "unknown-keys",
        "plain",
        mesh_items,
        lambda items: pairs([("name", text("A mesh")), ("metadata", array([])), *items.items(), ("more", NULL)]),
    )
    add(
        "arrays-empty",
        "plain",
        lambda m: {**mesh_items(m), "pointData": typed(np.zeros(0, "f4")), "cellData": array([])},
    )
    add("big-endian", "both-data-uneven", lambda m: mesh_items(m, encode=typed_big))
    add("cell-data-only", "cell-data", mesh_items)
    # WASI and the old wheel size cell data by the points: with more points than cells, the rest is stray bytes.
    rest = np.concatenate([model.unpack(MESHES["both-data-uneven"]["cellData"]), np.array([-1e30], "float32")])
    add("cell-data-and-stray-bytes", "both-data-uneven", lambda m: {**mesh_items(m), "cellData": typed(rest)})
    wavy = model.mesh(
        [(0.5 * i, (i * i) % 5, 0.25 * i) for i in range(7)],
        [(10, (0, 1, 2, 3, 4)), (7, (0, 2, 1)), (8, (0, 2, 4, 1, 3, 5)), (0, (6,))],
    )
    add("polyline-and-quadratic", wavy, mesh_items)
    # No writer is known that uses the key pointSetType in files; the formats allow for it.
    points = MESHES["points"]
    add(
        "point-set-type",
        points,
        lambda m: {
            "pointSetType": pairs(
                [
                    ("dimension", integer(3)),
                    ("pointComponentType", text("float32")),
                    ("pointPixelComponentType", text("float32")),
                    ("pointPixelType", text("Scalar")),
                    ("pointPixelComponents", integer(1)),
                ]
            ),
            "name": text("PointSet"),
            "numberOfPoints": integer(4),
            "points": typed(model.unpack(m["points"])),
            "numberOfPointPixels": integer(4),
            "pointData": typed(model.unpack(m["pointData"])),
        },
    )
    return out


# --- transforms ----------------------------------------------------------------

TRANSFORMS = cases.transforms()


def transform_items(entry, encode=typed, **replace):
    fixed, parameters = model.unpack(entry["fixedParameters"]), model.unpack(entry["parameters"])
    items = {
        "transformType": pairs(
            [
                ("transformParameterization", text(entry["parameterization"])),
                ("parametersValueType", text(entry["parametersValueType"])),
                ("inputDimension", integer(entry["inputDimension"], 4)),
                ("outputDimension", integer(entry["outputDimension"], 4)),
            ]
        ),
        "numberOfFixedParameters": integer(fixed.size, 8),
        "numberOfParameters": integer(parameters.size, 8),
        "name": text("Transform"),
        "inputSpaceName": text(""),
        "outputSpaceName": text(""),
        "fixedParameters": encode(fixed),
        "parameters": encode(parameters),
    }
    items.update(replace)
    return {k: v for k, v in items.items() if v is not None}


def transform_variants():
    out = {}
    affine = TRANSFORMS["affine-3d"]
    entry = affine["transforms"][0]

    def add(name, items, m=affine):
        out[name] = (m, array([pairs(items.items())]))

    add("untagged", transform_items(entry, encode=lambda a: octets(a.tobytes())))
    add("numbers", transform_items(entry, encode=plain_numbers))
    add("big-endian", transform_items(entry, encode=typed_big))
    add("no-names", transform_items(entry, name=None, inputSpaceName=None, outputSpaceName=None))
    add("keys-reversed", dict(reversed(transform_items(entry).items())))
    add("unknown-keys", {"a": NULL, **transform_items(entry), "metadata": array([])})
    flat = TRANSFORMS["identity-3d"]["transforms"][0]
    add("no-arrays", transform_items(flat, fixedParameters=None, parameters=None), TRANSFORMS["identity-3d"])
    # A composite as WASI would keep it: no arrays of its own, the children follow.
    both = TRANSFORMS["composite"]
    first, *children = both["transforms"]
    content = [
        transform_items(first, fixedParameters=None, parameters=None),
        *(transform_items(child) for child in children),
    ]
    out["composite-without-arrays"] = (both, array([pairs(items.items()) for items in content]))
    out["list-indefinite"] = (
        TRANSFORMS["list"],
        endless(4, *(pairs(transform_items(child).items()) for child in children)),
    )
    return out


# --- directories and zstd ------------------------------------------------------


def write_directory(path, index, raw):
    for name, values in raw.items():
        target = os.path.join(path, name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "wb") as f:
            f.write(values.astype(values.dtype.newbyteorder("<")).tobytes())
    with open(os.path.join(path, "index.json"), "w", encoding="utf-8") as f:
        json.dump(index, f)


def uri(name):
    return "data:application/vnd.itk.path," + name


def directory_variants():
    """name -> (model, index, raw files)."""
    m = IMAGES[ORIENTED]
    base = {
        "imageType": {k: m[k] for k in ("dimension", "componentType", "pixelType", "components")},
        "name": "Image",
        "origin": m["origin"],
        "spacing": m["spacing"],
        "direction": uri("data/direction.raw"),
        "size": m["size"],
        "bufferedRegion": {"index": [], "size": []},
        "data": uri("data/data.raw"),
        "metadata": [],
    }
    raw = {"data/data.raw": model.unpack(m["data"]), "data/direction.raw": column_major(m)}
    out = {"keys-reversed": (m, dict(reversed(base.items())), raw)}
    out["other-paths"] = (
        m,
        {**base, "data": uri("pixels.bin"), "direction": uri("geometry/d.raw")},
        {"pixels.bin": raw["data/data.raw"], "geometry/d.raw": raw["data/direction.raw"]},
    )
    out["unknown-keys"] = (m, {**base, "more": [1, {"size": None}]}, raw)
    meta = IMAGES["metadata"]
    with_metadata = {
        **base,
        "imageType": {k: meta[k] for k in ("dimension", "componentType", "pixelType", "components")},
        **{k: meta[k] for k in ("origin", "spacing", "size")},
        "metadata": meta["metadata"],
    }
    out["metadata-object"] = (
        meta,
        with_metadata,
        {"data/data.raw": model.unpack(meta["data"]), "data/direction.raw": column_major(meta)},
    )
    return out


def zstd_variants(content):
    """The same bytes in frames that a one-shot encoder doesn't make."""
    import zstandard

    half = len(content) // 2
    stream = zstandard.ZstdCompressor(level=19).compressobj()
    return {
        "zstd-checksum": zstandard.ZstdCompressor(write_checksum=True).compress(content),
        "zstd-streamed": stream.compress(content[:half]) + stream.compress(content[half:]) + stream.flush(),
        "zstd-two-frames": b"".join(
            zstandard.ZstdCompressor().compress(part) for part in (content[:half], content[half:])
        ),
    }


def write(folder):
    """Writes all variants; yields (file, kind, model)."""
    for kind, suffix, variants in (
        ("image", ".iwi.cbor", image_variants()),
        ("mesh", ".iwm.cbor", mesh_variants()),
        ("transform", ".iwt.cbor", transform_variants()),
    ):
        for name, (m, content) in variants.items():
            with open(os.path.join(folder, name + suffix), "wb") as f:
                f.write(content)
            yield name + suffix, kind, m
    for name, (m, index, raw) in directory_variants().items():
        write_directory(os.path.join(folder, name + ".iwi"), index, raw)
        yield name + ".iwi", "image", m
    m = IMAGES[ORIENTED]
    for name, content in zstd_variants(pairs(image_items(m).items())).items():
        with open(os.path.join(folder, name + ".iwi.cbor.zst"), "wb") as f:
            f.write(content)
        yield name + ".iwi.cbor.zst", "image", m
