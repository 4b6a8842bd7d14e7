# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""Names that ITK has in C++ and its wrapping for Python does not make."""

import sys


class WasmTransformIO:
    """Reads and writes transforms whose parameters are double: ``itk.WasmTransformIOTemplate[itk.D]``.

    As in C++, where the name stands for the template with double. ITK's transform classes, seconds to load, are loaded
    by the first ``New()``.
    """

    @staticmethod
    def New(*args, **kwargs):
        """A new ``itk.WasmTransformIOTemplate[itk.D]``, with the properties set that the keywords name."""
        import itk

        return itk.WasmTransformIOTemplate[itk.D].New(*args, **kwargs)


def install():
    """Puts the names into the module itk."""
    sys.modules["itk"].WasmTransformIO = WasmTransformIO
