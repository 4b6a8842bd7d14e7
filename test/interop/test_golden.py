"""The golden files themselves: expectations are computed, files are the clients' own."""

import json

import cases
import golden


def test_expectations_are_those_of_the_formulas(golden_data):
    expected, _ = golden_data
    for kind, objects in json.loads(json.dumps(cases.catalogue())).items():
        for name, value in objects.items():
            assert expected[kind][name] == value, f"{kind} {name}: run test/interop/golden.py"


def test_manifests_name_every_file(golden_data):
    _, manifests = golden_data
    for writer, manifest in manifests.items():
        have = {p.name for p in (golden.DATA / writer).iterdir()} - {"manifest.json"}
        assert have == {entry["file"] for entry in manifest["files"]}
        assert not have & set(manifest["unwritten"])


def test_small():
    total = sum(p.stat().st_size for p in golden.DATA.rglob("*") if p.is_file())
    assert total < 300_000


def test_clients_still_write_the_same(tmp_path):
    """So that a golden file is never something that nobody writes."""
    golden.generate(str(tmp_path))
    assert golden.difference(tmp_path, golden.DATA, golden.KEPT) == []
