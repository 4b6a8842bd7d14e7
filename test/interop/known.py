"""What published clients get wrong, so that the tables can say why a cell isn't ok.

Every rule is checked in both directions: a cell that isn't ok needs a rule, and
each cell that a rule covers must fail the way the rule says.  When a peer fixes
something the test fails, the rule goes, and the table becomes better.
"""

import re
from dataclasses import dataclass
from fnmatch import fnmatch


def _matches(name, patterns):
    return any(fnmatch(name, p) for p in patterns.split())


@dataclass
class Unwritten:
    """Objects that a writer can't write, or writes wrong: there is no golden file."""

    writer: str
    names: str  # "kind/case.suffix", fnmatch patterns separated by blanks
    reason: str
    used: bool = False

    def covers(self, writer, name):
        return writer == self.writer and _matches(name, self.names)


UNWRITTEN = [
    Unwritten("ours", "image/int8-* image/int64-*", "ITK-Python wraps no image of this type"),
    Unwritten("ours", "mesh/float64-points*", "ITK-Python's meshes have float32 points"),
    Unwritten("ours", "mesh/vector-data*", "ITK-Python wraps no mesh of vectors"),
    Unwritten("old-wheel", "image/int8-* image/int64-*", "ITK-Python wraps no image of this type"),
    Unwritten("old-wheel", "mesh/float64-points*", "ITK-Python's meshes have float32 points"),
    Unwritten("old-wheel", "mesh/vector-data*", "ITK-Python wraps no mesh of vectors"),
    Unwritten("old-wheel", "image/metadata.iwi.cbor image/metadata-nested.iwi.cbor", "loses all metadata in CBOR"),
    Unwritten(
        "old-wheel", "image/metadata-nested.iwi", "writes nested lists wrong: all rows run together, in each row"
    ),
    Unwritten(
        "old-wheel",
        "mesh/cell-data* mesh/both-data-uneven*",
        "cell data are sized by the number of points: missing, cut, or followed by stray bytes",
    ),
    Unwritten("wasi", "image/uint64-*", "traps"),
    Unwritten("wasi", "mesh/cell-data*", "traps"),
    Unwritten(
        "wasi",
        "mesh/both-data-uneven*",
        "cell data are sized by the number of points: missing, cut, or followed by stray bytes",
    ),
    Unwritten("wasi", "transform/float32-*", "stores the bits of float32 parameters as if they were float64"),
    Unwritten("wasi", "transform/bspline-*", "traps"),
    Unwritten("wasi", "transform/composite*", "drops the composite itself, keeps its children as a list"),
    Unwritten("itk-wasm", "mesh/cell-data*", "throws"),
    Unwritten(
        "itk-wasm",
        "mesh/both-data-uneven*",
        "cell data are sized by the number of points: missing, cut, or followed by stray bytes",
    ),
]


@dataclass
class Outside:
    """What a reader is not for; nothing is run."""

    reader: str
    names: str
    reason: str

    def covers(self, reader, writer, name):
        return reader == self.reader and _matches(name, self.names)


OUTSIDE = [
    Outside("cbor-x", "*.iwi *.iwm *.iwt *.zst", "reads CBOR only"),
    Outside("niivue", "*.iwi *.iwm *.iwt *.zst", "reads CBOR only"),
    Outside("niivue", "transform/*", "has no transforms"),
    Outside("itk-wasm", "transform/*", "not part of these packages"),
    Outside("old-wheel", "transform/*", "has no transform IO"),
]


@dataclass
class Misread:
    """Files that a reader refuses or reads wrong."""

    reader: str
    writers: str  # fnmatch patterns separated by blanks
    names: str
    text: str  # regular expression that the error or the difference matches
    reason: str  # what the table says
    right: bool = False  # what matters is right all the same; the reason is a remark
    # Undefined behaviour of the reader: any result, by luck the right one.  Only
    # these names are tried, and it is enough if one of them isn't right.
    tried: str | None = None

    def covers(self, reader, writer, name):
        return reader == self.reader and _matches(writer, self.writers) and _matches(name, self.names)

    def fits(self, text):
        return re.search(self.text, text) is not None

    def tries(self, name):
        return self.tried is None or _matches(name, self.tried)


OTHERS = "cbor2 cbor2-canonical cbor-x"
SWAPPED = "WASI, Node and wheel 1.0b175 tag signed integers as big-endian; only readers that ignore the tag get them"
TRAP = "WebAssembly trap"

