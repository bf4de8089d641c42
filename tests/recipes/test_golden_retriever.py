"""golden_retriever from end to end: short forms and long ones."""

from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.parts import generators
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.golden_retriever import golden_retriever
from acclimate.tables import Corpus, Queries

pytestmark = pytest.mark.integration

FORMS = {
    "LED": "light emitting diode",
    "PCB": "printed circuit board",
    "MTB": "mean time between",
    "QAT": "quality assurance team",
}
CORPUS = Corpus.of(
    row
    for short, long in FORMS.items()
    for row in (
        {"doc_id": f"{short} said", "title": "", "text": f"We test each {long} ({short}) twice."},
        {"doc_id": f"{short} used", "title": "", "text": f"Call the shop when an {short} fails."},
    )
)


def test_it_names_no_model() -> None:
    assert list(refs_of((golden_retriever().steps, golden_retriever().judge))) == []


def test_half_of_the_queries_are_of_the_glossary() -> None:
    mixed = golden_retriever().steps[0]
    assert mixed.members[0] == generators.Glossary()
    assert mixed.shares == (2.0, 1.0, 1.0)


def test_a_document_with_the_short_form_is_asked_for_with_the_long_one(
    models, tmp_path: Path
) -> None:
    """What the acronym stands for is read off another document."""
    recipe = golden_retriever(queries=30, held_out=2, steps=2, batch=4)
    outcome = acclimate.adapt(
        replace(recipe, judge=None), CORPUS, models.encoder, out=tmp_path / "run"
    )
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    swaps = queries.where("kind", ["acronym_swap"])
    used = [
        (text, source)
        for text, source in zip(swaps["text"], swaps["source_doc_id"], strict=True)
        if source.endswith("used")
    ]
    assert used
    for text, source in used:
        short = source.split()[0]
        assert FORMS[short] in text
        assert short not in text
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
