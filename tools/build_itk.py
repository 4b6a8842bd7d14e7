"""Find an ITK build tree for the module, or build the smallest one that serves.

    python tools/build_itk.py           # prints the build tree's path on stdout, progress on stderr

ITK_DIR     an ITK build tree: used as it is
ITK_SOURCE  an ITK source tree or archive: built into the user's cache folder
neither     Debian's source package of ITK 5.4 is downloaded and built into the cache folder

What is built: the static libraries the module links and ITK's descriptions of the three IO base
modules for SWIG. ITK's own Python modules are not compiled; at run time they come from PyPI.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from itk_source import (  # noqa: E402
    NOT_NEEDED_TO_BUILD,
    ItkUnavailable,
    cache_folder,
    find_archive,
    locked,
    progress,
    sha256,
    unpack,
)

# ITK wraps every module that has a folder `wrapping`; these are the ones our classes derive from.
WRAPPED_MODULES = ("Core/Common", "IO/ImageBase", "IO/MeshBase", "IO/TransformBase")
SWIG_TARGETS = ("ITKIOImageBaseSwig", "ITKIOMeshBaseSwig", "ITKIOTransformBaseSwig")
RECIPE = {
    "CMAKE_BUILD_TYPE": "Release",
    "CMAKE_POSITION_INDEPENDENT_CODE": "ON",
    "BUILD_SHARED_LIBS": "OFF",
    "BUILD_TESTING": "OFF",
    "BUILD_EXAMPLES": "OFF",
    "ITK_BUILD_DEFAULT_MODULES": "OFF",
    "ITKGroup_Core": "OFF",
    "Module_ITKIOImageBase": "ON",
    "Module_ITKIOMeshBase": "ON",
    "Module_ITKIOTransformBase": "ON",
    "ITK_WRAP_PYTHON": "ON",
    "ITK_USE_PYTHON_LIMITED_API": "ON",
    "ITK_USE_SYSTEM_SWIG": "ON",
    "ITK_USE_SYSTEM_CASTXML": "ON",
}
# CMake's FindPython knows the limited API since 3.26; SWIG 4.3 shares its runtime with itk's wheels.
MINIMUM = {"cmake": (3, 26), "ninja": (1, 10), "swig": (4, 3), "castxml": (0, 4)}
VERSION_OPTION = {"cmake": "--version", "ninja": "--version", "swig": "-version", "castxml": "--version"}


def tool(name: str) -> str:
    """A tool's path: from the build's own environment (pip puts it first), else beside Python."""
    for folder in [*os.get_exec_path(), str(Path(sys.executable).parent)]:
        found = shutil.which(name, path=folder)
        if found and _numbers(_output([found, VERSION_OPTION[name]])) >= MINIMUM[name]:
            return found
    wanted = ".".join(map(str, MINIMUM[name]))
    raise ItkUnavailable(f"{name} {wanted} or newer is not installed: pip install 'swig==4.3.*' castxml cmake ninja")


def base_python() -> str:
    """The interpreter behind a virtual environment: it outlives pip's temporary ones."""
    return os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)


def tool_definitions() -> dict[str, str]:
    """CMake's cache entries for tools, needed by ITK's configure and again by the module's own."""
    return {
        "CMAKE_MAKE_PROGRAM": tool("ninja"),
        "SWIG_EXECUTABLE": tool("swig"),
        "CASTXML_EXECUTABLE": tool("castxml"),
        "Python3_EXECUTABLE": base_python(),
        "ITK_USE_SYSTEM_SWIG": "ON",
        "ITK_USE_SYSTEM_CASTXML": "ON",
    }


def provide_itk() -> Path:
    """The path of an ITK build tree that a module can be built against."""
    named = os.environ.get("ITK_DIR")
    if named:
        if not (Path(named) / "ITKConfig.cmake").is_file():
            raise ItkUnavailable(f"ITK_DIR={named} is no ITK build tree: it has no ITKConfig.cmake")
        return Path(named).resolve()

    source = os.environ.get("ITK_SOURCE")
    if source and not Path(source).exists():
        raise ItkUnavailable(f"ITK_SOURCE={source} does not exist")
    tree = Path(source).resolve() if source and Path(source).is_dir() else None
    origin = tree or find_archive()
    folder = cache_folder() / "itk" / _key(origin)
    build = folder / "build"
    if (folder / "complete").is_file():
        return build
    with locked(folder.with_suffix(".lock"), "ITK"):
        if not (folder / "complete").is_file():
            _build(origin, folder)
            (folder / "complete").touch()
    return build


