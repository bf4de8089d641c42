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


FOUND = Candidates.of(
    {
        "query_id": query,
        "doc_id": doc,
        "rank": rank,
        "score": score,
        "is_source": False,
        "miner": miner,
    }
    for query, doc, rank, score, miner in (
        ("q1", "b", 1, 0.1, "BM25"),
        ("q1", "a", 2, 1e-7, "Dense"),
        ("q2", "a", 1, -3.0, "BM25"),
    )
)


def test_a_written_run_has_the_six_columns_of_trec(tmp_path):
    FOUND.write_run(tmp_path / "x.run", tag="mine")
    assert (tmp_path / "x.run").read_text() == (
        "q1 Q0 b 1 0.1 mine\nq1 Q0 a 2 1e-07 mine\nq2 Q0 a 1 -3.0 mine\n"
    )


def test_a_written_run_is_read_back_to_the_last_bit(tmp_path):
    FOUND.write_run(tmp_path / "x.run")
    assert Candidates.read(tmp_path / "x.run").digest == FOUND.digest


def test_an_id_with_a_blank_is_refused_and_leaves_no_file(tmp_path):
    spaced = Candidates.of({**row, "doc_id": f"a {row['doc_id']}"} for row in FOUND.dicts())
    with pytest.raises(TableError, match=r"document 'a b' cannot stand in one"):
        spaced.write_run(tmp_path / "x.run")
    with pytest.raises(TableError, match="tag 'my run' cannot"):
        FOUND.write_run(tmp_path / "x.run", tag="my run")
    assert not list(tmp_path.iterdir())


def test_a_run_that_cannot_be_written_is_an_error(tmp_path):
    with pytest.raises(TableError, match=r"Cannot write .*no such folder"):
        FOUND.write_run(tmp_path / "no such folder" / "x.run")
