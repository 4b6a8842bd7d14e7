"""What published clients get wrong, so that the tables can say why a cell isn't ok.

Every rule is checked in both directions: a cell that isn't ok needs a rule, and
each cell that a rule covers must fail the way the rule says.  When a peer fixes
something the test fails, the rule goes, and the table becomes better.
"""
from dataclasses import dataclass
from fnmatch import fnmatch


def _matches(name, patterns):
    return any(fnmatch(name, p) for p in patterns.split())


@dataclass
class Unwritten:
    """Objects that a writer can't write, or writes wrong: there is no golden file."""
    writer: str
    names: str        # "kind/case.suffix", fnmatch patterns separated by blanks
    reason: str
    used: bool = False

    def covers(self, writer, name):
        return writer == self.writer and _matches(name, self.names)


UNWRITTEN = [
    Unwritten("ours", "image/int8-* image/int64-*", "ITK-Python wraps no image of this type"),
    Unwritten("old-wheel", "image/int8-* image/int64-*", "ITK-Python wraps no image of this type"),
    Unwritten("old-wheel", "image/metadata.iwi.cbor image/metadata-nested.iwi.cbor", "loses all metadata in CBOR"),
    Unwritten("old-wheel", "image/metadata-nested.iwi", "writes nested lists wrong: all rows run together, in each row"),
    Unwritten("old-wheel", "mesh/cell-data* mesh/both-data-uneven*",
              "cell data are sized by the number of points: missing, cut, or followed by stray bytes"),
    Unwritten("wasi", "image/uint64-*", "traps"),
    Unwritten("wasi", "mesh/cell-data*", "traps"),
    Unwritten("wasi", "mesh/both-data-uneven*",
              "cell data are sized by the number of points: missing, cut, or followed by stray bytes"),
    Unwritten("wasi", "transform/float32-*", "stores the bits of float32 parameters as if they were float64"),
    Unwritten("wasi", "transform/bspline-*", "traps"),
    Unwritten("wasi", "transform/composite*", "drops the composite itself, keeps its children as a list"),
    Unwritten("itk-wasm", "mesh/cell-data*", "throws"),
    Unwritten("itk-wasm", "mesh/both-data-uneven*",
              "cell data are sized by the number of points: missing, cut, or followed by stray bytes"),
]
