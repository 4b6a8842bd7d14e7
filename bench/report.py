# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""The report in Markdown, and the plot."""

import os
import platform
import re
from importlib.metadata import version
from xml.sax.saxutils import escape


def table(columns, rows):
    lines = [columns, ["---"] + ["---:"] * (len(columns) - 1), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def section_text(name, section):
    parts = [f"## {section.title}", table(section.columns, section.rows), *section.notes]
    if section.goals:
        rows = [[goal.work, goal.target, goal.reached, "yes" if goal.met else "**no**"] for goal in section.goals]
        parts.append(table(("work", "target", "reached", "met"), rows))
    return "\n\n".join(parts) + "\n"


def machine():
    with open("/proc/cpuinfo") as file:
        model = re.search(r"model name\s*: (.*)", file.read())
    with open("/proc/meminfo") as file:
        memory = int(re.search(r"MemTotal:\s*(\d+)", file.read())[1]) / 1024**2
    return (
        f"{len(os.sched_getaffinity(0))} processors ({model[1] if model else platform.machine()}), {memory:.0f} GiB, "
        f"Linux {platform.release().split('-')[0]}, Python {platform.python_version()}, itk {version('itk-io')}, "
        f"numpy {version('numpy')}; load average at the end {os.getloadavg()[0]:.1f}"
    )


def markdown(results, arguments):
    goals = [goal for section in results.values() for goal in section.goals]
    rows = [[goal.work, goal.target, goal.reached, "yes" if goal.met else "**no**"] for goal in goals]
    parts = [
        "# Benchmark",
        "Written by `tools/bench.sh`. Everything was measured in one run on one machine: " + machine() + ". "
        f"Each number is the shortest of up to {2 * arguments.rounds} rounds, each implementation once in each round. "
        "Ratios carry over to other machines better than times. Files are new each time, on the machine's disk and "
        "in its page cache.",
        "## Targets",
        table(("work", "target", "reached", "met"), rows),
    ]
    for section in results.values():
        parts += [f"## {section.title}", table(section.columns, section.rows), *section.notes]
    return "\n\n".join(parts) + "\n"


# ---- plot -------------------------------------------------------------------------------------------------------

WIDTH, BAR, GAP, LABEL, TOP, RIGHT = 760, 13, 12, 170, 54, 60
COLOURS = {"read": "#2a78b5", "write": "#e08a2e"}
CUT = 8.0  # bars end here


def plot(section):
    """Bars of the times as multiples of a plain read and write."""
    names = [name for name, values in section.values.items() if values]
    scale = (WIDTH - LABEL - RIGHT) / CUT
    height = TOP + len(names) * (2 * BAR + GAP) + 10
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
        f'<text x="10" y="20" font-size="14" font-weight="bold">{escape(section.title)}: '
        "time as a multiple of a plain read or write (shorter is better)</text>",
    ]
    for number, (what, colour) in enumerate(COLOURS.items()):
        x = LABEL + 70 * number
        out.append(
            f'<rect x="{x}" y="30" width="12" height="12" fill="{colour}"/><text x="{x + 17}" y="40">{what}</text>'
        )
    x = LABEL + scale
    out.append(f'<line x1="{x}" y1="{TOP - 8}" x2="{x}" y2="{height - 8}" stroke="#999" stroke-dasharray="4 3"/>')
    y = TOP
    for name in names:
        bold = ' font-weight="bold"' if name.startswith(".iw") else ""
        out.append(f'<text x="{LABEL - 8}" y="{y + BAR + 4}" text-anchor="end"{bold}>{escape(name)}</text>')
        for what, colour in COLOURS.items():
            value = section.values[name].get(what)
            if value is not None:
                length = scale * min(value, CUT)
                out.append(f'<rect x="{LABEL}" y="{y}" width="{length:.1f}" height="{BAR - 1}" fill="{colour}"/>')
                out.append(f'<text x="{LABEL + length + 5:.1f}" y="{y + BAR - 2}">{value:.2f}</text>')
            y += BAR
        y += GAP
    return "\n".join([*out, "</svg>"]) + "\n"
