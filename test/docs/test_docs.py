"""Every code block of the documentation is executed, page by page, from the top down.

```python   runs in this Python; the blocks of a page share their names
```sh       runs in bash, in the page's folder, with iwf and the tree's root as $ROOT
```c        is compiled, and run if it has a main()
```json     is parsed
```text     right after one of these: is what it must print
```console  is for people (installations and the like); the scripts of this tree that it names must be there

Blocks of C++ and CMake are pieces of the projects in examples/, which other tests build; so is most of the C.
"""

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"]
FENCE = re.compile(r"^( *)```([^\n`]*)\n(.*?)^\1```[ \t]*$", re.M | re.S)
FREE = {"", "text", "diff", "yaml"}  # what is not executed by itself


def blocks(page):
    """Language, code, line and expected output of each block."""
    text = page.read_text(encoding="utf-8")
    found = list(FENCE.finditer(text))
    for block, following in zip(found, [*found[1:], None]):
        language, code = block[2].strip(), block[3]
        line = text.count("\n", 0, block.start()) + 1
        expected = None
        if following and following[2].strip() == "text" and not text[block.end() : following.start()].strip():
            expected = following[3]
        yield language, code, line, expected


def run_python(code, names):
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(code, "<documentation>", "exec"), names)
    return output.getvalue()


def run_command(*command, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode != 0:
        raise AssertionError(f"exit code {done.returncode}\n{done.stdout}")
    return done.stdout


def run_shell(code):
    environment = {**os.environ, "ROOT": str(ROOT), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    return run_command("bash", "-euo", "pipefail", "-c", code, env=environment)


def run_c(code):
    if not shutil.which("cc") or not shutil.which("pkg-config"):
        pytest.skip("no C compiler")
    Path("code.c").write_text(code)
    library = os.environ.get("IWF_PREFIX")  # where the C library is installed
    run_command("cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", f"-I{ROOT / 'include'}", "code.c")
    if library is None or "main(" not in code:
        return ""
    run_command(
        "cc",
        "-std=c11",
        f"-I{library}/include",
        "code.c",
        f"-L{library}/lib",
        f"-Wl,-rpath,{library}/lib",
        "-liwf",
        "-o",
        "code",
    )
    return run_command("./code")


def check_scripts(code):
    for name in re.findall(r"\b((?:tools|test|fuzz|bench)/[\w./-]+\.(?:sh|py))\b", code):
        assert (ROOT / name).exists(), f"there is no {name}"


def check_included(code, page):
    """MyST reports missing files and places itself; here it is a file that a test builds."""
    assert (page.parent / code).resolve().is_relative_to(ROOT / "examples"), code


def run_page(page):
    names = {"__name__": "__main__"}
    for language, code, line, expected in blocks(page):
        output = None
        try:
            if language == "python":
                output = run_python(code, names)
            elif language == "sh":
                output = run_shell(code)
            elif language == "c":
                output = run_c(code)
            elif language == "json":
                json.loads(code)
            elif language == "console":
                check_scripts(code)
            elif language.startswith("{literalinclude}"):
                check_included(language.split(None, 1)[1], page)
            elif not language.startswith("{") and language not in FREE:
                raise AssertionError(f"nobody executes {language}")
            if expected is not None and output is not None:
                assert output.rstrip() == expected.rstrip(), f"expected\n{expected}\nfound\n{output}"
        except Exception as error:
            raise AssertionError(f"{page.name}, line {line}: {error}") from error


@pytest.mark.parametrize("page", [page for page in PAGES if page.exists()], ids=lambda page: page.name)
def test_page(page, tmp_path):
    # In a process of its own: pages are independent, and change what is global.
    run_command(sys.executable, __file__, str(page), cwd=tmp_path)


if __name__ == "__main__":
    run_page(Path(sys.argv[1]))
