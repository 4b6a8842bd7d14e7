# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""The measurements, a function for each. They return rows: what, the numbers, and the targets that they are held to."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import objects
from peers import HERE, Peer, Unavailable, old_wheel_python

MIB = 1024 * 1024
OURS = (".iwi", ".iwi.cbor")


@dataclass
class Goal:
    """A target and what was reached of it."""

    work: str
    target: str
    reached: str
    met: bool


@dataclass
class Section:
    title: str
    columns: tuple
    rows: list = field(default_factory=list)
    goals: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    values: dict = field(default_factory=dict)


def remove(path):
    path = Path(path)
    for part in (path, path.with_suffix(".raw")):
        if part.is_dir():
            shutil.rmtree(part)
        else:
            part.unlink(missing_ok=True)


def milliseconds(seconds):
    return f"{1000 * seconds:.3g}" if seconds < 1 else f"{1000 * seconds:.0f}"


def mebibytes(count):
    return f"{count / MIB:.1f}"


# ---- an image of 256 MiB ----------------------------------------------------------------------------------------


def contestants():
    """Name -> kind of worker, interpreter, suffix."""
    found = {
        "plain read / write": ("plain", sys.executable, ".bin"),
        "numpy fromfile / tofile": ("numpy", sys.executable, ".numpy"),
        ".iwi": ("itk", sys.executable, ".iwi"),
        ".iwi.cbor": ("itk", sys.executable, ".iwi.cbor"),
        "NRRD": ("itk", sys.executable, ".nrrd"),
        "MetaImage": ("itk", sys.executable, ".mha"),
        "HDF5": ("itk", sys.executable, ".hdf5"),
    }
    try:
        old = old_wheel_python()
    except Unavailable as reason:
        print(f"the old wheel is left out: {reason}", file=sys.stderr)
    else:
        found["old wheel .iwi"] = ("itk", old, ".iwi")
        found["old wheel .iwi.cbor"] = ("itk", old, ".iwi.cbor")
    return found


MOST_SECONDS = 30  # for each work of one contestant; the slow ones do fewer rounds


class Best:
    """The best of the rounds, or why there is none."""

    def __init__(self):
        self.seconds, self.extra, self.spent, self.problem = float("inf"), 0, 0.0, None

    def take(self, ask):
        if self.problem or self.spent > MOST_SECONDS:
            return
        try:
            answer = ask()
        except Unavailable as reason:
            self.problem = str(reason)
            return
        self.spent += answer["seconds"]
        self.seconds = min(self.seconds, answer["seconds"])
        self.extra = max(self.extra, answer["extra"])

    def text(self):
        return self.problem or milliseconds(self.seconds)


def large_images(context):
    pixels = objects.volume(context.mebibytes, context.data / "brainweb1e1a10f20.mha")
    array = context.folder / "pixels.npy"
    np.save(array, pixels)
    section = Section(
        f"An image of {context.mebibytes} MiB (int16, page cache warm)",
        ("", "read ms", "× plain", "write ms", "× plain", "MiB on top of the image: read", "write"),
    )
    peers, results = {}, {}
    for name, (kind, python, suffix) in contestants().items():
        peers[name] = Peer(kind, python), context.folder / (name.replace(" ", "-").replace("/", "") + suffix)
        results[name] = Best(), Best()
        peer, path = peers[name]
        try:
            peer.ask("warm_up", array=str(array), path=str(path))
            peer.ask("hold", array=str(array))
        except Unavailable as reason:
            results[name][0].problem = results[name][1].problem = str(reason)
    for _ in range(context.rounds):
        for name, (peer, path) in peers.items():
            reading, writing = results[name]
            if writing.spent <= MOST_SECONDS:
                remove(path)
                os.sync()  # or it writes beside what the peers before have left in the page cache
            writing.take(lambda: peer.ask("write", path=str(path)))
            reading.take(lambda: peer.ask("read", path=str(path)))
    for peer, path in peers.values():
        peer.close()
        remove(path)

    plain_read, plain_write = (best.seconds for best in results["plain read / write"])
    for name, (reading, writing) in results.items():
        values = section.values[name] = {}
        row = [name]
        for best, plain, what in ((reading, plain_read, "read"), (writing, plain_write, "write")):
            if best.problem is None:
                values[what] = best.seconds / plain
            row += [best.text(), "" if best.problem else f"{best.seconds / plain:.2f}"]
        row.append("" if reading.problem else mebibytes(max(0, reading.extra - pixels.nbytes)))
        row.append("" if writing.problem else mebibytes(writing.extra))
        section.rows.append(row)
    for name in OURS:
        reading, writing = results[name]
        for best, what, limit, plain in (
            (reading, "read", 0.70, plain_read),
            (writing, "write", 0.80, plain_write),
        ):
            ratio = best.seconds / plain
            section.goals.append(
                Goal(
                    f"{what} {context.mebibytes} MiB `{name}`",
                    f"≤ {limit:.2f} × a plain single-threaded {what}",
                    f"{ratio:.2f} ×",
                    ratio <= limit,
                )
            )
        extra = max(reading.extra - pixels.nbytes, writing.extra)
        section.goals.append(
            Goal(f"memory on top of the image, `{name}`", "≤ 4 MiB", f"{mebibytes(extra)} MiB", extra <= 4 * MIB)
        )
    return section


