"""maker from end to end: records and requests. [073]"""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.parts import generators, labellers
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.maker import maker
from acclimate.tables import Corpus, Labels, Queries

pytestmark = pytest.mark.integration

CORPUS = Corpus.of(
    {
        "doc_id": f"{brand}-{colour}",
        "title": brand,
        "text": "A bike for every day.",
        "meta": json.dumps({"colour": colour, "kind": kind}),
    }
    for brand, kind in (("Gazelle", "racing bike"), ("Batavus", "city bike"), ("Koga", "tandem"))
    for colour in ("red", "green", "blue", "white")
)


def test_it_names_no_model() -> None:
    assert list(refs_of((maker().steps, maker().judge))) == []


def test_requests_of_values_are_labelled_by_values() -> None:
    steps = maker().steps
    assert steps[0] == generators.RecordTemplates(per_document=2, queries=6_000)
    assert labellers.Cooccurrence() in steps
    assert steps[-1].learning_rate == 5e-5


def test_no_record_counts_less_than_the_source_that_has_what_it_has(models, tmp_path: Path) -> None:
    """[073]: every record with the values asked for is as relevant as the source."""
    recipe = maker(queries=24, held_out=3, depth=6, steps=2, batch=4)
    outcome = acclimate.adapt(
        replace(recipe, judge=None), CORPUS, models.encoder, out=tmp_path / "run"
    )
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    labels = Labels.open(outcome.run / "tables" / "labels.arrow")
    told = {
        d: {brand.casefold(), *json.loads(meta).values()}
        for d, brand, meta in zip(CORPUS["doc_id"], CORPUS["title"], CORPUS["meta"], strict=True)
    }
    assert set(queries["kind"]) == {"record"}
    asked = dict(zip(queries["query_id"], queries["text"], strict=True))
    for row in labels.dicts():
        text = f" {asked[row['query_id']].casefold()} "
        assert row["value"] == sum(f" {value} " in text for value in told[row["doc_id"]])
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
