"""Sampled: a student learns from what was drawn, corrected for the draw. [005]"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from acclimate.errors import RecipeError, TableError
from acclimate.models.student import Student
from acclimate.parts.labellers import SourceIsRelevant
from acclimate.parts.loops import Fit, Sampled
from acclimate.parts.losses import GRPO, KLDivergence, RenyiBound, SampledSoftmax
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries
from acclimate.testing import samples
from acclimate.testing.fakes import FakeEngine

pytestmark = pytest.mark.integration

THINGS: dict[type, Any] = samples.things()
CANDIDATES: Candidates = THINGS[Candidates]
LABELS = SourceIsRelevant()(THINGS[Corpus], THINGS[Queries], CANDIDATES, Context())
FIT = Fit(
    loss=SampledSoftmax(temperature=0.05), steps=2, batch=12, candidates=4, warmup=1,
    learning_rate=1e-3,
)  # fmt: skip


def scored(log_q: Any) -> Candidates:
    place = CANDIDATES.schema.get_field_index("score")
    values = np.broadcast_to(np.asarray(log_q, dtype=np.float32), len(CANDIDATES))
    return Candidates(CANDIDATES.rows.set_column(place, CANDIDATES.schema.field(place), [values]))


def first_loss(student: Student, folder: Path, candidates: Candidates | None) -> float:
    ctx = Context(seed=1, engine=FakeEngine(), folder=folder)
    tables = (THINGS[Corpus], THINGS[Queries])
    if candidates is None:
        FIT(*tables, LABELS, student, ctx)
    else:
        Sampled(loop=FIT)(*tables, candidates, LABELS, student, ctx)
    return float(ctx.notes["curve"]["loss"][0])


def test_the_source_costs_what_it_would_without_a_correction_and_how_rarely_it_was_drawn(
    student: Student, tmp_path: Path
) -> None:
    """With ln Q of the source far below, its softmax is 1 and the loss 0; far above, the gap."""
    source = CANDIDATES.array("is_source").astype(bool)
    rare = first_loss(student, tmp_path / "rare", scored(np.where(source, -200.0, 0.0)))
    often = first_loss(student, tmp_path / "often", scored(np.where(source, 200.0, 0.0)))
    plain = first_loss(student, tmp_path / "plain", None)
    assert rare == pytest.approx(0.0, abs=1e-6)
    assert often == pytest.approx(200 + np.log(3), abs=45)  # cosines differ by 2 / 0.05 at most
    assert 0 < plain < often


def test_a_uniform_draw_teaches_as_the_loop_alone_does(student: Student, tmp_path: Path) -> None:
    alone = first_loss(student, tmp_path / "alone", None)
    uniform = first_loss(student, tmp_path / "uniform", scored(-1.5))
    assert uniform == pytest.approx(alone, rel=1e-5)


def test_a_loss_that_looks_back_is_told_the_proposals_scores_and_the_weights_of_the_draw(
    student: Student, tmp_path: Path
) -> None:
    """[005] ζ is 0 before the first update: at α = 0 the bound is ln Σ u t, with the weights u.

    Sources have the likelihood 1 and weigh e² as much as each of three others, of likelihood e⁻⁹.
    """
    source = CANDIDATES.array("is_source").astype(bool)
    ctx = Context(seed=1, engine=FakeEngine(), folder=tmp_path)
    place = LABELS.schema.get_field_index("value")
    values = np.where(LABELS.array("value") > 0, 0.0, -9.0).astype(np.float32)
    labels = Labels(LABELS.rows.set_column(place, LABELS.schema.field(place), [values]))
    part = Sampled(loop=replace(FIT, loss=RenyiBound(alpha=0.0)))
    drawn = scored(np.where(source, 2.0, 0.0))
    part(THINGS[Corpus], THINGS[Queries], drawn, labels, student, ctx)
    share = np.exp(2) / (np.exp(2) + 3)
    expected = -np.log(share + (1 - share) * np.exp(-9))
    assert ctx.notes["curve"]["loss"][0] == pytest.approx(expected, abs=1e-4)


def test_a_label_of_what_was_never_drawn_is_refused(student: Student, tmp_path: Path) -> None:
    with pytest.raises(TableError, match="nobody says how likely they were drawn"):
        first_loss(student, tmp_path, CANDIDATES.head(len(CANDIDATES) - 2))


@pytest.mark.parametrize(
    ("loss", "what"),
    [(KLDivergence(), "takes no reference"), (GRPO(), "the scores the student had before")],
    ids=["none", "back"],
)
def test_a_loss_that_would_not_be_corrected_is_refused(loss: Any, what: str) -> None:
    with pytest.raises(RecipeError, match=what):
        Sampled(loop=replace(FIT, loss=loss))


def test_what_is_no_fit_is_refused() -> None:
    with pytest.raises(RecipeError, match=r"by loops\.Fit"):
        Sampled(loop=Sampled(loop=FIT))


def test_labels_are_those_of_the_fit(student: Student, tmp_path: Path) -> None:
    """The same queries train as without the correction."""
    notes = []
    for part, given in ((FIT, ()), (Sampled(loop=FIT), (CANDIDATES,))):
        ctx = Context(seed=1, engine=FakeEngine(), folder=tmp_path / type(part).__name__)
        part(THINGS[Corpus], THINGS[Queries], *given, LABELS, student, ctx)
        notes.append(ctx.notes["examples"])
    assert notes[0] == notes[1]
