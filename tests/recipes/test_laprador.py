"""LaPraDoR from end to end: two towers that learned in turns, served as one model. [035]"""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import acclimate
from acclimate.parts import generators, loops, losses, students
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.laprador import laprador
from acclimate.tables import Queries
from acclimate.testing import toys

pytestmark = pytest.mark.integration

SMALL = {"queries": 24, "held_out": 6, "cache": 2, "turns": 2, "steps": 2, "batch": 4}


def test_it_names_no_model() -> None:
    assert list(refs_of((laprador().steps, laprador().judge))) == []


def test_a_batch_is_told_from_a_thousand_kept_vectors() -> None:
    (cloze,) = [step for step in laprador().steps if isinstance(step, loops.Cloze)]
    fit = cloze.loop.loop
    assert fit.loss == losses.InfoNCE(temperature=0.05, in_batch=True)
    assert fit.batch * fit.candidates == 32 * 32
    assert cloze.loop.turns == 4


def test_dropout_tells_a_document_from_itself() -> None:
    """[035]: the second kind of pairs is one text, encoded twice."""
    assert students.Dense(dropout=True) in laprador().steps
    (beside,) = [s for s in laprador(queries=7).steps if isinstance(s, generators.Beside)]
    assert beside.generator.generator == generators.DropoutPairs(queries=7)


def test_both_towers_move_each_in_its_turn(models, tmp_path: Path) -> None:
    recipe = replace(laprador(**SMALL), judge=None)
    outcome = acclimate.adapt(recipe, toys.CORPUS, models.encoder, out=tmp_path / "run")
    steps = json.loads((outcome.run / "report.json").read_text("utf-8"))["steps"]
    assert [s["name"] for s in steps if s["depth"] > 0] == ["Fit", "Fit", "AlternatingCache"]
    before, after = models.encoder.open("cpu"), outcome.encoder.open("cpu")
    for kind in ("query", "document"):
        own, moved = (m.encode(toys.CORPUS.contents, kind=kind) for m in (before, after))
        assert not np.array_equal(own, moved)
        assert np.linalg.norm(moved, axis=1) == pytest.approx(1, abs=1e-5)
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    held, themselves = queries.of_split("heldout"), queries.where("kind", ["dropout"])
    assert "dropout" not in held["kind"]
    asked = set(themselves["source_doc_id"])
    assert asked
    assert not asked & set(held["source_doc_id"])
    assert len(asked) + len(set(held["source_doc_id"])) == len(toys.CORPUS)
    towers = [after.encode(toys.CORPUS.contents, kind=kind) for kind in ("query", "document")]
    assert not np.array_equal(*towers)
