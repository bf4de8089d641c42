"""AnswerMatch: the answer's words stand in the document. [080] [109]"""

from pathlib import Path

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.generators import QueryLog
from acclimate.parts.labellers import AnswerMatch, BestInTop
from acclimate.parts.miners import BM25
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, LogFile, Queries
from acclimate.testing import behaviour
from acclimate.testing.fakes import FakeEngine

TEXTS = {
    "source": "The bridge was opened in 1932 by the mayor.",
    "year": "In 1932 the river froze.",
    "none": "The mayor opened a school.",
    "part": "Bolt 19320 holds the bridge.",
}
CORPUS = Corpus.of({"doc_id": d, "title": "", "text": t} for d, t in TEXTS.items())
QUERIES = Queries.of(
    {"query_id": q, "text": t, "source_doc_id": "source", "split": "train"}
    for q, t in (("masked", "The bridge was opened in [MASK] by the mayor"), ("plain", "bridge"))
)


def candidates(*names: str) -> Candidates:
    return Candidates.of(
        {
            "query_id": q, "doc_id": d, "rank": r, "score": 0.0,
            "is_source": d == "source", "miner": "m",
        }
        for q in ("masked", "plain")
        for r, d in enumerate(names, 1)
    )  # fmt: skip


FOUND = candidates(*TEXTS)


def test_documents_with_the_answer_are_1_and_the_others_0() -> None:
    """[080]: which retrieved blocks hold the answer string."""
    ctx = Context()
    labels = AnswerMatch()(CORPUS, QUERIES, FOUND, ctx)
    assert labels["query_id"] == ["masked"] * 4
    assert dict(zip(labels["doc_id"], labels["value"], strict=True)) == {
        "source": 1, "year": 1, "none": 0, "part": 0,
    }  # fmt: skip
    assert ctx.notes["answers"] == {"queries with an answer": 1, "documents that hold it": 2}


def test_with_rules_of_rank_only_what_is_found_first_is_believed() -> None:
    """[109]: the best of the answer-bearing in the first two, else in the first ten."""
    found = candidates("none", "part", "year", "source")
    accepted = AnswerMatch()(CORPUS, QUERIES, found, Context())
    labels = BestInTop(rules=((1, 2), (1, 10)))(found, accepted, Context())
    assert list(zip(labels["doc_id"], labels["value"], strict=True)) == [("year", 1)]


def test_questions_of_a_file_and_their_answers_go_the_whole_way(tmp_path: Path) -> None:
    """[104]: a file of questions, what a search finds for them, and which of it has the answer."""
    path = tmp_path / "asked.jsonl"
    path.write_text(
        '{"question": "When was the bridge over the river opened?", "answer": "1932"}\n'
        '{"question": "Who opened the school?"}\n'
    )
    asked = QueryLog(log=LogFile(str(path)))(CORPUS, Context())
    ctx = Context(engine=FakeEngine())
    found = BM25(depth=4)(CORPUS, asked, ctx)
    labels = AnswerMatch()(CORPUS, asked, found, ctx)
    assert set(labels["query_id"]) == {asked["query_id"][0]}  # nobody knows the other's answer
    assert dict(zip(labels["doc_id"], labels["value"], strict=True)) == {
        "source": 1, "year": 1, "none": 0, "part": 0,
    }  # fmt: skip


def test_another_mask_is_another_query() -> None:
    assert len(AnswerMatch(mask="<mask>")(CORPUS, QUERIES, FOUND, Context())) == 0


def test_a_mask_that_cannot_be_seen_is_refused() -> None:
    with pytest.raises(RecipeError, match="finds no answer"):
        AnswerMatch(mask="")


def test_it_obeys_the_laws_of_labellers() -> None:
    behaviour.check_all(AnswerMatch(), folder="labellers")
