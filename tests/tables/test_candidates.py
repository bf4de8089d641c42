"""Candidates.read: runs of other systems."""

import pytest

from acclimate.errors import TableError
from acclimate.tables import Candidates


def test_a_run_is_ranked_anew_by_score(tmp_path):
    (tmp_path / "bm25.run").write_text(
        "1 Q0 a 1 2.5 bm25\n1 Q0 b 2 7.5 bm25\n2 Q0 a 1 1e-3 bm25\n1 Q0 c 3 2.5 bm25\n"
    )
    found = Candidates.read(tmp_path / "bm25.run")
    assert list(
        zip(found["query_id"], found["doc_id"], found["rank"], found["score"], strict=True)
    ) == [
        ("1", "b", 1, 7.5),
        ("1", "a", 2, 2.5),
        ("1", "c", 3, 2.5),
        ("2", "a", 1, pytest.approx(1e-3)),
    ]
    assert set(found["miner"]) == {"bm25"}
    assert not any(found["is_source"])


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("1 Q0 a 1 x t\n", "line 1: the score must be a number; there is 'x'"),
        ("1 Q0 a 1 2 t\n1 Q0 a 2 1 t\n", r"line 2: document 'a' is already there .*line 1"),
        ("1 Q0 a 1 2\n", "line 1: 5 values; a line of this kind has 6"),
        ("", "No result came in"),
    ],
)
def test_a_bad_line_is_named(tmp_path, lines, message):
    (tmp_path / "x.run").write_text(lines)
    with pytest.raises(TableError, match=message):
        Candidates.read(tmp_path / "x.run")
    with pytest.raises(TableError, match="There is no file"):
        Candidates.read(tmp_path / "y.run")
