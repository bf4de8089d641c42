"""vod from end to end: documents drawn with weights stand for a whole list. [005]"""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import acclimate
from acclimate.models.readers import NGramReader
from acclimate.parts import filters, loops, losses
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.vod import vod
from acclimate.tables import Candidates, Corpus

pytestmark = pytest.mark.integration

CORPUS = Corpus.of(
    {
        "doc_id": f"{place}-{n}",
        "title": "",
        "text": f"The {what} of the town was opened in {year} by the mayor of {place}. "
        f"Each spring the {what} in {place} is closed for a week.",
    }
    for place, year in (("Aston", 1901), ("Burley", 1932), ("Corby", 1958), ("Derby", 1977))
    for n, what in enumerate(("bridge", "library", "station"))
)


def test_it_names_no_model() -> None:
    assert list(refs_of((vod().steps, vod().judge))) == []


def test_the_bound_ends_at_the_likelihood() -> None:
    rounds = vod().steps[-1].stages
    assert [train.loop.loss.alpha for *_, train in rounds] == [0.9, 0.5, 0.0]
    for draw, other, reads, train in rounds:
        assert other == filters.WithoutSource()
        assert reads.reader == NGramReader(per_token=False)
        assert reads.target == "answer"
        assert isinstance(train, loops.Sampled)
        assert draw.count == train.loop.candidates
        assert draw.temperature == train.loop.loss.temperature == 0.05


def test_the_values_of_the_paper() -> None:
    """[005]: −1.470134 at ½ and ln 0.29 = −1.237874 at 0, all three documents drawn."""
    import torch

    p, a, q = (
        torch.tensor([row]).double().log()
        for row in ((0.5, 0.3, 0.2), (0.1, 0.6, 0.3), (0.2, 0.2, 0.6))
    )
    every = torch.ones(1, 3, dtype=torch.bool)
    for (*_, train), value in zip(vod().steps[-1].stages[1:], (-1.470134, -1.237874), strict=True):
        loss = train.loop.loss
        assert isinstance(loss, losses.RenyiBound)
        assert -loss(0.05 * p, a, every, 0.05 * q, q).item() == pytest.approx(value, abs=5e-7)


def test_three_rounds_draw_anew_and_train(models, tmp_path: Path) -> None:
    recipe = replace(vod(queries=12, held_out=2, count=4, steps=2, batch=4), judge=None)
    outcome = acclimate.adapt(recipe, CORPUS, models.encoder, out=tmp_path / "run")
    steps = json.loads((outcome.run / "report.json").read_text("utf-8"))["steps"]
    drawn = [step for step in steps if step["name"] == "PrioritySampler"]
    assert len({step["key"] for step in drawn}) == 3
    for step in drawn:
        found = Candidates.open(outcome.run / step["folder"] / "table.arrow")
        sums = dict.fromkeys(found["query_id"], 0.0)
        for query, log_weight in zip(found["query_id"], found["score"], strict=True):
            sums[query] += np.exp(log_weight)
        assert list(sums.values()) == pytest.approx([1.0] * len(sums), rel=1e-5)
    trained = [step for step in steps if step["name"] == "Sampled"]
    assert len({step["key"] for step in trained}) == 3
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
