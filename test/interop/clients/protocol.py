"""The client's end of the conversation (see runner.py): JSON lines in, JSON lines out.

Answers go to a file of their own, because the libraries under test print to
stdout and stderr.  Each answer is flushed at once: the runner can tell which
job a crashed or hanging client was at.
"""

import json
import sys


def serve(handle):
    """`handle(job)` returns what to answer; what it raises becomes the error."""
    with open(sys.argv[1], "w", encoding="utf-8") as answers:
        for line in sys.stdin:
            job = json.loads(line)
            try:
                answer = {"ok": True, **handle(job)}
            except Exception as error:  # noqa: BLE001 - any failure of a client is a result
                answer = {"ok": False, "error": f"{type(error).__name__}: {error}"}
            answer["id"] = job["id"]
            answers.write(json.dumps(answer) + "\n")
            answers.flush()
