# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""Does one thing at a time and says how long it took: a process for each implementation that is measured.

A line of JSON on stdin asks, a line on stdout answers. Only the call itself is timed, not what makes or frees its
objects. Needs nothing but numpy and the implementation, so that every interpreter can run it.
"""

import gc
import json
import os
import sys
import time

import numpy as np


class Plain:
    """One read or write of the pixels by one thread, as a program without any format would do it."""

    def hold(self, array):
        self.array = array

    def write(self, path):
        with open(path, "wb", buffering=0) as file:
            view = memoryview(self.array).cast("B")
            while view:
                view = view[file.write(view) :]

    def read(self, path):
        with open(path, "rb", buffering=0) as file:
            return file.read()  # one read into fresh memory


class Numpy(Plain):
    def write(self, path):
        self.array.tofile(path)

    def read(self, path):
        return np.fromfile(path, dtype=np.uint8)


class Itk:
    def __init__(self):
        import itk

        self.itk = itk

    def hold(self, array):
        self.array = array
        self.image = self.itk.image_view_from_array(array)

    def write(self, path):
        self.itk.imwrite(self.image, path)

    def read(self, path):
        if os.path.isdir(path):  # which itk.imread alone does not give to the old wheel
            return self.itk.imread(path, imageio=self.itk.WasmImageIO.New())
        return self.itk.imread(path)

    def information(self, path):
        """What itk itself does before an image's header is read is not part of it."""
        io = self.itk.WasmImageIO.New()
        io.SetFileName(path)
        return lambda: io.ReadImageInformation()

    def open(self, path):
        from itk.webassemblyinterface import open_image

        return open_image(path)

    def region(self, path, index, size):
        image_type = self.itk.Image[self.itk.US, 3]
        reader = self.itk.ImageFileReader[image_type].New(FileName=path)
        if path.endswith((".iwi", ".cbor")):
            reader.SetImageIO(self.itk.WasmImageIO.New())  # as itk.imread does
        reader.UpdateOutputInformation()
        region = self.itk.ImageRegion[3]()
        region.SetIndex(index)
        region.SetSize(size)
        reader.GetOutput().SetRequestedRegion(region)

        def read():
            reader.Update()
            buffered = reader.GetOutput().GetBufferedRegion().GetSize()
            return [int(buffered[i]) for i in range(3)]

        return read

    def hold_mesh(self, points, cells):
        self.mesh = self.itk.mesh_from_dict(
            {
                "meshType": {
                    "dimension": 3,
                    "pointComponentType": "float32",
                    "pointPixelComponentType": "float32",
                    "pointPixelType": "Scalar",
                    "pointPixelComponents": 1,
                    "cellComponentType": "uint64",
                    "cellPixelComponentType": "float32",
                    "cellPixelType": "Scalar",
                    "cellPixelComponents": 1,
                },
                "name": "",
                "numberOfPoints": len(points),
                "points": points.ravel(),
                "numberOfPointPixels": 0,
                "pointData": np.empty(0, np.float32),
                "numberOfCells": len(cells),
                "cells": cells.ravel(),
                "cellBufferSize": cells.size,
                "numberOfCellPixels": 0,
                "cellData": np.empty(0, np.float32),
            }
        )

    def write_mesh(self, path):
        self.itk.meshwrite(self.mesh, path)

    def read_mesh(self, path):
        return self.itk.meshread(path)


class Wasi:
    """itk-wasm's own package for Python, which runs WebAssembly."""

    def __init__(self):
        import itkwasm
        import itkwasm_image_io

        self.itkwasm, self.io = itkwasm, itkwasm_image_io

    def hold(self, array):
        self.array = array
        kind = self.itkwasm.ImageType(dimension=array.ndim, componentType=array.dtype.name)
        self.image = self.itkwasm.Image(imageType=kind, data=array, size=list(array.shape[::-1]))

    def write(self, path):
        self.io.imwrite(self.image, path)

    def read(self, path):
        return self.io.imread(path)


KINDS = {"plain": Plain, "numpy": Numpy, "itk": Itk, "wasi": Wasi}


def status_kib(field):
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(field + ":"))


def bytes_read():
    with open("/proc/self/io") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("rchar:"))


def measure(function):
    """Seconds, the memory that came on top meanwhile at its highest, and bytes that were read."""
    gc.collect()
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")  # the highest memory is counted from now on
    memory, read = status_kib("VmRSS"), bytes_read()
    own = bytes_read() - read  # of looking
    start = time.perf_counter()
    result = function()
    seconds = time.perf_counter() - start
    read = bytes_read() - read - own
    extra = (status_kib("VmHWM") - memory) * 1024
    answer = {"seconds": seconds, "extra": extra, "read": read}
    if isinstance(result, list):
        answer["result"] = result
    return answer


def best_of(function, count):
    times = []
    for _ in range(count):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return {"seconds": min(times), "median": sorted(times)[count // 2]}


class Worker:
    def __init__(self, kind):
        self.peer = KINDS[kind]()

    def ready(self):
        return {}

    def warm_up(self, array, path):
        """Has loaded what is loaded when first used."""
        self.peer.hold(np.ascontiguousarray(np.load(array, mmap_mode="r")[:4, :4, :4]))
        self.peer.write(path)
        self.peer.read(path)

    def hold(self, array):
        self.peer.hold(np.load(array))

    def hold_mesh(self, points, cells):
        self.peer.hold_mesh(np.load(points), np.load(cells))

    def write(self, path):
        return measure(lambda: self.peer.write(path))

    def read(self, path):
        return measure(lambda: self.peer.read(path))

    def write_often(self, path, count, replace):
        """Writes to so many new names, which `path` has a place for, or to one name."""
        names = iter([path.format(0 if replace else number) for number in range(count)])
        return best_of(lambda: self.peer.write(next(names)), count)

    def read_often(self, path, count):
        return best_of(lambda: self.peer.read(path.format(0)), count)

    def information(self, path):
        return measure(self.peer.information(path))

    def open(self, path):
        return measure(lambda: self.peer.open(path))

    def region(self, path, index, size):
        return measure(self.peer.region(path, index, size))

    def write_mesh(self, path):
        return measure(lambda: self.peer.write_mesh(path))

    def read_mesh(self, path):
        return measure(lambda: self.peer.read_mesh(path))


def main():
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what an implementation prints is no answer
    worker = Worker(sys.argv[1])
    for line in sys.stdin:
        job = json.loads(line)
        try:
            answer = getattr(worker, job.pop("do"))(**job) or {}
        except Exception as error:  # noqa: BLE001 - the other side tells
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
