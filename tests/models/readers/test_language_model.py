"""LanguageModel: log-likelihoods of a text after a context, token by token."""

from dataclasses import replace

import numpy as np
import pytest

from acclimate.engines.local import Local
from acclimate.errors import ModelError
from acclimate.models.readers import LanguageModel
from acclimate.models.readers import opened as opened_module
from acclimate.models.readers.opened import TAIL, _cut
from acclimate.models.ref import Ref
from acclimate.testing.tiny import TEXTS

pytestmark = pytest.mark.integration

TEXT = "reset the relay"
OTHERS = ["open the valve", "the motor stops when the bearing makes a noise"]


@pytest.fixture(params=["causal", "encoder_decoder"])
def reader(request: pytest.FixtureRequest) -> LanguageModel:
    return request.getfixturevalue(request.param)


def by_hand(reader: LanguageModel, text: str, context: str) -> list[float]:
    """The log-probability of each token of a text, one call of the model for each."""
    import torch

    opened = reader.open("cpu")
    wanted = opened.tokenizer(text, add_special_tokens=False)["input_ids"]
    before = opened.tokenizer(context)["input_ids"]
    found = []
    for place, token in enumerate(wanted):
        with torch.inference_mode():
            if opened.writes_apart:
                decoded = [opened.model.config.decoder_start_token_id, *wanted[:place]]
                logits = opened.model(
                    input_ids=torch.tensor([before]), decoder_input_ids=torch.tensor([decoded])
                ).logits
            else:
                logits = opened.model(input_ids=torch.tensor([before + wanted[:place]])).logits
        found.append(float(logits[0, -1].log_softmax(dim=-1)[token]))
    return found


def test_the_likelihood_is_the_mean_over_the_texts_own_tokens(reader: LanguageModel) -> None:
    """[017] per-token mean of log p(question token | passage, tokens before)."""
    expected = np.mean(by_hand(reader, TEXT, TEXTS[0]))
    assert reader.open("cpu").score([TEXT], [TEXTS[0]])[0] == pytest.approx(expected, abs=1e-5)


def test_a_sum_is_the_product_of_the_chances(reader: LanguageModel) -> None:
    """[048] the likelihood is summed over the tokens of the output only."""
    total = replace(reader, per_token=False).open("cpu").score([TEXT], [TEXTS[1]])[0]
    chances = np.exp(by_hand(reader, TEXT, TEXTS[1]))
    assert np.exp(total) == pytest.approx(np.prod(chances), rel=1e-4)


def test_padding_by_the_others_of_a_batch_changes_nothing(reader: LanguageModel) -> None:
    """[048] padding of the context leaves a likelihood unchanged under masking."""
    opened = reader.open("cpu")
    texts, contexts = [TEXT, *OTHERS], [TEXTS[0], TEXTS[0] + " " + TEXTS[1], "the"]
    together = opened.score(texts, contexts)
    alone = [opened.score([t], [c])[0] for t, c in zip(texts, contexts, strict=True)]
    assert together == pytest.approx(alone, abs=1e-5)


def test_a_large_vocabulary_is_read_in_pieces(
    reader: LanguageModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = reader.open("cpu")
    texts, contexts = [TEXT, *OTHERS], list(TEXTS[:3])
    whole = opened.score(texts, contexts)
    monkeypatch.setattr(opened_module, "LOGITS", 1)
    assert opened.score(texts, contexts) == pytest.approx(whole.tolist(), abs=1e-5)


def test_an_empty_context_is_read_from_a_beginning(causal: LanguageModel) -> None:
    expected = np.mean(by_hand(causal, TEXT, "<s>"))
    assert causal.open("cpu").score([TEXT], [""])[0] == pytest.approx(expected, abs=1e-5)


def test_an_empty_text_is_certain(reader: LanguageModel) -> None:
    opened = reader.open("cpu")
    assert opened.score(["", TEXT], [TEXTS[0]] * 2)[0] == 0
    assert opened.score([], []).shape == (0,)


def test_tokens_of_text_and_context_are_counted(reader: LanguageModel) -> None:
    opened = reader.open("cpu")
    special = 1 if opened.writes_apart else 0
    assert opened.count_tokens([TEXT], ["open the valve slowly"]).tolist() == [3 + 4 + special]


def test_a_long_context_keeps_its_beginning_and_its_end() -> None:
    context = list(range(300))
    assert _cut(context, 300) == context
    assert _cut(context, 200) == [*range(200 - TAIL), *range(300 - TAIL, 300)]
    assert _cut(context, 5) == [0, 1, 2, 298, 299]


def test_text_and_context_fit_the_length(reader: LanguageModel) -> None:
    short = replace(reader, max_length=8).open("cpu")
    long = " ".join(["valve"] * 50)
    assert short.count_tokens([long, "valve"], [long, long]).tolist() == [8, 8]
    assert np.isfinite(short.score([long], [long])).all()


def test_it_is_a_scorer_that_the_engine_asks_once(causal: LanguageModel, tmp_path) -> None:
    assert isinstance(causal, Ref)
    engine = Local(device="cpu", folder=tmp_path, precision="float32")
    first = engine.score(causal, [TEXT, TEXT], [TEXTS[0], TEXTS[1]])
    assert engine.score(causal, [TEXT], [TEXTS[1]]).tolist() == [first[1]]
    assert first == pytest.approx(causal.open("cpu").score([TEXT] * 2, list(TEXTS[:2])), abs=1e-5)


def test_bfloat16_is_nearly_the_same(causal: LanguageModel) -> None:
    opened = causal.open("cpu")
    single = opened.score([TEXT], [TEXTS[0]])
    opened.halve()
    assert opened.score([TEXT], [TEXTS[0]]) == pytest.approx(single, rel=0.02)


def test_the_fingerprint_follows_settings_and_weights(
    causal: LanguageModel, encoder_decoder: LanguageModel
) -> None:
    refs = (
        causal, encoder_decoder, replace(causal, per_token=False), replace(causal, max_length=64)
    )  # fmt: skip
    assert len({ref.fingerprint() for ref in refs}) == 4


def test_a_model_that_is_no_language_model_is_refused(encoder) -> None:
    with pytest.raises(ModelError, match="which gives no likelihoods"):
        LanguageModel(encoder.model).open("cpu")


def test_a_length_that_no_text_fits_is_refused() -> None:
    with pytest.raises(ModelError, match="at least 2"):
        LanguageModel("some-model", max_length=1)
