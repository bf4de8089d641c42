"""Cross-encoders give raw logits, whatever the saved model would do with them."""

import json
from dataclasses import replace

import numpy as np
import pytest

from acclimate.errors import ModelError
from acclimate.models.ref import Ref
from acclimate.models.scorers.cross_encoder import CrossEncoder
from acclimate.testing.tiny import TEXTS, tiny_scorer

pytestmark = pytest.mark.integration

QUERIES = ["the pump", "a bearing", "the motor"]


def _logits(scorer):
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(scorer.model)
    model = AutoModelForSequenceClassification.from_pretrained(scorer.model).eval()
    with torch.inference_mode():
        inputs = tokenizer(QUERIES, list(TEXTS[:3]), padding=True, return_tensors="pt")
        return model(**inputs).logits[:, 0].numpy()


@pytest.mark.parametrize("activation", ["Sigmoid", "Identity"])
def test_scores_are_the_logits_of_the_head(scorer, tmp_path, activation):
    copy = tiny_scorer(tmp_path / "scorer")
    path = tmp_path / "scorer" / "config.json"
    saved = json.loads(path.read_text())
    saved["sentence_transformers"] = {
        "activation_fn": f"torch.nn.modules.{'activation' if activation == 'Sigmoid' else 'linear'}"
        f".{activation}",
        "version": "6.2.0",
    }
    path.write_text(json.dumps(saved))
    opened = copy.open("cpu")
    assert np.allclose(opened.score(QUERIES, TEXTS[:3]), _logits(scorer), atol=1e-6)
    assert opened.has_activation == (activation == "Sigmoid")


def test_logits_are_not_probabilities(scorer):
    assert scorer.open("cpu").score(QUERIES, TEXTS[:3]).min() < 0


def test_it_is_a_ref_whose_fingerprint_is_its_content(scorer, tmp_path):
    assert isinstance(scorer, Ref)
    assert eval(repr(scorer)) == scorer  # noqa: S307
    assert tiny_scorer(tmp_path / "same").fingerprint() == scorer.fingerprint()
    assert tiny_scorer(tmp_path / "other", seed=1).fingerprint() != scorer.fingerprint()
    assert replace(scorer, max_length=8).fingerprint() != scorer.fingerprint()


def test_pairs_are_cut_at_max_length(scorer):
    # [CLS] the pump [SEP] 14 words [SEP] are 19.
    assert scorer.open("cpu").count_tokens(["the pump"], [TEXTS[0]]).tolist() == [19]
    short = replace(scorer, max_length=10).open("cpu")
    assert short.count_tokens(["the pump"], [TEXTS[0]]).tolist() == [10]
    one, two = short.score(["the pump"] * 2, [TEXTS[0], TEXTS[0] + " and more"])
    assert one == pytest.approx(two, abs=1e-6)


def test_several_outputs_are_refused(tmp_path):
    with pytest.raises(ModelError, match="gives 3 outputs per pair"):
        tiny_scorer(tmp_path / "labels", labels=3).open("cpu")


def test_no_pairs_give_no_scores(scorer):
    assert scorer.open("cpu").score([], []).shape == (0,)


def test_a_length_without_room_is_refused():
    with pytest.raises(ModelError, match="at least 1"):
        CrossEncoder(max_length=0)
