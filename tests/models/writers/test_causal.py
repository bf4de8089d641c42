"""Causal models: asked in their own words, drawn by the seed, with the model's own likelihoods.

The model is a GPT-2 whose weights are written by hand: the next token depends on the last one
alone, with probabilities that a test gives. So every log-probability is arithmetic.
"""

from collections.abc import Mapping
from dataclasses import replace
from math import log
from pathlib import Path

import numpy as np
import pytest

from acclimate.errors import ModelError
from acclimate.models.prompts import Form, load
from acclimate.models.ref import Ref
from acclimate.models.writers import Causal
from acclimate.parts.labellers import Graded
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.tiny import tiny_encoder

pytestmark = pytest.mark.integration

TOKENS = (
    "<s>", "</s>", "<unk>", "assistant:", "again:", '{"grade":', "2", "3", "}", "well", "bees",
    "dance", "tides", "rise", "\n",
)  # fmt: skip
WRITES: Mapping[str, Mapping[str, float]] = {
    "<unk>": {"bees": 0.7, "tides": 0.3},
    "bees": {"dance": 1.0},
    "dance": {"\n": 0.8, "</s>": 0.2},
    "tides": {"rise": 1.0},
    "rise": {"</s>": 1.0},
    "\n": {"well": 1.0},
    "well": {"</s>": 1.0},
    "assistant:": {"well": 1.0},
    "again:": {'{"grade":': 1.0},
    '{"grade":': {"2": 0.7, "3": 0.3},
    "2": {"}": 1.0},
    "3": {"}": 1.0},
    "}": {"</s>": 1.0},
}
TURNS = (
    "{% for m in messages %}{{ m['role'] }} {{ m['content'] }} {% endfor %}"
    "{% if messages|length > 2 %}again:{% else %}assistant:{% endif %}"
)
"""A chat template: where an answer is to be repaired, it ends otherwise."""
NO_SYSTEM = "{% if messages[0]['role'] == 'system' %}{{ raise_exception('none') }}{% endif %}"
IMPOSSIBLE = -30.0
TITLE, GRADED = load("kind_title").form, load("graded").form
QUESTIONS = ["title of one ?", "title of another ?"]


