"""DropoutPairs: a document asks for itself. [035]"""

from acclimate.parts._cloze import readings
from acclimate.parts.generators import DropoutPairs
from acclimate.parts.part import Context
from acclimate.tables import Corpus
from acclimate.testing import toys


def test_query_and_document_are_one_text() -> None:
    """[035]: the same text is encoded twice, title and all; nothing is hidden from either."""
    corpus = Corpus.of([{"doc_id": "a", "title": "Bees", "text": "They hum.\n\n  Twice."}])
    queries = DropoutPairs()(corpus, Context())
    assert queries["text"] == corpus.contents == ["Bees They hum.\n\n  Twice."]
    assert (queries["source_doc_id"], queries["kind"]) == (["a"], ["dropout"])
    assert readings(corpus, queries) == {}


def test_each_document_asks_once_in_the_order_of_the_corpus() -> None:
    queries = DropoutPairs()(toys.CORPUS, Context())
    assert queries["source_doc_id"] == toys.CORPUS["doc_id"]


def test_so_many_are_drawn_by_their_ids() -> None:
    """Another seed draws others; the order of the corpus decides nothing."""
    drawn = {seed: set(named(toys.CORPUS, seed)) for seed in range(4)}
    assert {len(ids) for ids in drawn.values()} == {5}
    assert len({frozenset(ids) for ids in drawn.values()}) > 1
    turned = toys.CORPUS.take(range(len(toys.CORPUS))[::-1])
    assert set(named(turned, 0)) == drawn[0]


def named(corpus: Corpus, seed: int) -> list[str]:
    return DropoutPairs(queries=5)(corpus, Context(seed=seed))["source_doc_id"]


def test_a_document_without_words_does_not_ask() -> None:
    corpus = Corpus.of([{"doc_id": "a", "title": "", "text": "..."}])
    assert len(DropoutPairs()(corpus, Context())) == 0
