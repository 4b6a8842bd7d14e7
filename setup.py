"""Find or build the ITK that the module is compiled against, and hand it to CMake.

All metadata is in pyproject.toml. What a static file cannot say is here: an ITK build tree has to
exist before CMake starts (see tools/build_itk.py for ITK_DIR and ITK_SOURCE).
"""
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build import build

sys.path.insert(0, str(Path(__file__).resolve().parent / "tools"))
from build_itk import ItkUnavailable, provide_itk, tool_definitions  # noqa: E402


class BuildWithItk(build):
    """Only a build needs ITK: `sdist` and the metadata hooks pass by."""

    def run(self):
        try:
            definitions = {"ITK_DIR": provide_itk(), **tool_definitions()}
        except ItkUnavailable as error:
            raise SystemExit(f"error: {error}") from None
        self.distribution.cmake_args += [f"-D{name}={value}" for name, value in definitions.items()]
        super().run()


setup(
    cmake_source_dir=".",
    cmake_args=[],
    cmdclass={"build": BuildWithItk},
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
