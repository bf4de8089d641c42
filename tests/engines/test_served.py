"""Served: a model's vectors and scores, in the order of the texts, for whoever asks."""

from pathlib import Path

import numpy as np
import pytest

from acclimate.engines.served import Served
from acclimate.errors import ModelError
from acclimate.models.encoders.dense import Dense
from acclimate.parts.loops._written import finished
from acclimate.parts.students import LateInteraction
from acclimate.testing import toys
from acclimate.testing.tiny import tiny_encoder, tiny_scorer

pytestmark = pytest.mark.integration

TEXTS = toys.CORPUS.contents


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> str:
    return tiny_encoder(tmp_path_factory.mktemp("encoder"), texts=TEXTS).model


@pytest.fixture(scope="module")
def scorer(tmp_path_factory: pytest.TempPathFactory) -> str:
    return tiny_scorer(tmp_path_factory.mktemp("scorer"), texts=TEXTS).model


def test_vectors_come_in_the_order_of_the_texts(encoder: str) -> None:
    texts = [TEXTS[0], "a", *TEXTS[1:], TEXTS[0]]
    served = Served(encoder, "cpu")
    together = np.array(served.vectors(texts, kind="document"))
    alone = np.array([served.vectors([text], kind="document")[0] for text in texts])
    assert np.abs(together - alone).max() < 1e-5
    assert served.vectors([], kind="query") == []


def test_scores_are_logits_and_the_best_come_first(scorer: str) -> None:
    served = Served(scorer, "cpu")
    scores = served.scores("tyre and wheel", TEXTS)
    best = served.best("tyre and wheel", TEXTS, 3)
    assert [score for _, score in best] == pytest.approx(sorted(scores, reverse=True)[:3])
    assert [scores[row] for row, _ in best] == pytest.approx([score for _, score in best])
    assert served.best("anything", [TEXTS[0], TEXTS[0]], 2)[0][0] == 0  # ties in their order


def test_a_model_of_the_other_kind_is_refused(encoder: str, scorer: str) -> None:
    with pytest.raises(ModelError, match="it is a reranker"):
        Served(scorer).vectors(["a"], kind="query")
    with pytest.raises(ModelError, match="it is no reranker"):
        Served(encoder).scores("a", ["b"])


def test_a_model_of_token_vectors_is_refused_and_not_averaged(encoder: str, tmp_path: Path) -> None:
    folder = finished(LateInteraction().prepare(Dense(encoder).load()), tmp_path)
    with pytest.raises(ModelError, match=r"a vector for each token.*qdrant, or lancedb"):
        Served(str(folder)).vectors(["a"], kind="document")


def test_a_model_that_is_not_there_is_refused_when_it_is_asked(tmp_path: Path) -> None:
    served = Served(str(tmp_path / "nothing"))
    with pytest.raises(ModelError):
        served.vectors(["a"], kind="query")
