"""maker_labels from end to end: values of records, then a reader's attention. [073]"""

from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.models.readers import FusionInDecoder
from acclimate.parts import labellers, losses, miners
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.maker_labels import maker_labels
from acclimate.tables import Corpus

pytestmark = pytest.mark.integration

CORPUS = Corpus.of(
    {"doc_id": f"{brand}-{colour}", "title": brand, "text": f"colour: {colour}\nkind: {kind}"}
    for brand, kind in (("Gazelle", "racer"), ("Batavus", "city"), ("Koga", "tandem"))
    for colour in ("red", "green", "blue", "white")
)


def test_its_only_model_is_a_reader_to_which_the_request_does_not_count() -> None:
    recipe = maker_labels()
    assert list(refs_of((recipe.steps, recipe.judge))) == [FusionInDecoder(with_query=False)]


def test_attention_has_no_weight_before_five_eighths_of_the_updates() -> None:
    """[073]: distillation starts at step 30,000 of 48,000: 125 of 200."""
    values, looks = maker_labels(steps=200).steps[-1].stages
    assert values[1] == labellers.Cooccurrence()
    assert looks[:2] == (
        miners.WithStudent(depth=7),
        labellers.ReaderAttention(reader=FusionInDecoder(with_query=False)),
    )
    assert (values[-1].steps, looks[-1].steps) == (125, 75)
    assert looks[-1].loss == losses.KLDivergence(teacher_temperature=1.0, student_temperature=0.05)
    assert [stage[-1].steps for stage in maker_labels(steps=1).steps[-1].stages] == [1, 1]


def test_values_teach_first_and_the_reader_then(models, tmp_path: Path) -> None:
    reader = FusionInDecoder(models.writer.model, with_query=False)
    recipe = maker_labels(reader=reader, queries=24, held_out=3, depth=4, steps=4, batch=4)
    outcome = acclimate.adapt(
        replace(recipe, judge=None), CORPUS, models.encoder, out=tmp_path / "run"
    )
    names = [step["step"] for step in outcome.facts["cost"]["steps"]]
    labelled = [name for name in names if name in ("Cooccurrence", "ReaderAttention")]
    assert labelled == ["Cooccurrence", "ReaderAttention"]
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
