#!/usr/bin/env python3
"""Open every damaged or varied object in a process of its own and report what happened, by category.

    run.py DRIVER [--cases N | --all] [--seed N] [--only PART_OF_CATEGORY] [--keep FOLDER]

crash     the process died of a signal
hang      it took more than a second of processor time
memory    it took 64 MiB more than an empty one, beyond 8 times the bytes of the case
silent    it accepted what is wrong, or read other values than there are
refused   it refused what is valid
unclear   the message does not say what was expected and found
"""

import argparse
import collections
import os
import pathlib
import random
import struct
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import cases  # noqa: E402

COLUMNS = ("crash", "hang", "memory", "silent", "refused", "unclear", "ok")
MIB = 1024
CLEAR = ("expected", "limit", "could not")


def serialize(case):
    in_file = (len(case.data) + case.family) % 3 == 0
    data = case.data
    if case.container == cases.DIRECTORY:
        suffix = (".iwi", ".iwm", ".iwt")[case.family]
        data = b""
        for kind, name, content in case.data:
            full = name[3:] if name.startswith("../") else f"x{suffix}/{name}"
            data += struct.pack("<3I", kind, len(full.encode()), len(content)) + full.encode() + content
    return struct.pack("<4I", case.family, case.container, in_file, len(data)) + data


def judge(case, line, baseline):
    """(column, why)"""
    outcome, status, memory, micros, text = (line.split(" ", 4) + [""])[:5]
    if outcome == "signal":
        return "crash", ""
    if outcome == "driver":
        raise SystemExit(f"the driver failed: {line} {case.category}")
    if outcome == "time" or int(micros) > 1_000_000:
        return "hang", micros
    bytes_there = (
        sum(len(content) for _, _, content in case.data) if case.container == cases.DIRECTORY else len(case.data)
    )
    if int(memory) - baseline > 64 * MIB + 8 * bytes_there // 1024:
        return "memory", f"{(int(memory) - baseline) // MIB} MiB"
    must, right = case.expected()
    if outcome == "accepted":
        if must == "anything" or text in right:
            return "ok", ""
        return "silent", f"read {text[:300]}\n    not {sorted(right)[:1]}"
    if status not in ("file", "policy") and "URI" not in case.kind and "files" not in case.kind:
        return "unclear", f"{status}: {text}"
    if len(text) < 15 or not any(word in text for word in CLEAR) and "more than" not in text and "nested" not in text:
        return "unclear", text
    if must == "accept" and case.kind not in ("nesting", "huge counts", "many items", "bombs", "windows"):
        return "refused", text
    return "ok", ""


class Worker(threading.Thread):
    """One driver, fed with cases one after the other."""

    def __init__(self, driver, queue, baseline):
        super().__init__()
        self.driver, self.queue, self.baseline = driver, queue, baseline
        self.verdicts = []
        self.error = None

    def run(self):
        try:
            self.work()
        except BaseException as error:  # shown by the main thread
            self.error = error

    def work(self):
        process = start(self.driver)
        while True:
            try:
                batch = self.queue.pop()
            except IndexError:
                break
            feeder = threading.Thread(target=self.feed, args=(process, batch))
            feeder.start()
            lines = [process.stdout.readline() for _ in batch]
            feeder.join()
            for case, line in zip(batch, lines):
                if not line:
                    raise SystemExit(f"the driver stopped at a case of {case.category}")
                self.verdicts.append((case, *judge(case, line.decode(errors="replace").rstrip("\n"), self.baseline)))
        process.stdin.close()
        process.wait()

    @staticmethod
    def feed(process, batch):
        for case in batch:
            process.stdin.write(serialize(case))
        process.stdin.flush()


def start(driver):
    return subprocess.Popen([driver], stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def measure_baseline(driver):
    process = start(driver)
    process.stdin.write(struct.pack("<4I", 0, 1, 0, 0))
    process.stdin.close()
    memory = int(process.stdout.readline().split()[2])
    process.wait()
    return memory


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("driver")
    parser.add_argument("--cases", type=int, default=76000)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--keep", type=pathlib.Path, help="write the cases that were not ok here")
    options = parser.parse_args()

    began = time.monotonic()
    chosen = [case for case in cases.generate(options.seed) if options.only in case.category]
    random.Random(options.seed).shuffle(chosen)
    if not options.all:
        chosen = chosen[: options.cases]
    baseline = measure_baseline(options.driver)
    queue = [chosen[i : i + 200] for i in range(0, len(chosen), 200)]
    workers = [Worker(options.driver, queue, baseline) for _ in range(len(os.sched_getaffinity(0)))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        if worker.error is not None:
            raise worker.error

    table = collections.defaultdict(collections.Counter)
    wrong = []
    for worker in workers:
        for case, column, why in worker.verdicts:
            table[case.category][column] += 1
            if column != "ok":
                wrong.append((case, column, why))
    report(table, wrong, options.keep)
    print(
        f"{sum(map(lambda row: sum(row.values()), table.values()))} cases, seed {options.seed}, "
        f"{time.monotonic() - began:.0f} s, {len(wrong)} not ok"
    )
    return 1 if wrong else 0


def report(table, wrong, keep):
    print(f"{'':36}" + "".join(f"{column:>9}" for column in COLUMNS))
    for category in sorted(table):
        print(f"{category:36}" + "".join(f"{table[category][column] or '.':>9}" for column in COLUMNS))
    totals = sum(table.values(), collections.Counter())
    print(f"{'all':36}" + "".join(f"{totals[column]:>9}" for column in COLUMNS))
    shown = collections.Counter()
    for number, (case, column, why) in enumerate(wrong):
        shown[case.category, column] += 1
        if shown[case.category, column] <= 2:
            print(f"{column}: {case.category}: {why}\n    {str(case.data)[:600]}")
        if keep is not None:
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{number:05}-{column}-{case.category.replace(' ', '-')}").write_bytes(serialize(case))


if __name__ == "__main__":
    sys.exit(main())
