"""Queries.read: queries of people."""

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
        },
        {
            "query_id": "q3",
            "text": "what is a valve",
            "source_doc_id": None,
            "log_prob": None,
            "kind": "log",
            "split": "train",
            "topic": None,
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


def test_empty_queries_are_skipped_and_none_at_all_is_an_error():
    queries = Queries.read([{"id": 1, "text": " "}, {"id": 2, "text": "a"}])
    assert queries.intake.reasons == {"empty text: skipped": 1}
    with pytest.raises(TableError, match="No query came in"):
        Queries.read([{"id": 1, "text": " "}])


def test_a_part_of_a_split_can_be_chosen():
    queries = Queries.columns(query_id=["a", "b"], text=["x", "y"], split=["train", "heldout"])
    assert queries.of_split("heldout")["query_id"] == ["b"]
