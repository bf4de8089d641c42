"""What callers bring becomes tables; what people judged never trains."""

from __future__ import annotations

from pathlib import Path

import pytest

from acclimate.errors import ModelError, TableError
from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.pipeline.inputs import as_student, read_inputs
from acclimate.tables import Corpus
from acclimate.testing import toys


def beir(folder: Path) -> Path:
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_text('{"_id": "d1", "text": "one"}\n{"_id": "d2", "text": "b"}')
    (folder / "queries.jsonl").write_text(
        '{"_id": "q1", "text": "first"}\n{"_id": "q2", "text": "second"}'
    )
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\n")
    return folder


@pytest.mark.parametrize(
    "given",
    [Student(encoder=Dense("m")), Dense("m"), "m", Path("m")],
    ids=lambda g: type(g).__name__,
)
def test_a_student_may_be_a_student_an_encoder_a_name_or_a_folder(given: object) -> None:
    assert as_student(given) == Student(encoder=Dense("m"))  # type: ignore[arg-type]


def test_anything_else_is_no_student() -> None:
    with pytest.raises(ModelError, match="there is int"):
        as_student(5)  # type: ignore[arg-type]


def test_a_corpus_may_be_a_table_a_path_or_rows(tmp_path: Path) -> None:
    for given in (toys.CORPUS, beir(tmp_path / "b"), [{"id": "1", "text": "a"}]):
        assert isinstance(read_inputs(given, "m").corpus, Corpus)


def test_judged_queries_are_found_in_the_folder_of_the_corpus(tmp_path: Path) -> None:
    folder = beir(tmp_path / "b")
    given = read_inputs(folder, "m", qrels=folder / "qrels" / "test.tsv")
    assert given.judged is not None
    assert given.judged.queries["text"] == ["first"]
    assert given.log is None


def test_a_judged_query_is_taken_out_of_the_log_by_id_and_by_words(tmp_path: Path) -> None:
    folder = beir(tmp_path / "b")
    log = [
        {"id": "q1", "text": "other words"},
        {"id": "x", "text": "first"},
        {"id": "y", "text": "new"},
    ]
    given = read_inputs(
        folder, "m", queries=[*log, {"id": "q2", "text": "second"}], qrels=folder / "qrels/test.tsv"
    )
    assert given.log is not None
    assert given.judged is not None
    # The log names q1 itself: its text there is the judged one.
    assert given.judged.queries["text"] == ["other words"]
    assert given.log["text"] == ["first", "new", "second"]


def test_judgements_without_queries_are_refused() -> None:
    with pytest.raises(TableError, match="Give the queries with --queries"):
        read_inputs(toys.CORPUS, "m", qrels=toys.QRELS)


def test_judgements_of_another_corpus_are_refused() -> None:
    with pytest.raises(TableError, match="of another corpus"):
        read_inputs([{"id": "1", "text": "a"}], "m", queries=toys.QUERIES, qrels=toys.QRELS)
