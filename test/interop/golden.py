"""Makes the golden files: what every writer's files look like, with what must be read from them.

    python test/interop/golden.py            writes test/data anew
    python test/interop/golden.py --check    fails if the clients would write anything else

test/data/expected.json   kind -> case -> the object (model.py), computed by cases.py and variants.py
test/data/WRITER/manifest.json   its files: {"file", "kind", "case"}, and what it can't write, with the reason
"""

import argparse
import filecmp
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

import cases
import clients
import known
import model
import runner
import strict
import variants

DATA = Path(__file__).resolve().parent.parent / "data"
SUFFIX = {"image": ".iwi", "mesh": ".iwm", "transform": ".iwt"}
# Containers other than CBOR hold the same content; these cases are enough of them.
DIRECTORY_CASES = (
    "int16-2d",
    "float32-2d",
    "rgb-2d",
    "vector-3d",
    "oriented-3d",
    "4d",
    "index-2d",
    "metadata",
    "metadata-nested",
    "plain",
    "both-data",
    "mixed-cells",
    "points",
    "point-set",
    "affine-3d",
    "list",
    "displacement-field-2d",
    "identity-3d",
)
ZSTD_CASES = ("oriented-3d", "float32-2d", "metadata", "both-data", "points", "list", "displacement-field-2d")


def _plain_cases(kind, names):
    """Without scalars in 3-D, which are for NiiVue, and "point-set", which is "points" to all but ITK."""
    return [
        n for n in names if not (kind == "image" and n.endswith("-3d") and n[:-3] in cases.RAMPS) and n != "point-set"
    ]


def selection(writer, catalogue):
    """(kind, case, suffix) of the files that `writer` is asked for."""
    for kind, objects in catalogue.items():
        if writer == "niivue":
            names = {
                "image": ["uint8-3d", "int16-3d", "int32-3d", "float32-3d", "float64-3d", "rgb-3d", "oriented-3d"],
                "mesh": ["plain"],
                "transform": [],
            }[kind]
        else:
            names = list(objects) if writer == "ours" else _plain_cases(kind, objects)
        if writer == "itk-wasm" and kind == "transform":
            continue
        for name in names:
            yield kind, name, SUFFIX[kind] + ".cbor"
            if (
                writer in ("ours", "old-wheel", "wasi")
                and (writer, kind) != ("old-wheel", "transform")
                and name in DIRECTORY_CASES
            ):
                yield kind, name, SUFFIX[kind]
            if writer in ("ours", "wasi") and name in ZSTD_CASES:
                yield kind, name, SUFFIX[kind] + ".cbor.zst"


def jobs_for(writer, catalogue, folder):
    jobs = []
    for kind, case, suffix in selection(writer, catalogue):
        if writer == "old-wheel" and kind == "transform":
            continue  # it has no transform IO at all
        job = {
            "op": "write",
            "kind": kind,
            "case": case,
            "file": case + suffix,
            "path": os.path.join(folder, case + suffix),
            "model": catalogue[kind][case],
        }
        if case == "index-2d":
            job["start"] = cases.INDEX_2D
        if case == "point-set":
            job["pointSet"] = True
        jobs.append(job)
    return jobs


def remove(path):
    if os.path.isdir(path):
        shutil.rmtree(path)
    elif os.path.exists(path):
        os.remove(path)


def write_all(writer, catalogue, folder, verify=True):
    """Lets the real writer write; what it can't must be known.  -> manifest entries, reasons by file."""
    files, unwritten = [], {}
    jobs = jobs_for(writer, catalogue, folder)
    answers = runner.run(clients.command(writer), jobs)
    for job, answer in zip(jobs, answers):
        wrong = [] if answer["ok"] else [answer["error"]]
        if not wrong and verify:
            try:
                wrong = model.differences(job["model"], strict.read(job["path"], job["kind"], lenient=True))
            except Exception as error:  # noqa: BLE001
                wrong = [f"{type(error).__name__}: {error}"]
        rule = next((r for r in known.UNWRITTEN if r.covers(writer, f"{job['kind']}/{job['file']}")), None)
        if bool(wrong) != bool(rule):
            raise SystemExit(
                f"{writer} {job['file']}: "
                + (f"{wrong[0]}" if wrong else f"is right now, though known.py says: {rule.reason}")
            )
        if rule:
            rule.used = True
            remove(job["path"])
            unwritten[job["file"]] = rule.reason
        else:
            files.append({"file": job["file"], "kind": job["kind"], "case": job["case"]})
    return files, unwritten


