"""The real clients: how each is set up and started.

    python test/interop/clients.py          sets all of them up

Nothing is skipped: a client that can't be set up is an error that says why.
"""

import contextlib
import fcntl
import importlib.metadata
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
OLD_WHEEL = "1.0b175"
OLD_ITK = "5.4.7"

#: name -> (what the tables call it, what it is)
TITLES = {
    "ours": ("this wheel", "`itk.imread`, `meshread`, `transformread` and their writers with this wheel"),
    "old-wheel": (
        f"wheel {OLD_WHEEL}",
        f"the same functions with itk-webassemblyinterface {OLD_WHEEL} and itk {OLD_ITK}",
    ),
    "wasi": ("WASI", "itkwasm-image-io 1.6.1, itkwasm-mesh-io 1.7.1, itkwasm-transform-io 1.1.0 (Python, WebAssembly)"),
    "itk-wasm": ("Node", "@itk-wasm/image-io 1.6.1, @itk-wasm/mesh-io 1.7.1 (Node.js, WebAssembly)"),
    "cbor2": (
        "RFC 8746",
        "cbor2, typed arrays strictly by RFC 8746; directories and zstd by json, numpy and python-zstandard",
    ),
    "cbor2-canonical": ("cbor2 canonical", "cbor2 with `canonical=True`"),
    "cbor-x": ("cbor-x", "cbor-x 1.6.8 with its defaults (Node.js)"),
    "niivue": ("NiiVue", "@niivue/cbor-loader 1.2.1 (`iwi2nii`, `iwm2mesh`, `nii2iwi`, `mesh2iwm`)"),
}
READERS = ("ours", "old-wheel", "wasi", "itk-wasm", "cbor2", "cbor-x", "niivue")
WRITERS = ("ours", "old-wheel", "wasi", "itk-wasm", "cbor2", "cbor2-canonical", "cbor-x", "niivue")


class Unavailable(Exception):
    """A client that can't be set up on this machine."""


def cache():
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "itk-webassemblyinterface" / "interop"


@contextlib.contextmanager
def _alone():
    """Two test runs at once must not set up the same thing."""
    cache().mkdir(parents=True, exist_ok=True)
    with open(cache() / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _run(command, what, **options):
    done = subprocess.run(
        [str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options
    )
    if done.returncode:
        raise Unavailable(
            f"{what}: {' '.join(map(str, command))} ended with code {done.returncode}:\n" + done.stdout[-3000:]
        )


def _old_wheel():
    """Its own environment in the user's cache, built once."""
    folder = cache() / f"old-wheel-{OLD_WHEEL}-itk-{OLD_ITK}-py{sys.version_info[0]}{sys.version_info[1]}"
    python, ready = folder / "bin" / "python", folder / "ready"
    if not ready.exists():
        shutil.rmtree(folder, ignore_errors=True)
        _run([sys.executable, "-m", "venv", folder], "the old wheel's environment")
        _run(
            [python, "-m", "pip", "install", "-q", f"itk-webassemblyinterface=={OLD_WHEEL}", f"itk=={OLD_ITK}"],
            "the old wheel",
        )
        ready.touch()
    return [str(python), str(HERE / "clients" / "itk_client.py")]


def _python(script, *arguments):
    """Clients in the tests' own environment; installs what is missing if that is a virtual one."""
    missing = []
    for line in (HERE / "requirements.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            name, _, version = line.partition("==")
            try:
                have = importlib.metadata.version(name)
            except importlib.metadata.PackageNotFoundError:
                have = None
            if have is None or (version and not version.endswith("*") and have != version):
                missing.append(line)
    if missing:
        if sys.prefix == sys.base_prefix:
            raise Unavailable(f"not installed: {', '.join(missing)} (pip install -r {HERE / 'requirements.txt'})")
        _run([sys.executable, "-m", "pip", "install", "-q", "-r", HERE / "requirements.txt"], "Python clients")
        importlib.invalidate_caches()
    return [sys.executable, str(HERE / "clients" / script), *arguments]


def _node(which):
    folder = HERE / "node"
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        raise Unavailable("Node.js 20 or later and npm are necessary for the JavaScript clients")
    ready, lock = folder / "node_modules" / ".ready", (folder / "package-lock.json").read_bytes()
    if not ready.exists() or ready.read_bytes() != lock:
        _run([npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"], "npm packages", cwd=folder)
        ready.write_bytes(lock)
    return [node, str(folder / "client.mjs"), which]


def command(name):
    """The command that starts client `name`; sets it up first."""
    with _alone():
        return _command(name)


def _command(name):
    if name == "ours":
        return _python("itk_client.py")
    if name == "old-wheel":
        return _old_wheel()
    if name == "wasi":
        return _python("wasi_client.py")
    if name in ("cbor2", "cbor2-canonical"):
        return _python("cbor2_client.py", "canonical" if name.endswith("canonical") else "plain")
    return _node(name)


def chromium():
    """Debian's package, where it can be installed."""
    if os.environ.get("CHROMIUM") or shutil.which("chromium"):
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Unavailable("no Chromium: install the package chromium, or set CHROMIUM")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _run(["apt-get", "update", "-qq"], "Debian's list of packages", env=environment)
    _run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], "Chromium", env=environment)


if __name__ == "__main__":
    for client in dict.fromkeys(READERS + WRITERS):
        print(f"{client}: {' '.join(command(client))}", flush=True)
