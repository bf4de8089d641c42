"""The toy collection: twelve documents whose right answers are known by reading them."""

from acclimate.testing import toys
from acclimate.testing.fakes import words


def test_every_judgement_names_a_question_and_a_document_that_exist():
    assert set(toys.QRELS["query_id"]) == set(toys.QUERIES["query_id"])
    assert set(toys.QRELS["doc_id"]) <= set(toys.CORPUS["doc_id"])


def test_every_document_has_a_written_query_of_its_own_words():
    texts = dict(zip(toys.CORPUS["doc_id"], toys.CORPUS["text"], strict=True))
    assert toys.WRITTEN["source_doc_id"] == toys.CORPUS["doc_id"]
    for row in toys.WRITTEN.dicts():
        assert set(words(row["text"])) <= set(words(texts[row["source_doc_id"]]))


def test_the_tides_are_explained_first_by_tides_and_then_by_the_moon():
    of_q3 = toys.QRELS.where("query_id", ["q3"])
    assert (of_q3["doc_id"], of_q3["grade"]) == (["tides", "moon"], [2, 1])


def test_questions_are_held_out_and_written_queries_train():
    assert set(toys.QUERIES["split"]) == {"heldout"}
    assert set(toys.WRITTEN["split"]) == {"train"}
