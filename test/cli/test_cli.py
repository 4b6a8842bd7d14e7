"""The command line iwf: IWF_CLI, or the one beside this Python, as the wheel installs it.

python -m unittest, or pytest.
"""

import functools
import json
import os
import pty
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from objects import Typed, cbor, image, mesh, raw, transforms, write_cbor, write_image_directory  # noqa: E402

IWF = os.environ.get("IWF_CLI") or str(Path(sys.executable).parent / "iwf")
MAN_PAGE = Path(__file__).resolve().parents[2] / "src" / "cli" / "iwf.1"
COMMANDS = ("info", "validate", "convert", "diff")
CONTAINERS = ("", ".cbor", ".cbor.zst")
MIB = 1 << 20


def limit_memory(size):
    if os.environ.get("IWF_UNLIMITED_MEMORY"):
        return None
    return lambda: resource.setrlimit(resource.RLIMIT_AS, (size, size))


class CommandLineTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def iwf(self, *arguments, code=0, **options):
        """Runs it; returns what it printed, to stdout if `code` is 0 or 1, else to stderr."""
        done = subprocess.run([IWF, *map(str, arguments)], capture_output=True, text=True, **options)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        if code == 2:
            self.assertRegex(done.stderr, r"\Aiwf: [^\n]+\n\Z")
            return done.stderr
        self.assertEqual(done.stderr, "")
        return done.stdout

    def info(self, path):
        return json.loads(self.iwf("info", "--json", path))

    def sparse_image(self, name, size):
        """An image of zeros that takes no room on the disk."""
        path = self.folder / name
        path.write_bytes(cbor(image(b"", "uint8", (size, 1), length=size)))
        os.truncate(path, path.stat().st_size + size)
        return path


