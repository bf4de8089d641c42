"""e2e_openqa from end to end: sentences first, masked spans then. [003]"""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.parts import generators, losses
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.e2e_openqa import e2e_openqa
from acclimate.tables import Corpus, Labels, Queries
from acclimate.testing import toys

pytestmark = pytest.mark.integration

CORPUS = Corpus.of(
    {**row, "title": "", "text": f"{row['text'].split('. ')[0]}. It was noted in {1900 + 7 * n}."}
    for n, row in enumerate(toys.CORPUS.dicts())
)


def test_it_names_no_model() -> None:
    assert list(refs_of((e2e_openqa().steps, e2e_openqa().judge))) == []


def test_the_loss_over_what_was_read() -> None:
    """[003]: p(d) = (.6, .4), p(a | d) = (.2, .05): −ln 0.14 = 1.966113."""
    import torch

    sentences, gaps = e2e_openqa().steps[-1].stages
    assert sentences[-1].loop.loss == losses.InfoNCE(temperature=0.05, in_batch=True)
    loss = gaps[-1].steps[-1].loss
    scores = torch.tensor([[0.6, 0.4]]).double().log() * loss.temperature
    value = loss(scores, torch.tensor([[0.2, 0.05]]).double().log(), torch.ones(1, 2).bool())
    assert value.item() == pytest.approx(1.966113, abs=1e-6)


def test_nine_in_ten_sentences_are_hidden() -> None:
    mixed = e2e_openqa().steps[0]
    assert mixed.members[0] == generators.InverseCloze(mask_rate=0.9)


def test_each_stage_has_its_own_queries(models, tmp_path: Path) -> None:
    """[003]: sentences and their documents, then gaps and what was found for them."""
    recipe = e2e_openqa(queries=20, held_out=2, depth=4, steps=2, batch=4, rounds=1)
    gaps = recipe.steps[0].members[1]
    recipe = recipe.exchanged(gaps, replace(gaps, at_least_words=4))
    outcome = acclimate.adapt(
        replace(recipe, judge=None), CORPUS, models.encoder, out=tmp_path / "run"
    )
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    kinds = dict(zip(queries["query_id"], queries["kind"], strict=True))
    source = dict(zip(queries["query_id"], queries["source_doc_id"], strict=True))
    steps = json.loads((outcome.run / "report.json").read_text("utf-8"))["steps"]
    folder = {step["name"]: outcome.run / step["folder"] for step in steps}
    first = Labels.open(folder["SourceIsRelevant"] / "table.arrow")
    then = Labels.open(folder["ReaderLikelihood"] / "table.arrow")
    assert {kinds[name] for name in first["query_id"]} <= {"inverse_cloze", "sentence"}
    assert {kinds[name] for name in then["query_id"]} == {"salient_mask"}
    pairs = zip(then["query_id"], then["doc_id"], strict=True)
    assert all(source[name] != doc for name, doc in pairs)
    assert sum(step["name"] == "Fit" for step in steps) == 2
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
