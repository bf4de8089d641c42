"""The teacher begins as a fusion of words and vectors, and learns to pick a question's passage."""

import json

import numpy as np
import pytest
import torch

from acclimate.models.scorers.cross_encoder import CrossEncoder
from acclimate.models.weights import find
from train import options, teacher
from train.loop import Plan
from train.mining import Lists
from train.teacher import Group, Settings, Teaching, reciprocal_ranks

pytestmark = pytest.mark.integration

SMALL = Settings(longest=64, questions=2, width=4, apart=1, watched=10)
TEXTS = ["the pump is made of steel", "the motor is a motor", "a valve", "the pump and the motor"]
LISTS = Lists(
    ["what is the pump made of?", "the motor", "a valve"],
    TEXTS,
    np.array([[0, 3, 1, 2], [1, 3, -1, -1], [2, 0, -1, 1]]),
    np.array([[1.0, 0.8, 0.4, 0.1], [0.9, 0.5, 0, 0], [0.7, 0.2, 0, 0.1]], dtype=np.float32),
)


def task(base, settings=SMALL, lists=LISTS):
    return Teaching(lists, LISTS, find(base.model), settings, seed=0, device="cpu")


def test_lower_layers_and_word_embeddings_learn_nothing(base):
    made = task(base)
    names = {id(p): name for name, p in made.model.named_parameters()}
    learning = {group["lr"]: [names[id(p)] for p in group["params"]] for group in made.groups()}
    assert sorted(learning[SMALL.gate_rate]) == ["0.gates", "0.mix"]
    assert learning[SMALL.head_rate] == ["0.first.weight"]
    assert {name.split(".layer.")[1][0] for name in learning[SMALL.body_rate]} == {"1"}


def test_a_group_has_the_own_passage_first_and_no_more_than_its_width(base):
    made = task(base, Settings(**{**vars(SMALL), "width": 2}))
    for group in made.epoch(0):
        assert (group.rows[:, 0] == LISTS.rows[group.questions, 0]).all()
        assert group.rows.shape[1] == 2
        assert (group.rows[:, 1] >= 0).all()  # a place without a passage comes last
    drawn = [made.epoch(number)[0].rows.tolist() for number in range(6)]
    assert any(rows != drawn[0] for rows in drawn)


def test_values_go_with_their_passages(base):
    for group in task(base).epoch(3):
        for number, question in enumerate(group.questions):
            told = dict(zip(LISTS.rows[question], LISTS.values[question], strict=True))
            for row, value in zip(group.rows[number], group.values[number], strict=True):
                assert row < 0 or told[row] == value


def test_the_loss_is_picking_the_own_passage_plus_a_share_of_the_divergence(base):
    made = task(base)
    made.model.eval()
    group = Group(np.array([1]), LISTS.rows[[1]], LISTS.values[[1]])
    with torch.inference_mode():
        own, other = made._scores(LISTS, group)[0, :2].tolist()
        found = float(made.loss(group, 0))
    picked = np.log1p(np.exp(other - own))
    teach = np.exp(np.array([0.9, 0.5]) / 0.05)
    teach /= teach.sum()
    mine = np.array([-picked, other - own - picked])
    divergence = (teach * (np.log(teach) - mine)).sum()
    assert found == pytest.approx(picked + 0.3 * divergence, abs=1e-4)


def test_in_the_first_updates_it_may_learn_from_the_fusion_teacher_alone(base):
    made = task(base, Settings(**{**vars(SMALL), "distil": 1, "anchor": 0.0}))
    made.model.eval()
    group = made.epoch(0)[0]
    with torch.inference_mode():
        scores = made._scores(LISTS, group)
        targets, mask = torch.from_numpy(group.values), torch.from_numpy(group.rows >= 0)
        assert float(made.loss(group, 0)) == pytest.approx(
            float(teacher.ANCHOR(scores, targets, mask)), abs=1e-5
        )
        assert float(made.loss(group, 1)) == pytest.approx(
            float(teacher.PICK(scores, targets, mask)), abs=1e-5
        )


def test_its_loss_falls_where_it_learns(base):
    made = task(base, Settings(**{**vars(SMALL), "body_rate": 1e-3}))
    made.model.eval()  # without dropout
    group = made.epoch(0)[0]
    optimizer = torch.optim.Adam(made.groups())
    losses = []
    for step in range(12):
        loss = made.loss(group, step)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < losses[0]
    assert float(made.model[0].gates.detach().sub(-4.0).abs().min()) > 0


def test_ranks_count_ties_against_the_own_passage():
    values = np.array([[0.5, 0.9, 0.1], [0.5, 0.5, 0.7], [0.5, 0.9, 0.9]], dtype=np.float32)
    rows = np.array([[0, 1, 2], [0, 1, -1], [0, -1, -1]])
    assert reciprocal_ranks(values, rows).tolist() == [0.5, 0.5, 1.0]


def test_rare_words_weigh_more(base):
    reads = task(base).model[0]
    number = reads.tokenizer.convert_tokens_to_ids
    # Of four texts "valve" is in one, "the" in three: ln(1 + 3.5/1.5) and ln(1 + 1.5/3.5).
    assert float(reads.rarity[number("valve")]) == pytest.approx(np.log(1 + 3.5 / 1.5))
    assert float(reads.rarity[number("the")]) == pytest.approx(np.log(1 + 1.5 / 3.5))
    assert float(reads.rarity[reads.tokenizer.unk_token_id]) == 0


@pytest.mark.parametrize("plain", [False, True])
def test_a_run_writes_a_teacher_that_any_ref_opens(pairs_folder, base, tmp_path, plain, capsys):
    place = options.Place(
        data=pairs_folder,
        out=tmp_path,
        base=base.model,
        device="cpu",
        precision="float32",
        minutes=None,
    )
    settings = Settings(**{**vars(SMALL), "plain": plain, "distil": 2 * plain, "body_rate": 1e-3})
    made = teacher.run(place, Plan(steps=24, warmup=2, save_every=8, check_every=24), settings)
    assert capsys.readouterr().out.startswith("mining\nupdate 8 of 24: loss ")
    points = json.loads((tmp_path / "curve.json").read_text())["points"]
    assert [point["step"] for point in points] == [8, 16, 24]
    opened = CrossEncoder(str(made)).open("cpu")
    assert opened.model.max_seq_length == 192  # as many positions as the tiny encoder has
    assert not opened.has_activation
    asked = ["what is the pump of the tank made of?"] * 2
    right, wrong = opened.score(asked, ["The pump of the tank is made of steel.", "A relay."])
    assert np.isfinite([right, wrong]).all()
    if not plain:
        assert right > wrong
    assert "license: cc-by-sa-4.0" in (made / "README.md").read_text()


def test_it_is_watched_on_all_that_was_found_for_held_out_questions(base):
    made = task(base)
    made.model.eval()
    with torch.inference_mode():
        told = made.check()
    assert set(told) == {"held_out_mrr", "held_out_mrr_of_fusion"}
    assert told["held_out_mrr_of_fusion"] == 1.0
    assert len(made.watched) == 3
