# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""Dictionaries of itk's objects that lose nothing on the way to itkwasm and back.

``itk.dict_from_image(image)`` and ``itk.image_from_dict(d)``, and the same for meshes, point sets, transforms and
polylines, turn objects of itk into dictionaries with the fields of itkwasm's dataclasses and back::

    itkwasm_image = itkwasm.Image(**itk.dict_from_image(itk_image))
    itk_image = itk.image_from_dict(dataclasses.asdict(itkwasm_image))

itk also pickles its objects with them. The functions that come with itk 5.4 lose metadata, fail on empty objects,
and build wrong objects of some types, so this package has functions that don't. They take a pair's place
(``dict_from_X``, ``X_from_dict``) only where the pair that is installed has the gap, which is found out by trying it
at the first call. What the functions here promise:

* Metadata is kept in both directions. Where ITK-Python has no class for a value, a warning names the key.
* An image that is made of a dictionary uses the dictionary's array, without a copy, where ITK may write to it and
  finds it as it needs it; else it has a copy. The array lives as long as ITK uses it, whichever image then does:
  ITK shares pixel buffers between images, as ``itk.change_information_image_filter`` does.
* A dictionary that is made of an image has a copy of the pixels: ITK may let go of its buffer at any time.
* Files and itkwasm have no start index. An image whose index starts at (-2, 5) becomes one that starts at (0, 0)
  at the same place in space, as itk.imwrite writes it.
* Types that ITK-Python has no class for are refused with an error that tells the nearest one. Values are never
  rounded silently.

polydata has no class of its own in ITK-Python: ``itk.polydata_from_dict`` makes an itk.Mesh of vertices, lines and
polygons, and ``itk.dict_from_polydata`` takes one.
"""

import sys

from itk.support import extras

from ..replacing import replace
from .images import dict_from_image, image_from_dict
from .meshes import dict_from_mesh, dict_from_pointset, mesh_from_dict, pointset_from_dict
from .polydata import dict_from_polydata, polydata_from_dict
from .polylines import dict_from_polyline, polyline_from_dict
from .probes import images_are_right, meshes_are_right, pointsets_are_right, polylines_are_right, transforms_are_right
from .transforms import dict_from_transform, transform_from_dict


def _pair(probe, ours, originals):
    """Functions that call ours or the originals, whichever the probe decides for at the first call."""
    choice = []

    def choose(index):
        if not choice:
            try:
                itk_is_right = None not in originals and probe(*originals)
            except Exception:
                itk_is_right = False
            choice.append(originals if itk_is_right else ours)
        return choice[0][index]

    return (
        lambda *args, **kwargs: choose(0)(*args, **kwargs),
        lambda *args, **kwargs: choose(1)(*args, **kwargs),
    )


_PAIRS = {
    ("dict_from_image", "image_from_dict"): (images_are_right, dict_from_image, image_from_dict),
    ("dict_from_mesh", "mesh_from_dict"): (meshes_are_right, dict_from_mesh, mesh_from_dict),
    ("dict_from_pointset", "pointset_from_dict"): (pointsets_are_right, dict_from_pointset, pointset_from_dict),
    ("dict_from_polyline", "polyline_from_dict"): (polylines_are_right, dict_from_polyline, polyline_from_dict),
    ("dict_from_transform", "transform_from_dict"): (transforms_are_right, dict_from_transform, transform_from_dict),
}


def install():
    """Puts the functions into the module itk. Nothing is probed and nothing is loaded before their first call."""
    for names, (probe, *ours) in _PAIRS.items():
        originals = [getattr(extras, name, None) for name in names]
        for name, function in zip(names, _pair(probe, ours, originals)):
            replace(name, lambda original, function=function: function)
    for function in (polydata_from_dict, dict_from_polydata):
        if not hasattr(extras, function.__name__):
            setattr(sys.modules["itk"], function.__name__, function)
