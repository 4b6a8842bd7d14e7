#!/usr/bin/env python3
"""Make the committed seeds in fuzz/corpus/ from test/data and from tables here.

The targets that read whole objects take test/data itself as their corpus, too.
"""

import pathlib
import shutil
import struct
import subprocess

HERE = pathlib.Path(__file__).parent
DATA = HERE.parent / "test" / "data"


def put(target, name, content):
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


def zstd(content, *options):
    return subprocess.run(["zstd", "-q", "-c", *options], input=content, stdout=subprocess.PIPE, check=True).stdout


def make_cbor():
    items = {
        "integers": "8a001718181901001a000100001b00000001000000002038633901003bffffffffffffffff",
        "floats": "85f93c00f97c00f97e00fa47c35000fb3ff199999999999a",
        "simple": "86f4f5f6f7e0f8ff",
        "strings": "84606449455446404401020304",
        "chunks": "825f42010243030405ff7f657374726561646d696e67ff",
        "nested": "9f018202039f0405ffa26161016162bf616302ffff",
        "tags": "d9d9f7a16164d856480000000000000000",
        "keys": "a401020040610304806105",
        "huge": "9b7fffffffffffffff",
    }
    for name, digits in items.items():
        put("cbor_header", name, bytes.fromhex(digits))


def make_json():
    for index in sorted(DATA.glob("*/*.iw?/index.json")):
        put("json_index", f"{index.parent.parent.name}-{index.parent.name}", index.read_bytes())
    items = {
        "numbers": b"[0,-1,1.5e-300,18446744073709551615,-9223372036854775808,1e308,0.1,5e-324,1e-999]",
        "text": '["","\\u00fc\\ud83d\\ude00\\n\\"","\u00fc"]'.encode(),
        "bom": b"\xef\xbb\xbf{}",
        "words": b'{"a":null,"b":[true,false],"c":{"d":{}}}',
        "deep": b"[" * 40 + b"]" * 40,
    }
    for name, text in items.items():
        put("json_index", name, text)


def make_cells():
    cells = [0, 1, 8, 1, 2, 0, 1, 2, 3, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 4, 0, 1, 2, 3]
    cells += [6, 8, *range(8), 7, 3, 0, 1, 2, 8, 6, *range(6), 10, 2, 0, 1]
    for number, code in enumerate("bBhHiIqQ"):
        put(
            "cell_buffer",
            f"all-{code}-{number}",
            bytes([number, 9, 10, 0]) + struct.pack(f"<{len(cells)}{code}", *cells),
        )
    put("cell_buffer", "none", bytes([5, 0, 0, 0]))


def make_regions():
    put("region", "whole", bytes([2, 11, 0, 5, 0, 5, 4, 0, 4]))
    put("region", "inner", bytes([3, 23, 0, 5, 1, 3, 4, 1, 2, 6, 0, 6]))
    put("region", "rows", bytes([3, 12, 0, 5, 0, 5, 4, 1, 2, 6, 3, 1]))
    put("region", "one", bytes([1, 19, 0, 1, 0, 1]))
    put("region", "many-axes", bytes([16, 11, 0]) + bytes([2, 0, 2]) * 8 + bytes([1, 0, 1]) * 8)
    put("region", "wide", bytes([2, 11, 1]) + struct.pack("<6Q", 2**32, 5, 2**31, 2**31, 0, 2**31))


def make_zstd():
    text = (DATA / "itk-wasm" / "metadata.iwi.cbor").read_bytes()
    put("zstd_source", "one-shot", zstd(text, "--no-check"))
    put("zstd_source", "checksum", zstd(text))
    put("zstd_source", "no-size", zstd(text, "--no-content-size"))
    put("zstd_source", "frames", zstd(text[:50]) + zstd(text[50:]))
    put("zstd_source", "skippable", bytes.fromhex("502a4d1803000000616263") + zstd(text))
    put("zstd_source", "repeats", zstd(b"abc" * 50000))
    put("zstd_source", "empty", zstd(b""))
    put("zstd_source", "level-19", zstd(text * 3, "-19"))


def make_paths():
    paths = [
        "data/data.raw",
        "./data/data.raw",
        "../secret",
        "data/../../secret",
        "/etc/passwd",
        "a/b/c",
        "a/up/secret",
        "a/s",
        "link/secret",
        "data//data.raw",
        "C:/x",
        "..\\secret",
        "f",
        "f/",
        "",
        "x.iwi.cbor.zst",
        "x.iwm/",
        "x.iwt.cbor",
    ]
    for number, path in enumerate(paths):
        put("path_uri", f"{number:02}", path.encode())


def make_objects():
    for target in ("reader", "round_trip"):
        for file in ("variants/zstd-two-frames.iwi.cbor.zst", "variants/zstd-streamed.iwi.cbor.zst"):
            put(target, pathlib.Path(file).name, (DATA / file).read_bytes())
        text = (DATA / "itk-wasm" / "both-data.iwm.cbor").read_bytes()
        put(target, "mesh.zst", zstd(text))
        text = (DATA / "wasi" / "affine-2d.iwt.cbor").read_bytes()
        put(target, "transform.zst", zstd(text))
        polydata = bytes.fromhex(
            "ac"
            "6c706f6c794461746154797065a0"
            "6e6e756d6265724f66506f696e747303"
            "66706f696e7473"
            "d855"
            "5824" + "00" * 36 + "727665727469636573427566666572"
            "53697a6502"
            "687665727469636573"
            "d846"
            "48"
            "0100000002000000"
            "6f6c696e657342756666657253697a6503"
            "656c696e6573"
            "d846"
            "4c"
            "020000000000000001000000"
            "72706f6c79676f6e73427566666572"
            "53697a6504"
            "68706f6c79676f6e73"
            "d846"
            "50"
            "03000000000000000100000002000000"
            "7818747269616e676c65537472697073427566666572"
            "53697a6505"
            "6e747269616e676c65537472697073"
            "d84e"
            "54"
            "0400000000000000010000000200000000000000"
        )
        put(target, "polydata", polydata)


def main():
    shutil.rmtree(HERE / "corpus", ignore_errors=True)
    make_cbor()
    make_json()
    make_cells()
    make_regions()
    make_zstd()
    make_paths()
    make_objects()


if __name__ == "__main__":
    main()
