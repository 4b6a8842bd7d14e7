# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""How a function of ``itk`` is replaced by ours, and what the error of one says where ITK itself is incomplete."""

import functools
import sys

from itk.support import extras

#: How to get what our wheel does not require.
EXTRA = "pip install 'itk-webassemblyinterface[transforms]'"

_MARK = "_itk_webassemblyinterface"


def replace(name, make):
    """Replaces ``itk.<name>`` by ``make(original)``, which gets the original's name, signature and docstring.

    The function is replaced in ``itk.support.extras`` too, where it is defined: pickle names functions by their
    place there (``multiprocessing.Pool.map(itk.imread, …)``), and itk's own functions call each other there.
    ``original`` is None where this itk has no function of the name; ``make`` may return None to leave things alone.
    Replacing twice, as ``importlib.reload(itk)`` does, replaces once.
    """
    original = getattr(extras, name, None)
    function = original
    if not hasattr(original, _MARK):
        function = make(original)
        if function is None:
            return
        if original is not None:
            functools.update_wrapper(function, original)
            setattr(extras, name, function)
        setattr(function, _MARK, True)
    setattr(sys.modules["itk"], name, function)
