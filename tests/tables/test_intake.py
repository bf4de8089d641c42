"""Intake: what came in, printed for people and kept with the table."""

from acclimate.tables import Corpus, Intake
from acclimate.tables.intake import Tally


def counted():
    tally = Tally()
    tally.read, tally.kept = 1200, 1195
    for line in (3, 7, 9, 12):
        tally.count("empty text: skipped", f"docs.jsonl, line {line}")
    tally.count("identical row (same id and text): dropped", "docs.jsonl, line 40")
    return tally.intake()


def test_it_prints_counts_reasons_and_the_first_places():
    assert str(counted()) == (
        "read 1,200, kept 1,195\n"
        "  4  empty text: skipped (docs.jsonl, line 3; docs.jsonl, line 7; docs.jsonl, line 9; …)\n"
        "  1  identical row (same id and text): dropped (docs.jsonl, line 40)"
    )


def test_it_survives_bytes():
    assert Intake.from_bytes(counted().to_bytes()) == counted()


def test_a_table_made_in_memory_came_in_whole():
    table = Corpus.columns(doc_id=["1"], title=[""], text=["a"])
    assert table.intake == Intake(read=1, kept=1)


def test_a_table_keeps_it_through_subsets_writing_and_opening(tmp_path):
    table = Corpus.columns(doc_id=["1", "2"], title=["", ""], text=["a", "b"])
    table = table.with_intake(counted())
    table.write(tmp_path / "t.arrow")
    opened = Corpus.open(tmp_path / "t.arrow")
    assert opened.intake == opened.head(1).intake == opened.take([1]).intake == counted()


def test_how_rows_came_in_is_no_part_of_their_digest():
    table = Corpus.columns(doc_id=["1"], title=[""], text=["a"])
    assert table.with_intake(counted()).digest == table.digest