class TestConventions(CommandLineTest):
    def test_version_and_help(self):
        self.assertRegex(self.iwf("--version"), r"\Aiwf \d+\.\d+\.\d+\n\Z")
        self.assertEqual(self.iwf("-V"), self.iwf("--version"))
        text = self.iwf("--help")
        self.assertEqual(text, self.iwf("-h"))
        self.assertEqual(text, self.iwf("help"))
        for command in COMMANDS:
            self.assertIn(f"\n  {command} ", text)
            help_text = self.iwf(command, "--help")
            self.assertTrue(help_text.startswith(f"Usage: iwf {command} "))
            self.assertEqual(help_text, self.iwf(command, "-h"))
            self.assertEqual(help_text, self.iwf("help", command))
            self.assertLessEqual(max(map(len, help_text.splitlines())), 120)

    @unittest.skipUnless(MAN_PAGE.exists(), "the source tree is elsewhere")
    def test_man_page_has_all_options(self):
        page = MAN_PAGE.read_text()
        for command in COMMANDS:
            for short, long in re.findall(r"^  -(\w), --(\w+)", self.iwf(command, "--help"), re.M):
                self.assertRegex(page, rf"Fl {short} , -{long}\b")

    def test_wrong_usage(self):
        for arguments in (
            [],
            ["frobnicate"],
            ["--frobnicate"],
            ["info"],
            ["info", "--frobnicate", "a.iwi"],
            ["validate"],
            ["convert", "a.iwi"],
            ["convert", "a.iwi", "b.iwi", "c.iwi"],
            ["convert", "--level"],
            ["convert", "-l", "99", "a.iwi", "b.iwi"],
            ["convert", "-l", "x", "a.iwi", "b.iwi"],
            ["diff", "a.iwi"],
            ["diff", "-t", "-1", "a.iwi", "b.iwi"],
            ["diff", "-t", "", "a", "b"],
        ):
            with self.subTest(arguments):
                self.iwf(*arguments, code=2)

    def test_names_that_are_not_ours(self):
        for name in ("image.png", "x.iwi.cbor.bak", ""):
            self.assertIn("expected a path that ends in .iwi", self.iwf("info", name, code=2))
        self.assertIn("No such file", self.iwf("info", self.folder / "none.iwi.cbor", code=2))

    def test_limits_of_the_environment(self):
        path = write_cbor(self.folder / "a.iwi.cbor", image(metadata={"deep": [[[1]]]}))
        self.iwf("info", path)
        limited = {**os.environ, "IWF_LIMITS": "depth=3"}
        self.assertIn("depth", self.iwf("info", path, code=2, env=limited))
        self.assertIn("depth", self.iwf("validate", path, code=1, env=limited))
        self.assertIn("deep", self.iwf("info", path, code=2, env={**os.environ, "IWF_LIMITS": "deep=3"}))

    @unittest.skipUnless(os.path.exists("/dev/full"), "Linux only")
    def test_output_that_cannot_be_written(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([IWF, "--help"], stdout=full, stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("No space left", done.stderr)


class TestInfo(CommandLineTest):
    def test_image(self):
        metadata = {"s": 'a"\x1b[31m\x07\n', "u": 2**64 - 1, "n": -5, "b": True, "f": 0.1, "l": [1, [2.5, "x"]]}
        path = write_cbor(
            self.folder / "a.iwi.cbor",
            image(
                size=(4, 3),
                components=2,
                component_type="int16",
                pixel_type="Vector",
                origin=[-1.5, 3e10],
                spacing=[0.1, 1 / 3],
                direction=[0.6, 0.8, -0.8, 0.6],
                metadata=metadata,
            ),
        )
        found = self.info(path)
        self.assertEqual(found.pop("path"), path)
        self.assertEqual(
            found,
            {
                "object": "image",
                "container": "cbor",
                "bytes": 48,
                "name": "Image",
                "dimension": 2,
                "componentType": "int16",
                "pixelType": "Vector",
                "components": 2,
                "size": [4, 3],
                "spacing": [0.1, 1 / 3],
                "origin": [-1.5, 3e10],
                "direction": [[0.6, -0.8], [0.8, 0.6]],  # files hold columns
                "metadata": metadata,
            },
        )
        text = self.iwf("info", path)
        self.assertIn("image, cbor\n", text)
        self.assertRegex(text, r"\n  size +4 x 3\n")
        self.assertRegex(text, r"\n  direction +0\.6 -0\.8 / 0\.8 0\.6\n")
        self.assertIn('"s": "a\\"\\u001b[31m\\u0007\\n"\n', text)  # nothing controls the terminal

    def test_mesh(self):
        found = self.info(write_cbor(self.folder / "a.iwm.cbor", mesh()))
        self.assertEqual((found["numberOfPoints"], found["numberOfCells"], found["cellBufferSize"]), (4, 2, 10))
        self.assertEqual((found["cellPixelType"], found["cellPixelComponents"]), ("Vector", 2))
        self.assertEqual(found["bytes"], 4 * 3 * 4 + 10 * 4 + 4 * 8 + 4)
        self.assertEqual(found["metadata"], {"color": "red"})

    def test_transforms(self):
        path = write_cbor(self.folder / "a.iwt.cbor", transforms())
        found = self.info(path)
        self.assertEqual(found["numberOfTransforms"], 2)
        first, second = found["transforms"]
        self.assertEqual((first["transformParameterization"], first["parametersValueType"]), ("Translation", "float32"))
        self.assertEqual(first["inputSpaceName"], "patient")
        self.assertEqual((second["numberOfParameters"], second["metadata"]), (6, {"step": -7}))
        self.assertRegex(self.iwf("info", path), r"\n\[1\]\n  transformParameterization +Affine\n")

    def test_several(self):
        paths = [write_cbor(self.folder / "a.iwi.cbor", image()), write_cbor(self.folder / "b.iwm.cbor", mesh())]
        lines = self.iwf("info", "--json", *paths).splitlines()
        self.assertEqual([json.loads(line)["object"] for line in lines], ["image", "mesh"])

    def test_large_objects_take_no_time_and_no_memory(self):
        path = self.sparse_image("large.iwi.cbor", 50 << 30)
        begin = time.monotonic()
        found = json.loads(self.iwf("info", "-j", path, preexec_fn=limit_memory(100 * MIB)))
        self.assertLess(time.monotonic() - begin, 2)
        self.assertEqual((found["bytes"], found["size"]), (50 << 30, [50 << 30, 1]))


class TestValidate(CommandLineTest):
    def problem(self, path, *words):
        """Expects exactly one line, with the path and the words."""
        text = self.iwf("validate", path, code=1)
        self.assertEqual(text.count("\n"), 1, text)
        self.assertTrue(text.startswith(f"{path}: "))
        for word in words:
            self.assertIn(word, text)

    def test_what_is_fine_says_nothing(self):
        paths = [
            write_cbor(self.folder / "a.iwi.cbor", image()),
            write_cbor(self.folder / "a.iwm.cbor", mesh()),
            write_cbor(self.folder / "a.iwt.cbor", transforms()),
            write_image_directory(self.folder / "b.iwi", range(6)),
        ]
        self.assertEqual(self.iwf("validate", *paths), "")
        self.assertEqual(self.iwf("validate", "-v", paths[0]), f"{paths[0]}: ok\n")

    def test_truncated(self):
        path = self.folder / "a.iwi.cbor"
        path.write_bytes(cbor(image())[:-1])
        self.problem(path, "IWF_ERROR_TRUNCATED", "at byte 256: expected a string of 48 bytes, found 47")

    def test_wrong_type(self):
        wrong = image()
        wrong["imageType"]["components"] = "one"
        self.problem(write_cbor(self.folder / "a.iwi.cbor", wrong), "imageType.components", "expected", '"one"')

    def test_short_raw_file(self):
        path = write_image_directory(self.folder / "a.iwi", range(5))
        self.problem(path, "data", "expected 6", "5")

    def test_cells(self):
        for cells, words in (
            ((2, 3, 0, 1, 2, 2, 3, 0, 2, 4), ("cell 1, element 9", "found 4")),
            ((2, 3, 0, 1, 2, 9, 3, 0, 2, 3), ("cell 1, element 5", "found 9")),
        ):
            self.problem(write_cbor(self.folder / "a.iwm.cbor", mesh(cells)), *words)

    def test_geometry(self):
        self.problem(
            write_cbor(self.folder / "a.iwi.cbor", image(size=(4, 3), direction=[1.0, 2.0, 2.0, 4.0])),
            "direction",
            "inverted",
        )
        self.problem(write_cbor(self.folder / "a.iwi.cbor", image(size=(4, 3), spacing=[1.0, 0.0])), "spacing")

    def test_damaged_compression(self):
        whole = self.folder / "a.iwi.cbor.zst"
        self.iwf(
            "convert", write_cbor(self.folder / "a.iwi.cbor", image(os.urandom(60000), "uint8", (300, 200))), whole
        )
        damaged = self.folder / "b.iwi.cbor.zst"
        damaged.write_bytes(whole.read_bytes()[:30000])
        self.problem(damaged, "IWF_ERROR_TRUNCATED", "zstd frame")

    def test_every_object_is_looked_at(self):
        bad, good = self.folder / "bad.iwi.cbor", self.folder / "good.iwi.cbor"
        bad.write_bytes(b"\x00")
        write_cbor(good, image())
        done = subprocess.run(
            [IWF, "validate", "-v", bad, self.folder / "no.iwi.cbor", good], capture_output=True, text=True
        )
        self.assertEqual(done.returncode, 2)
        self.assertEqual([line.split(":")[0] for line in done.stdout.splitlines()], [str(bad), str(good)])
        self.assertIn("no.iwi.cbor: ", done.stderr)


class TestConvert(CommandLineTest):
    def samples(self):
        yield (
            "iwi",
            image(
                size=(5, 4, 3),
                origin=[1.0, 2.0, 3.5],
                spacing=[0.5, 0.25, 2.0],
                direction=[0.6, 0.8, 0.0, -0.8, 0.6, 0.0, 0.0, 0.0, 1.0],
                metadata={"k": [1, -2], "t": "ä"},
            ),
        )
        yield "iwm", mesh()
        yield "iwt", transforms()

    def test_every_container_to_every_other(self):
        for suffix, value in self.samples():
            original = write_cbor(self.folder / f"a.{suffix}.cbor", value)
            facts = self.info(original)
            for first in CONTAINERS:
                middle = self.folder / f"b.{suffix}{first}"
                self.assertEqual(self.iwf("convert", original, middle), "")
                for second in CONTAINERS:
                    with self.subTest(suffix, first=first, second=second):
                        target = self.folder / f"c.{suffix}{second}"
                        self.iwf("convert", middle, target)
                        found = self.info(target)
                        self.assertEqual(found.pop("container"), second[1:] or "directory")
                        self.assertEqual({**facts, **found, "container": facts["container"], "path": original}, facts)
                        self.assertEqual(self.iwf("diff", original, target), "")
                        self.assertEqual(self.iwf("validate", target), "")

    def test_values(self):
        for suffix, value in self.samples():
            self.iwf("convert", write_cbor(self.folder / f"a.{suffix}.cbor", value), self.folder / f"a.{suffix}")

        def read(name):
            return (self.folder / name).read_bytes()

        self.assertEqual(read("a.iwi/data/data.raw"), raw("uint16", range(60)))
        self.assertEqual(
            read("a.iwi/data/direction.raw"), raw("float64", [0.6, 0.8, 0.0, -0.8, 0.6, 0.0, 0.0, 0.0, 1.0])
        )
        self.assertEqual(read("a.iwm/data/point-data.raw"), raw("float64", [1.5, 2.5, 3.5, 4.5]))
        self.assertEqual(read("a.iwm/data/cells.raw"), raw("uint32", [2, 3, 0, 1, 2, 2, 3, 0, 2, 3]))
        self.assertEqual(read("a.iwt/data/0/parameters.raw"), raw("float32", [1.25, -2.5]))
        self.assertEqual(read("a.iwt/data/1/fixed-parameters.raw"), raw("float64", [0.0, 3.0]))

    def test_onto_itself(self):
        path = write_cbor(self.folder / "a.iwi.cbor", {"name": "mine", **image()})
        self.iwf("convert", path, path)
        self.assertEqual(self.iwf("validate", path), "")
        self.assertEqual(os.listdir(self.folder), ["a.iwi.cbor"])

    def test_level(self):
        source = write_cbor(self.folder / "a.iwi.cbor", image(bytes(range(256)) * 400, "uint8", (320, 320)))
        for level in ("-5", "1", "19"):
            self.iwf("convert", "--level", level, source, self.folder / f"l{level}.iwi.cbor.zst")
            self.assertEqual(self.iwf("diff", source, self.folder / f"l{level}.iwi.cbor.zst"), "")
        self.assertNotEqual(*[(self.folder / f"l{level}.iwi.cbor.zst").read_bytes() for level in ("-5", "19")])

    def test_bounded_memory(self):
        source = self.sparse_image("large.iwi.cbor", 300 * MIB)
        memory = limit_memory(120 * MIB)
        self.iwf("convert", source, self.folder / "b.iwi.cbor.zst", preexec_fn=memory)
        self.iwf("convert", self.folder / "b.iwi.cbor.zst", self.folder / "c.iwi", preexec_fn=memory)
        self.assertEqual((self.folder / "c.iwi/data/data.raw").stat().st_size, 300 * MIB)
        self.assertEqual(self.iwf("diff", source, self.folder / "c.iwi", preexec_fn=memory), "")
        self.assertEqual(self.iwf("validate", source, preexec_fn=memory), "")

    def test_families_do_not_mix(self):
        source = write_cbor(self.folder / "a.iwi.cbor", image())
        self.assertIn(".iwi", self.iwf("convert", source, self.folder / "a.iwm.cbor", code=2))

    def test_failure_leaves_the_target(self):
        damaged = self.folder / "damaged.iwi.cbor.zst"
        self.iwf(
            "convert", write_cbor(self.folder / "a.iwi.cbor", image(os.urandom(60000), "uint8", (300, 200))), damaged
        )
        os.truncate(damaged, 30000)
        target = self.folder / "b.iwi.cbor"
        write_cbor(target, image())
        before = target.read_bytes()
        self.assertIn("damaged", self.iwf("convert", damaged, target, code=2))
        self.assertEqual(target.read_bytes(), before)
        self.assertEqual(sorted(os.listdir(self.folder)), ["a.iwi.cbor", "b.iwi.cbor", "damaged.iwi.cbor.zst"])
        self.iwf("convert", damaged, self.folder / "b.iwi", code=2)
        self.assertFalse((self.folder / "b.iwi").exists())

    def conversion(self):
        """A command that takes seconds, in hundreds of steps. The pixels are the hole of a sparse file."""
        source = self.folder / "slow.iwi.cbor"
        pixels = 2048 * MIB
        write_cbor(source, image(b"", "uint8", (pixels, 1), length=pixels))
        os.truncate(source, source.stat().st_size + pixels)
        return [IWF, "convert", "--level", "9", str(source), str(self.folder / "t.iwi.cbor.zst")]

    def wait_for_begin(self):
        """Returns when there is a temporary file: the work has begun."""
        deadline = time.monotonic() + 30
        while set(os.listdir(self.folder)) <= {"slow.iwi.cbor", "t.iwi.cbor.zst"}:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.001)

    def test_signals_leave_the_target(self):
        command = self.conversion()
        (self.folder / "t.iwi.cbor.zst").write_bytes(b"old")
        for number in (signal.SIGINT, signal.SIGTERM):
            # A shell that starts the tests in its background has them ignore SIGINT, and what they start inherits that.
            with subprocess.Popen(
                command, preexec_fn=functools.partial(signal.signal, number, signal.SIG_DFL)
            ) as process:
                self.wait_for_begin()
                process.send_signal(number)
                self.assertEqual(process.wait(60), -number)
            self.assertEqual((self.folder / "t.iwi.cbor.zst").read_bytes(), b"old")
            self.assertEqual(sorted(os.listdir(self.folder)), ["slow.iwi.cbor", "t.iwi.cbor.zst"])

    def output_on_a_terminal(self, command):
        controller, terminal = pty.openpty()
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=terminal) as process:
            os.close(terminal)
            self.wait_for_begin()
            process.send_signal(signal.SIGSTOP)  # so that it takes long enough to be told of
            time.sleep(0.6)
            process.send_signal(signal.SIGCONT)
            output = b""
            while True:
                try:
                    part = os.read(controller, 4096)
                except OSError:  # how Linux tells the end
                    break
                if not part:
                    break
                output += part
            self.assertEqual(process.wait(), 0)
        os.close(controller)
        return output

    def test_progress_only_on_a_terminal(self):
        command = self.conversion()
        self.assertRegex(self.output_on_a_terminal(command), rb"\r[^\r]*t\.iwi\.cbor\.zst: +\d+ %")
        (self.folder / "t.iwi.cbor.zst").unlink()
        self.assertEqual(self.output_on_a_terminal([*command, "--quiet"]), b"")
        self.assertEqual(subprocess.run(command, capture_output=True).stderr, b"")


