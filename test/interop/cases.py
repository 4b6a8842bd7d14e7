"""The objects that every writer writes and every reader reads.

Small on purpose: each is there for one property that somebody gets wrong.
Expectations are computed from the formulas here (model.ramp), never taken from
what a writer happened to put into a file.
"""

import model
import numpy as np

# Not symmetric in either dimension: a transposed matrix is noticed.
D2 = [[0.6, -0.8], [0.8, 0.6]]
D3 = [[0.6, -0.8, 0.0], [0.48, 0.36, -0.8], [0.64, 0.48, 0.6]]
D4 = np.eye(4)
D4[:2, :2] = D2

# value[i] = start + step * (i mod modulo); signs, both ends of the range, and
# bit patterns that show when bytes are swapped.
RAMPS = {
    "int8": (-128, 23, 12),
    "uint8": (2, 23, 12),
    "int16": (-3, 300, 12),
    "uint16": (65535, -700, 12),
    "int32": (-3, 70001, 12),
    "uint32": (4294967295, -70001, 12),
    "int64": (-3, 1099511627777, 12),
    "uint64": (18446744073709551615, -1099511627777, 12),
    "float32": (-0.5, 0.25, 12),
    "float64": (-0.1, 1.1, 12),
}


def images():
    out = {}
    for component_type, values in RAMPS.items():
        out[f"{component_type}-2d"] = model.image(
            component_type, (4, 3), values, spacing=(1.5, 0.25), origin=(-2.5, 7.125)
        )
    out["rgb-2d"] = model.image(
        "uint8", (4, 3), (1, 1, 251), pixel_type="RGB", components=3, spacing=(0.5, 2.5), origin=(0.5, -0.25)
    )
    out["rgba-2d"] = model.image(
        "uint8", (4, 3), (7, 3, 80), pixel_type="RGBA", components=4, spacing=(0.5, 2.5), origin=(0.5, -0.25)
    )
    out["vector-2d"] = model.image(
        "float32", (4, 3), (-4.5, 0.25, 36), pixel_type="Vector", components=2, spacing=(0.5, 2.5), origin=(0.5, -0.25)
    )
    out["vector-3d"] = model.image(
        "float32",
        (2, 3, 2),
        (-4.5, 0.25, 36),
        pixel_type="Vector",
        components=3,
        spacing=(0.5, 2.5, 1.25),
        origin=(0.5, -0.25, 3.5),
        direction=D3,
    )
    out["complex-2d"] = model.image(
        "float32", (4, 3), (-4.5, 0.25, 24), pixel_type="Complex", components=2, spacing=(0.5, 2.5), origin=(0.5, -0.25)
    )
    out["oriented-2d"] = model.image(
        "uint8", (4, 3), (0, 5, 12), direction=D2, spacing=(0.75, 1.25), origin=(10.5, -20.25)
    )
    out["oriented-3d"] = model.image(
        "int16", (4, 3, 2), (-3, 77, 24), direction=D3, spacing=(0.75, 1.25, 2.5), origin=(10.5, -20.25, 30.125)
    )
    out["4d"] = model.image(
        "float32",
        (3, 2, 2, 2),
        (-1.5, 0.125, 24),
        direction=D4,
        spacing=(0.75, 1.25, 2.5, 0.5),
        origin=(1.5, -2.5, 3.5, -4.5),
    )
    # Geometry of a fresh image: whole numbers, which many encoders store as integers.
    out["whole-numbers"] = model.image("uint8", (4, 3), (0, 1, 12), spacing=(1.0, 2.0), origin=(-7.0, 300.0))
    # A start index of (-2, 5): files have none, so it is folded into the origin:
    # (10, 20) + (2, 3) * (-2, 5) = (6, 35).
    out["index-2d"] = model.image("uint8", (4, 3), (100, 1, 12), spacing=(2.0, 3.0), origin=(6.0, 35.0))
    out["metadata"] = model.image(
        "uint8",
        (2, 2),
        (1, 1, 4),
        spacing=(1.5, 1.5),
        origin=(0.5, 0.5),
        metadata={"text": "caf\u00e9", "number": 1.5, "list": [1.5, -2.25]},
    )
    out["metadata-nested"] = model.image(
        "uint8",
        (2, 2),
        (1, 1, 4),
        spacing=(1.5, 1.5),
        origin=(0.5, 0.5),
        metadata={"nested": [[1.5, 2.5], [3.5, -4.5]]},
    )
    out["rgb-3d"] = model.image(
        "uint8",
        (4, 3, 2),
        (1, 1, 251),
        pixel_type="RGB",
        components=3,
        spacing=(0.5, 2.5, 1.25),
        origin=(0.5, -0.25, 3.5),
        direction=D3,
    )
    for component_type, values in RAMPS.items():
        out[f"{component_type}-3d"] = model.image(
            component_type, (2, 3, 2), values, spacing=(1.5, 0.25, 2.0), origin=(-2.5, 7.125, 30.0)
        )
    return out


#: What the "index-2d" writers start from.
INDEX_2D = {"index": (-2, 5), "origin": (10.0, 20.0)}

TETRAHEDRON = [(0.0, 0.0, 0.0), (1.5, 0.0, 0.0), (0.0, 2.5, 0.0), (0.25, 0.5, 3.5)]
#: Four triangles: as many cells as points, so even the writers that size cell
#: data by the points get it right.
FACES = [(2, (0, 2, 1)), (2, (0, 1, 3)), (2, (1, 2, 3)), (2, (2, 0, 3))]
CUBE = [(x + 0.5 * z, y, z) for z in (0.0, 1.0) for y in (0.0, 1.0) for x in (0.0, 1.0)]
MIXED = [
    (0, (7,)),
    (1, (0, 7)),
    (2, (0, 1, 2)),
    (3, (0, 1, 3, 2)),
    (4, (0, 1, 5, 7, 2)),
    (5, (0, 1, 2, 4)),
    (6, (0, 1, 3, 2, 4, 5, 7, 6)),
]


