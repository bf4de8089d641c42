"""Contexts: documents that a walk over entities reaches. [008]"""

import pytest

from acclimate.parts._contexts import Contexts
from acclimate.parts._graph import EntityGraph
from acclimate.tables import Corpus

TEXTS = (
    "Ada Lovelace met Mr Babbage.",
    "Mr Babbage built an engine.",
    "An engine has gears.",
    "Bees dance.",
)


def corpus(*parents: str | None) -> Corpus:
    told = parents or (None,) * len(TEXTS)
    return Corpus.of(
        {"doc_id": str(n), "title": "", "text": text, "parent_id": parent}
        for n, (text, parent) in enumerate(zip(TEXTS, told, strict=True))
    )


def test_half_of_the_walks_go_one_step_on() -> None:
    """Ada meets Babbage alone, Babbage Ada and the engine: ¼ + ⅛, ¼ + ¼, ⅛."""
    graph = EntityGraph(TEXTS)
    chances = graph.hop(graph.told[0])
    assert chances == pytest.approx({"ada lovelace": 3 / 8, "mr babbage": 1 / 2, "engine": 1 / 8})
    assert graph.having["mr babbage"] == [0, 1]
    assert graph.hop(["nobody"]) == {"nobody": 1.0}


def test_documents_are_ranked_by_the_chance_to_get_there() -> None:
    """[008]: one-hop neighbours: Babbage's other document, and the engine's, which tells of none of
    the document's own: ½ · ½ + ⅛ · ½, and ⅛ · ½."""
    (own, nearest, next_) = Contexts(corpus()).of(0, size=9)
    assert own == (0, pytest.approx(3 / 8 + 1 / 4))
    assert nearest == (1, pytest.approx(1 / 4 + 1 / 16))
    assert next_ == (2, pytest.approx(1 / 16))


def test_a_context_has_its_size_at_most_and_a_document_about_nothing_is_alone() -> None:
    contexts = Contexts(corpus())
    assert [row for row, _ in contexts.of(0, size=2)] == [0, 1]
    assert contexts.of(3, size=5) == [(3, 0.0)]


def test_of_the_pieces_of_a_document_one_is_taken_and_of_its_own_none() -> None:
    def near(*parents: str | None) -> list[int]:
        return [row for row, _ in Contexts(corpus(*parents)).of(0, size=9)]

    assert near(None, "book", "book", None) == [0, 1]
    assert near("book", "book", None, None) == [0, 2]


def test_what_stands_everywhere_joins_nothing() -> None:
    dated = Corpus.of(
        {"doc_id": str(n), "title": "", "text": f"On 1932 came N{n}."} for n in range(101)
    )
    assert [row for row, _ in Contexts(dated).of(7, size=3)] == [7]
    assert len(Contexts(dated.head(100)).of(7, size=3)) == 3
