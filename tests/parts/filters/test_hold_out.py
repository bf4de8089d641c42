"""HoldOut: queries that train nothing, and none that trains from their documents."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acclimate.errors import RecipeError
from acclimate.parts.filters import HoldOut
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries
from acclimate.testing import toys


def corpus_of(size, parent=None):
    return Corpus.of(
        {
            "doc_id": f"d{i}",
            "title": "",
            "text": f"{i * 7919} document {i} says {i * i} and {i**3}",
            "parent_id": parent(i) if parent else None,
        }
        for i in range(size)
    )


def queries_of(size, each=3, log=0):
    rows = [
        {
            "query_id": f"q{i}-{j}",
            "text": f"question {j} about {i}",
            "source_doc_id": f"d{i}",
            "split": "train",
        }
        for i in range(size)
        for j in range(each)
    ]
    rows += [{"query_id": f"log{i}", "text": f"asked {i}", "split": "train"} for i in range(log)]
    return Queries.of(rows)


def divided(part, corpus, queries, seed=0):
    ctx = Context(seed=seed)
    result = part(corpus, queries, ctx)
    return result, ctx


def held(result):
    return set(result.of_split("heldout")["query_id"])


def test_so_many_queries_are_held_out_by_whole_documents():
    result, ctx = divided(HoldOut(queries=30), corpus_of(100), queries_of(100))
    sources = Counter(result.of_split("heldout")["source_doc_id"])
    assert ctx.notes["heldout"] == 30
    assert set(sources.values()) == {3}
    assert len(result) == 300
    assert result["query_id"] == queries_of(100)["query_id"]


def test_no_training_query_is_from_a_held_out_document():
    result, _ = divided(HoldOut(share=0.3), corpus_of(40), queries_of(40))
    train, out = (set(result.of_split(s)["source_doc_id"]) for s in ("train", "heldout"))
    assert out
    assert not train & out


def test_training_queries_from_near_duplicates_of_held_out_documents_are_dropped():
    text = " ".join(f"word{i}" for i in range(60))
    corpus = Corpus.of(
        [
            {"doc_id": "a", "title": "", "text": text},
            {"doc_id": "like a", "title": "", "text": text.replace("word30", "changed")},
            *(
                {"doc_id": f"d{i}", "title": "", "text": f"{i} other {i * i} text {i**5}"}
                for i in range(6)
            ),
        ]
    )
    queries = Queries.of(
        {"query_id": d, "text": f"about {d}", "source_doc_id": d, "split": s}
        for d, s in [("a", "heldout"), ("like a", "train"), ("d0", "train"), ("d1", "train")]
    )
    result, ctx = divided(HoldOut(queries=1), corpus, queries)
    assert result["query_id"] == ["a", "d0", "d1"]
    reason = "written from a near-duplicate of a held-out document"
    assert ctx.notes["dropped"][reason] == 1
    apart, _ = divided(HoldOut(queries=1, near=1.0), corpus, queries)
    assert len(apart) == 4


def test_a_training_query_with_the_words_of_a_held_out_one_is_dropped():
    corpus = corpus_of(30)
    queries = Queries.of(
        {
            "query_id": f"q{i}",
            "text": f"Question {i % 15}?",
            "source_doc_id": f"d{i}",
            "split": "train",
        }
        for i in range(30)
    )
    result, ctx = divided(HoldOut(queries=5), corpus, queries)
    out = {t.lower() for t in result.of_split("heldout")["text"]}
    assert not out & {t.lower() for t in result.of_split("train")["text"]}
    assert ctx.notes["dropped"]["same words as a held-out query"] > 0


def test_pieces_of_one_parent_are_held_out_together():
    corpus = corpus_of(120, parent=lambda i: f"p{i // 3}")
    result, _ = divided(HoldOut(share=0.2), corpus, queries_of(120, each=1))
    parent = dict(zip(corpus["doc_id"], corpus["parent_id"], strict=True))
    train, out = (
        {parent[s] for s in result.of_split(split)["source_doc_id"]}
        for split in ("train", "heldout")
    )
    assert len(out) == 8  # 24 queries of 120, 3 to a parent
    assert not train & out


def test_pieces_of_few_parents_are_held_out_one_by_one():
    corpus = corpus_of(40, parent=lambda i: "the only one")
    result, _ = divided(HoldOut(share=0.25), corpus, queries_of(40, each=1))
    assert len(held(result)) == 10


def test_queries_of_people_are_divided_in_the_same_proportion():
    result, _ = divided(HoldOut(share=0.2), corpus_of(50), queries_of(50, each=2, log=100))
    log = [q for q in held(result) if q.startswith("log")]
    assert len(log) == 20
    assert len(held(result)) == 40


def test_what_was_held_out_still_is_with_more_documents_or_a_larger_share():
    few, _ = divided(HoldOut(share=0.1), corpus_of(60), queries_of(60))
    larger, _ = divided(HoldOut(share=0.3), corpus_of(60), queries_of(60))
    assert held(few) < held(larger)
    more, _ = divided(HoldOut(queries=60), corpus_of(61), queries_of(61))
    same, _ = divided(HoldOut(queries=60), corpus_of(60), queries_of(60))
    assert len(held(more) & held(same)) >= 57


def test_another_seed_holds_out_other_documents():
    one, other = (held(divided(HoldOut(), corpus_of(60), queries_of(60), s)[0]) for s in (0, 1))
    assert one != other


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 12), st.integers(1, 3), st.integers(0, 5), st.floats(0, 0.5), st.integers(0, 3)
)
def test_holding_out_twice_changes_nothing_and_something_is_left_to_train(
    size, each, log, share, seed
):
    corpus, queries = corpus_of(size), queries_of(size, each, log)
    once, _ = divided(HoldOut(share=share), corpus, queries, seed)
    twice, _ = divided(HoldOut(share=share), corpus, once, seed)
    assert twice.digest == once.digest
    assert len(once.of_split("train")) > 0 or not len(queries)


def test_more_than_half_is_never_held_out():
    result, _ = divided(HoldOut(queries=1_000), corpus_of(30), queries_of(30, each=1))
    assert len(held(result)) == 15


def test_one_document_trains():
    result, _ = divided(HoldOut(queries=5), toys.CORPUS.head(1), toys.WRITTEN.head(1))
    assert result["split"] == ["train"]


@pytest.mark.parametrize(
    ("settings_", "message"),
    [({"share": 0.9}, "between 0 and 0.5"), ({"queries": -1}, "0 or more"), ({"near": 0}, "above")],
)
def test_settings_out_of_range_are_refused(settings_, message):
    with pytest.raises(RecipeError, match=message):
        HoldOut(**settings_)
