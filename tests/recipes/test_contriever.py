"""contriever from end to end: two crops of one document, and a queue of those before."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.models.encoders import Dense
from acclimate.parts import generators, loops, losses
from acclimate.pipeline.checks import refs_of
from acclimate.pipeline.costs import Rates, foresee
from acclimate.pipeline.flow import Flow
from acclimate.recipes.contriever import contriever
from acclimate.tables import Queries
from acclimate.testing import toys

pytestmark = pytest.mark.integration


def test_it_names_no_model() -> None:
    assert list(refs_of((contriever().steps, contriever().judge))) == []


def test_the_crops_and_the_temperature_are_the_papers() -> None:
    crops = contriever().steps[0]
    assert crops == generators.RandomCrops(
        shortest=0.05, longest=0.5, noise="delete", share=0.1, queries=6_000
    )
    contrast = contriever().steps[-1].loop
    assert contrast.loop.loss == losses.InfoNCE(temperature=0.05)
    assert contrast.loop.candidates == 1


def test_the_queue_keeps_16_batches_or_as_many_crops_as_are_asked_for() -> None:
    assert contriever().steps[-1].loop.queue == 16 * 64
    assert contriever(batch=6).steps[-1].loop.queue == 16 * 6
    assert contriever(queue=128).steps[-1].loop.queue == 128


def test_without_a_queue_the_other_crops_of_the_batch_are_the_negatives() -> None:
    fit = contriever(queue=0).steps[-1].loop
    assert isinstance(fit, loops.Fit)
    assert fit == replace(
        contriever().steps[-1].loop.loop, loss=losses.InfoNCE(temperature=0.05, in_batch=True)
    )


def test_a_plan_foresees_the_updates_of_either_form() -> None:
    """200 updates of 64 are within the stage of the queue, which is within that of the cloze."""
    flow, rates = Flow(documents=3_000, tokens=130.0), Rates(encode=5_000.0, train=1_500.0)
    found = []
    for queue in (None, 0):
        told = foresee(replace(contriever(queue=queue), judge=None), flow, rates)
        found.append([e for e in told if e.step.endswith("Fit")])
    (queued,), (plain,) = found
    assert queued.what == plain.what == "200 updates of 64 queries"
    assert queued.seconds == plain.seconds > 0


def test_it_runs_and_reads_documents_as_crops(models, tmp_path: Path) -> None:
    recipe = contriever(queries=12, held_out=3, steps=3, batch=6)
    outcome = acclimate.adapt(
        replace(recipe, judge=None), toys.CORPUS, models.encoder, out=tmp_path / "run"
    )
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    assert set(queries["kind"]) == {"random_crop"}
    told = json.loads((outcome.run / "report.json").read_text("utf-8"))["steps"]
    notes = next(step["notes"] for step in told if step["name"] == "Cloze")
    assert notes["documents read otherwise"] == len(queries.of_split("train"))
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()


def reciprocal_rank(encoder: Dense) -> float:
    """Of the first sentences of the toy documents, each sought by its second."""
    firsts, seconds = zip(*(text.split(". ", 1) for text in toys.CORPUS["text"]), strict=True)
    opened = encoder.open("cpu")
    found = opened.encode(list(firsts), kind="document")
    scores = opened.encode(list(seconds), kind="query") @ found.T
    ranks = (scores >= scores.diagonal()[:, None]).sum(axis=1)
    return float((1 / ranks).mean())


def spread(encoder: Dense) -> float:
    """The standard deviation of the documents' vectors, in the mean of its directions."""
    vectors = encoder.open("cpu").encode(toys.CORPUS.contents, kind="document")
    return float(vectors.std(axis=0).mean())


@pytest.mark.parametrize("queue", [48, 0])
def test_what_learned_from_crops_finds_sentences_and_its_vectors_do_not_collapse(
    models, tmp_path: Path, queue: int
) -> None:
    """[098]: a small encoder of random weights clearly beats its untrained self, in both forms."""
    recipe = contriever(queries=96, held_out=6, steps=40, batch=12, queue=queue, learning_rate=1e-2)
    crops, *behind = recipe.steps
    several = replace(crops, per_document=8)  # there are twelve documents
    recipe = replace(recipe, steps=(several, *behind), judge=None)
    outcome = acclimate.adapt(recipe, toys.CORPUS, models.encoder, out=tmp_path / "run")
    trained = outcome.student.encoder
    assert reciprocal_rank(trained) > 1.5 * reciprocal_rank(models.encoder)
    assert spread(trained) > 0.5 * spread(models.encoder)
