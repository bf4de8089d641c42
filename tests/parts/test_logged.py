"""Logged: the documents of a log in a corpus that was cleaned and split."""

import json
from pathlib import Path

import pytest

from acclimate.errors import TableError
from acclimate.parts._logged import Places, clicked
from acclimate.tables import Corpus, LogFile

PIECES = Corpus.of(
    {"doc_id": f"manual#{n}", "title": "", "text": text, "parent_id": "manual"}
    for n, text in enumerate(("Oil the chain.", "Replace brake pads.", "Brake cables rust."))
)


def log_of(folder: Path, *rows: tuple[str, str, float]) -> LogFile:
    path = folder / "clicks.jsonl"
    lines = [json.dumps({"query": q, "doc_id": d, "clicks": c}) for q, d, c in rows]
    path.write_text("\n".join(lines), "utf-8")
    return LogFile(str(path))


def test_of_a_split_document_the_piece_with_most_words_of_the_query_is_meant() -> None:
    places = Places(PIECES)
    assert places.of("manual", "new brake pads") == 1
    assert places.of("manual", "brake") == 1  # the first of equals
    assert places.of("manual#2", "brake pads") == 2
    assert places.of("other", "brake pads") == -1


def test_a_document_dropped_as_a_duplicate_is_the_one_kept_for_it() -> None:
    corpus = Corpus.read([{"id": "a", "text": "Same text."}, {"id": "b", "text": "Same text."}])
    assert corpus["doc_id"] == ["a"]
    assert Places(corpus).of("b", "text") == 0


def test_rows_of_the_same_words_and_document_are_added_up(tmp_path: Path) -> None:
    log = log_of(tmp_path, ("Oil chain?", "manual#0", 2), ("oil  chain", "manual#0", 3))
    told = clicked(log, PIECES)
    assert dict(told.clicks) == {"oil chain": {0: 5.0}}
    assert dict(told.asked) == {"oil chain": "Oil chain?"}


def test_documents_that_are_not_here_are_counted(tmp_path: Path) -> None:
    told = clicked(log_of(tmp_path, ("oil", "manual", 1), ("oil", "gone", 1)), PIECES)
    assert told.told == {"rows": 2, "of documents that are not here": 1, "such as": ["gone"]}


def test_a_log_of_another_corpus_is_refused(tmp_path: Path) -> None:
    message = r"no document that it names \(such as 'gone'\) is among the 3 documents"
    with pytest.raises(TableError, match=message):
        clicked(log_of(tmp_path, ("oil", "gone", 1)), PIECES)