def chain(folder: Path, template: str | None = None) -> Causal:
    """A model that goes from token to token as `WRITES` says."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

    size = len(TOKENS)
    rows = {token: row for row, token in enumerate(TOKENS)}
    tokenizer = Tokenizer(models.WordLevel(rows, unk_token=TOKENS[2]))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    special = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, **special)
    fast.chat_template = template
    fast.save_pretrained(str(folder))
    model = GPT2LMHeadModel(
        GPT2Config(
            vocab_size=size, n_positions=512, n_embd=size, n_layer=1, n_head=1, bos_token_id=0,
            eos_token_id=1, tie_word_embeddings=False,
        )
    )  # fmt: skip
    with torch.no_grad():
        for weights in model.parameters():
            weights.zero_()
        model.transformer.wte.weight.copy_(torch.eye(size))
        # The normalised unit vector is √(V−1) at its place and −1/√(V−1) elsewhere: back to it.
        model.transformer.ln_f.weight.fill_((size - 1) ** 0.5 / size)
        model.transformer.ln_f.bias.fill_(1 / size)
        model.lm_head.weight.fill_(IMPOSSIBLE)
        for token, following in WRITES.items():
            for other, probability in following.items():
                model.lm_head.weight[rows[other], rows[token]] = log(probability)
    model.save_pretrained(str(folder))
    return Causal(str(folder), max_new_tokens=12)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Causal:
    return chain(tmp_path_factory.mktemp("plain"))


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Causal:
    return chain(tmp_path_factory.mktemp("chat"), TURNS)


def test_an_answer_ends_where_its_form_says_and_has_the_models_own_likelihood(plain) -> None:
    opened = replace(plain, temperature=0.0, form=TITLE).open("cpu")
    [[written]] = opened.write(QUESTIONS[:1], count=1, seed=0)
    assert written.text == "bees dance"
    # the line's end counts: (ln 0.7 + ln 1 + ln 0.8) / 3
    assert written.log_prob == pytest.approx((log(0.7) + log(0.8)) / 3, abs=2e-3)


def test_a_form_without_an_end_goes_on_to_the_models_own(plain) -> None:
    opened = replace(plain, temperature=0.0, form=Form()).open("cpu")
    [[written]] = opened.write(QUESTIONS[:1], count=1, seed=0)
    assert written.text == "bees dance"  # the first line of "bees dance \n well"
    assert written.log_prob == pytest.approx((log(0.7) + log(0.8)) / 5, abs=2e-3)


def test_draws_follow_the_seed_and_the_probabilities(plain) -> None:
    opened = replace(plain, temperature=1.0, form=TITLE).open("cpu")
    first = opened.write(QUESTIONS, count=40, seed=3)
    assert opened.write(QUESTIONS, count=40, seed=3) == first
    [alone] = opened.write(QUESTIONS[1:], count=2, seed=3)
    assert [w.text for w in alone] == [w.text for w in first[1][:2]]
    assert [w.log_prob for w in alone] == pytest.approx([w.log_prob for w in first[1][:2]])
    starts = [w.text.split()[0] for row in first for w in row]
    assert starts.count("bees") / len(starts) == pytest.approx(0.7, abs=0.15)
    assert starts.count("bees") + starts.count("tides") == 80


def test_a_judgement_is_repaired_once_and_brings_its_probabilities(chat) -> None:
    opened = replace(chat, form=GRADED).open("cpu")
    [[written]] = opened.write(["is it any good ?"], count=1, seed=0)
    assert written.text == ('{"chances": {"0": 0.0, "1": 0.0, "2": 0.7, "3": 0.3}, "grade": 2}')
    assert written.log_prob == pytest.approx(log(0.7) / 4, abs=2e-3)


def test_a_model_that_does_not_chat_has_no_second_chance(plain) -> None:
    opened = replace(plain, form=GRADED).open("cpu")
    [[written]] = opened.write(["is it any good ?"], count=1, seed=0)
    assert (written.text, written.log_prob) == ("", None)


def test_it_grades_as_a_model_behind_an_endpoint_does(chat) -> None:
    corpus = Corpus.columns(doc_id=["a"], title=[""], text=["bees dance"])
    queries = Queries.of([{"query_id": "q", "text": "tides", "split": "train"}])
    pair = {"query_id": "q", "doc_id": "a", "rank": 1, "score": 0.0, "is_source": False}
    candidates = Candidates.of([{**pair, "miner": "m"}])
    labels = Graded(writer=chat)(corpus, queries, candidates, Context(engine=FakeEngine()))
    assert labels["value"] == pytest.approx([2 * 0.7 + 3 * 0.3], abs=1e-3)


def test_the_instruction_is_a_system_message_or_part_of_the_question(chat, tmp_path) -> None:
    form = Form(system="be brief")
    without = chain(tmp_path / "without", NO_SYSTEM + TURNS)
    words = {
        "system": replace(chat, form=form).open("cpu").count_tokens(["what is it"]),
        "no system": replace(without, form=form).open("cpu").count_tokens(["what is it"]),
    }
    # "system be brief user what is it assistant:", "user be brief what is it assistant:"
    assert {name: count.tolist() for name, count in words.items()} == {
        "system": [8], "no system": [7]
    }  # fmt: skip


def test_of_a_long_question_the_middle_is_left_out(plain) -> None:
    opened = replace(plain, temperature=0.0, max_length=5, form=TITLE).open("cpu")
    assert opened.count_tokens(["a " * 50]).tolist() == [5]
    text = "bees " * 30 + "tides"
    written = opened.write([text], count=1, seed=0)
    assert written[0][0].text == "rise"  # it goes on from the last word


def test_no_question_gets_no_answer(plain) -> None:
    assert plain.open("cpu").write([], count=2, seed=0) == []
    assert plain.open("cpu").count_tokens([]).tolist() == []


def test_it_is_a_ref_whose_fingerprint_is_its_content(plain, chat, tmp_path) -> None:
    assert isinstance(plain, Ref)
    assert eval(repr(plain), {"Causal": Causal, "Form": Form}) == plain  # noqa: S307
    assert chain(tmp_path / "same").fingerprint() == plain.fingerprint()
    prints = {
        replace(plain, **changed).fingerprint()
        for changed in ({}, {"top_k": 1}, {"top_p": 0.5}, {"temperature": 2.0}, {"form": TITLE},
                        {"max_length": 9}, {"max_new_tokens": 9}, {"precision": "bfloat16"})
    }  # fmt: skip
    assert len(prints) == 8
    assert chat.fingerprint() not in prints


def test_half_the_memory_writes_too(plain) -> None:
    opened = replace(plain, precision="bfloat16", temperature=0.0, form=TITLE).open("cpu")
    assert opened.write(QUESTIONS, count=1, seed=0)[1][0].text == "bees dance"
    assert str(opened.model.dtype) == "torch.bfloat16"


def test_a_model_that_does_not_write_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="writes nothing"):
        Causal(tiny_encoder(tmp_path / "encoder").model).open("cpu")


@pytest.mark.parametrize(
    "wrong", [{"top_k": -1}, {"top_p": 0.0}, {"temperature": -1.0}, {"max_new_tokens": 0},
              {"max_length": 1}], ids=str
)  # fmt: skip
def test_settings_that_write_nothing_are_refused(wrong) -> None:
    with pytest.raises(ModelError, match="must be"):
        Causal("m", **wrong)


def test_the_likeliest_tokens_are_noted_with_what_was_drawn() -> None:
    import torch

    from acclimate.models.writers.answering import How, Watched

    watched = Watched(How(0.0, 0, 1.0), np.zeros((1, 2), dtype=np.float32))
    for shares in ([0.2, 0.5, 0.3], [0.6, 0.1, 0.3]):
        watched(torch.zeros((1, 1), dtype=torch.long), torch.tensor([shares]).log())
    [first, second] = watched.noted(0)
    assert (first[0], second[0]) == (1, 0)
    assert [token for token, _ in first[1]] == [1, 2, 0]
    assert [p for _, p in second[1]] == pytest.approx(np.log([0.6, 0.3, 0.1]))
