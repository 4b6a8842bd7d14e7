"""Make a wheel that runs on other machines: repair_wheel.py WHEEL FOLDER

auditwheel copies the shared libraries that the wheel needs into it and gives it the manylinux tag
that it truly satisfies. The licences of the copied libraries have to come along.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

# The wheel's copies of libraries -> names of the packages whose licence files go along.
VENDORED = {"libcbor": "libcbor", "libzstd": "libzstd"}


def licence_of(library: str) -> Path:
    """The licence file that the system installed with a library."""
    for folder in sorted(Path("/usr/share/doc").glob(f"{library}[0-9.]*")):
        if (folder / "copyright").is_file():
            return folder / "copyright"
    raise SystemExit(f"error: no licence of {library} found in /usr/share/doc")


def repair(wheel: Path, destination: Path) -> Path:
    with tempfile.TemporaryDirectory() as scratch_name:
        scratch = Path(scratch_name)
        _run("auditwheel", "repair", "--wheel-dir", str(scratch / "repaired"), str(wheel))
        repaired = next((scratch / "repaired").glob("*.whl"))
        _run("wheel", "unpack", "--dest", str(scratch / "tree"), str(repaired))
        tree = next((scratch / "tree").iterdir())
        licences = next(tree.glob("*.dist-info")) / "licenses"
        for path in sorted(tree.glob("*.libs/*")):
            library = re.match(r"lib[a-z]+", path.name)[0]
            if library not in VENDORED:
                raise SystemExit(f"error: the wheel would carry {path.name}, whose licence is not known")
            target = licences / f"{VENDORED[library]}.txt"
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(licence_of(library), target)
        destination.mkdir(parents=True, exist_ok=True)
        _run("wheel", "pack", "--dest-dir", str(destination), str(tree))
        return destination / repaired.name


def _run(module: str, *arguments: str) -> None:
    environment = dict(os.environ)
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    subprocess.run([sys.executable, "-m", module, *arguments], check=True, env=environment)


if __name__ == "__main__":
    print(repair(Path(sys.argv[1]), Path(sys.argv[2])))
