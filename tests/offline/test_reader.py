"""The reader learns where an answer stands, and that some passages hold none."""

import json

import numpy as np
import pytest
import torch

from acclimate.models.weights import find
from train import options, reader
from train.data import Passage, Question
from train.loop import Plan
from train.reader import Reading, Settings, best
from train.spans import Asked, answered, located, with_unanswered

SMALL = Settings(longest=64, tokens=512, body_rate=3e-3, head_rate=1e-2)


def test_an_answer_is_found_at_borders_of_words_whatever_its_case():
    assert located("Sea", "a seat by the sea, and more") == (14, 17)
    assert located("steel", "steely") is None
    assert located("", "text") is None
    assert located("yes", "they say yes") is None
    assert located("U.S.", "in the U.S. (today)") == (7, 11)


def test_places_are_those_of_title_and_text_together():
    asked = Question(text="of what?", answer="steel")
    passage = Passage(title="Pumps", text="Made of steel.", source="boolq", questions=(asked,))
    (one,) = answered([passage])
    start, end = one.answer
    assert one.content[start:end] == "steel"
    assert one.content == "Pumps Made of steel."
    assert Asked(question="?", title="Pumps", text="Nothing.").answer == (-1, -1)


def test_passages_without_the_answer_are_of_the_same_page(pairs):
    asked = answered(pairs.train)
    rng = np.random.default_rng(0)
    rows = with_unanswered(asked, pairs.train, 0.5, rng)
    assert rows[: len(asked)] == asked
    answers = {one.question: one.text[one.start : one.end] for one in asked}
    assert len(rows) > len(asked)
    for row in rows[len(asked) :]:
        assert row.start == -1
        assert answers[row.question] not in row.text
    others = [
        Passage(title=p.title, text=f"Nothing {n}.", source=p.source, questions=())
        for n, p in enumerate(pairs.train)
    ]
    more = with_unanswered(asked, others, 0.5, rng)[len(asked) :]
    assert len(more) == len(asked)
    assert {row.start for row in more} == {-1}
    titles = {one.question: one.title for one in asked}
    assert all(row.title == titles[row.question] for row in more)


@pytest.mark.integration
def test_the_tokens_of_an_answer_spell_it(pairs, base):
    task = Reading(pairs, find(base.model), SMALL, seed=0, device="cpu")
    rows = task.rows(task.asked)
    assert len(rows) == len(task.asked)
    for row, one in rows:
        told = task.tokenizer.decode(row.ids[row.start : row.end + 1])
        assert told == one.text[one.start : one.end].lower()
        assert row.types[row.start] == 1


@pytest.mark.integration
def test_an_answer_that_is_cut_off_teaches_nothing(pairs, base):
    settings = Settings(**{**vars(SMALL), "longest": 26})
    task = Reading(pairs, find(base.model), settings, seed=0, device="cpu")
    assert 0 < len(task.rows(task.asked)) < len(task.asked)


def test_the_best_answer_begins_before_it_ends_and_is_short():
    starts = torch.tensor([[0.0, 1.0, 5.0, 0.0], [9.0, 1.0, 1.0, 1.0], [3.0, 4.0, 0.0, 0.0]])
    ends = torch.tensor([[0.0, 9.0, 1.0, 2.0], [9.0, 1.0, 1.0, 1.0], [2.0, 0.0, 0.0, 5.0]])
    # Row 0: (1, 1) has 10, (2, 3) has 7. Row 1: no answer has 18. Row 2: (1, 3) is too long.
    assert best(starts, ends, longest=2) == ([1, 0, 0], [1, 0, 0])
    assert best(starts, ends)[0] == [1, 0, 1]


@pytest.mark.integration
def test_a_run_writes_a_reader_that_transformers_open(pairs_folder, base, tmp_path):
    from acclimate_offline.answers import answer

    place = options.Place(
        data=pairs_folder,
        out=tmp_path,
        base=base.model,
        device="cpu",
        precision="float32",
        minutes=None,
    )
    made = reader.run(place, Plan(steps=40, warmup=4, save_every=20, check_every=40), SMALL)
    points = json.loads((tmp_path / "curve.json").read_text())["points"]
    assert points[-1]["loss"] < points[0]["loss"]
    assert answer("reader", made)
    assert "license: cc-by-sa-4.0" in (made / "README.md").read_text()
