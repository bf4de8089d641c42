"""Cooperative: both learn from what the retriever drew, corrected for the draw. [027]"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from acclimate.errors import RecipeError, TableError
from acclimate.models.scorers import CrossEncoder
from acclimate.models.student import Student
from acclimate.models.weights import digest
from acclimate.parts.labellers import SourceIsRelevant
from acclimate.parts.loops import Cooperative, Fit
from acclimate.parts.loops._groups import grouped, referred
from acclimate.parts.loops._joined import joined, other_of
from acclimate.parts.losses import KLDivergence, SampledKL, SampledSoftmax, WeightedSum
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries
from acclimate.testing import samples, toys
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.tiny import tiny_scorer

pytestmark = pytest.mark.integration

THINGS: dict[type, Any] = samples.things()
CORPUS, QUERIES = THINGS[Corpus], THINGS[Queries]
CANDIDATES: Candidates = THINGS[Candidates]
LABELS = SourceIsRelevant()(CORPUS, QUERIES, CANDIDATES, Context())
LOSS = WeightedSum(
    terms=(
        SampledSoftmax(temperature=0.05), SampledKL(student_temperature=0.05, source=False),
    ),
    weights=(1.0, 1.0),
)  # fmt: skip
LOOP = Fit(loss=LOSS, steps=3, batch=4, candidates=4, warmup=1, learning_rate=1e-3)
PART = Cooperative(loop=LOOP, ranker=replace(LOOP, loss=SampledSoftmax()))


@pytest.fixture(scope="module")
def scorer(tmp_path_factory: pytest.TempPathFactory) -> CrossEncoder:
    return tiny_scorer(tmp_path_factory.mktemp("scorer"), texts=toys.CORPUS.contents)


def test_the_value_of_corr() -> None:
    """[027]: s⁺ = 1, Q⁺ = ¼, negatives (2, 0) of Q = (½, ¼): 1.003210; ranker (1, 3): 1.227405."""
    scores, ranker = torch.tensor([[1.0, 2, 0]]), torch.tensor([[9.0, 1, 3]])
    log_q, mask = torch.tensor([[0.25, 0.5, 0.25]]).log(), torch.ones(1, 3, dtype=torch.bool)
    one, other = SampledSoftmax(), SampledKL(source=False)
    assert one(scores, ranker, mask, log_q).item() == pytest.approx(1.003210, abs=1e-6)
    assert other(scores, ranker, mask, log_q).item() == pytest.approx(1.227405, abs=1e-6)
    both = WeightedSum(terms=(one, other), weights=(1.0, 1.0))
    assert both(scores, ranker, mask, log_q).item() == pytest.approx(2.230615, abs=2e-6)


def test_the_reference_is_the_miners_score_and_the_targets_are_the_rankers(
    student: Student, scorer: CrossEncoder
) -> None:
    from acclimate.parts.loops._together import Learning, hear

    part, tables = replace(PART, base=scorer), (CORPUS, QUERIES, LABELS)
    other = other_of(student, part.base, part.shape)
    ctx = Context(seed=1, engine=FakeEngine())
    fits = joined(part, part.loop, part.ranker)
    first, second = Learning(fits, (student, other), tables, ctx, CANDIDATES).learners()
    hear(first, second, "targets")
    told = {(r["query_id"], r["doc_id"]): r["score"] for r in CANDIDATES.dicts()}
    for learner in (first, second):
        drawn = learner.material.draw(np.arange(4))
        assert drawn.reference is not None
        for line, column in zip(*np.nonzero(drawn.mask), strict=True):
            query = QUERIES["query_id"][drawn.queries[line]]
            document = CORPUS["doc_id"][drawn.documents[line, column]]
            assert drawn.reference[line, column] == np.float32(told[query, document])
        assert not drawn.reference[~drawn.mask].any()
    with torch.no_grad():
        scores = second.scores(second.material.draw(np.arange(4))).numpy()
    drawn = first.material.draw(np.arange(4))
    assert np.array_equal(drawn.values[drawn.mask], scores[drawn.mask])
    labelled = second.material.draw(np.arange(4)).values
    assert set(np.unique(labelled)) == {0.0, 1.0}


def test_both_learn(student: Student, scorer: CrossEncoder, tmp_path: Path) -> None:
    ctx = Context(seed=1, engine=FakeEngine(), folder=tmp_path)
    part = replace(PART, base=scorer)
    after = part(CORPUS, QUERIES, CANDIDATES, LABELS, student, ctx)
    assert digest(Path(after.encoder.model)) != digest(Path(student.encoder.model))
    assert isinstance(after.beside, CrossEncoder)
    assert digest(Path(after.beside.model)) != digest(Path(scorer.model))


def test_a_uniform_draw_teaches_as_no_correction_does(
    student: Student, scorer: CrossEncoder, tmp_path: Path
) -> None:
    """[027]: the correction is a constant; another draw teaches otherwise."""
    losses = []
    for name, scores in (
        ("uniform", np.full(len(CANDIDATES), -1.5, dtype=np.float32)),
        ("none", np.zeros(len(CANDIDATES), dtype=np.float32)),
        ("drawn", CANDIDATES.array("score").astype(np.float32)),
    ):
        place = CANDIDATES.schema.get_field_index("score")
        rows = CANDIDATES.rows.set_column(place, CANDIDATES.schema.field(place), [scores])
        ctx = Context(seed=1, engine=FakeEngine(), folder=tmp_path / name)
        part = replace(PART, loop=replace(LOOP, steps=1), ranker=None, base=scorer)
        part(CORPUS, QUERIES, Candidates(rows), LABELS, student, ctx)
        losses.append(ctx.notes["curve"]["loss"][0])
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)
    assert losses[2] != pytest.approx(losses[1], rel=1e-2)


def test_a_label_of_what_was_never_drawn_is_refused() -> None:
    few = CANDIDATES.head(len(CANDIDATES) - 2)
    groups = grouped(CORPUS, QUERIES, LABELS, 0)
    with pytest.raises(TableError, match=rf"2 of {len(LABELS)} labelled documents are no cand"):
        referred(groups, CORPUS, QUERIES, few)
    with pytest.raises(TableError, match="how likely they were drawn"):
        referred(groups, CORPUS, QUERIES, Candidates.empty())


def test_a_loss_that_is_not_corrected_is_refused() -> None:
    with pytest.raises(RecipeError, match=r"KLDivergence.* takes no reference"):
        Cooperative(loop=replace(LOOP, loss=KLDivergence()))
