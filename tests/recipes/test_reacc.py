"""reacc from end to end: code with other names finds the original. [041]"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import acclimate
from acclimate.engines.local import Local
from acclimate.models.indexes import BM25, Flat, Interpolated
from acclimate.parts import generators, losses
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.reacc import reacc
from acclimate.tables import Corpus, Queries

pytestmark = pytest.mark.integration

VERBS = ("sum", "count", "join", "sort")
PYTHON = (
    "def {verb}_{thing}({thing}):\n    total = 0\n    for one in {thing}:\n        total += one\n"
)
PYTHON += "    return total\n"
JAVA = "class {verb}{thing} {{\n  int {verb}(int[] {thing}) {{\n    return {thing};\n  }}\n}}\n"


@pytest.fixture(scope="module")
def code() -> Corpus:
    """Functions in two languages, and a long text in two pieces."""
    rows = [
        {"doc_id": f"{verb}_{thing}.{ending}", "text": text.format(verb=verb, thing=thing)}
        for ending, text in (("py", PYTHON), ("java", JAVA))
        for verb in VERBS
        for thing in ("words", "numbers")
    ]
    pieces = ("Sums are made of numbers.", "Words are joined with commas.")
    rows += [
        {"doc_id": f"readme#{n}", "parent_id": "readme", "text": text}
        for n, text in enumerate(pieces)
    ]
    return Corpus.of({"title": "", **row} for row in rows)


def test_it_names_no_model() -> None:
    assert list(refs_of((reacc().steps, reacc().judge))) == []


def test_the_settings_are_those_of_the_release() -> None:
    """[041]: names change with a ratio of 0.85, an idle statement comes in, the end is cut off."""
    transforms, following = reacc().steps[0].members
    assert transforms == generators.CodeTransforms(rename_rate=0.85, dead_code=True, shortest=0.5)
    assert following == generators.NextChunk()
    assert reacc().steps[-1].loss == losses.InfoNCE(temperature=0.05, in_batch=True)


def test_code_is_learned_and_served_with_words_and_vectors(
    models, code: Corpus, tmp_path: Path
) -> None:
    recipe = replace(reacc(queries=16, held_out=2, steps=2, batch=4, shortest=1.0), judge=None)
    outcome = acclimate.adapt(recipe, code, models.encoder, out=tmp_path / "run")
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    assert set(queries["kind"]) == {"code_transform", "next_chunk"}
    transformed = queries.where("kind", ["code_transform"])
    endings = {name.rpartition(".")[2] for name in transformed["source_doc_id"]}
    assert endings == {"py", "java"}
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()

    texts, asked = code.contents, queries["text"]
    flat, engine = Flat(outcome.student.encoder), Local()
    every = np.tile(np.arange(len(texts)), (len(asked), 1))
    dense, words, both = (
        engine.search(index, texts, asked, among=every).scores
        for index in (flat, BM25(), Interpolated(flat))
    )
    least = np.where(words > 0, words, np.inf).min(axis=1, keepdims=True)
    expected = 100 * dense + 1.1 * np.where(words > 0, words, least)
    assert both == pytest.approx(expected, rel=1e-4)