# ---- WebAssembly ---------------------------------------------------------------------------------------------------


def webassembly(context):
    """itk-wasm's reader fails for large images, so that it has a section of its own."""
    sizes = (64, context.mebibytes)
    section = Section(
        "itk-wasm's reader in Python (WebAssembly), files written by this module",
        ("", "MiB", "WASI ms", "ours ms", "factor"),
    )
    array = context.folder / "pixels.npy"
    with Peer("itk") as ours:
        for size in sizes:
            np.save(array, objects.volume(size, context.data / "brainweb1e1a10f20.mha"))
            ours.ask("hold", array=str(array))
            for suffix in OURS:
                path = context.folder / f"wasi{suffix}"
                ours.ask("write", path=str(path))
                here, there = Best(), Best()
                with Peer("wasi") as peer:
                    for _ in range(3):
                        here.take(lambda: ours.ask("read", path=str(path)))
                        there.take(lambda: peer.ask("read", path=str(path)))
                factor = "" if there.problem else f"{there.seconds / here.seconds:.0f}"
                problem = there.problem and f"fails: {there.problem.rstrip(':')}"
                section.rows.append([suffix, size, problem or there.text(), here.text(), factor])
                remove(path)
    array.unlink()
    return section


# ---- compressed -------------------------------------------------------------------------------------------------


def streams(context):
    pixels = objects.volume(context.mebibytes, context.data / "brainweb1e1a10f20.mha")
    array, plain = context.folder / "pixels.npy", context.folder / "plain.iwi.cbor"
    packed, ours = context.folder / "packed.zst", context.folder / "ours.iwi.cbor.zst"
    np.save(array, pixels)
    section = Section(
        f"`.iwi.cbor.zst`, {context.mebibytes} MiB of a brain, level 3",
        ("", "read ms", "write ms", "bytes", "MiB on top of the image: read", "write"),
    )
    program = shutil.which("zstd")
    if program is None:
        section.notes.append("The program zstd is not installed: nothing to compare with.")
        return section
    reading, writing = Best(), Best()
    their_read = their_write = float("inf")

    def timed(*command):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return time.perf_counter() - start

    with Peer("itk") as peer:
        peer.ask("warm_up", array=str(array), path=str(ours))
        peer.ask("hold", array=str(array))
        peer.ask("write", path=str(plain))
        for _ in range(context.rounds):
            packed.unlink(missing_ok=True)
            ours.unlink(missing_ok=True)
            their_write = min(their_write, timed(program, "-T2", "-3", "-q", "-f", str(plain), "-o", str(packed)))
            writing.take(lambda: peer.ask("write", path=str(ours)))
            their_read = min(their_read, timed(program, "-d", "-q", "-c", str(packed)))
            reading.take(lambda: peer.ask("read", path=str(ours)))
    section.rows += [
        ["`.iwi.cbor.zst`", milliseconds(reading.seconds), milliseconds(writing.seconds), ours.stat().st_size,
         mebibytes(reading.extra - pixels.nbytes), mebibytes(writing.extra)],
        ["`zstd -T2 -3`, `zstd -dc`", milliseconds(their_read), milliseconds(their_write), packed.stat().st_size,
         "", ""],
    ]  # fmt: skip
    for what, theirs, best in (("read", their_read, reading), ("write", their_write, writing)):
        speed = theirs / best.seconds
        section.goals.append(
            Goal(f"{what} `.iwi.cbor.zst`", "≥ 0.90 × the speed of `zstd -T2 -3`", f"{speed:.2f} ×", speed >= 0.9)
        )
    for path in (plain, packed, ours):
        path.unlink()
    return section


