# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""Pictures of images and meshes with numpy alone."""

import itk
import numpy as np

SIDE = 360  # pixels of a picture of a mesh
GAP = 8
BACKGROUND = 255


def slice_of_image(image):
    """The image, or the middle slice of a volume, as an RGB array of bytes."""
    pixels = itk.array_from_image(image)
    if image.GetImageDimension() > 2:
        pixels = pixels[tuple(pixels.shape[axis] // 2 for axis in range(image.GetImageDimension() - 2))]
    if pixels.ndim == 2:
        pixels = np.repeat(pixels[:, :, np.newaxis], 3, axis=2)
    pixels = pixels[:, :, :3]
    if pixels.dtype != np.uint8:
        low, high = np.percentile(pixels, (1, 99))
        pixels = np.clip((pixels - low) / max(high - low, 1e-12) * 255, 0, 255)
    return pixels.astype(np.uint8)


def triangles_of_mesh(mesh):
    """Corners of the mesh's triangles, n x 3 x 3; polygons are cut into fans."""
    content = itk.dict_from_mesh(mesh)
    points = content["points"].reshape(-1, content["meshType"]["dimension"]).astype(float)
    cells = content["cells"].tolist()  # records: type, number of ids, ids
    corners = []
    position = 0
    while position < len(cells):
        end = position + 2 + cells[position + 1]
        first, *others = cells[position + 2 : end]
        corners.extend((first, *pair) for pair in zip(others, others[1:]))
        position = end
    return points[np.array(corners, dtype=np.int64).reshape(-1, 3)]


def draw_mesh(mesh, azimuth=90.0, elevation=10.0):
    """The mesh from the side, lit from the viewer, as an RGB array of bytes."""
    triangles = triangles_of_mesh(mesh)
    a, e = np.radians((azimuth, elevation))
    right = np.array((np.cos(a), np.sin(a), 0.0))
    towards = np.array((np.sin(a) * np.cos(e), -np.cos(a) * np.cos(e), np.sin(e)))
    view = triangles @ np.stack((right, np.cross(towards, right), towards)).T

    low, high = view.min(axis=(0, 1)), view.max(axis=(0, 1))
    scale = (SIDE - 2 * GAP) / max(high[:2] - low[:2])
    middle = (low + high) / 2
    x = (view[..., 0] - middle[0]) * scale + SIDE / 2
    y = SIDE / 2 - (view[..., 1] - middle[1]) * scale
    normals = np.cross(view[:, 1] - view[:, 0], view[:, 2] - view[:, 0])
    lengths = np.linalg.norm(normals, axis=1)
    light = 40 + 200 * np.abs(normals[:, 2]) / np.maximum(lengths, 1e-12)

    # From back to front, samples of each triangle, so dense that none of its pixels is missed.
    order = np.argsort(view[..., 2].sum(axis=1))
    x, y, light = x[order], y[order], light[order]
    count = int(np.ceil(1.5 * np.sqrt(np.percentile(lengths, 99.9)) * scale)) + 2
    u, v = (w.ravel() for w in np.meshgrid(np.linspace(0, 1, count), np.linspace(0, 1, count)))
    weights = np.stack((1 - u - v, u, v), axis=1)[u + v <= 1 + 1e-9]
    column = (x @ weights.T).astype(int).clip(0, SIDE - 1)
    line = (y @ weights.T).astype(int).clip(0, SIDE - 1)
    picture = np.full((SIDE, SIDE), BACKGROUND, np.uint8)
    picture[line, column] = light[:, np.newaxis]
    return np.repeat(picture[:, :, np.newaxis], 3, axis=2)


def save_picture(pictures, path):
    """Puts pictures side by side into a PNG file."""
    height = max(picture.shape[0] for picture in pictures)
    columns = []
    for picture in pictures:
        padded = np.full((height, picture.shape[1] + GAP, 3), BACKGROUND, np.uint8)
        padded[: picture.shape[0], : picture.shape[1]] = picture
        columns.append(padded)
    together = np.ascontiguousarray(np.concatenate(columns, axis=1)[:, :-GAP])
    itk.imwrite(itk.image_from_array(together, is_vector=True), str(path))
