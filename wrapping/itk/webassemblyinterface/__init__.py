# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""The pure Python half of itk-webassemblyinterface, one concept in each file.

routing
    ``itk.imread`` and its siblings know the names ``.iwi``, ``.iwm`` and ``.iwt``.
aliases
    ``itk.WasmTransformIO``, a name that ITK's wrapping does not make.
dictionaries
    ``itk.dict_from_image``, ``itk.image_from_dict`` and their siblings lose nothing on the way to itkwasm and back.
mapping
    ``open_image``: an image without reading it.
pixel_types
    Which class of ITK-Python holds the pixels that an ITK-Wasm type names.
readers
    Which class of ITK reader fits what is in a file.
replacing
    How a function of ``itk`` is replaced by ours, and what its error says where ITK itself is incomplete.
"""

from .mapping import open_image

__all__ = ["open_image"]
