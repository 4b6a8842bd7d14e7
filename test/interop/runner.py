"""Runs batches of jobs in client processes and survives what clients do.

Some clients crash on some files, some never come back.  Either costs only the
job at hand: it is answered with "crashed (signal ...)" or "hangs", and a new
process takes the rest.
"""

import json
import os
import subprocess
import tempfile
import time

# A client hangs when it has computed for so long, or slept for so long, without
# an answer.  Processor time, because tests may share the machine with a build.
FIRST_ANSWER_CPU_SECONDS = 60  # imports, and compiling WebAssembly for the first time
ANSWER_CPU_SECONDS = 20  # the first transform loads a thousand modules of itk
WALL_SECONDS = 300


def _answers(path, have):
    """Complete answer lines after the first `have`."""
    with open(path, encoding="utf-8") as f:
        lines = f.read().split("\n")[:-1]
    return [json.loads(line) for line in lines[have:]]


def _cpu_seconds(pid):
    """User and system time of a process; 0 when it is gone (or there is no /proc)."""
    try:
        with open(f"/proc/{pid}/stat") as f:
            fields = f.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except OSError:
        return 0.0


def _run_once(command, jobs, folder, environment):
    answers_path = os.path.join(folder, "answers.jsonl")
    jobs_path = os.path.join(folder, "jobs.jsonl")
    log_path = os.path.join(folder, "log.txt")
    open(answers_path, "w").close()
    with open(jobs_path, "w", encoding="utf-8") as f:
        f.writelines(json.dumps(job) + "\n" for job in jobs)
    done = []
    with open(jobs_path) as stdin, open(log_path, "w") as log:
        process = subprocess.Popen([*command, answers_path], stdin=stdin, stdout=log, stderr=log, env=environment)
        allowed, since = FIRST_ANSWER_CPU_SECONDS, time.monotonic()
        while True:
            ended = process.poll() is not None
            new = _answers(answers_path, len(done))
            if new:
                done += new
                allowed, since = _cpu_seconds(process.pid) + ANSWER_CPU_SECONDS, time.monotonic()
            if ended:
                break
            if _cpu_seconds(process.pid) > allowed or time.monotonic() - since > WALL_SECONDS:
                process.kill()
                process.wait()
                return done, "hangs"
            time.sleep(0.02)
    if len(done) == len(jobs):
        return done, None
    with open(log_path, errors="replace") as f:
        tail = f.read()[-2000:]
    code = process.returncode
    return done, (f"crashes (signal {-code})" if code < 0 else f"client ended with code {code}: {tail}")


def run(command, jobs, environment=None):
    """Answers by job id, one for each job."""
    answers, left = {}, [dict(job, id=i) for i, job in enumerate(jobs)]
    while left:
        with tempfile.TemporaryDirectory(prefix="interop-") as folder:
            done, trouble = _run_once(command, left, folder, environment)
        if trouble and trouble.startswith("client ended"):
            raise RuntimeError(f"{' '.join(command)}: {trouble}")
        answers.update({answer["id"]: answer for answer in done})
        left = left[len(done) :]
        if left and trouble:
            answers[left[0]["id"]] = {"ok": False, "error": trouble}
            left = left[1:]
    return [answers[i] for i in range(len(jobs))]
