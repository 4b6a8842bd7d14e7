"""Every writer's files read by every reader; what isn't right must be known (known.py).

The peers' files are the golden ones, ours are written now.
"""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import clients
import golden
import known
import model
import runner

# Right; right with a condition; wrong or refused; not what the reader is for.
OK, NOTE, NO, OUT = "ok", "note", "no", "out"


@dataclass(frozen=True)
class File:
    writer: str
    name: str  # of the file, or of what isn't written
    kind: str
    case: str
    path: str | None = None  # None: not written
    reason: str | None = None  # why not

    @property
    def label(self):
        return f"{self.kind}/{self.name}"


@dataclass
class Outcome:
    status: str
    text: str = ""  # what the reader said or got wrong, for tests
    reason: str | None = None  # what the table says; None: nobody knows


def golden_files(manifests):
    for writer, manifest in manifests.items():
        for entry in manifest["files"]:
            yield File(writer, entry["file"], entry["kind"], entry["case"], str(golden.DATA / writer / entry["file"]))
        for name, reason in manifest["unwritten"].items():
            kind = next(k for k, s in golden.SUFFIX.items() if s in name)
            yield File(writer, name, kind, name.split(".")[0], None, reason)


def our_files(folder, expected):
    """Written now, by this wheel."""
    plain = {
        kind: {n: m for n, m in objects.items() if not n.startswith("variant-")} for kind, objects in expected.items()
    }
    files, unwritten = golden.write_all("ours", plain, str(folder), verify=False)
    for entry in files:
        yield File("ours", entry["file"], entry["kind"], entry["case"], os.path.join(folder, entry["file"]))
    for name, reason in unwritten.items():
        kind = next(k for k, s in golden.SUFFIX.items() if s in name)
        yield File("ours", name, kind, name.split(".")[0], None, reason)


def triangulated(mesh):
    """What NiiVue is to show of a mesh of faces: triangle fans."""
    cells, out, i = model.unpack(mesh["cells"]), [], 0
    while cells is not None and i < len(cells):
        ids = [int(x) for x in cells[i + 2 : i + 2 + int(cells[i + 1])]]
        out += [(2, (ids[0], ids[j], ids[j + 1])) for j in range(1, len(ids) - 1)]
        i += 2 + len(ids)
    points = model.unpack(mesh["points"]).astype("float32").reshape(mesh["numberOfPoints"], -1)
    return model.mesh(points, out, dimension=mesh["dimension"])


def judge(reader, file, expected, answer):
    """Outcome of one read, before the known rules are asked."""
    if not answer["ok"]:
        return Outcome(NO, answer["error"])
    tolerance, also = 0.0, []
    if file.kind == "mesh" and reader in ("ours", "old-wheel") and expected["points"]["dtype"] == "float64":
        # ITK-Python's meshes have float32 points; the values must be the nearest ones.
        expected = {**expected, "points": model.pack(model.unpack(expected["points"]).astype("float32"))}
        also = ["points: float32 instead of float64"]
    if reader == "niivue":  # NIfTI's header has float32; its meshes are triangles
        tolerance = 1e-6
        if file.kind == "mesh":
            expected = {**triangulated(expected), "pointData": expected["pointData"], "cellData": expected["cellData"]}
    wrong = model.differences(expected, answer["value"], tolerance=tolerance) + also
    if wrong:
        return Outcome(NO, "; ".join(wrong))
    if answer.get("note"):
        return Outcome(NOTE, answer["note"])
    return Outcome(OK)


def read_all(reader, files, expected):
    jobs = []
    for file in files:
        m = expected[file.kind][file.case]
        job = {"op": "read", "kind": file.kind, "path": file.path}
        if file.kind == "mesh":
            job["pointSet"] = m["numberOfCells"] == 0
        if file.kind == "transform":
            job["valueType"] = m["transforms"][0]["parametersValueType"]
        jobs.append(job)
    answers = runner.run(clients.command(reader), jobs)
    return [judge(reader, file, expected[file.kind][file.case], answer) for file, answer in zip(files, answers)]


def explain(outcomes):
    """Applies the known rules.  outcomes: {(reader, file): Outcome} -> complaints."""
    complaints = []
    used, wrong = {}, {}
    for (reader, file), outcome in outcomes.items():
        rule = known.rule_for(reader, file.writer, file.label)
        if outcome.status == OUT:
            continue
        if rule is not None and rule.tried is not None:
            used[id(rule)] = rule
            if outcome.status == NO and outcome.text != "not tried":
                wrong[id(rule)] = True
            outcome.status, outcome.reason = NO, rule.reason
            continue
        if rule is None:
            if outcome.status != OK:
                complaints.append(f"{reader} reads {file.writer} {file.label}: {outcome.text}")
            continue
        used[id(rule)] = rule
        if outcome.status == OK:
            complaints.append(
                f"{reader} reads {file.writer} {file.label}: is right now, though known.py says: {rule.reason}"
            )
        elif not rule.fits(outcome.text):
            complaints.append(f"{reader} reads {file.writer} {file.label}: expected {rule.text!r}, got: {outcome.text}")
        outcome.reason = rule.reason
        if rule.right:
            outcome.status = NOTE
    complaints += [
        f"known.py: all is right now: {rule}" for key, rule in used.items() if rule.tried and key not in wrong
    ]
    complaints += [f"known.py: no file is covered by {rule}" for rule in known.MISREAD if id(rule) not in used]
    return complaints


def run(folder, readers=clients.READERS, report=lambda text: None):
    """-> files, {(reader, file): Outcome}, complaints"""
    expected, manifests = golden.load()
    files = [*our_files(folder, expected), *golden_files(manifests)]
    outcomes = {}

    def one(reader):
        start, mine = time.monotonic(), []
        for file in files:
            # Variations of the formats are for our reader; how others take them is not our business.
            if file.path is None or (file.writer == "variants" and reader != "ours"):
                continue
            outside, rule = (ask(reader, file.writer, file.label) for ask in (known.outside, known.rule_for))
            if outside:
                outcomes[reader, file] = Outcome(OUT, reason=outside.reason)
            elif rule and not rule.tries(file.label):
                outcomes[reader, file] = Outcome(NO, "not tried")
            else:
                mine.append(file)
        for file, outcome in zip(mine, read_all(reader, mine, expected)):
            outcomes[reader, file] = outcome
        report(f"{reader}: read {len(mine)} files in {time.monotonic() - start:.1f} s")

    for reader in readers:
        clients.command(reader)  # one after the other: they install things
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # each reader is a process of its own
        list(pool.map(one, readers))
    return files, outcomes, explain(outcomes)
