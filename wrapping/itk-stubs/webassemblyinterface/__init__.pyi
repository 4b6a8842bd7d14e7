# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0

from os import PathLike
from typing import Any

__all__ = ["open_image"]

def open_image(filename: str | PathLike[str]) -> Any:
    """The image in a ``.iwi`` directory or ``.iwi.cbor`` file; its pixels are read as they are touched.

    The pixels are mapped into memory, whatever their size, within a millisecond. What is changed in the image never
    reaches the file. Where pixels cannot be mapped, as those of compressed files, they are read.
    """
