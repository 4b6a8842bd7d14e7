# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""What the tests share. They test the installed wheel, beside PyPI's itk; they import nothing from the source tree."""

import subprocess
import sys

import itk
import numpy as np
import pytest

# No symmetry: its transpose, its inverse and every permutation of its axes differ from it.
DIRECTIONS = {
    2: np.array([[0.6, -0.8], [0.8, 0.6]]),
    3: np.array([[0.36, 0.48, -0.8], [-0.8, 0.6, 0.0], [0.48, 0.64, 0.6]]),
    4: np.array([[0.36, 0.48, -0.8, 0.0], [-0.8, 0.6, 0.0, 0.0], [0.48, 0.64, 0.6, 0.0], [0.0, 0.0, 0.0, 1.0]])[
        [1, 3, 0, 2]
    ],
}


def needs(name):
    """Skips where only itk-io is installed, as our wheel requires, and not all of itk."""
    return pytest.mark.skipif(not hasattr(itk, name), reason=f"itk.{name} is in a package of itk that is not installed")


has_transform_io = hasattr(itk, "DisplacementFieldTransform") and itk.__version__ != "5.4.0"
needs_transform_io = pytest.mark.skipif(
    not has_transform_io, reason="transforms need itk-filtering, 5.4.2 or newer: 5.4.0 lays out its IO class otherwise"
)


@pytest.fixture
def run_python():
    """run_python(code) runs it in a fresh interpreter and returns what it printed; stderr has to stay empty."""

    def run(code, **environment):
        import os

        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            timeout=120,
            env={**os.environ, **environment},
        )
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        return done.stdout

    return run