# ---- headers and regions of files too large to read --------------------------------------------------------------


def headers(context):
    section = Section("Header of a `.iwi.cbor` of 4 GiB", ("pixels", "ms", "bytes read"))
    for where, first in (("first key", True), ("last key", False)):
        path = context.folder / "header.iwi.cbor"
        objects.sparse_cbor(path, (2048, 1024, 1024), payload_first=first)
        with Peer("itk") as peer:
            answers = [peer.ask("information", path=str(path)) for _ in range(context.rounds)]
        path.unlink()
        seconds, read = min(a["seconds"] for a in answers), max(a["read"] for a in answers)
        section.rows.append([where, milliseconds(seconds), read])
        section.goals.append(
            Goal(
                f"header of a 4 GiB `.iwi.cbor`, pixels {where}",
                "< 1 ms, < 100 KiB read",
                f"{milliseconds(seconds)} ms, {read} bytes",
                seconds < 1e-3 and read < 100 * 1024,
            )
        )
    return section


def opening(context):
    section = Section("Opening an image of 4 GiB with `open_image`", ("", "ms", "bytes read"))
    for name, make in ((".iwi", objects.sparse_directory), (".iwi.cbor", objects.sparse_cbor)):
        path = context.folder / f"open{name}"
        make(path, (2048, 1024, 1024))
        with Peer("itk") as peer:
            answers = [peer.ask("open", path=str(path)) for _ in range(context.rounds)]
        remove(path)
        seconds, read = min(a["seconds"] for a in answers), max(a["read"] for a in answers[1:])
        section.rows.append([name, milliseconds(seconds), read])
        section.goals.append(
            Goal(f"open a 4 GiB `{name}`", "milliseconds", f"{milliseconds(seconds)} ms", seconds < 0.01)
        )
    return section


def regions(context):
    size = (1024, 1024, 1024)
    makers = {
        ".iwi": objects.sparse_directory,
        ".iwi.cbor": objects.sparse_cbor,
        "MetaImage": objects.sparse_metaimage,
    }
    section = Section(
        "A region of a volume of 2 GiB (uint16)", ("", "region", "bytes of the region", "bytes read", "ms")
    )
    for name, make in makers.items():
        path = context.folder / ("region" + (".mhd" if name == "MetaImage" else name))
        make(path, size)
        for side in (32, 64, 128):
            arguments = {"path": str(path), "index": [500, 501, 502], "size": [side] * 3}
            with Peer("itk") as peer:
                answers = [peer.ask("region", **arguments) for _ in range(context.rounds)]
            assert answers[0]["result"] == [side] * 3, answers[0]
            seconds, read = min(a["seconds"] for a in answers), max(a["read"] for a in answers)
            wanted = 2 * side**3
            section.rows.append([name, f"{side}³", wanted, read, milliseconds(seconds)])
            if side == 64 and name in OURS:
                section.goals.append(
                    Goal(
                        f"64³ region of 2 GiB, `{name}`",
                        "time and bytes as the region's",
                        f"{milliseconds(seconds)} ms, {read} bytes read for {wanted}",
                        read < wanted + 16 * 1024,
                    )
                )
        remove(path)
    return section


# ---- first image of a process ------------------------------------------------------------------------------------


