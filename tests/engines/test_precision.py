"""bfloat16 against float32 on real layers, and the rates the choice is made from."""

import numpy as np
import pytest

from acclimate.engines import precision
from acclimate.engines.local import Local
from acclimate.testing.tiny import TEXTS

pytestmark = pytest.mark.integration


def test_a_rate_is_a_positive_number_of_operations_per_second():
    assert all(rate > 0 for rate in precision.matrix_rates())


@pytest.mark.parametrize(
    ("rates", "chosen"), [((100, 131), "bfloat16"), ((100, 129), "float32"), ((90, 45), "float32")]
)
def test_bfloat16_is_chosen_where_it_is_clearly_faster(monkeypatch, rates, chosen):
    monkeypatch.setattr(precision, "matrix_rates", lambda: rates)
    assert precision.chosen("cpu") == chosen


def test_an_engine_in_bfloat16_gives_almost_the_same_vectors_and_scores(tmp_path, encoder, scorer):
    single, half = (
        Local(device="cpu", folder=tmp_path / kind, precision=kind)
        for kind in ("float32", "bfloat16")
    )
    vectors = [engine.encode(encoder, TEXTS, kind="document") for engine in (single, half)]
    assert not np.array_equal(*vectors)
    assert ((vectors[0] * vectors[1]).sum(axis=1) > 0.999).all()
    scores = [engine.score(scorer, [TEXTS[0]] * len(TEXTS), TEXTS) for engine in (single, half)]
    assert not np.array_equal(*scores)
    assert np.allclose(*scores, atol=0.02)


def test_a_real_engine_is_what_sentence_transformers_gives(encoder):
    engine = Local(device="cpu", precision="float32")
    texts = [*TEXTS, TEXTS[0], "", "pump"]
    expected = encoder.load().encode(texts)
    found = engine.encode(encoder, texts, kind="document")
    assert np.allclose(found, expected, atol=1e-6)
    assert np.array_equal(found[0], found[len(TEXTS)])
