"""Queries.read: queries of people."""

import pyarrow as pa
import pytest

from acclimate.errors import TableError
from acclimate.tables import Queries


def test_a_text_file_has_one_query_per_line(tmp_path):
    path = tmp_path / "log.txt"
    path.write_bytes("\ufeffhow do pumps work\r\n\r\nwhat is  a\u2028valve\r\n".encode())
    queries = Queries.read(path)
    assert queries.dicts() == [
        {
            "query_id": "q1",
            "text": "how do pumps work",
            "source_doc_id": None,
            "log_prob": None,
            "kind": "log",
            "split": "train",
            "topic": None,
            "answer": None,
        },
        {
            "query_id": "q3",
            "text": "what is a valve",
            "source_doc_id": None,
            "log_prob": None,
            "kind": "log",
            "split": "train",
            "topic": None,
            "answer": None,
        },
    ]


def test_a_line_asked_before_is_dropped_and_counted(tmp_path):
    (tmp_path / "log.txt").write_text("pumps\nvalves\npumps\n")
    queries = Queries.read(tmp_path / "log.txt")
    assert queries["text"] == ["pumps", "valves"]
    assert queries.intake.reasons == {"asked before: dropped": 1}
    assert queries.intake.examples == {"asked before: dropped": ("log.txt, line 3",)}


def test_queries_with_ids_of_their_own_stay_apart():
    rows = [
        {"qid": 1, "query": "pumps"},
        {"qid": 2, "query": "pumps"},
        {"qid": 1, "query": "pumps"},
    ]
    queries = Queries.read(rows, kind="trec", split="heldout")
    assert queries["query_id"] == ["1", "2"]
    assert set(queries["kind"]) == {"trec"}
    assert set(queries["split"]) == {"heldout"}
    assert queries.intake.reasons == {"identical row (same id and text): dropped": 1}


def test_two_texts_under_one_id_are_refused():
    with pytest.raises(TableError, match=r"row 2: the id '1' is already there .*\(row 1\)"):
        Queries.read([{"id": 1, "text": "a"}, {"id": 1, "text": "b"}])


def test_a_beir_folder_and_a_csv_are_read(tmp_path):
    (tmp_path / "queries.jsonl").write_text('{"_id": "1", "text": "a", "metadata": {}}\n')
    (tmp_path / "log.csv").write_text('question,kind\n"what, then?",keyword\n')
    assert Queries.read(tmp_path)["text"] == ["a"]
    queries = Queries.read(tmp_path / "log.csv")
    assert queries["text"] == ["what, then?"]
    assert queries["kind"] == ["keyword"]


def test_an_answer_comes_along(tmp_path):
    (tmp_path / "asked.csv").write_text("question,answer\nwhen?,1932\nwho?,\n")
    assert Queries.read(tmp_path / "asked.csv")["answer"] == ["1932", None]
    (tmp_path / "asked.csv").write_text("question,gold\nwhen?,1932\n")
    assert Queries.read(tmp_path / "asked.csv")["answer"] == [None]
    assert Queries.read(tmp_path / "asked.csv", fields={"answer": "gold"})["answer"] == ["1932"]


def test_of_several_answers_the_first_is_taken_and_what_is_no_text_is_left_out():
    rows = [
        {"text": "a", "answer": ["1932", "in 1932"]},
        {"text": "b", "answer": True},
        {"text": "c", "answer": []},
        {"text": "d", "answer": {"text": "1932"}},
    ]
    queries = Queries.read(rows)
    assert queries["answer"] == ["1932", None, None, None]
    assert queries.intake.reasons == {
        "several answers: the first taken": 1,
        "an answer that is no text: left out": 2,
    }


def test_a_table_written_without_answers_is_opened_without_them(tmp_path):
    """Runs of before the column go on."""
    queries = Queries.of([{"query_id": "q", "text": "x", "split": "train", "answer": "y"}])
    old = queries.rows.drop_columns(["answer"])
    path = tmp_path / "queries.arrow"
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, old.schema) as writer:
        writer.write_table(old)
    assert Queries.open(path)["answer"] == [None]
    queries.write(path)
    assert Queries.open(path)["answer"] == ["y"]


def test_empty_queries_are_skipped_and_none_at_all_is_an_error():
    queries = Queries.read([{"id": 1, "text": " "}, {"id": 2, "text": "a"}])
    assert queries.intake.reasons == {"empty text: skipped": 1}
    with pytest.raises(TableError, match="No query came in"):
        Queries.read([{"id": 1, "text": " "}])


def test_a_part_of_a_split_can_be_chosen():
    queries = Queries.columns(query_id=["a", "b"], text=["x", "y"], split=["train", "heldout"])
    assert queries.of_split("heldout")["query_id"] == ["b"]
