"""Writes docs/interop.md, what every reader makes of every writer's files, and docs/images/browser.png.

python test/interop/table.py        in the environment that has the wheel
"""

import sys
import tempfile
from pathlib import Path

import clients
import golden
import matrix

ROOT = Path(__file__).resolve().parent.parent.parent
TARGET = ROOT / "docs" / "interop.md"
SCREENSHOT = ROOT / "docs" / "images" / "browser.png"
SIGNS = {matrix.OK: "✓", matrix.NOTE: "(✓)", matrix.NO: "✗", matrix.OUT: "–"}

CONTENT = {
    "image": [
        *(
            (f"{t}", (f"{t}-2d", f"{t}-3d"))
            for t in ("int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64")
        ),
        ("RGB", ("rgb-2d", "rgb-3d")),
        ("RGBA", ("rgba-2d",)),
        ("vectors", ("vector-2d", "vector-3d")),
        ("complex", ("complex-2d",)),
        ("oriented", ("oriented-2d", "oriented-3d")),
        ("4-D", ("4d",)),
        ("whole-number origin and spacing", ("whole-numbers",)),
        ("start index", ("index-2d",)),
        ("metadata", ("metadata",)),
        ("nested lists in metadata", ("metadata-nested",)),
    ],
    "mesh": [
        ("triangles", ("plain",)),
        ("point data", ("point-data",)),
        ("cell data", ("cell-data",)),
        ("point and cell data, as many points as cells", ("both-data",)),
        ("point and cell data, more points than cells", ("both-data-uneven",)),
        ("2-D", ("cells-2d",)),
        ("float64 data", ("float64-data",)),
        ("uint8 data", ("uint8-data",)),
        ("int16 data", ("int16-data",)),
        ("vectors as data", ("vector-data",)),
        ("float64 points", ("float64-points",)),
        ("vertex, line, faces, tetrahedron, hexahedron", ("mixed-cells",)),
        ("points only", ("points",)),
        ("point set", ("point-set",)),
    ],
    "transform": [
        ("identity", ("identity-3d",)),
        ("translation", ("translation-3d",)),
        ("scale", ("scale-2d",)),
        ("affine", ("affine-2d", "affine-3d")),
        ("Euler", ("euler-2d", "euler-3d")),
        ("similarity", ("similarity-2d", "similarity-3d")),
        ("versor rigid", ("versor-rigid-3d",)),
        ("displacement field", ("displacement-field-2d",)),
        ("B-spline", ("bspline-2d",)),
        ("float32", ("float32-affine-3d",)),
        ("composite", ("composite",)),
        ("list", ("list",)),
    ],
}
TITLES = {"image": "Images", "mesh": "Meshes and point sets", "transform": "Transforms"}
CONTAINERS = ((".cbor", "CBOR"), ("", "directory"), (".cbor.zst", "CBOR, zstd"))


PAGE = """\
<!-- Made by `python test/interop/table.py`, which runs all these clients. Do not edit. -->
# Who reads whose files

Files of every writer, read by every reader; compared are pixels, points, cells, data, parameters, geometry and
metadata, value by value. A test runs all of it and fails when a cell changes, for better or worse.

| client | what it is |
|---|---|
{clients}

## In short

Files read right, of those that the reader is for (NiiVue has no transforms, cbor-x no directories, …):

{summary}
Files that a writer can't write, or writes wrong, are not counted; the tables below name them.

## How to read the tables

✓ right. (✓) right, with the remark. ◐ some of the samples are right. ✗ wrong or refused, for the reason given.
– not what the reader is for. Reasons are at the end. A row may stand for several samples (2-D and 3-D, say).

{tables}
## Other valid files

{variants} files that no common writer makes, but that the formats and RFC 8949 allow: half-precision floats, integers
of any width, untagged and plain arrays, big-endian typed arrays, indefinite lengths, any order of keys, unknown keys,
tags 259 and 55799, metadata as pairs, other raw file names, streamed zstd frames. This wheel reads {right} of them
right{but}.
(ITK-Python wraps no images of int8 and int64; an error says so and how to cast.)

## Reasons

{reasons}
"""


class Notes:
    """Reasons, numbered in the order of their first use."""

    def __init__(self):
        self.numbers = {}

    def mark(self, reasons):
        numbers = sorted(self.numbers.setdefault(r, len(self.numbers) + 1) for r in reasons)
        return f" <sup>{', '.join(map(str, numbers))}</sup>" if numbers else ""

    def list(self):
        return [f"{number}. {reason}" for reason, number in self.numbers.items()]


