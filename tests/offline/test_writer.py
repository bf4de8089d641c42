"""The writer begins as the encoder, learns to write what it is taught, and opens as any writer."""

import json
import math
from dataclasses import replace

import pytest
import torch

from acclimate.models.weights import find
from acclimate.models.writers.seq2seq import Seq2Seq
from train import options, writer
from train.loop import Plan
from train.vocabulary import encoder, kept
from train.writer import Row, Settings, Writing
from train.writer_model import spread, warm

pytestmark = pytest.mark.integration

SETTINGS = Settings(
    pieces=200,
    longest=64,
    target=24,
    tokens=256,
    frozen=2,
    alone=0,
    encoder_rate=3e-3,
    decoder_rate=1e-2,
)


@pytest.fixture(scope="module")
def folder(base):
    return find(base.model)


@pytest.fixture
def task(pairs, folder):
    return Writing(pairs, folder, SETTINGS, seed=0, device="cpu")


def test_its_encoder_gives_the_vectors_of_the_model_it_grew_from(folder):
    vocabulary = kept(folder)
    ids = torch.arange(5, 35).reshape(2, 15)
    mask = torch.ones_like(ids)
    mask[1, 9:] = 0
    with torch.inference_mode():
        before = encoder(folder, vocabulary)(ids, attention_mask=mask).last_hidden_state
        now = warm(folder, vocabulary).eval().model.encoder(ids, attention_mask=mask)[0]
    assert torch.allclose(before[mask.bool()], now[mask.bool()], atol=1e-4)


def test_its_decoder_looks_at_the_text_as_the_encoder_looks_at_itself(folder):
    model = warm(folder, kept(folder), layers=2).model
    for mine, theirs in zip(model.decoder.layers, model.encoder.layers, strict=True):
        assert torch.equal(mine.encoder_attn.q_proj.weight, theirs.self_attn.q_proj.weight)
        assert torch.equal(mine.fc1.weight, theirs.fc1.weight)


def test_one_matrix_of_word_embeddings_serves_reading_and_writing(folder):
    model = warm(folder, kept(folder))
    assert model.lm_head.weight is model.model.shared.weight
    assert model.model.encoder.embed_tokens.weight is model.model.shared.weight
    assert model.model.decoder.embed_tokens.weight is model.model.shared.weight


def test_layers_are_spread_over_the_encoder():
    assert [spread(6, 1), spread(6, 2), spread(6, 3)] == [[5], [0, 5], [0, 2, 5]]


def test_the_loss_is_the_mean_over_tokens_whatever_shares_the_batch(task):
    task.model.eval()
    two = Row(read=[2, 7, 8, 9, 3], targets=[[2, 10, 11, 3], [2, 12, 3]])
    three = Row(read=[2, 9, 3], targets=[[2, 13, 14, 15, 3]])
    with torch.inference_mode():
        together = task._loss([two, three], frozen=True)
        apart = [task._loss([row], frozen=True) for row in (two, three)]
        told = task.model(
            input_ids=torch.tensor([two.read]), decoder_input_ids=torch.tensor([[2, 12]])
        )
    # Of two rows 3 + 2 and 4 tokens were to be written.
    assert float(together) == pytest.approx((5 * float(apart[0]) + 4 * float(apart[1])) / 9)
    only = Row(read=two.read, targets=[[2, 12, 3]])
    alone = task._loss([only], frozen=True).detach()
    wanted = -told.logits[0][[0, 1], [12, 3]].mean()
    assert float(alone) == pytest.approx(float(wanted), rel=1e-5)


def test_in_the_first_updates_nothing_is_copied(pairs, folder):
    alone = Writing(pairs, folder, replace(SETTINGS, alone=1), seed=0, device="cpu")
    batch = alone.epoch(0)[0]
    alone.loss(batch, 0).backward()
    assert alone.model.choice.weight.grad is None
    alone.loss(batch, 1).backward()
    assert alone.model.choice.weight.grad.abs().sum() > 0
    assert alone.model.look.weight.grad.abs().sum() > 0


def test_the_encoder_learns_nothing_in_the_first_updates(task):
    batch = task.epoch(0)[0]
    task.model.train()
    task.loss(batch, SETTINGS.frozen - 1).backward()
    first = task.model.model.encoder.layers[0].fc1.weight
    assert first.grad is None
    assert task.model.model.decoder.layers[0].fc1.weight.grad.abs().sum() > 0
    task.loss(batch, SETTINGS.frozen).backward()
    assert first.grad.abs().sum() > 0


def test_every_parameter_learns_once_and_the_encoder_slowly(task):
    slow, fast = task.groups()
    ids = [id(p) for group in (slow, fast) for p in group["params"]]
    assert sorted(ids) == sorted(id(p) for p in task.model.parameters())
    assert (slow["lr"], fast["lr"]) == (SETTINGS.encoder_rate, SETTINGS.decoder_rate)
    assert any(p is task.model.model.shared.weight for p in slow["params"])


def test_a_run_writes_a_model_that_asks_about_documents(pairs_folder, base, tmp_path):
    place = options.Place(
        data=pairs_folder,
        out=tmp_path,
        base=base.model,
        device="cpu",
        precision="float32",
        minutes=None,
    )
    plan = Plan(steps=40, warmup=5, save_every=20, check_every=40)
    made = writer.run(place, plan, SETTINGS)
    points = json.loads((tmp_path / "curve.json").read_text())["points"]
    assert points[-1]["loss"] < math.log(200)  # chance
    assert points[-1]["loss"] < points[0]["loss"]
    ref = Seq2Seq(str(made), prefix="question: ", max_new_tokens=16, max_length=60, top_k=1)
    text = "The pump of the winding is made of steel. Before the season it must be cleaned."
    (asked,) = ref.open("cpu").write([text], count=1, seed=0)
    assert asked[0].text
    assert -math.log(200) < asked[0].log_prob < 0
    card = (made / "README.md").read_text()
    assert "license: cc-by-sa-4.0" in card
    assert "BoolQ" in card
    assert "40 of 40 updates" in card
    assert "WikiQA: its licence says research only" in card


def test_the_files_are_in_half_precision(pairs, folder, tmp_path):
    from safetensors import safe_open

    task = Writing(pairs, folder, SETTINGS, seed=0, device="cpu")
    task.save(tmp_path)
    with safe_open(tmp_path / "model.safetensors", framework="pt") as saved:
        kinds = {name: saved.get_tensor(name).dtype for name in saved.keys()}  # noqa: SIM118
        assert kinds.pop("inside") == torch.bool
        assert set(kinds.values()) == {torch.float16}
        assert "lm_head.weight" not in saved.keys()  # noqa: SIM118 (tied: there once)
    assert task.model.lm_head.weight.dtype == torch.float32
