"""Our wheel and the published clients read each other's files; values are compared, not only shapes."""

import clients
import matrix
import table


def test_we_read(golden_file, everything):
    """Every golden file through plain itk.imread, meshread, transformread."""
    _, outcomes, _ = everything
    outcome = outcomes["ours", golden_file]
    assert outcome.status == matrix.OK or outcome.reason, outcome.text


def test_we_write(reader, everything):
    """Each client reads right what we write, but for what is known to be beyond it."""
    _, outcomes, _ = everything
    ours = {file: outcome for (name, file), outcome in outcomes.items() if name == reader and file.writer == "ours"}
    assert any(o.status == matrix.OK for o in ours.values())
    wrong = {f.label: o.text for f, o in ours.items() if o.status != matrix.OK and not o.reason}
    assert not wrong


def test_we_write_for_everybody(everything):
    """What a client reads of another's, it reads of ours: no peer is better served by anybody else."""
    _, outcomes, _ = everything
    right = {
        (r, f.name) for (r, f), o in outcomes.items() if f.writer == "ours" and o.status in (matrix.OK, matrix.NOTE)
    }
    written = {f.name for _, f in outcomes if f.writer == "ours"}
    worse = sorted(
        f"{r} reads {f.name} of {f.writer} but not ours"
        for (r, f), o in outcomes.items()
        if o.status == matrix.OK
        and f.writer in clients.WRITERS
        and f.writer != r
        and f.name in written
        and (r, f.name) not in right
    )
    assert not worse


def test_known_defects_are_as_known(everything):
    """Whatever isn't right is known, and whatever is known still is so (known.py)."""
    _, _, complaints = everything
    assert not complaints, "\n".join(complaints)


def test_table_is_up_to_date(everything):
    files, outcomes, _ = everything
    assert table.TARGET.read_text(encoding="utf-8") == table.render(files, outcomes), "run python test/interop/table.py"
