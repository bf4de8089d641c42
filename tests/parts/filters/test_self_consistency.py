"""SelfConsistency [033]: what was found for a class and looks like another one leaves."""

from typing import cast

import numpy as np
import pytest

from acclimate.errors import RecipeError
from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts.filters import SelfConsistency
from acclimate.parts.filters.self_consistency import consistent, fitted
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries
from acclimate.testing import behaviour
from acclimate.testing.fakes import FakeEncoder, FakeEngine

STUDENT = Student(encoder=cast(Dense, FakeEncoder()))
EACH = 12
WORDS = {"bikes": "wheel chain tyre", "baking": "yeast dough oven"}
CORPUS = Corpus.of(
    {"doc_id": f"{name}-{n}", "title": "", "text": f"{words} number{n}"}
    for name, words in WORDS.items()
    for n in range(EACH)
)
QUERIES = Queries.of(
    {"query_id": f"{name} {n}", "text": name, "kind": f"class {name}", "split": "train"}
    for name in WORDS
    for n in range(2)
)


def found(*pairs: tuple[str, str], source: str = "") -> Candidates:
    """Each class's own documents, found by its first query, and some pairs more."""
    own = [(f"{d.partition('-')[0]} 0", d) for d in CORPUS["doc_id"]]
    return Candidates.of(
        {"query_id": q, "doc_id": d, "rank": n, "score": 0.0, "is_source": d == source,
         "miner": "m"}
        for n, (q, d) in enumerate([*own, *pairs], 1)
    )  # fmt: skip


def kept(candidates: Candidates, queries: Queries = QUERIES) -> tuple[set[tuple[str, str]], dict]:
    ctx = Context(engine=FakeEngine())
    left = SelfConsistency()(CORPUS, queries, candidates, STUDENT, ctx)
    return set(zip(left["query_id"], left["doc_id"], strict=True)), ctx.notes


def test_a_document_of_another_class_leaves_and_is_counted() -> None:
    """[033] retrieved for one class and predicted to be of another."""
    pairs, notes = kept(found(("bikes 1", "baking-3"), ("baking 1", "baking-4")))
    assert ("bikes 1", "baking-3") not in pairs
    assert {("baking 0", "baking-3"), ("baking 1", "baking-4")} <= pairs
    assert len(pairs) == 2 * EACH + 1
    assert notes["dropped"] == {
        "found for 'class baking', of another class": 0,
        "found for 'class bikes', of another class": 1,
    }


def test_of_what_stays_more_is_right_than_of_what_was_found() -> None:
    """[033] label precision of kept documents ≥ that of unfiltered, here with a fifth of errors."""
    rng = np.random.default_rng(0)
    true = np.arange(100) % 3
    vectors = np.eye(8)[true] + 0.2 * rng.normal(size=(100, 8))
    classes = np.where(np.arange(100) % 5 == 0, (true + 1) % 3, true)
    agrees = consistent(vectors, classes, np.arange(100) % 7)
    assert (classes == true).mean() == pytest.approx(0.8)
    assert (classes == true)[agrees].mean() > 0.95
    assert agrees[classes == true].mean() > 0.9


def test_what_a_document_was_found_for_has_no_part_in_what_it_is_judged_to_be() -> None:
    rng = np.random.default_rng(1)
    vectors, classes, fold = rng.normal(size=(40, 4)), np.arange(40) % 3, np.arange(40) % 4
    before = consistent(vectors, classes, fold)
    for other in {0, 1, 2} - {int(classes[8])}:
        changed = np.where(np.arange(40) == 8, other, classes)
        after = consistent(vectors, changed, fold)
        mates = (fold == fold[8]) & (np.arange(40) != 8)
        assert (after[mates] == before[mates]).all()


def test_the_weights_are_where_the_loss_is_least() -> None:
    rng = np.random.default_rng(2)
    rows, classes = rng.normal(size=(30, 3)), np.repeat([0, 1], [24, 6])
    weights = fitted(rows, classes, 2)

    def cost(at: np.ndarray) -> float:
        logits = rows @ at.T
        costs = np.logaddexp(logits[:, 0], logits[:, 1]) - logits[np.arange(30), classes]
        # 24 of one class and 6 of the other weigh 15 each
        return float((costs * np.repeat([15 / 24, 15 / 6], [24, 6])).sum() + (at**2).sum() / 2)

    for step in 1e-3 * np.concatenate([np.eye(6), -np.eye(6)]):
        assert cost(weights + step.reshape(2, 3)) > cost(weights)


def test_the_source_of_a_query_stays() -> None:
    pairs, _ = kept(found(("bikes 1", "baking-3"), source="baking-3"))
    assert ("bikes 1", "baking-3") in pairs


def test_with_one_class_all_stay() -> None:
    same = Queries.of({**row, "kind": "class bikes"} for row in QUERIES.dicts())
    pairs, notes = kept(found(), same)
    assert (len(pairs), notes) == (2 * EACH, {})


def test_a_class_with_one_document_is_not_judged() -> None:
    """No other fold knows it."""
    rare = [*QUERIES.dicts(), {"query_id": "r", "text": "r", "kind": "rare", "split": "train"}]
    pairs, _ = kept(found(("r", "baking-5")), Queries.of(rare))
    assert ("r", "baking-5") in pairs


def test_one_fold_is_refused() -> None:
    with pytest.raises(RecipeError, match="2 or more"):
        SelfConsistency(folds=1)


def test_it_obeys_the_laws_of_filters() -> None:
    behaviour.check_all(SelfConsistency(), folder="filters")
