"""Writers: draws follow the seed, log-probabilities are the model's own."""

from dataclasses import replace

import numpy as np
import pytest

from acclimate.errors import ModelError
from acclimate.models.ref import Ref
from acclimate.models.writers.seq2seq import Seq2Seq
from acclimate.testing.tiny import TEXTS, tiny_encoder, tiny_writer

pytestmark = pytest.mark.integration

PROMPTS = list(TEXTS[:3])


@pytest.fixture(scope="module")
def opened(writer):
    return writer.open("cpu")


def _texts(written):
    return [[text.text for text in texts] for texts in written]


def test_the_same_seed_writes_the_same_and_another_seed_something_else(opened):
    first = opened.write(PROMPTS, count=2, seed=3)
    assert opened.write(PROMPTS, count=2, seed=3) == first
    assert _texts(opened.write(PROMPTS, count=2, seed=4)) != _texts(first)


def test_texts_of_one_prompt_differ_from_each_other(opened):
    for one, two in _texts(opened.write(PROMPTS, count=2, seed=3)):
        assert one != two


def test_more_texts_begin_with_the_same_ones(opened):
    two, four = (opened.write(PROMPTS, count=count, seed=3) for count in (2, 4))
    assert [texts[:2] for texts in _texts(four)] == _texts(two)


def test_other_prompts_in_the_batch_do_not_change_what_is_drawn(opened):
    alone = opened.write(PROMPTS[:1], count=2, seed=3)
    assert _texts(opened.write(PROMPTS, count=2, seed=3))[:1] == _texts(alone)


def test_global_random_numbers_are_left_alone(opened):
    import torch

    before = torch.random.get_rng_state()
    opened.write(PROMPTS, count=2, seed=3)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_temperature_0_writes_the_likeliest_text(writer):
    import torch

    opened = replace(writer, temperature=0).open("cpu")
    inputs = opened.tokenizer(PROMPTS, padding=True, return_tensors="pt")
    with torch.inference_mode():
        tokens = opened.model.generate(
            **inputs, do_sample=False, num_beams=1, max_new_tokens=writer.max_new_tokens
        )
    expected = opened.tokenizer.batch_decode(tokens, skip_special_tokens=True)
    written = opened.write(PROMPTS, count=1, seed=0)
    assert [texts[0].text for texts in written] == [text.strip() for text in expected]


def test_the_log_probability_is_the_mean_over_the_tokens_of_the_text(writer):
    import torch

    opened = replace(writer, max_new_tokens=1, temperature=0).open("cpu")
    inputs = opened.tokenizer(PROMPTS[:1], return_tensors="pt")
    with torch.inference_mode():
        logits = opened.model(**inputs, decoder_input_ids=torch.tensor([[0]])).logits[0, -1]
    expected = float(logits.log_softmax(dim=0).max())
    assert opened.write(PROMPTS[:1], count=1, seed=0)[0][0].log_prob == pytest.approx(
        expected, abs=1e-5
    )


def test_top_k_1_leaves_one_choice(writer):
    one = replace(writer, top_k=1).open("cpu").write(PROMPTS, count=2, seed=3)
    greedy = replace(writer, temperature=0).open("cpu").write(PROMPTS, count=1, seed=0)
    assert _texts(one) == [texts * 2 for texts in _texts(greedy)]


def test_a_tiny_top_p_leaves_one_choice(writer):
    one = replace(writer, top_p=1e-6).open("cpu").write(PROMPTS, count=1, seed=3)
    assert _texts(one) == _texts(
        replace(writer, top_k=1).open("cpu").write(PROMPTS, count=1, seed=3)
    )


