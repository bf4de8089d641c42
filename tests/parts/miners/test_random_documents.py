"""RandomDocuments: documents that nobody looked for."""

from collections import Counter

from acclimate.parts.miners import RandomDocuments
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries
from acclimate.testing import toys

CORPUS = Corpus.of({"doc_id": f"d{i}", "title": "", "text": "x"} for i in range(50))
QUERIES = Queries.of(
    {"query_id": f"q{i}", "text": "?", "source_doc_id": "d7", "split": "train"} for i in range(400)
)


def test_each_query_has_so_many_others_and_its_source_first():
    found = RandomDocuments(count=5)(CORPUS, QUERIES, Context())
    assert Counter(found["query_id"]) == {f"q{i}": 6 for i in range(400)}
    assert set(found.where("rank", [1])["doc_id"]) == {"d7"}
    assert set(found["score"]) == {0}


def test_every_document_is_drawn_about_as_often():
    found = RandomDocuments(count=5)(CORPUS, QUERIES, Context()).where("is_source", [False])
    counts = Counter(found["doc_id"])
    assert len(counts) == 49  # 2,000 draws: 41 each, standard deviation 6
    assert min(counts.values()) > 18
    assert max(counts.values()) < 70


def test_a_query_gets_the_same_documents_in_any_company():
    part = RandomDocuments(count=5)
    alone = part(CORPUS, QUERIES.take([17]), Context())
    among = part(CORPUS, QUERIES, Context()).where("query_id", ["q17"])
    assert alone.digest == among.digest


def test_a_small_corpus_gives_all_it_has():
    found = RandomDocuments(count=100)(toys.CORPUS, toys.WRITTEN.head(1), Context())
    assert sorted(found["doc_id"]) == sorted(toys.CORPUS["doc_id"])


def test_a_query_without_a_source_gets_documents_all_the_same():
    found = RandomDocuments(count=3)(toys.CORPUS, toys.QUERIES, Context())
    assert len(found) == 6 * 3
    assert not any(found["is_source"])


def test_another_seed_draws_other_documents():
    part = RandomDocuments(count=5)
    one, other = (part(CORPUS, QUERIES, Context(seed=s))["doc_id"] for s in (0, 1))
    assert one != other


def test_nothing_to_draw_from_gives_nothing():
    assert len(RandomDocuments()(Corpus.empty(), QUERIES, Context())) == 0
    one = RandomDocuments()(CORPUS.take([7]), QUERIES.head(1), Context())
    assert one["doc_id"] == ["d7"]
