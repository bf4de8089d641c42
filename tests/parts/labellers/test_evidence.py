"""Evidence [079]: a grade counts where the words that it is for stand in the document."""

import pytest

from acclimate.parts.labellers import Evidence
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.recorded import Recorded

TEXTS = {
    "whole": "In spring, it rains. The bridge was opened in 1932!",
    "part": "A bridge was built; others say by the mayor.",
    "nothing": "Bees dance.",
    "invented": "The bridge is red.",
    "cut": "The bridge, which is red, was opened by a queen.",
    "silent": "No answer.",
}
ANSWERS = (
    ("In spring", '{"chances": {"0": 0.0, "1": 0.0, "2": 0.25, "3": 0.75}, '
     '"evidence": "the bridge was opened in 1932", "grade": 3}'),
    ("A bridge was", '{"evidence": "by the mayor", "grade": 1}'),
    ("Bees", '{"evidence": "", "grade": 0}'),
    ("bridge is red", '{"evidence": "The bridge was opened in 1930.", "grade": 3}'),
    ("which is red", '{"evidence": "The bridge was opened by a queen", "grade": 2}'),
)  # fmt: skip
CORPUS = Corpus.of({"doc_id": i, "title": "", "text": t} for i, t in TEXTS.items())
QUERIES = Queries.of([{"query_id": "q", "text": "when was it opened", "split": "train"}])
CANDIDATES = Candidates.of(
    {"query_id": "q", "doc_id": d, "rank": n, "score": 0.0, "is_source": False, "miner": "m"}
    for n, d in enumerate(TEXTS, 1)
)


def labels(**settings) -> tuple[dict[str, float], dict]:
    ctx = Context(engine=FakeEngine())
    part = Evidence(writer=Recorded(answers=ANSWERS), **settings)
    made = part(CORPUS, QUERIES, CANDIDATES, ctx)
    return dict(zip(made["doc_id"], made["value"], strict=True)), ctx.notes["evidence"]


def test_evidence_is_graded_where_the_document_holds_it() -> None:
    """[079] the grade to be expected: 2 · 0.25 + 3 · 0.75 = 2.75."""
    values, told = labels()
    assert values == {"whole": pytest.approx(2.75), "part": 1.0, "nothing": 0.0}
    assert told == {"found": 2, "none": 1, "made up": 2, "no verdict": 1}


def test_or_the_grade_that_was_said() -> None:
    assert labels(expected=False)[0] == {"whole": 3.0, "part": 1.0, "nothing": 0.0}


def test_a_grade_for_words_that_the_document_lacks_or_has_with_others_between_is_no_label() -> None:
    assert {"invented", "cut"}.isdisjoint(labels()[0])


def test_documents_are_shown_one_by_one() -> None:
    writer = Recorded()
    Evidence(writer=writer)(CORPUS, QUERIES, CANDIDATES, Context(engine=FakeEngine()))
    assert [asked.count("</document") for asked in writer.asked] == [1] * len(TEXTS)
