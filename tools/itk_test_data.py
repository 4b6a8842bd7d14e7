"""Put real images, meshes and transforms of ITK's own test data into a folder.

    python tools/itk_test_data.py                      # all of itk_test_data.txt into the cache
    python tools/itk_test_data.py cthead1.png --dest D # one of them into D

The files lie in ITK's source archive under their content ids. Prints the folder on stdout.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import os
import shutil
import sys
import tarfile
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from itk_source import ItkUnavailable, cache_folder, find_archive, locked, progress  # noqa: E402


def manifest() -> dict[str, str]:
    """File name -> content id."""
    lines = Path(__file__).with_suffix(".txt").read_text().splitlines()
    pairs = (line.split() for line in lines if line and not line.startswith("#"))
    return {name: identifier for identifier, name in pairs}


def provide(names: list[str] | None = None, destination: Path | None = None) -> Path:
    """The folder that holds the named files (default: all): the cache's, or a copy in another."""
    known = manifest()
    wanted = names or list(known)
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise ItkUnavailable(f"not in itk_test_data.txt: {', '.join(unknown)}")
    folder = cache_folder() / "test-data"
    with locked(folder / ".lock", "ITK's test data"):
        if not all((folder / name).is_file() for name in known):
            _extract(known, folder)
    if destination is None:
        return folder
    for name in wanted:
        target = destination / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / name, target)
    return destination


def _extract(known: dict[str, str], folder: Path) -> None:
    """One pass over the archive for all files, since unpacking it costs the time."""
    source = os.environ.get("ITK_SOURCE")
    if source and Path(source).is_dir():
        objects = Path(source) / ".ExternalData" / "CID"
        found = {
            identifier: (objects / identifier).read_bytes()
            for identifier in known.values()
            if (objects / identifier).is_file()
        }
    else:
        archive = find_archive()
        progress(f"extracting ITK's test data from {archive.name}")
        found = _read_objects(archive, set(known.values()))
    missing = [name for name, identifier in known.items() if identifier not in found]
    if missing:
        raise ItkUnavailable(f"ITK's source has no test data object for {', '.join(missing)}")
    for name, identifier in known.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as stream:
            stream.write(_verified(found[identifier], identifier))
        os.chmod(stream.name, 0o644)
        os.replace(stream.name, target)


def _read_objects(archive: Path, identifiers: set[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    with tarfile.open(archive, "r|*") as stream:
        for member in stream:
            identifier = member.name.rpartition("/.ExternalData/CID/")[2]
            if identifier in identifiers:
                found[identifier] = stream.extractfile(member).read()
                if len(found) == len(identifiers):
                    break
    return found


def _verified(content: bytes, identifier: str) -> bytes:
    """Content ids of one block ("bafkrei…") carry the sha256 of the content itself."""
    if identifier.startswith("bafkrei"):
        digest = b"\x01\x55\x12\x20" + hashlib.sha256(content).digest()
        actual = "b" + base64.b32encode(digest).decode().lower().rstrip("=")
        if actual != identifier:
            raise ItkUnavailable(f"test data object {identifier} is damaged: it is {actual}")
    return content


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--dest", type=Path, help="copy the files there (default: the cache folder)")
    parser.add_argument("--list", action="store_true", help="print the names that are there")
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(manifest()))
        return 0
    try:
        print(provide(arguments.names, arguments.dest))
    except ItkUnavailable as error:
        print(f"itk_test_data: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
