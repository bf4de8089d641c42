"""mk_tod from end to end: replies tell which record they were read from. [107]"""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.parts import losses
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.mk_tod import mk_tod
from acclimate.tables import Corpus, Labels, Queries

pytestmark = pytest.mark.integration

PLACES = {
    "Golden Wok": ("river street", "noodles", "eight"),
    "Blue Door": ("market square", "oysters", "nine"),
    "Old Mill": ("station road", "dumplings", "seven"),
    "Red Barn": ("castle hill", "steak", "ten"),
    "White Cliff": ("harbour lane", "crab", "six"),
    "Green Table": ("abbey garden", "lentils", "five"),
}
CORPUS = Corpus.of(
    row
    for name, (street, dish, hour) in PLACES.items()
    for row in (
        {"doc_id": name, "title": name, "text": f"{dish}, {street}, {hour}"},
        {
            "doc_id": f"talk {name}",
            "title": "",
            "text": f"Ann: Where are {dish} now?\nBob: Some {dish} in {street} until {hour}",
        },
    )
)


def test_it_names_no_model() -> None:
    assert list(refs_of((mk_tod().steps, mk_tod().judge))) == []


def test_the_loss_and_the_gradient_of_the_paper() -> None:
    """[107]: s = (1, 0), likelihoods (.2, .05): L = 1.83472, gradient −(.18472, −.18472)."""
    import torch

    loss = mk_tod().steps[-1].steps[-1].loss
    assert loss == losses.MarginalLikelihood(temperature=0.05)
    scores = (torch.tensor([[1.0, 0.0]]).double() * 0.05).requires_grad_()
    told = torch.tensor([[0.2, 0.05]]).double().log()
    value = loss(scores, told, torch.ones(1, 2, dtype=torch.bool))
    assert value.item() == pytest.approx(1.83472, abs=1e-5)
    value.backward()
    assert (scores.grad * 0.05)[0].tolist() == pytest.approx([-0.18472, 0.18472], abs=1e-5)


def test_the_record_of_a_reply_explains_it_best_and_nobody_said_so(models, tmp_path: Path) -> None:
    """[107]: the record that the reply was made from has most of the posterior, unlabelled."""
    recipe = mk_tod(queries=12, held_out=1, depth=11, steps=2, batch=4, rounds=1)
    outcome = acclimate.adapt(
        replace(recipe, judge=None), CORPUS, models.encoder, out=tmp_path / "run"
    )
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    steps = json.loads((outcome.run / "report.json").read_text("utf-8"))["steps"]
    (step,) = [step for step in steps if step["name"] == "ReaderLikelihood"]
    labels = Labels.open(outcome.run / step["folder"] / "table.arrow")
    asked = dict(zip(queries["query_id"], queries["source_doc_id"], strict=True))
    best: dict[str, tuple[float, str]] = {}
    for query, doc, value in zip(
        labels["query_id"], labels["doc_id"], labels["value"], strict=True
    ):
        best[query] = max(best.get(query, (float("-inf"), "")), (value, doc))
    assert len(best) == len(PLACES)
    for query, (_, doc) in best.items():
        assert asked[query].partition("#")[0] == f"talk {doc.partition('#')[0]}"
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