def mirror(folder, without=()):
    """A folder that links to all that is installed but some files."""
    source = Path(sysconfig.get_path("purelib"))
    shutil.rmtree(folder, ignore_errors=True)
    for path in sorted(source.iterdir()):
        if path.name == "itk":
            continue
        folder.mkdir(parents=True, exist_ok=True)
        (folder / path.name).symlink_to(path)
    for path in sorted((source / "itk").rglob("*")):
        name = path.relative_to(source)
        if path.is_file() and "__pycache__" not in name.parts and str(name) not in without:
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(path, target)
    return folder


def our_files():
    from importlib.metadata import files

    return {str(name) for name in files("itk-webassemblyinterface")}


def start_up(context):
    code = (
        "import sys, time; sys.path.append(sys.argv[1]); start = time.perf_counter(); import itk; "
        "itk.imread(sys.argv[2]); seconds = time.perf_counter() - start; "
        "print(seconds, sum(name.startswith('itk.') for name in sys.modules), "
        "'itk.WebAssemblyInterfacePython' in sys.modules)"
    )
    section = Section(
        "First `itk.imread` of a PNG in a fresh process", ("", "ms", "Python modules of itk", "ours among them")
    )
    kinds = {"with our wheel": (), "without": our_files()}
    best = {}
    try:
        folders = {name: mirror(context.folder / f"site-{len(out)}", out) for name, out in kinds.items()}
        for _ in range(2 * context.rounds):  # whole processes: few of them run undisturbed
            for name, folder in folders.items():
                command = [sys.executable, "-I", "-S", "-c", code, str(folder), str(context.data / "cthead1.png")]
                done = subprocess.run(command, check=True, capture_output=True, text=True)
                seconds, modules, ours = done.stdout.split()
                previous = best.get(name, (float("inf"),))
                best[name] = min(previous, (float(seconds), int(modules), ours))
    finally:
        for number in (0, len(our_files())):
            shutil.rmtree(context.folder / f"site-{number}", ignore_errors=True)
    for name, (seconds, modules, ours) in best.items():
        section.rows.append([name, milliseconds(seconds), modules, "yes" if ours == "True" else "no"])
    ratio = best["with our wheel"][0] / best["without"][0]
    section.goals.append(
        Goal(
            "first `itk.imread` of a PNG in a fresh process",
            "≤ 1.03 × without our wheel",
            f"{ratio:.3f} ×",
            ratio <= 1.03,
        )
    )
    return section


# ---- images of 16 KiB -------------------------------------------------------------------------------------------


def small_images(context):
    array = context.folder / "small.npy"
    np.save(array, np.arange(128 * 128, dtype=np.uint8).reshape(128, 128))
    suffixes = {".iwi": ".iwi", ".iwi.cbor": ".iwi.cbor", ".iwi.cbor.zst": ".iwi.cbor.zst", "NRRD": ".nrrd",
                "MetaImage": ".mha", "HDF5": ".hdf5"}  # fmt: skip
    section = Section("An image of 16 KiB", ("", "read µs", "× NRRD", "write µs", "× NRRD", "replace µs", "× NRRD"))
    best = {name: [float("inf")] * 3 for name in suffixes}
    count = 60
    with Peer("itk") as peer:
        peer.ask("hold", array=str(array))
        for _ in range(2 * context.rounds):
            for name, suffix in suffixes.items():
                folder = context.folder / "small"
                folder.mkdir()
                path = str(folder / ("{}" + suffix))
                answers = (
                    peer.ask("write_often", path=path, count=count, replace=False),
                    peer.ask("read_often", path=path, count=count),
                    peer.ask("write_often", path=path, count=count, replace=True),
                )
                writing, reading, replacing = (answer["seconds"] for answer in answers)
                best[name] = [min(pair) for pair in zip(best[name], (reading, writing, replacing))]
                shutil.rmtree(folder)
    nrrd = best["NRRD"]
    for name, times in best.items():
        section.rows.append([name] + [text for t, n in zip(times, nrrd) for text in (f"{1e6 * t:.0f}", f"{t / n:.2f}")])
    for name in OURS:
        reading, writing, _ = best[name]
        section.goals += [
            Goal(f"`itk.imread` of a 16 KiB `{name}`", "≤ 200 µs", f"{1e6 * reading:.0f} µs", reading <= 200e-6),
            Goal(
                f"`itk.imwrite` of a 16 KiB `{name}`", "≤ 1.00 × NRRD", f"{writing / nrrd[1]:.2f} ×", writing <= nrrd[1]
            ),
        ]
    section.notes.append(
        "*write* makes a new file or directory, *replace* writes over what is there. The others then write into the "
        "old file, which is lost if that fails; this module writes beside it and swaps, so that there is always a "
        "whole one. For a directory these are two folders and three files to make and as many to remove, and the file "
        "system waits for its journal now and then."
    )
    return section


