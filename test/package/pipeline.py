"""Run the C++ example on a volume: pipeline.py SMOOTH

The result is the same whether the pipeline works piece by piece or on the whole, but not the memory.
"""

import math
import os
import struct
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
from objects import image, write_cbor  # noqa: E402

SIZE = (128, 128, 512)
VOLUME_BYTES = 4 * SIZE[0] * SIZE[1] * SIZE[2]


def run(*command):
    """Returns the most memory that the program had, in bytes."""
    process = os.fork()
    if process == 0:
        os.execv(command[0], command)
    _, status, usage = os.wait4(process, 0)
    if status != 0:
        raise SystemExit(f"{command[0]} failed with status {status}")
    return usage.ru_maxrss * 1024


def expect(condition, message):
    if not condition:
        raise SystemExit(f"error: {message}")


def main(smooth):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "volume.iwi.cbor"
        # One bright pixel in the dark, which becomes a Gaussian.
        values = bytearray(VOLUME_BYTES)
        middle = (SIZE[2] // 2 * SIZE[1] + SIZE[1] // 2) * SIZE[0] + SIZE[0] // 2
        values[4 * middle : 4 * middle + 4] = struct.pack("<f", 1000.0)
        write_cbor(source, image(bytes(values), "float32", SIZE, spacing=[0.5, 0.5, 2.0], metadata={"note": "kept"}))

        streamed = run(smooth, str(source), str(folder / "streamed.iwi"), "32")
        whole = run(smooth, str(source), str(folder / "whole.iwi"), "1")
        data = (folder / "streamed.iwi/data/data.raw").read_bytes()
        expect(len(data) == VOLUME_BYTES, "all pixels are written")
        expect(data == (folder / "whole.iwi/data/data.raw").read_bytes(), "streamed and whole results are the same")
        pixel = struct.unpack_from("<f", data, 4 * middle)[0]
        neighbours = [
            struct.unpack_from("<f", data, 4 * (middle + offset * step))[0]
            for offset in (-1, 1)
            for step in (1, SIZE[0], SIZE[0] * SIZE[1])
        ]
        expect(20 < pixel < 30, f"the middle of a Gaussian of variance 2 has 1000 / (4 pi)^1.5 = 22, found {pixel}")
        expect(all(math.isclose(value, neighbours[0], rel_tol=1e-4) for value in neighbours), "all sides are the same")
        expect(whole - streamed > VOLUME_BYTES, f"streaming saves a volume's memory: {streamed} and {whole} bytes")
        print(f"streamed with {streamed >> 20} MiB, whole with {whole >> 20} MiB of memory")


if __name__ == "__main__":
    main(sys.argv[1])