# The first rule that covers a cell counts.
MISREAD = [
    # Undefined behaviour first
    Misread(
        "old-wheel",
        OTHERS + " niivue",
        "*",
        ".",
        "takes integers of other widths than its own for something else, with any result: wrong values, "
        "no memory, a crash",
        tried="image/uint8-?d.* mesh/plain.*",
    ),
    Misread(
        "itk-wasm",
        OTHERS,
        "image/*",
        ".",
        "takes whole numbers in origin and spacing for something else, with any result",
        tried="image/oriented-3d.*",
    ),
    Misread("itk-wasm", "niivue", "image/rgb-3d.*", ".", "hangs", tried=""),
    # ITK in Python, with either wheel
    Misread(
        "ours",
        "*",
        "image/int8-* image/int64-* image/data-tag-64-int8.* image/data-tag-75-int64.*",
        "ITK-Python has no reader for .*int(8|64) Scalar pixels. Cast while reading, with pixel_type=",
        "ITK-Python wraps no image of this type (an error says how to cast)",
    ),
    Misread("old-wheel", "*", "image/int8-* image/int64-*", "not wrapped", "ITK-Python wraps no image of this type"),
    *(
        Misread(
            reader,
            "*",
            "mesh/float64-points.*",
            "^points: float32 instead of float64$",
            "ITK-Python's meshes have float32 points",
            right=True,
        )
        for reader in ("ours", "old-wheel")
    ),
    Misread(
        "ours",
        "*",
        "mesh/vector-data.*",
        "no reader for meshes with pixels of 3 components",
        "ITK-Python wraps no mesh of vectors (an error says so)",
    ),
    Misread(
        "old-wheel",
        "*",
        "mesh/vector-data.*",
        "pointData: 4 values instead of 12",
        "reads the first components of vectors as scalars",
    ),
    # The old wheel
    Misread("old-wheel", "*", "*.zst", ".", "has no zstd"),
    Misread("old-wheel", "*", "image/metadata*.iwi.cbor", "metadata .*missing", "loses all metadata in CBOR"),
    Misread("old-wheel", "*", "image/metadata*.iwi", "metadata .*missing", "reads no lists in metadata"),
    Misread(
        "old-wheel", "*", "image/*.iwi", "only with imageio=", "only with `imageio=itk.WasmImageIO.New()`", right=True
    ),
    Misread(
        "old-wheel",
        "ours wasi",
        "mesh/both-data.iwm mesh/mixed-cells.iwm mesh/point*.iwm",
        "Could not open file",
        "looks for `pointData.raw` where the others write `point-data.raw`",
    ),
    Misread("old-wheel", "old-wheel", "mesh/plain.*", "only with pixel_type=", "only with `pixel_type=`", right=True),
    # WASI
    Misread("wasi", "*", "*.iwi *.iwm *.iwt", TRAP, "can't read directories"),
    Misread("wasi", "*", "image/uint64-*", "Unsupported component type|" + TRAP, "has no uint64 images"),
    Misread("wasi", OTHERS, "image/*", TRAP, "refuses the key `name`"),
    Misread(
        "wasi",
        "niivue",
        "image/[ui]*-3d.* image/float*-3d.*",
        "nan|NaN|" + TRAP,
        "reads whole numbers in origin and spacing as NaN",
    ),
    Misread(
        "wasi",
        "*",
        "transform/float32-*",
        "parametersValueType: 'float64'",
        "makes float64 of float32, values are right",
        right=True,
    ),
    Misread("wasi", "*", "transform/composite.*", "\\['Composite'\\] instead", "loses the children of a composite"),
    Misread(
        "wasi",
        "cbor2-canonical",
        "transform/displacement-field-* transform/bspline-*",
        TRAP,
        "wants the fixed parameters before the parameters",
    ),
    # Node
    Misread("itk-wasm", "*", "*.iwi *.iwm", ".", "can't read directories"),
    Misread(
        "itk-wasm", "*", "mesh/*.zst", "Cannot read properties", "can't read meshes with zstd (its table lacks them)"
    ),
    Misread(
        "itk-wasm",
        "niivue",
        "image/[ui]*-3d.* image/float*-3d.*",
        "nan|NaN|Aborted",  # what it makes of a NaN spacing is not the same in each run
        "reads whole numbers in origin and spacing as NaN",
    ),
    # Strict decoders of typed arrays
    *(
        Misread(reader, "old-wheel wasi itk-wasm", "image/int8-*", "uint8", "WASI and Node tag int8 as uint8")
        for reader in ("cbor2", "cbor-x")
    ),
    *(
        Misread(
            reader,
            "old-wheel wasi itk-wasm",
            "image/int*.cbor image/oriented-3d.*cbor mesh/int16-data.*cbor image/oriented-3d.*zst",
            "values differ",
            SWAPPED,
        )
        for reader in ("cbor2", "cbor-x")
    ),
    # NiiVue
    Misread(
        "niivue",
        "*",
        "image/int8-2d.* image/uint32-* image/int64-* image/uint64-*",
        "unsupported datatype|values differ",
        "has no int8, uint32, int64, uint64",
    ),
    Misread(
        "niivue", "*", "image/rgba-* image/vector-* image/complex-*", "expected \\d+ bytes", "has scalars and RGB only"
    ),
    Misread("niivue", "old-wheel wasi itk-wasm", "image/int* image/oriented-3d.*", "values differ", SWAPPED),
    Misread("niivue", "*", "image/4d.*", "direction", "4-D: only the 3-D part of a 4 × 4 direction, misread"),
    Misread("niivue", "*", "image/metadata*", "metadata .*missing", "has no metadata"),
    Misread(
        "niivue",
        "*",
        "image/*-2d.* image/whole-numbers.*",
        "^direction: [^;]*$",
        "2-D: pixels and spacing right, the direction matrix taken for 3 × 3",
        right=True,
    ),
    Misread("niivue", "*", "mesh/cells-2d.*", "numberOfPoints", "takes 2-D points for 3-D ones"),
    Misread(
        "niivue",
        "*",
        "mesh/*-data.* mesh/*-data-uneven.*",
        "^(point|cell)Data: missing(; cellData: missing)?$",
        "takes points and triangles only",
        right=True,
    ),
    Misread("niivue", "*", "mesh/mixed-cells.*", "unsupported iwm cell type", "has faces only"),
    Misread("niivue", "*", "mesh/points.* mesh/point-set.*", "must have", "refuses meshes without cells"),
]


def rule_for(reader, writer, name):
    return next((r for r in MISREAD if r.covers(reader, writer, name)), None)


def outside(reader, writer, name):
    return next((r for r in OUTSIDE if r.covers(reader, writer, name)), None)
