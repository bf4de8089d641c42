"""ir_collection: ir_datasets, for real, reads a collection of one's own."""

import ir_datasets
import ir_measures
import pytest

from acclimate.errors import TableError
from acclimate.faces.ir_collection import ir_collection
from acclimate.tables import Corpus, Qrels, Queries
from acclimate.testing import toys

MADE = ir_collection(toys.CORPUS, toys.QUERIES, toys.QRELS)


def test_what_is_read_back_is_what_was_given() -> None:
    assert Corpus.read(MADE).digest == toys.CORPUS.digest
    queries = Queries.read(MADE, split="heldout")
    for column in ("query_id", "text", "split"):
        assert queries[column] == toys.QUERIES[column]
    assert Qrels.read(MADE).digest == toys.QRELS.digest


def test_it_is_found_by_its_name() -> None:
    ir_datasets.registry.register("toys-as-collection", MADE)
    found = ir_datasets.load("toys-as-collection")
    assert found.docs_count() == 12
    assert next(found.docs_iter()).default_text() == toys.CORPUS.contents[0]
    assert Corpus.read("irds:toys-as-collection")["doc_id"] == toys.CORPUS["doc_id"]


def test_its_fields_are_texts_by_type_and_not_by_name() -> None:
    """PyTerrier's `pt.text.get_text` takes fields whose annotation is `str` itself."""
    assert set(MADE.docs_cls().__annotations__.values()) == {str}


def test_documents_are_found_by_their_ids() -> None:
    store = MADE.docs_store()
    (one,) = store.get_many(["bees", "nowhere"]).values()
    assert (one.doc_id, one.title) == ("bees", toys.CORPUS["title"][0])
    assert store.get("chain").doc_id == "chain"
    with pytest.raises(KeyError):
        store.get("nowhere")


def test_its_judgements_measure() -> None:
    run = [
        ir_measures.ScoredDoc(row["query_id"], row["doc_id"], float(row["grade"]))
        for row in toys.QRELS.dicts()
    ]
    measure = ir_measures.nDCG @ 10
    assert ir_measures.calc_aggregate([measure], MADE.qrels_iter(), run) == {measure: 1.0}
    assert MADE.qrels_defs() == {g: f"grade {g}" for g in sorted(set(toys.QRELS["grade"]))}


def test_a_collection_of_documents_alone_has_no_queries() -> None:
    alone = ir_collection(toys.CORPUS)
    assert (alone.has_docs(), alone.has_queries(), alone.has_qrels()) == (True, False, False)
    with pytest.raises(TableError, match="has no queries; it has docs"):
        Queries.read(alone)
