"""CrossFitNoise: pairs judged by a model of the others. [064]"""

from typing import cast

import numpy as np
import pytest

from acclimate.errors import RecipeError
from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts.filters import CrossFitNoise
from acclimate.parts.filters.cross_fit_noise import cross_fitted, fitted
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries
from acclimate.testing import behaviour
from acclimate.testing.fakes import FakeEncoder, FakeEngine

STUDENT = Student(encoder=cast(Dense, FakeEncoder()))
COUNT = 60


def vectors(noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Queries beside their documents, all of length one."""
    rng = np.random.default_rng(0)
    documents = rng.normal(size=(COUNT, 16))
    queries = documents + noise * rng.normal(size=documents.shape)
    return tuple(v / np.linalg.norm(v, axis=1, keepdims=True) for v in (queries, documents))


def flipped(share: float) -> tuple[np.ndarray, np.ndarray]:
    """Each query's document, of which a share has another's, and which are right."""
    own = np.arange(COUNT)
    wrong = np.arange(int(share * COUNT)) * 5
    own[wrong] = np.roll(wrong, 1)
    return own, own == np.arange(COUNT)


def test_with_a_fifth_of_wrong_pairs_nearly_all_that_stay_are_right() -> None:
    """[064]: 20 % flipped: precision above 95 %, more than 70 % of the clean ones kept."""
    own, right = flipped(0.2)
    luck = np.arange(COUNT, dtype=np.uint64) * np.uint64(7919)
    likely = cross_fitted(*vectors(0.5), own, np.arange(COUNT) % 5, luck)
    kept = likely >= 0.5
    assert right[kept].mean() > 0.95
    assert kept[right].mean() > 0.7


def test_no_pair_is_judged_by_a_model_that_has_seen_it() -> None:
    """[064]: what a pair is has no part in how likely it is found."""
    queries, documents = vectors(0.5)
    own, fold = np.arange(COUNT), np.arange(COUNT) % 5
    luck = np.arange(COUNT, dtype=np.uint64) * np.uint64(7919)
    before = cross_fitted(queries, documents, own, fold, luck)
    other = own.copy()
    other[0] = 7  # of fold 0: its own judges have not seen it, all others have
    after = cross_fitted(queries, documents, other, fold, luck)
    same = (fold == 0) & (own > 0)
    assert after[same] == pytest.approx(before[same], abs=1e-12)
    assert not np.allclose(after[fold != 0], before[fold != 0], atol=1e-9)


def test_rows_are_told_apart_by_the_gradient_being_nothing() -> None:
    rng = np.random.default_rng(1)
    true, wrong = rng.normal(1.0, 1.0, (30, 3)), rng.normal(-1.0, 1.0, (120, 3))
    weights = fitted(true, wrong)

    def cost(at: np.ndarray) -> float:
        costs = np.logaddexp(0, -true @ at).sum() + np.logaddexp(0, wrong @ at).sum() / 4
        return float(costs + at @ at / 2)

    steps = 1e-3 * np.concatenate([np.eye(3), -np.eye(3)])
    assert all(cost(weights + step) > cost(weights) for step in steps)


def corpus_and_queries() -> tuple[Corpus, Queries]:
    words = [f"w{n}a w{n}b w{n}c w{n}d" for n in range(20)]
    corpus = Corpus.of(
        {"doc_id": f"d{n}", "title": "", "text": text} for n, text in enumerate(words)
    )
    queries = Queries.of(
        {"query_id": f"q{n}", "text": " ".join(text.split()[:3]), "split": "train",
         "source_doc_id": f"d{n}" if n else None}
        for n, text in enumerate(words)
    )  # fmt: skip
    return corpus, queries


def test_a_threshold_of_0_keeps_all() -> None:
    """[064]"""
    corpus, queries = corpus_and_queries()
    ctx = Context(engine=FakeEngine())
    assert len(CrossFitNoise(threshold=0)(corpus, queries, STUDENT, ctx)) == len(queries)


def test_a_pair_that_shares_nothing_goes_and_a_query_without_a_source_stays() -> None:
    corpus, queries = corpus_and_queries()
    rows = queries.dicts()
    rows[5]["source_doc_id"], rows[6]["source_doc_id"] = "d6", "d5"
    ctx = Context(engine=FakeEngine())
    kept = CrossFitNoise(threshold=0.5)(corpus, Queries.of(rows), STUDENT, ctx)["query_id"]
    assert {"q5", "q6"}.isdisjoint(kept)
    assert "q0" in kept
    dropped = ctx.notes["dropped"]["less likely than 0.5 to belong together"]
    assert dropped == len(queries) - len(kept)


@pytest.mark.parametrize("settings", [{"folds": 1}, {"threshold": 1.0}, {"threshold": -0.1}])
def test_settings_without_a_meaning_are_refused(settings: dict) -> None:
    with pytest.raises(RecipeError, match="2 folds or more"):
        CrossFitNoise(**settings)


def test_it_obeys_the_laws_of_filters() -> None:
    behaviour.check_all(CrossFitNoise(), folder="filters")
