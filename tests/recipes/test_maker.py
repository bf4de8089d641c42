"""maker from end to end: records and requests, and where a reader looks. [073]"""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.models.readers import FusionInDecoder
from acclimate.parts import generators, labellers, losses, miners
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
READER = FusionInDecoder()


def test_without_a_reader_it_names_no_model_and_values_teach_all_the_time() -> None:
    recipe = maker(steps=200)
    assert list(refs_of((recipe.steps, recipe.judge))) == []
    (values,) = recipe.steps[-1].stages
    assert values[-1].steps == 200


def test_requests_of_values_are_labelled_by_values() -> None:
    steps = maker().steps
    assert steps[0] == generators.RecordTemplates(per_document=2, queries=6_000)
    ((_, labeller, fit),) = steps[-1].stages
    assert labeller == labellers.Cooccurrence()
    assert (fit.learning_rate, fit.batch, fit.candidates) == (5e-5, 32, 1 + 7)


def test_the_request_does_not_count_to_the_reader_however_it_is_given() -> None:
    recipe = maker(reader=READER)
    assert list(refs_of((recipe.steps, recipe.judge))) == [replace(READER, with_query=False)]


def test_attention_has_no_weight_before_five_eighths_of_the_updates() -> None:
    """[073]: distillation starts at step 30,000 of 48,000: 125 of 200."""
    values, looks = maker(reader=READER, steps=200).steps[-1].stages
    assert values[1] == labellers.Cooccurrence()
    assert looks[:2] == (
        miners.WithStudent(depth=7),
        labellers.ReaderAttention(reader=replace(READER, with_query=False)),
    )
    assert (values[-1].steps, looks[-1].steps) == (125, 75)
    assert looks[-1].loss == losses.KLDivergence(teacher_temperature=1.0, student_temperature=0.05)
    stages = maker(reader=READER, steps=1).steps[-1].stages
    assert [stage[-1].steps for stage in stages] == [1, 1]


def test_values_teach_first_and_the_reader_then(models, tmp_path: Path) -> None:
    """[073]: every record with the values asked for is as relevant as the source."""
    recipe = maker(
        reader=FusionInDecoder(models.writer.model), queries=24, held_out=3, depth=4, steps=4,
        batch=4,
    )  # fmt: skip
    outcome = acclimate.adapt(
        replace(recipe, judge=None), CORPUS, models.encoder, out=tmp_path / "run"
    )
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    assert set(queries["kind"]) == {"record"}
    steps = json.loads((outcome.run / "report.json").read_text("utf-8"))["steps"]
    first, second = (s for s in steps if s["name"] in ("Cooccurrence", "ReaderAttention"))
    assert (first["name"], second["name"]) == ("Cooccurrence", "ReaderAttention")
    told = {
        d: {brand.casefold(), *json.loads(meta).values()}
        for d, brand, meta in zip(CORPUS["doc_id"], CORPUS["title"], CORPUS["meta"], strict=True)
    }
    asked = dict(zip(queries["query_id"], queries["text"], strict=True))
    labels = Labels.open(outcome.run / first["folder"] / "table.arrow")
    assert len(labels)
    for row in labels.dicts():
        text = f" {asked[row['query_id']].casefold()} "
        assert row["value"] == sum(f" {value} " in text for value in told[row["doc_id"]])
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
