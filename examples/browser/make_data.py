"""Writes what the page shows, with itk and this project's wheel: an image and a mesh.

    python examples/browser/make_data.py FOLDER

A head made of formulas: an int16 volume in Hounsfield-like units, tilted in
space, and the surface of its brain as triangles in the same physical space.
"""

import os
import sys

import itk
import numpy as np

SIZE = (112, 128, 96)  # x, y, z
SPACING = (1.6, 1.6, 2.0)  # mm
# Tilted about the left-right and the head-foot axis: not symmetric, not axis-aligned.
_A, _B = np.radians(12), np.radians(-8)
DIRECTION = np.array([[1, 0, 0], [0, np.cos(_A), -np.sin(_A)], [0, np.sin(_A), np.cos(_A)]]) @ np.array(
    [[np.cos(_B), -np.sin(_B), 0], [np.sin(_B), np.cos(_B), 0], [0, 0, 1]]
)
ORIGIN = -DIRECTION @ (np.array(SPACING) * (np.array(SIZE) - 1) / 2)  # centred at 0


def folds(x, y, z):
    """Gyri, more or less: a smooth pattern on the unit sphere."""
    return np.sin(9 * x + 2 * np.sin(5 * z)) * np.sin(8 * y + 2 * np.cos(4 * x)) * np.cos(
        7 * z + np.sin(6 * y)
    ) - 0.9 * np.exp(-((x / 0.035) ** 2)) * (z > -0.3)


def brain_radius(x, y, z):
    """Distance from the centre to the brain's surface in the direction (x, y, z), in mm."""
    ellipsoid = 1 / np.sqrt((x / 62) ** 2 + (y / 76) ** 2 + (z / 58) ** 2)
    return ellipsoid * (1 + 0.06 * folds(x, y, z))


def make_image():
    index = np.stack(np.meshgrid(*(np.arange(n) for n in SIZE), indexing="ij"), axis=-1)
    p = index * SPACING @ DIRECTION.T + ORIGIN
    x, y, z = np.moveaxis(p, -1, 0)
    r = np.sqrt(x * x + y * y + z * z) + 1e-9
    unit = x / r, y / r, z / r
    skull = 1 / np.sqrt((unit[0] / 72) ** 2 + (unit[1] / 86) ** 2 + (unit[2] / 68) ** 2)
    brain = brain_radius(*unit)
    values = np.full(SIZE, -1000.0)
    values[r < skull + 9] = 40  # skin
    values[r < skull + 4] = 900  # bone
    values[r < skull - 2] = 5  # fluid
    values[r < brain] = 110  # grey matter
    values[r < brain * 0.86 + 2 * folds(x / 40, y / 40, z / 40)] = 160  # white matter
    for side in (-1, 1):  # ventricles
        values[((x - side * 11 - 0.12 * side * y) / 6) ** 2 + ((y + 2) / 30) ** 2 + ((z - 4) / 11) ** 2 < 1] = 5
    values += 8 * np.sin(index[..., 0] * 1.7 + index[..., 1] * 2.3 + index[..., 2] * 0.9)
    image = itk.image_from_array(np.ascontiguousarray(values.T.astype(np.int16)))
    image.SetSpacing(SPACING)
    image.SetOrigin(ORIGIN.tolist())
    image.SetDirection(itk.matrix_from_array(DIRECTION))
    return image


def make_mesh(rings=120, sectors=200):
    """The brain's surface: points on rings from pole to pole, two triangles for each square."""
    theta, phi = np.meshgrid(np.linspace(0, np.pi, rings + 1), np.arange(sectors) * 2 * np.pi / sectors, indexing="ij")
    unit = np.sin(theta) * np.cos(phi), np.sin(theta) * np.sin(phi), np.cos(theta)
    points = (np.stack(unit, axis=-1) * brain_radius(*unit)[..., None]).reshape(-1, 3).astype(np.float32)
    ring, sector = (a.ravel() for a in np.meshgrid(np.arange(rings), np.arange(sectors), indexing="ij"))
    a, b = ring * sectors + sector, ring * sectors + (sector + 1) % sectors
    c, d = a + sectors, b + sectors
    triangles = np.concatenate([np.stack([a, c, b], axis=-1)[ring > 0], np.stack([b, c, d], axis=-1)[ring < rings - 1]])
    cells = np.concatenate([np.broadcast_to([2, 3], (len(triangles), 2)), triangles], axis=1).astype(np.uint64)
    mesh = itk.Mesh[itk.F, 3].New()
    mesh.SetPoints(itk.vector_container_from_array(points.ravel()))
    mesh.SetCellsArray(itk.vector_container_from_array(np.ascontiguousarray(cells.ravel())))
    return mesh, points, triangles


def main(folder):
    os.makedirs(folder, exist_ok=True)
    itk.imwrite(make_image(), os.path.join(folder, "head.iwi.cbor"))
    itk.meshwrite(make_mesh()[0], os.path.join(folder, "brain.iwm.cbor"))


if __name__ == "__main__":
    main(sys.argv[1])
