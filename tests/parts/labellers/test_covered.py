"""Covered: the share of the wanted words that a document holds. [047]"""

from acclimate.parts.labellers import Covered
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries
from acclimate.testing.fakes import FakeEngine

CORPUS = Corpus.of(
    {"doc_id": name, "title": title, "text": text}
    for name, title, text in (
        ("own", "list the states", "answer state all"),
        ("both", "", "answer all of a state"),
        ("one", "", "state"),
    )
)
QUERIES = Queries.of(
    {"query_id": q, "text": "list the states", "source_doc_id": s, "split": "train"}
    for q, s in (("q", "own"), ("log", None))
)
FOUND = Candidates.of(
    {"query_id": q, "doc_id": d, "rank": r, "score": 0.0, "is_source": False, "miner": "m"}
    for q in ("q", "log")
    for r, d in enumerate(CORPUS["doc_id"], 1)
)


def values(part: Covered) -> dict[tuple[str, str], float]:
    labels = part(CORPUS, QUERIES, FOUND, Context(engine=FakeEngine()))
    pairs = zip(labels["query_id"], labels["doc_id"], strict=True)
    return dict(zip(pairs, [round(v, 4) for v in labels["value"]], strict=True))


def test_the_words_of_the_query() -> None:
    told = values(Covered())
    assert told["q", "own"] == 1.0
    assert told["log", "both"] == told["log", "one"] == 0.0


def test_the_words_of_the_output_without_the_example_itself() -> None:
    """answer, state, all: "both" has the three, "one" the second."""
    assert values(Covered(target="output")) == {("q", "both"): 1.0, ("q", "one"): 0.3333}