class TestDiff(CommandLineTest):
    def diff(self, a, b, *options, suffix="iwi"):
        paths = [write_cbor(self.folder / f"{name}.{suffix}.cbor", value) for name, value in (("a", a), ("b", b))]
        self.iwf("diff", "--quiet", *options, *paths, code=1)
        return self.iwf("diff", *options, *paths, code=1)

    def same(self, a, b, *options, suffix="iwi"):
        paths = [write_cbor(self.folder / f"{name}.{suffix}.cbor", value) for name, value in (("a", a), ("b", b))]
        self.assertEqual(self.iwf("diff", *options, *paths), "")

    def test_values(self):
        other = list(range(24))
        other[17] += 4  # index 1 1 1
        other[2] -= 1
        self.assertEqual(
            self.diff(image(), image(other)), "data: 2 of 24 values differ, most by 4 at index 1 1 1: 17 != 21\n"
        )
        self.same(image(), image(other), "--tolerance", "4")

    def test_components(self):
        values = list(range(12))
        self.assertEqual(
            self.diff(image(values, size=(3, 2), components=2), image([*values[:-1], 99], size=(3, 2), components=2)),
            "data: 1 of 12 values differ, most by 88 at index 2 1, component 1: 11 != 99\n",
        )

    def test_other_types_are_compared_by_value(self):
        self.assertEqual(self.diff(image(), image(component_type="float32")), "componentType: uint16 != float32\n")

    def test_not_a_number(self):
        nan = float("nan")
        self.same(image([nan, 1.0], "float32", (2, 1)), image([nan, 1.0], "float32", (2, 1)))
        self.assertEqual(
            self.diff(image([nan, 1.0], "float32", (2, 1)), image([2.0, 1.0], "float32", (2, 1))),
            "data: 1 of 2 values differ, most by inf at index 0 0: nan != 2\n",
        )

    def test_difference_past_the_first_chunk(self):
        size = 20 * MIB
        a, b = (self.sparse_image(f"{name}.iwi.cbor", size) for name in "ab")
        with open(b, "r+b") as file:
            file.seek(-1, os.SEEK_END)
            file.write(b"\x07")
        self.assertEqual(
            self.iwf("diff", a, b, code=1),
            f"data: 1 of {size} values differ, most by 7 at index {size - 1} 0: 0 != 7\n",
        )

    def test_geometry(self):
        text = self.diff(
            image(size=(4, 3)),
            image(size=(4, 3), origin=[0.0, 0.5], spacing=[1.0, 1.5], direction=[0.0, 1.0, 1.0, 0.0]),
        )
        self.assertEqual(text, "spacing: 1 1 != 1 1.5\norigin: 0 0 != 0 0.5\ndirection: 1 0 0 1 != 0 1 1 0\n")
        self.assertEqual(self.diff(image(size=(4, 3)), image(size=(3, 4))), "size: 4 x 3 != 3 x 4\n")
        self.same(image(size=(4, 3)), image(size=(4, 3), origin=[0.0, 0.5]), "-t", "0.5")

    def test_metadata(self):
        text = self.diff(
            image(metadata={"a": 1, "b": "x", "n": {"p": 1, "q": [True]}}),
            image(metadata={"n": {"q": [True], "p": 1.0}, "b": "y", "c": None}),
        )
        a, b = self.folder / "a.iwi.cbor", self.folder / "b.iwi.cbor"
        self.assertEqual(
            text, f'metadata: "a" is in {a} only\nmetadata: "b": "x" != "y"\nmetadata: "c" is in {b} only\n'
        )

    def test_meshes(self):
        self.assertEqual(
            self.diff(mesh(), mesh(points=[0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 2.5]), suffix="iwm"),
            "points: 1 of 12 values differ, most by 2.5 at point 3, coordinate 2: 0 != 2.5\n",
        )
        self.assertEqual(
            self.diff(mesh(), mesh(point_data=(1.5, 2.5, 3.5, 4.0)), suffix="iwm"),
            "pointData: 1 of 4 values differ, most by 0.5 at point 3: 4.5 != 4\n",
        )
        self.assertIn("numberOfCells: 2 != 1\n", self.diff(mesh(), mesh((2, 3, 0, 1, 2), 1), suffix="iwm"))

    def test_transforms(self):
        other = transforms()
        other[1]["parameters"] = Typed("float64", [1.0, 0.5, 0.0, 1.0, 7.0, 8.25])
        other[0]["inputSpaceName"] = "atlas"
        self.assertEqual(
            self.diff(transforms(), other, suffix="iwt"),
            '[0].inputSpaceName: "patient" != "atlas"\n'
            "[1].parameters: 1 of 6 values differ, most by 0.25 at element 5: 8 != 8.25\n",
        )

    def test_names_where_both_can_have_one(self):
        a, b = (write_image_directory(self.folder / f"{name}.iwi", range(6), name) for name in "ab")
        self.assertEqual(self.iwf("diff", a, b, code=1), 'name: "a" != "b"\n')
        self.iwf("convert", b, self.folder / "b.iwi.cbor")
        self.assertEqual(self.iwf("diff", a, self.folder / "b.iwi.cbor"), "")

    def test_families_and_trouble(self):
        a, b = write_cbor(self.folder / "a.iwi.cbor", image()), write_cbor(self.folder / "a.iwm.cbor", mesh())
        self.assertEqual(self.iwf("diff", a, b, code=1), "object: image != mesh\n")
        self.iwf("diff", a, self.folder / "none.iwi", code=2)


if __name__ == "__main__":
    if not shutil.which(IWF):
        raise SystemExit(f"no {IWF}: set IWF_CLI")
    unittest.main()