def _key(origin: Path) -> str:
    """A name for the build that changes with everything that goes into it."""
    compiler = os.environ.get("CXX") or shutil.which("c++") or "c++"
    if origin.is_dir():
        identity = [str(origin), (origin / "CMake" / "itkVersion.cmake").read_text()]
    else:
        identity = [_archive_digest(origin)]
    inputs = identity + [
        json.dumps(RECIPE),
        *WRAPPED_MODULES,
        *SWIG_TARGETS,
        _output([*compiler.split(), "--version"]).splitlines()[0],
        str(_numbers(_output([tool("swig"), "-version"]))),
        str(_numbers(_output([tool("castxml"), "--version"]))),
        platform.machine(),
        sysconfig.get_platform(),
        os.environ.get("CFLAGS", ""),
        os.environ.get("CXXFLAGS", ""),
        base_python(),
        sys.version.split()[0],
        # CMake records absolute paths: a moved cache is another build.
        str(cache_folder()),
    ]
    return hashlib.sha256("\0".join(inputs).encode()).hexdigest()[:16]


def _archive_digest(archive: Path) -> str:
    """The archive's sha256, remembered beside its size and time so that a warm build is quick."""
    state = archive.stat()
    stamp = f"{archive} {state.st_size} {state.st_mtime_ns}"
    name = hashlib.sha256(stamp.encode()).hexdigest()[:16]
    note = cache_folder() / "source" / f"{name}.sha256"
    if not note.is_file():
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(sha256(archive))
    return note.read_text()


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.search(r"\d+(\.\d+)+", text)[0].split("."))


def _output(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _build(origin: Path, folder: Path) -> None:
    source, build = folder / "source", folder / "build"
    folder.mkdir(parents=True, exist_ok=True)
    if not source.is_dir():
        progress(f"unpacking {origin.name}")
        if origin.is_dir():
            _copy_tree(origin, source)
        else:
            unpack(origin, source)
        shutil.rmtree(build, ignore_errors=True)
    _prune_wrapping(source)

    # A build that was interrupted goes on; but Eigen's configure, one of its own, remembers tools that may be gone.
    shutil.rmtree(build / "ITKInternalEigen3-build", ignore_errors=True)
    log = folder / "build.log"
    progress(f"configuring (log: {log})")
    options = {**RECIPE, **tool_definitions()}
    definitions = [f"-D{name}={value}" for name, value in options.items()]
    command = [tool("cmake"), "-G", "Ninja", "-S", str(source), "-B", str(build), *definitions]
    _logged(command, log, "configuring ITK")

    # In one go, since the SWIG descriptions are long steps of one core each.
    ninja = [tool("ninja"), "-C", str(build)]
    libraries = _static_libraries(ninja)
    progress(f"building {len(libraries)} static libraries and the SWIG descriptions of the IO classes")
    _logged([*ninja, *SWIG_TARGETS, *libraries], log, "building ITK")
    progress(f"ITK is ready in {build}")


def _copy_tree(origin: Path, target: Path) -> None:
    scratch = target.with_name(target.name + ".incomplete")
    shutil.rmtree(scratch, ignore_errors=True)
    ignored = shutil.ignore_patterns(".git", "build*", *NOT_NEEDED_TO_BUILD)
    shutil.copytree(origin, scratch, symlinks=True, ignore=ignored)
    scratch.rename(target)


def _prune_wrapping(source: Path) -> None:
    modules = source / "Modules"
    for wrapping in modules.glob("*/*/wrapping"):
        if wrapping.parent.relative_to(modules).as_posix() not in WRAPPED_MODULES:
            shutil.rmtree(wrapping)


def _static_libraries(ninja: list[str]) -> list[str]:
    listing = _output([*ninja, "-t", "targets", "all"])
    return sorted(set(re.findall(r"^(lib/lib\S+\.a):", listing, re.MULTILINE)))


def _logged(command: list[str], log: Path, stage: str) -> None:
    """Run a command into the log; of Ninja's counted steps every tenth part is told."""
    environment = {**os.environ, "NINJA_STATUS": "[%f/%t] "}
    told = 0
    with open(log, "a") as stream:
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=environment,
        )
        for line in process.stdout:
            stream.write(line)
            count = re.match(r"\[(\d+)/(\d+)\] ", line)
            if count and (tenth := 10 * int(count[1]) // int(count[2])) > told:
                told = tenth
                progress(f"  {tenth * 10:3d} %  ({count[1]} of {count[2]} steps)")
    if process.wait() != 0:
        lines = log.read_text(errors="replace").splitlines()[-20:]
        raise ItkUnavailable(f"{stage} failed, the end of {log}:\n" + "\n".join(lines))


def main() -> int:
    try:
        print(provide_itk())
    except ItkUnavailable as error:
        print(f"build_itk: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
