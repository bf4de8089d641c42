"""The default recipe from end to end: no other model than the student."""

from pathlib import Path

import pytest

import acclimate
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.default import default
from acclimate.tables import Queries
from acclimate.testing import toys

pytestmark = pytest.mark.integration

SMALL = {"queries": 24, "held_out": 6, "depth": 4, "steps": 3, "batch": 8}


def test_it_names_no_model() -> None:
    assert list(refs_of((default().steps, default().judge))) == []


def test_a_writer_that_is_named_asks_as_much_as_pieces_do(models, tmp_path: Path) -> None:
    recipe = default(**SMALL, writer=models.writer)
    others = default(**SMALL).steps
    assert [step for step in recipe.steps if step not in others] == [recipe.steps[1]]
    out = tmp_path / "run"
    acclimate.adapt(recipe, toys.CORPUS, models.encoder, out=out)
    kinds = Queries.open(out / "tables" / "queries.arrow")["kind"]
    # Half, and a little more where documents without a title give no queries of that kind.
    assert 10 <= kinds.count("doc2query") <= 14
    assert len(kinds) > 20


def test_it_runs(models, tmp_path: Path) -> None:
    recipe = default(**SMALL)
    outcome = acclimate.adapt(recipe, toys.CORPUS, models.encoder, out=tmp_path / "run")
    queries = Queries.open(tmp_path / "run" / "tables" / "queries.arrow")
    assert outcome.report.is_file()
    train, held_out = queries.of_split("train"), queries.of_split("heldout")
    assert len(train) > 0
    assert len(held_out) > 0
    assert not set(train["source_doc_id"]) & set(held_out["source_doc_id"])


def test_a_log_joins_the_generated_queries(models, tmp_path: Path) -> None:
    out = tmp_path / "run"
    acclimate.adapt(
        default(**SMALL), toys.CORPUS, models.encoder, out=out, queries=toys.QUERIES["text"]
    )
    queries = Queries.open(out / "tables" / "queries.arrow")
    assert set(toys.QUERIES["text"]) <= set(queries["text"])


def test_the_same_seed_gives_the_same_weights(models, tmp_path: Path) -> None:
    found = []
    for name in ("first", "second"):
        outcome = acclimate.adapt(
            default(**SMALL), toys.CORPUS, models.encoder, out=tmp_path / name, seed=3
        )
        found.append(outcome.student.fingerprint())
    assert found[0] == found[1]
