"""Where ITK's source comes from: a folder or archive the user names, or Debian's source package.

Only the standard library is used, so that setup.py, a developer and CI can all call it.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

DEBIAN_PACKAGE = "insighttoolkit5"
DEBIAN_SUITE = "sid"
KNOWN_VERSION = "5.4.7"
KNOWN_SHA256 = "339134599f7b7c3cbeed8f5e2a59d0a218ec7e93c5c6a08f347fce73ba85f03c"
NOT_NEEDED_TO_BUILD = (".ExternalData", "Examples", "Documentation")

_START = time.monotonic()


class ItkUnavailable(RuntimeError):
    """ITK cannot be had; the message says what the user can give instead."""


def progress(text: str) -> None:
    seconds = int(time.monotonic() - _START)
    print(f"[ITK {seconds // 60:2d}:{seconds % 60:02d}] {text}", file=sys.stderr, flush=True)


def cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(base) / "itk-webassemblyinterface"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextlib.contextmanager
def locked(path: Path, what: str):
    """Hold an exclusive lock, so that two builds started at once do the work once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress(f"waiting: another process prepares {what}")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def sha256(path: Path) -> str:
    with open(path, "rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def find_archive() -> Path:
    """The source archive: $ITK_SOURCE if it is one, the cached download, or a new download."""
    named = os.environ.get("ITK_SOURCE")
    if named and Path(named).is_file():
        return Path(named).resolve()
    downloads = cache_folder() / "source"
    with locked(downloads / ".lock", "ITK's source archive"):
        present = list(downloads.glob(f"{DEBIAN_PACKAGE}_5.4.*.orig.tar.*"))
        if present:
            return max(present, key=lambda path: (KNOWN_VERSION in path.name, path.stat().st_mtime))
        return _download(downloads)


def _download(downloads: Path) -> Path:
    with tempfile.TemporaryDirectory(dir=downloads, prefix="incomplete-") as scratch_name:
        scratch = Path(scratch_name)
        # apt drops its rights to the user _apt while it downloads; that user must get in here.
        scratch.chmod(0o755)
        apt = _private_apt(scratch)
        progress(f"asking Debian's suite {DEBIAN_SUITE} for the source package {DEBIAN_PACKAGE}")
        _run_apt([*apt, "update"], "the package lists of Debian's sources cannot be read")
        version = _offered_version(apt)
        progress(f"downloading ITK {version} (about 400 MB)")
        fetch = scratch / "fetch"
        fetch.mkdir()
        _run_apt(
            [*apt, "source", "--download-only", "--only-source", f"{DEBIAN_PACKAGE}={version}"],
            "the source package cannot be downloaded",
            cwd=fetch,
        )
        archive = next(iter(fetch.glob(f"{DEBIAN_PACKAGE}_*.orig.tar.*[!c]")), None)
        if archive is None:
            raise ItkUnavailable(_instead("the source package has no .orig.tar archive"))
        digest = sha256(archive)
        if digest != KNOWN_SHA256:
            if f"_{KNOWN_VERSION}.orig" in archive.name:
                raise ItkUnavailable(f"{archive.name} has sha256 {digest}, expected {KNOWN_SHA256}: not used")
            progress(
                f"NOTICE: {archive.name} is not the known {KNOWN_VERSION}: its sha256 {digest} was "
                "checked by apt's signature only"
            )
        return archive.rename(downloads / archive.name)


def _offered_version(apt: list[str]) -> str:
    """The Debian version to take: the known one if it is offered, else the newest 5.4.x."""
    listing = subprocess.run(
        [apt[0].replace("apt-get", "apt-cache"), *apt[1:], "showsrc", DEBIAN_PACKAGE],
        capture_output=True,
        text=True,
    ).stdout
    offered = re.findall(r"^Version: (5\.4\.(\d+)\S*)", listing, re.MULTILINE)
    known = [version for version, _ in offered if version.split("-")[0] == KNOWN_VERSION]
    if known:
        return known[-1]
    if offered:
        version = max(offered, key=lambda item: int(item[1]))[0]
        progress(f"NOTICE: ITK {KNOWN_VERSION} is no longer offered, taking {version}")
        return version
    raise ItkUnavailable(_instead(f"Debian's suite {DEBIAN_SUITE} offers no ITK 5.4 source"))


def _private_apt(scratch: Path) -> list[str]:
    """An apt-get command whose lists, caches and one deb-src source touch nothing of the system."""
    if shutil.which("apt-get") is None:
        raise ItkUnavailable(_instead("there is no apt-get on this machine to get ITK's source"))
    uri, keyring = _debian_mirror()
    signed = f" [signed-by={keyring}]" if keyring else ""
    (scratch / "sources.list").write_text(f"deb-src{signed} {uri} {DEBIAN_SUITE} main\n")
    for folder in ("state/lists/partial", "cache/archives/partial", "parts"):
        (scratch / folder).mkdir(parents=True)
    (scratch / "status").touch()
    options = {
        "Dir::Etc::SourceList": scratch / "sources.list",
        "Dir::Etc::SourceParts": scratch / "parts",
        "Dir::State": scratch / "state",
        "Dir::State::status": scratch / "status",
        "Dir::Cache": scratch / "cache",
        "APT::Get::List-Cleanup": "0",
        "APT::Sandbox::User": "root" if os.geteuid() == 0 else "",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
    }
    return ["apt-get", "-qq", *(f"-o{key}={value}" for key, value in options.items() if value)]


def _debian_mirror() -> tuple[str, str]:
    """The Debian mirror (and its keyring) that this machine's own apt sources name."""
    etc = Path("/etc/apt")
    for path in sorted(etc.glob("sources.list.d/*.sources")):
        for block in path.read_text().split("\n\n"):
            fields = dict(re.findall(r"^([A-Za-z-]+):[ \t]*(\S+)", block, re.MULTILINE))
            uri = fields.get("URIs", "").rstrip("/")
            if uri.endswith("/debian"):
                return uri, fields.get("Signed-By", "")
    for path in [etc / "sources.list", *sorted(etc.glob("sources.list.d/*.list"))]:
        if path.is_file():
            match = re.search(r"^deb(?:-src)?\s+(?:\[(.*?)\]\s+)?(\S+/debian)/?\s", path.read_text(), re.MULTILINE)
            if match:
                keyring = re.search(r"signed-by=(\S+)", match[1] or "")
                return match[2], keyring[1] if keyring else ""
    raise ItkUnavailable(_instead("this machine's apt sources name no Debian mirror"))


def _run_apt(command: list[str], failure: str, cwd: Path | None = None) -> None:
    result = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    if result.returncode != 0:
        lines = (result.stderr.strip() or result.stdout.strip()).splitlines()
        raise ItkUnavailable(_instead(f"{failure} ({lines[-1] if lines else 'no message'})"))


def _instead(reason: str) -> str:
    return (
        f"{reason}: set ITK_DIR to an ITK {KNOWN_VERSION} build tree (static, position independent, "
        "ITK_WRAP_PYTHON=ON) or ITK_SOURCE to an ITK source tree or archive"
    )


def unpack(archive: Path, target: Path) -> None:
    """Unpack what a build needs; `target` appears only when all of it is there."""
    scratch = target.with_name(target.name + ".incomplete")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    excludes = [f"--exclude=*/{name}" for name in NOT_NEEDED_TO_BUILD]
    subprocess.run(
        ["tar", "-xf", str(archive), "-C", str(scratch), "--strip-components=1", *excludes],
        check=True,
    )
    if not (scratch / "CMakeLists.txt").is_file():
        raise ItkUnavailable(f"{archive} is no ITK source archive: it has no CMakeLists.txt")
    scratch.rename(target)


def open_archive(archive: Path) -> tarfile.TarFile:
    return tarfile.open(archive, "r:*")
