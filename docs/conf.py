"""Sphinx: tools/docs.sh builds the pages."""

import re
from pathlib import Path

root = Path(__file__).resolve().parent.parent
project = "itk-webassemblyinterface"
author = "The itk-webassemblyinterface contributors"
copyright = author
release = re.search(r'^version = "(.+)"', (root / "pyproject.toml").read_text(), re.M)[1]
version = release

extensions = ["myst_parser"]
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3
# tools/docs.sh puts the C reference into the same folder afterwards; links to it are not Sphinx's.
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"{project} {release}"
html_copy_source = False
html_show_sphinx = False


def _leave_out_report(app, name, source):
    """The performance page includes the benchmark's report, which is not there before tools/bench.sh has run."""
    if name == "performance" and not (root / "bench" / "REPORT.md").exists():
        source[0] = source[0].replace(
            "```{include} ../bench/REPORT.md\n```", "*Not measured yet: run `tools/bench.sh`.*"
        )


def setup(app):
    app.connect("source-read", _leave_out_report)