# ---- meshes -----------------------------------------------------------------------------------------------------


def build_c_program(folder):
    build = HERE.parent / "build" / "bench-c"
    for command in (
        ["cmake", "-S", str(HERE), "-B", str(build)],
        ["cmake", "--build", str(build), "--target", "iwf_bench_mesh", "-j", "2"],
    ):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            raise Unavailable(done.stdout.strip().splitlines()[-1])
    return build / "iwf_bench_mesh"


def meshes(context):
    points, cells = objects.mesh(1000)
    for name, array in (("points", points), ("cells", cells)):
        np.save(context.folder / f"{name}.npy", array)
        array.tofile(context.folder / f"{name}.raw")
    section = Section(
        f"A mesh of {len(cells) / 1e6:.0f} million triangles ({mebibytes(points.nbytes + cells.nbytes)} MiB)",
        ("", "read ms", "write ms", "bytes"),
    )
    program = build_c_program(context.folder)
    arguments = [str(context.folder / "points.raw"), str(context.folder / "cells.raw"), str(context.folder)]
    done = subprocess.run([program, *arguments, str(2 * context.rounds)], check=True, capture_output=True, text=True)
    ours = json.loads(done.stdout)
    section.rows.append(
        [
            "bytes alone, in C",
            milliseconds(ours["raw"]["read"]),
            milliseconds(ours["raw"]["write"]),
            points.nbytes + cells.nbytes,
        ]
    )
    for name in ("iwm", "iwm.cbor"):
        section.rows.append(
            [f"our part of `.{name}`, in C", milliseconds(ours[name]["read"]), milliseconds(ours[name]["write"]), ""]
        )
        for what in ("read", "write"):
            ratio = ours[name][what] / ours["raw"][what]
            section.goals.append(
                Goal(
                    f"{what} a mesh of 2 million triangles, `.{name}`, our part",
                    "≤ 1.20 × raw",
                    f"{ratio:.2f} ×",
                    ratio <= 1.2,
                )
            )

    suffixes = {".iwm": ".iwm", ".iwm.cbor": ".iwm.cbor", "VTK": ".vtk", "OFF": ".off", "GIFTI": ".gii"}
    results = {name: (Best(), Best()) for name in suffixes}
    with Peer("itk") as peer:
        peer.ask("hold_mesh", points=str(context.folder / "points.npy"), cells=str(context.folder / "cells.npy"))
        for _ in range(max(3, context.rounds // 3)):
            for name, suffix in suffixes.items():
                path = context.folder / f"mesh{suffix}"
                reading, writing = results[name]
                remove(path)
                writing.take(lambda: peer.ask("write_mesh", path=str(path)))
                reading.take(lambda: peer.ask("read_mesh", path=str(path)))
    for name, (reading, writing) in results.items():
        path = context.folder / f"mesh{suffixes[name]}"
        size = sum(f.stat().st_size for f in (path, *path.rglob("*")) if f.is_file())
        section.rows.append([f"`itk.meshread`, `itk.meshwrite` {name}", reading.text(), writing.text(), size])
    vtk = results["VTK"]
    for name in (".iwm", ".iwm.cbor"):
        for number, what in enumerate(("read", "write")):
            factor = vtk[number].seconds / results[name][number].seconds
            section.goals.append(
                Goal(
                    f"`itk.mesh{what}` of 2 million triangles, `{name}`",
                    "faster than VTK",
                    f"{factor:.1f} × as fast",
                    factor > 1,
                )
            )
    section.notes.append(
        "Most of the time of `itk.meshread` and `itk.meshwrite` goes into ITK's making of cells, one by one; "
        "the rows in C are what remains without."
    )
    return section
