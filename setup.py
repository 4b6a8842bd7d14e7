"""Find or build the ITK that the module is compiled against, and hand it to CMake.

All metadata is in pyproject.toml. What a static file cannot say is here: an ITK build tree has to
exist before CMake starts (see tools/build_itk.py for ITK_DIR and ITK_SOURCE), and the program that
CMake builds goes to where environments have their programs.
"""

import shutil
import sys
from pathlib import Path

from setuptools import Command, setup
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


class BuildScripts(Command):
    """Move what CMake installed into scripts/ to where `install` looks for an environment's programs.

    setuptools' own command expects text.
    """

    user_options = []

    def initialize_options(self):
        pass

    def finalize_options(self):
        pass

    def get_source_files(self):
        return []

    def run(self):
        self.run_command("build_cmake")
        build = self.get_finalized_command("build")
        programs = Path(build.build_lib, "scripts")
        shutil.copytree(programs, build.build_scripts, dirs_exist_ok=True)
        shutil.rmtree(programs)


setup(
    cmake_source_dir=".",
    cmake_args=[],
    scripts=["iwf"],
    data_files=[("share/man/man1", ["src/cli/iwf.1"])],
    cmdclass={"build": BuildWithItk, "build_scripts": BuildScripts},
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
