# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""The implementations that are measured, each in a process of its own."""

import json
import signal
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


class Unavailable(Exception):
    """Why there is no number."""


def old_wheel_python():
    """The interpreter of the old wheel's own environment, which the tests of interoperability use too."""
    sys.path.insert(0, str(HERE.parent / "test" / "interop"))
    import clients

    try:
        return clients.command("old-wheel")[0]
    except clients.Unavailable as reason:
        raise Unavailable(str(reason).splitlines()[0]) from None


class Peer:
    """A worker process; started when it is first asked."""

    def __init__(self, kind, python=sys.executable):
        self.kind, self.python = kind, python
        self.process = None

    def ask(self, do, **arguments):
        if self.process is None:
            self.process = subprocess.Popen(
                [self.python, str(HERE / "worker.py"), self.kind],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        try:
            self.process.stdin.write(json.dumps({"do": do, **arguments}) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            code = self.process.wait()
            error = self.process.stderr.read().strip().splitlines()
            self.process = None
            name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
            raise Unavailable(f"crashes: {name}" if code < 0 or not error else error[-1])
        answer = json.loads(line)
        if "error" in answer:
            raise Unavailable(answer["error"].splitlines()[0])
        return answer

    def close(self):
        if self.process is not None:
            self.process.stdin.close()
            self.process.stdout.close()
            self.process.stderr.close()
            self.process.wait()
            self.process = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
