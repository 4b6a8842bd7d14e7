"""Interop tests: every real client, every kind of file.

    pytest test/interop                 in the environment that has the wheel

Clients are set up on first use (clients.py); one that can't be is an error.
"""

import os
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import clients  # noqa: E402
import golden  # noqa: E402
import matrix  # noqa: E402


def pytest_configure(config):
    # Said by ITK's own modules, once for each of SWIG's types.
    config.addinivalue_line("filterwarnings", "ignore:builtin type .* has no __module__:DeprecationWarning")


@pytest.fixture(scope="session")
def golden_data():
    """-> expected objects, {writer: manifest}"""
    return golden.load()


@pytest.fixture(scope="session")
def everything(tmp_path_factory):
    """All files of all writers, ours written now, read by all readers: (files, outcomes, complaints)."""
    return matrix.run(tmp_path_factory.mktemp("ours"), clients.READERS)


def pytest_generate_tests(metafunc):
    """One test for each file that our reader must read, and for each reader of what we write."""
    if "golden_file" in metafunc.fixturenames:
        _, manifests = golden.load()
        files = [f for f in matrix.golden_files(manifests) if f.path]
        metafunc.parametrize("golden_file", files, ids=lambda f: f"{f.writer}/{f.name}")
    if "reader" in metafunc.fixturenames:
        metafunc.parametrize("reader", clients.READERS)