def cell(outcomes, reader, files, notes):
    """One cell of a table: the worst of the files' outcomes."""
    mine = [outcomes[reader, f] for f in files]
    if not mine:
        return ""
    order = (matrix.OUT, matrix.OK, matrix.NOTE, matrix.NO)
    worst = max((o.status for o in mine), key=order.index)
    several = worst == matrix.NO and any(o.status in (matrix.OK, matrix.NOTE) for o in mine)
    sign = "◐" if several else SIGNS[worst]
    return sign + notes.mark(dict.fromkeys(o.reason or o.text for o in mine if o.status in (matrix.NOTE, matrix.NO)))


def writer_table(writer, files, outcomes, notes):
    lines = [f"## Written by {clients.TITLES[writer][0]}", "", f"{clients.TITLES[writer][1]}", ""]
    lines += [
        "| content | container | " + " | ".join(clients.TITLES[r][0] for r in clients.READERS) + " |",
        "|---|---|" + ":-:|" * len(clients.READERS),
    ]
    mine = [f for f in files if f.writer == writer]
    for kind, rows in CONTENT.items():
        if not any(f.kind == kind for f in mine):
            continue
        lines.append(f"| **{TITLES[kind]}** | |" + " |" * len(clients.READERS))
        for title, names in rows:
            for ending, container in CONTAINERS:
                suffix = golden.SUFFIX[kind] + ending
                some = [f for f in mine if f.kind == kind and f.case in names and f.name == f.case + suffix]
                written = [f for f in some if f.path]
                if not some:
                    continue
                if not written:
                    reasons = notes.mark(dict.fromkeys(f.reason for f in some))
                    lines.append(
                        f"| {title} | {container} | "
                        + " | ".join([f"not written{reasons}"] + [""] * (len(clients.READERS) - 1))
                        + " |"
                    )
                    continue
                lines.append(
                    f"| {title} | {container} | "
                    + " | ".join(cell(outcomes, r, written, notes) for r in clients.READERS)
                    + " |"
                )
    return lines + [""]


def summary(files, outcomes):
    """Writer by reader: how many of the files that the reader is for are read right."""
    lines = [
        "| written by ↓ read by → | " + " | ".join(clients.TITLES[r][0] for r in clients.READERS) + " |",
        "|---|" + ":-:|" * len(clients.READERS),
    ]
    for writer in (*clients.WRITERS, "variants"):
        cells = []
        for reader in clients.READERS:
            mine = [outcomes[reader, f] for f in files if f.writer == writer and (reader, f) in outcomes]
            mine = [o for o in mine if o.status != matrix.OUT]
            right = sum(o.status in (matrix.OK, matrix.NOTE) for o in mine)
            cells.append("" if not mine else f"{right} of {len(mine)}" if right < len(mine) else f"**all {right}**")
        title = "other valid files" if writer == "variants" else clients.TITLES[writer][0]
        lines.append(f"| {title} | " + " | ".join(cells) + " |")
    return lines + [""]


def render(files, outcomes):
    notes = Notes()
    tables = [line for w in clients.WRITERS for line in writer_table(w, files, outcomes, notes)]
    variants = [f for f in files if f.writer == "variants"]
    wrong = [f for f in variants if outcomes["ours", f].status != matrix.OK]
    names = dict.fromkeys(clients.READERS + clients.WRITERS)
    return PAGE.format(
        clients="\n".join(f"| {clients.TITLES[n][0]} | {clients.TITLES[n][1]} |" for n in names),
        summary="\n".join(summary(files, outcomes)),
        tables="\n".join(tables),
        variants=len(variants),
        right=len(variants) - len(wrong),
        but=", all but " + ", ".join(f"`{f.name}`" for f in wrong) if wrong else "",
        reasons="\n".join(notes.list()),
    )


def screenshot():
    sys.path.insert(0, str(ROOT / "examples" / "browser"))
    import run

    clients.chromium()
    run.build()
    SCREENSHOT.parent.mkdir(exist_ok=True)
    page = run.look(SCREENSHOT)
    if "error" in page or page["problems"]:
        raise SystemExit(f"the page in the browser: {page.get('error')} {page['problems']}")
    print(f"{SCREENSHOT}: {SCREENSHOT.stat().st_size} bytes")


def main():
    with tempfile.TemporaryDirectory() as folder:
        files, outcomes, complaints = matrix.run(folder, report=lambda text: print(text, flush=True))
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(render(files, outcomes), encoding="utf-8")
    print(f"{TARGET}: {len(outcomes)} cells")
    screenshot()
    if complaints:
        print("\n".join(complaints), file=sys.stderr)
    return bool(complaints)


if __name__ == "__main__":
    sys.exit(main())