def meshes():
    def f4(count, start, step):
        return model.ramp("float32", count, start, step, 1 << 20)

    out = {
        "plain": model.mesh(TETRAHEDRON, FACES),
        "point-data": model.mesh(TETRAHEDRON, FACES, point_data=f4(4, -1.5, 0.75)),
        "cell-data": model.mesh(TETRAHEDRON, FACES[:3], cell_data=f4(3, 0.5, 1.25)),
        "both-data": model.mesh(TETRAHEDRON, FACES, point_data=f4(4, -1.5, 0.75), cell_data=f4(4, 0.5, 1.25)),
        # Different counts, which several writers mix up.
        "both-data-uneven": model.mesh(
            TETRAHEDRON, FACES[:3], point_data=f4(4, -1.5, 0.75), cell_data=f4(3, 0.5, 1.25)
        ),
        "cells-2d": model.mesh(
            [(0.0, 0.0), (1.5, 0.0), (0.0, 2.5), (1.5, 2.5)],
            [(2, (0, 1, 2)), (2, (1, 3, 2))],
            dimension=2,
            point_data=f4(4, -1.5, 0.75),
        ),
        "float64-data": model.mesh(
            TETRAHEDRON,
            FACES,
            point_data=f4(4, -1.5, 0.75).astype("float64"),
            cell_data=f4(4, 0.5, 1.25).astype("float64"),
        ),
        "uint8-data": model.mesh(
            TETRAHEDRON,
            FACES,
            point_data=np.array([1, 2, 254, 255], "uint8"),
            cell_data=np.array([9, 8, 7, 6], "uint8"),
        ),
        "int16-data": model.mesh(
            TETRAHEDRON,
            FACES,
            point_data=np.array([-3, 300, 77, -32768], "int16"),
            cell_data=np.array([-3, 300, 77, 32767], "int16"),
        ),
        "float64-points": model.mesh(
            [(0.1, 0.2, 0.3), (1.5, 0.0, 1 / 3), (0.0, 2.5, 0.0)], [(2, (0, 1, 2))], point_type="float64"
        ),
        "vector-data": model.mesh(
            TETRAHEDRON,
            FACES,
            point_data=f4(12, -1.5, 0.75),
            cell_data=f4(12, 0.5, 1.25),
            pixel_type="Vector",
            components=3,
        ),
        "mixed-cells": model.mesh(CUBE, MIXED, point_data=f4(8, -1.5, 0.75)),
        "points": model.mesh(TETRAHEDRON, point_data=f4(4, -1.5, 0.75)),
        # The same, for writers that tell a point set from a mesh without cells.
        "point-set": model.mesh(TETRAHEDRON, point_data=f4(4, -1.5, 0.75)),
    }
    return out


AFFINE_3D = ("Affine", 3, 3, [1.5, -2.5, 3.5], [1.1, 0.2, -0.3, 0.4, 0.9, 0.6, -0.7, 0.8, 1.3, 5.5, -6.5, 7.25])
TRANSLATION_3D = ("Translation", 3, 3, [], [1.5, -2.25, 3.125])


def transforms():
    field = model.ramp("float64", 2 * 4 * 3, -1.1, 0.3, 1 << 20)
    grid = [5, 4, 0.5, -0.25, 1.5, 2.5, *np.ravel(D2)]
    return {
        "identity-3d": model.transform([("Identity", 3, 3, [], [])]),
        "translation-3d": model.transform([TRANSLATION_3D]),
        "scale-2d": model.transform([("Scale", 2, 2, [0.5, -1.5], [2.5, 0.75])]),
        "affine-2d": model.transform([("Affine", 2, 2, [1.5, -2.5], [1.1, 0.2, -0.3, 0.4, 5.5, -6.5])]),
        "affine-3d": model.transform([AFFINE_3D]),
        "euler-2d": model.transform([("Euler2D", 2, 2, [1.5, -2.5], [0.25, 3.5, -4.5])]),
        "euler-3d": model.transform([("Euler3D", 3, 3, [1.5, -2.5, 3.5, 0.0], [0.25, -0.125, 0.5, 3.5, -4.5, 5.5])]),
        "similarity-2d": model.transform([("Similarity2D", 2, 2, [1.5, -2.5], [1.25, 0.25, 3.5, -4.5])]),
        "versor-rigid-3d": model.transform(
            [("VersorRigid3D", 3, 3, [1.5, -2.5, 3.5], [0.1, 0.2, 0.3, 3.5, -4.5, 5.5])]
        ),
        "similarity-3d": model.transform(
            [("Similarity3D", 3, 3, [1.5, -2.5, 3.5], [0.1, 0.2, 0.3, 3.5, -4.5, 5.5, 1.25])]
        ),
        "displacement-field-2d": model.transform(
            [("DisplacementField", 2, 2, [4, 3, 0.5, -0.25, 1.5, 2.5, *np.ravel(D2)], field)]
        ),
        "bspline-2d": model.transform([("BSpline", 2, 2, grid, model.ramp("float64", 2 * 5 * 4, -1.1, 0.3, 1 << 20))]),
        "float32-affine-3d": model.transform([(*AFFINE_3D, "float32")]),
        "composite": model.transform([("Composite", 3, 3, [], []), TRANSLATION_3D, AFFINE_3D]),
        "list": model.transform([TRANSLATION_3D, AFFINE_3D]),
    }


def catalogue():
    return {"image": images(), "mesh": meshes(), "transform": transforms()}