def dump(path, value):
    with open(path, "w", encoding="utf-8") as f:
        json.dump(value, f, indent=1, ensure_ascii=False)
        f.write("\n")


def one_line_per_entry(path, head, files):
    """A manifest that diffs well: one file a line."""
    with open(path, "w", encoding="utf-8") as f:
        f.write("{\n" + "".join(f" {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)},\n" for k, v in head.items()))
        f.write(' "files": [\n' + ",\n".join("  " + json.dumps(e) for e in files) + "\n ]\n}\n")


def generate(folder):
    catalogue = cases.catalogue()
    for writer in clients.WRITERS:
        if writer == "ours":
            continue
        target = os.path.join(folder, writer)
        os.makedirs(target)
        files, unwritten = write_all(writer, catalogue, target)
        one_line_per_entry(
            os.path.join(target, "manifest.json"), {"writer": clients.TITLES[writer][1], "unwritten": unwritten}, files
        )
        print(f"{writer}: {len(files)} files, {len(unwritten)} left out", flush=True)

    target = os.path.join(folder, "variants")
    os.makedirs(target)
    files = []
    for file, kind, m in variants.write(target):
        case = next((n for n, c in catalogue[kind].items() if c == m), None)
        if case is None:  # an object of its own
            case = "variant-" + file.split(".")[0]
            catalogue[kind][case] = m
        files.append({"file": file, "kind": kind, "case": case})
    one_line_per_entry(
        os.path.join(target, "manifest.json"), {"writer": "test/interop/variants.py", "unwritten": {}}, files
    )
    print(f"variants: {len(files)} files", flush=True)

    with open(os.path.join(folder, "expected.json"), "w", encoding="utf-8") as f:
        f.write(
            "{\n"
            + ",\n".join(
                f"{json.dumps(kind)}: {{\n"
                + ",\n".join(f"{json.dumps(n)}: {json.dumps(m, ensure_ascii=False)}" for n, m in objects.items())
                + "\n}"
                for kind, objects in catalogue.items()
            )
            + "\n}\n"
        )
    for rule in known.UNWRITTEN:
        if not rule.used and rule.writer != "ours":
            raise SystemExit(f"known.py: nothing is covered by {rule}")


def names(folder):
    return sorted(os.path.relpath(os.path.join(root, f), folder) for root, _, fs in os.walk(folder) for f in fs)


KEPT = ("README.md", ".gitattributes")  # in test/data, but not generated


def difference(one, other, ignore=()):
    """Names of files that are not the same in both folders."""
    a, b = ([n for n in names(folder) if n not in ignore] for folder in (one, other))
    return sorted(set(a) ^ set(b)) + [
        n
        for n in sorted(set(a) & set(b))
        if not filecmp.cmp(os.path.join(one, n), os.path.join(other, n), shallow=False)
    ]


def load():
    """-> expected, {writer: manifest}"""
    with open(DATA / "expected.json", encoding="utf-8") as f:
        expected = json.load(f)
    manifests = {}
    for path in sorted(DATA.glob("*/manifest.json")):
        with open(path, encoding="utf-8") as f:
            manifests[path.parent.name] = json.load(f)
    return expected, manifests


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare with test/data instead of replacing it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        generate(folder)
        if options.check:
            wrong = difference(folder, DATA, KEPT)
            print("\n".join(wrong) or "test/data is what the clients write")
            return bool(wrong)
        for name in os.listdir(folder):
            remove(DATA / name)
            shutil.move(os.path.join(folder, name), DATA / name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
