"""regen from end to end: a few words of classes, and documents for them. [033]"""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.models.remote import Remote
from acclimate.parts import losses
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.regen import regen
from acclimate.tables import Labels, Queries
from acclimate.testing import toys
from acclimate.testing.chat_server import ChatServer

pytestmark = pytest.mark.integration

CLASSES = "text,kind\nbicycle wheel,bikes\nchain tyre,bikes\nbread rice,kitchen\nmoon sun,sky\n"


def test_it_names_no_model() -> None:
    assert list(refs_of((regen().steps, regen().judge))) == []


def test_the_loss_of_the_paper() -> None:
    """[033]: p = (.7, .2, .1), the first is right: 0.035667 + 2.763102 = 2.798770."""
    import torch

    loss = regen().steps[-1].stages[1][-1].loss
    assert loss == losses.SymmetricCE(forward=0.1, reverse=1.0, floor=1e-4, in_batch=True)
    scores = torch.tensor([[0.7, 0.2, 0.1]]).double().log() * loss.temperature
    value = loss(scores, torch.tensor([[1.0, 0, 0]]).double(), torch.ones(1, 3).bool())
    assert value.item() == pytest.approx(2.798770, abs=1e-6)


def test_the_collection_is_learned_first_and_the_classes_then(models, tmp_path: Path) -> None:
    """[033]: what is kept for a class was found for it alone, and trains the student."""
    (tmp_path / "classes.csv").write_text(CLASSES, encoding="utf-8")
    recipe = regen(classes=str(tmp_path / "classes.csv"), queries=12, held_out=3, depth=4, steps=2)
    # Tiny random vectors tell no class from another, and the toy documents are short.
    _, named = recipe.steps[-1].stages
    milder, spans = replace(named[1], nearest=1), recipe.steps[0]
    short = replace(spans, at_least_words=5, rest_words=5)
    recipe = replace(recipe.exchanged(named[1], milder).exchanged(spans, short), judge=None)
    outcome = acclimate.adapt(recipe, toys.CORPUS, models.encoder, out=tmp_path / "run")
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    classes = [k for k in queries["kind"] if k != "span_cloze"]
    assert classes == ["bikes", "bikes", "kitchen", "sky"]
    assert "heldout" not in queries.where("kind", classes)["split"]
    steps = json.loads((outcome.run / "report.json").read_text("utf-8"))["steps"]
    (step,) = [step for step in steps if step["name"] == "RetrievedClass"]
    labels = Labels.open(outcome.run / step["folder"] / "table.arrow")
    kinds = dict(zip(queries["query_id"], queries["kind"], strict=True))
    found: dict[str, set[str]] = {}
    for query, doc in zip(labels["query_id"], labels["doc_id"], strict=True):
        found.setdefault(doc, set()).add(kinds[query])
    assert found
    assert all(len(of) == 1 for of in found.values())
    assert sum(step["name"] == "Fit" for step in steps) == 2
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()


def test_a_language_model_describes_the_classes(models, tmp_path: Path) -> None:
    """[033]: descriptions are queries of their class, and find documents with its words."""
    (tmp_path / "classes.csv").write_text(CLASSES, encoding="utf-8")
    with ChatServer() as server:
        sizes = {"queries": 12, "held_out": 3, "depth": 4, "steps": 2}
        writer = Remote(model="toy", url=server.url)
        recipe = regen(writer=writer, classes=str(tmp_path / "classes.csv"), **sizes)
        _, named = recipe.steps[-1].stages
        short = replace(recipe.steps[0], at_least_words=5, rest_words=5)
        recipe = recipe.exchanged(named[1], replace(named[1], nearest=1))
        recipe = replace(recipe.exchanged(recipe.steps[0], short), judge=None)
        outcome = acclimate.adapt(recipe, toys.CORPUS, models.encoder, out=tmp_path / "run")
        assert len(server.seen.good) == 3 * 4  # classes, descriptions of each
        assert set(server.seen.good.values()) == {1}
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    for name, words in (("bikes", 2), ("kitchen", 1), ("sky", 1)):
        own = queries.where("kind", [name])
        assert words < len(own) <= words + 4
        assert set(own["source_doc_id"]) == {None}
