"""CoupledEstimation: relevance and selection correct each other. [034]"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.models.scorers import CrossEncoder
from acclimate.models.student import Student
from acclimate.models.weights import digest
from acclimate.parts.loops import CoupledEstimation, Fit
from acclimate.parts.loops._joined import joined, other_of
from acclimate.parts.losses import ListSoftmaxCE, PropensityWeighted
from acclimate.parts.losses.propensity_weighted import posterior
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Labels, Queries
from acclimate.testing import samples, toys
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.tiny import tiny_scorer

pytestmark = pytest.mark.integration

THINGS: dict[type, Any] = samples.things()
TABLES = (THINGS[Corpus], THINGS[Queries], THINGS[Labels])
LOSS = PropensityWeighted(temperature=1.0)
LOOP = Fit(loss=LOSS, steps=3, batch=4, candidates=3, warmup=1, learning_rate=1e-3)


@pytest.fixture(scope="module")
def rankers(tmp_path_factory: pytest.TempPathFactory) -> tuple[CrossEncoder, CrossEncoder]:
    """One of relevance, and one of selection."""
    folder, texts = tmp_path_factory.mktemp("rankers"), toys.CORPUS.contents
    first, second = (tiny_scorer(folder / str(seed), seed=seed, texts=texts) for seed in (1, 2))
    return first, second


@pytest.fixture(scope="module")
def constant(rankers: Any, tmp_path_factory: pytest.TempPathFactory) -> CrossEncoder:
    """A selection model for which every document is as likely to be judged."""
    model = rankers[1].load()
    for name, tensor in model.state_dict().items():
        if "classifier" in name:
            tensor.zero_()
    folder = tmp_path_factory.mktemp("constant")
    model.save_pretrained(str(folder), create_model_card=False)
    return CrossEncoder(str(folder))


def run(part: Any, student: Student, folder: Path, **settings: Any) -> Student:
    ctx = Context(seed=1, engine=FakeEngine(), folder=folder, **settings)
    after: Student = part(*TABLES, student, ctx)
    return after


def weights(model: Any) -> str:
    return digest(Path(model.model))


def test_the_posterior_of_a_document_without_a_label() -> None:
    """[034]: P_R = 0.6, P_S = 0.5: 0.6 · 0.5 / (1 − 0.3) = 0.428571; it counts 0.571429."""
    doubt = posterior(torch.tensor(0.6), torch.tensor(0.5)).item()
    assert doubt == pytest.approx(0.428571, abs=1e-6)
    assert 1 - doubt == pytest.approx(0.571429, abs=1e-6)


def test_a_constant_selection_leaves_the_uncorrected_training_bit_for_bit(
    rankers: Any, constant: CrossEncoder, tmp_path: Path
) -> None:
    """[034]: all weights are 1."""
    student = Student(encoder=rankers[0])
    one = run(CoupledEstimation(loop=LOOP, base=constant), student, tmp_path / "coupled")
    other = run(LOOP, student, tmp_path / "plain")
    assert weights(one.encoder) == weights(other.encoder)


def test_each_hears_the_other_as_its_reference_and_both_keep_the_labels(rankers: Any) -> None:
    from acclimate.parts.loops._together import Learning, hear

    part = CoupledEstimation(loop=LOOP, selection=LOOP, base=rankers[1])
    student, places = Student(encoder=rankers[0]), np.arange(4)
    other = other_of(student, part.base, part.shape)
    fits = joined(part, part.loop, part.selection)
    both = Learning(fits, (student, other), TABLES, Context(seed=1, engine=FakeEngine()))
    first, second = both.learners()
    labelled = first.material.draw(places)
    hear(first, second, "reference")
    for learner, heard in ((first, second), (second, first)):
        drawn = learner.material.draw(places)
        assert np.array_equal(drawn.documents, labelled.documents)
        assert np.array_equal(drawn.values, labelled.values)
        with torch.no_grad():
            scores = heard.scores(labelled).numpy()
        assert drawn.reference is not None
        assert np.array_equal(drawn.reference[drawn.mask], scores[drawn.mask])


def test_what_is_heard_changes_what_is_learned(rankers: Any, tmp_path: Path) -> None:
    loop = replace(LOOP, loss=PropensityWeighted(temperature=1.0, others="by posterior"))
    student = Student(encoder=rankers[0])
    after = run(CoupledEstimation(loop=loop, selection=loop, base=rankers[1]), student, tmp_path)
    plain = run(loop, student, tmp_path / "plain")
    assert weights(after.encoder) != weights(plain.encoder)
    assert weights(after.beside) != weights(rankers[1])


def test_a_killed_training_goes_on_and_both_end_bit_for_bit_the_same(
    rankers: Any, tmp_path: Path, killed_at: Any
) -> None:
    fits = {"loop": replace(LOOP, steps=6, save_every=2), "selection": replace(LOOP, steps=6)}
    part, student = CoupledEstimation(base=rankers[1], **fits), Student(encoder=rankers[0])
    whole = run(part, student, tmp_path / "whole")
    killed_at(3, lambda track: run(part, student, tmp_path / "cut", track=track))
    assert [p.name for p in (tmp_path / "cut" / "checkpoints").iterdir()] == ["checkpoint-2"]
    resumed = run(part, student, tmp_path / "cut")
    assert weights(resumed.encoder) == weights(whole.encoder)
    assert weights(resumed.beside) == weights(whole.beside)


def test_a_loss_without_a_reference_is_refused() -> None:
    with pytest.raises(RecipeError, match=r"ListSoftmaxCE.* takes no reference"):
        CoupledEstimation(loop=replace(LOOP, loss=ListSoftmaxCE()))
