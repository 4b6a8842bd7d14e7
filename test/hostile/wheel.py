#!/usr/bin/env python3
"""The same cases through the installed Python package: itk.imread, itk.meshread and itk.transformread.

    .venv/bin/python test/hostile/wheel.py [--cases N] [--seed N]

Each case is read in a fork of a process that has imported itk. Pixels that were read are compared with what the second
reader expects.
"""

import argparse
import collections
import contextlib
import os
import pathlib
import random
import resource
import signal
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import cases  # noqa: E402
import itk  # noqa: E402
import numpy as np  # noqa: E402

SUFFIXES = (".iwi", ".iwm", ".iwt")
ENDS = ("", ".cbor", ".cbor.zst")
# ITK's Python package has no templates for every type, and transforms have their own opinion about their parameters.
UNSUPPORTED = (
    "ITK-Python has no",
    "not wrapped",
    "No suitable template",
    "template",
    "is not supported",
    "unsupported",
    "not instantiate",
    "KeyError",
    "No component type",
    "Could not create",
)
CLEAR = ("expected", "limit", "could not", "Bad direction", "spacing", "parameters")


def write(case, folder):
    path = pathlib.Path(folder) / ("x" + SUFFIXES[case.family] + ENDS[case.container])
    if case.container != cases.DIRECTORY:
        path.write_bytes(case.data)
        return path
    for kind, name, content in case.data:
        place = path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if kind == 0:
            place.write_bytes(content)
        elif kind == 1:
            place.symlink_to(content.decode())
        elif kind == 2:
            os.mkfifo(place)
        else:
            place.mkdir(exist_ok=True)
    return path


def read(case, path):
    """What was read: pixels in hex for images, else nothing that is compared."""
    if case.family == cases.IMAGE:
        return np.ascontiguousarray(itk.array_from_image(itk.imread(str(path)))).tobytes().hex()
    if case.family == cases.MESH:
        itk.meshread(str(path))
    else:
        itk.transformread(str(path))
    return None


def child(case, path, output):
    resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    signal.alarm(10)
    try:
        pixels = read(case, path)
        text = "accepted " + (pixels or "")
    except BaseException as error:
        text = f"refused {type(error).__name__}: {error}"
    os.write(output, text.encode(errors="replace")[:60000])
    os._exit(0)


def run(case):
    """(column, why)"""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as folder:
        path = write(case, folder)
        receive, send = os.pipe()
        process = os.fork()
        if process == 0:
            os.close(receive)
            child(case, path, send)
        os.close(send)
        text = b""
        while chunk := os.read(receive, 65536):
            text += chunk
        os.close(receive)
        _, status, usage = os.wait4(process, 0)
    if os.WIFSIGNALED(status):
        return ("hang" if os.WTERMSIG(status) == signal.SIGALRM else "crash"), str(os.WTERMSIG(status))
    if usage.ru_utime + usage.ru_stime > 5:
        return "hang", f"{usage.ru_utime:.1f} s"
    outcome, _, message = text.decode(errors="replace").partition(" ")
    must, right = case.expected()
    if outcome == "accepted":
        if must == "refuse":
            return "silent", message[:200]
        if case.family == cases.IMAGE and right and message not in {one.rpartition(" ")[2] for one in right}:
            return "silent", f"{message[:100]} is not {sorted(right)[0][-100:]}"
        return "ok", ""
    if "MemoryError" in message or "bad_alloc" in message or "unknown" in message.lower() and "type" not in message:
        return "unclear", message[:300]
    if any(word in message for word in UNSUPPORTED):
        return "ok", ""
    return ("ok", "") if any(word in message for word in CLEAR) else ("unclear", message[-300:])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.monotonic()
    chosen = random.Random(options.seed).sample(list(cases.generate(options.seed)), options.cases)
    # Everything that the first call loads, once and not in each child.
    with tempfile.TemporaryDirectory() as folder:
        for container in range(3):
            for family, things in cases.bases(random.Random(1)).items():
                for thing in things:
                    case = cases.Case("warm", family, container, cases.encode(thing, container))
                    with contextlib.suppress(Exception):  # types that ITK-Python has not
                        read(case, write(case, tempfile.mkdtemp(dir=folder)))
        # To find that it has no class for something, itk loads all of its modules, once: 10 s.
        for template in (itk.Image, itk.Mesh, itk.PointSet, itk.ImageFileReader, itk.MeshFileReader):
            with contextlib.suppress(itk.TemplateTypeError):
                template[None]
    table = collections.Counter()
    for case in chosen:
        column, why = run(case)
        table[column] += 1
        if column != "ok":
            print(f"{column}: {case.category}: {why}\n    {str(case.data)[:400]}")
    print(f"{options.cases} cases through the Python package, {time.monotonic() - began:.0f} s: {dict(table)}")
    return int(set(table) != {"ok"})


if __name__ == "__main__":
    sys.exit(main())