def test_draws_have_the_shares_of_the_filtered_distribution():
    import torch

    from acclimate.models.writers.opened import Draw

    # Probabilities .5, .3, .15, .05; top_p .8 keeps the first two: .625 and .375.
    logits = torch.tensor([[0.15, 0.5, 0.05, 0.3]]).log().repeat(4, 1)
    uniforms = np.array([[0.0], [0.62], [0.63], [0.99]], dtype=np.float32)
    draw = Draw(Seq2Seq(top_k=0, top_p=0.8), uniforms)
    left = draw(torch.zeros((4, 1), dtype=torch.long), logits)
    assert left.argmax(dim=1).tolist() == [1, 1, 3, 3]
    assert torch.isinf(left).sum(dim=1).tolist() == [3, 3, 3, 3]
    # Under the model itself, before top_p: ln .5 and ln .3.
    assert draw.means(np.array([1, 1, 1, 1])) == pytest.approx(np.log([0.5, 0.5, 0.3, 0.3]))


def test_a_text_that_ended_early_is_averaged_over_its_own_tokens():
    import torch

    from acclimate.models.writers.opened import Draw

    draw = Draw(Seq2Seq(), np.zeros((2, 2), dtype=np.float32))
    draw.log_probs = [torch.tensor([-1.0, -1.0]), torch.tensor([-3.0, -3.0])]
    assert draw.means(np.array([1, 2])).tolist() == [-1.0, -2.0]


def test_a_prefix_is_read_with_the_prompt_and_prompts_are_cut(writer):
    assert writer.open("cpu").count_tokens(["the pump", TEXTS[0]]).tolist() == [3, 15]
    asked = replace(writer, prefix="relay ", max_length=6).open("cpu")
    assert asked.count_tokens(["the pump", TEXTS[0]]).tolist() == [4, 6]


def test_any_encoder_decoder_can_write(tmp_path):
    from transformers import BertConfig, EncoderDecoderConfig, EncoderDecoderModel

    from acclimate.models.loading import loading

    encoder = tiny_encoder(tmp_path / "encoder")
    tokenizer = encoder.load().tokenizer
    tokenizer.save_pretrained(str(tmp_path / "both"))
    size = {
        "vocab_size": len(tokenizer),
        "hidden_size": 16,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "intermediate_size": 16,
        "max_position_embeddings": 64,
    }
    config = EncoderDecoderConfig.from_encoder_decoder_configs(
        BertConfig(**size), BertConfig(**size)
    )
    model = EncoderDecoderModel(config)
    model.generation_config.decoder_start_token_id = tokenizer.cls_token_id
    model.generation_config.eos_token_id = tokenizer.sep_token_id
    model.generation_config.pad_token_id = tokenizer.pad_token_id
    with loading("both", "a test"):
        model.save_pretrained(str(tmp_path / "both"))
    opened = Seq2Seq(str(tmp_path / "both"), max_new_tokens=4, max_length=32).open("cpu")
    written = opened.write(PROMPTS, count=2, seed=0)
    assert [len(texts) for texts in written] == [2, 2, 2]
    assert all(text.log_prob < 0 for texts in written for text in texts)


def test_it_is_a_ref_whose_fingerprint_is_its_content(writer, tmp_path):
    assert isinstance(writer, Ref)
    assert eval(repr(writer)) == writer  # noqa: S307
    assert tiny_writer(tmp_path / "same").fingerprint() == writer.fingerprint()
    for setting in ({"top_k": 1}, {"top_p": 0.5}, {"temperature": 2.0}, {"prefix": "x"}):
        assert replace(writer, **setting).fingerprint() != writer.fingerprint()


def test_an_encoder_is_not_a_writer(tmp_path):
    folder = tiny_encoder(tmp_path / "encoder").model
    with pytest.raises(ModelError, match="could not be loaded as an encoder-decoder"):
        Seq2Seq(folder).open("cpu")


@pytest.mark.parametrize(
    "setting", [{"top_k": -1}, {"top_p": 0}, {"temperature": -1}, {"max_new_tokens": 0}]
)
def test_settings_that_draw_nothing_are_refused(setting):
    with pytest.raises(ModelError, match="must be"):
        Seq2Seq(**setting)


def test_no_prompts_give_no_texts(opened):
    assert opened.write([], count=2, seed=0) == []
