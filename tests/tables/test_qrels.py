"""Qrels.read: judgements of people, as BEIR and TREC write them."""

import gzip

import pytest

from acclimate.errors import TableError
from acclimate.tables import Qrels


def test_beir_with_a_header_plain_and_compressed(tmp_path):
    lines = "query-id\tcorpus-id\tscore\r\n1\td1\t2\r\n2\td2\t0\r\n"
    (tmp_path / "test.tsv").write_text(lines, newline="")
    (tmp_path / "test.tsv.gz").write_bytes(gzip.compress(lines.encode()))
    for name in ("test.tsv", "test.tsv.gz"):
        assert Qrels.read(tmp_path / name).dicts() == [
            {"query_id": "1", "doc_id": "d1", "grade": 2},
            {"query_id": "2", "doc_id": "d2", "grade": 0},
        ]


def test_trec_with_four_columns(tmp_path):
    (tmp_path / "qrels.txt").write_text("1 0 d1 2\n1  0  d2  -1\n\n2 Q0 d1 0\n")
    assert [row["grade"] for row in Qrels.read(tmp_path / "qrels.txt").dicts()] == [2, -1, 0]


def test_three_columns_without_a_header(tmp_path):
    (tmp_path / "qrels.tsv").write_text("1\td1\t2\n2\td2\t0\n")
    assert Qrels.read(tmp_path / "qrels.tsv")["grade"] == [2, 0]


def test_rows_in_memory_and_jsonl(tmp_path):
    (tmp_path / "qrels.jsonl").write_text('{"qid": 1, "docid": 7, "relevance": 1.0}\n')
    assert Qrels.read(tmp_path / "qrels.jsonl").dicts() == [
        {"query_id": "1", "doc_id": "7", "grade": 1}
    ]
    assert Qrels.read([{"query_id": "1", "doc_id": "7", "grade": 1}])["grade"] == [1]


def test_a_folder_gives_the_split_asked_for_else_test_else_the_only_one(tmp_path):
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "dev.tsv").write_text("query-id\tcorpus-id\tscore\n1\td1\t1\n")
    assert Qrels.read(tmp_path)["query_id"] == ["1"]
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n2\td1\t1\n")
    assert Qrels.read(tmp_path)["query_id"] == ["2"]
    assert Qrels.read(tmp_path, split="dev")["query_id"] == ["1"]
    with pytest.raises(TableError, match=r"no qrels/tst.tsv. Did you mean 'test'"):
        Qrels.read(tmp_path, split="tst")


def test_a_grade_that_is_no_whole_number_is_refused_by_line(tmp_path):
    (tmp_path / "q.tsv").write_text("query-id\tcorpus-id\tscore\n1\td1\t1\n2\td1\t0.5\n")
    with pytest.raises(
        TableError, match=r"q\.tsv, line 3: a grade must be a whole number .*'0\.5'"
    ):
        Qrels.read(tmp_path / "q.tsv")


def test_an_identical_line_is_dropped_and_another_grade_refused(tmp_path):
    path = tmp_path / "q.tsv"
    path.write_text("query-id\tcorpus-id\tscore\n1\td1\t1\n1\td1\t1\n")
    assert Qrels.read(path).intake.reasons == {"identical row: dropped": 1}
    path.write_text("query-id\tcorpus-id\tscore\n1\td1\t1\n1\td1\t2\n")
    with pytest.raises(TableError, match=r"line 3: .* grade 2 here and 1 at q.tsv, line 2"):
        Qrels.read(path)


def test_a_line_with_too_few_values_is_refused(tmp_path):
    (tmp_path / "q.txt").write_text("1 0 d1 1\n1 0 d2\n")
    with pytest.raises(TableError, match=r"q\.txt, line 2: 3 values"):
        Qrels.read(tmp_path / "q.txt")


def test_a_missing_or_empty_file_is_an_error(tmp_path):
    with pytest.raises(TableError, match="There is no file"):
        Qrels.read(tmp_path / "q.tsv")
    (tmp_path / "q.tsv").write_text("query-id\tcorpus-id\tscore\n")
    with pytest.raises(TableError, match="No judgement came in"):
        Qrels.read(tmp_path / "q.tsv")


def test_judgements_stay_as_they_are_for_a_corpus_without_duplicates():
    from acclimate.tables import Corpus

    qrels = Qrels.columns(query_id=["1"], doc_id=["d"], grade=[1])
    assert qrels.onto(Corpus.read(["a"])) is qrels
