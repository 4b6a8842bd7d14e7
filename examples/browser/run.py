"""Shows an image and a mesh, written by itk with this project's wheel, in the browser.

    python examples/browser/run.py                       makes, bundles and serves the page
    python examples/browser/run.py --screenshot FILE     opens it in headless Chromium instead

Wants Python with itk and the wheel (.venv/bin/python), Node.js 20 with npm, and
for --screenshot Chromium (Debian's package, or CHROMIUM=/path/to/it).
"""

import argparse
import functools
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE / "page"


def build():
    """npm packages once for each lock file, then the bundle, then the data."""
    npm = shutil.which("npm")
    if not npm:
        raise SystemExit("npm is necessary: install Node.js 20 or later")
    ready, lock = HERE / "node_modules" / ".ready", (HERE / "package-lock.json").read_bytes()
    if not ready.exists() or ready.read_bytes() != lock:
        subprocess.run(
            [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"],
            cwd=HERE,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        ready.write_bytes(lock)
    subprocess.run(["node", "build.mjs"], cwd=HERE, check=True)
    subprocess.run([sys.executable, str(HERE / "make_data.py"), str(PAGE)], check=True)


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def serve(port=0):
    handler = functools.partial(Handler, directory=str(PAGE))
    return http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)


def find_chromium():
    for name in (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"):
        path = name and shutil.which(name)
        if path:
            return path
    raise SystemExit("no Chromium: apt-get install chromium, or set CHROMIUM")


def look(screenshot):
    """Opens the page in headless Chromium; -> what arrived in it."""
    with serve() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        done = subprocess.run(
            [
                "node",
                "check.mjs",
                find_chromium(),
                f"http://127.0.0.1:{server.server_port}/index.html",
                os.path.abspath(screenshot),
            ],
            cwd=HERE,
            capture_output=True,
            text=True,
            timeout=180,
        )
        server.shutdown()
    if done.returncode:
        raise SystemExit(f"check.mjs ended with code {done.returncode}:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--screenshot", metavar="FILE")
    options = parser.parse_args()
    build()
    if options.screenshot:
        print(json.dumps(look(options.screenshot), indent=1))
        return
    with serve(options.port) as server:
        print(f"http://127.0.0.1:{server.server_port}/  (Ctrl-C ends it)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
