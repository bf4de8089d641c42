"""apollo from end to end: queries and candidates are of documents with numbers. [013]"""

from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.models.scorers import CrossEncoder
from acclimate.parts import losses, miners
from acclimate.recipes.apollo import apollo
from acclimate.tables import Candidates, Corpus, Queries

pytestmark = pytest.mark.integration

REPORT = Corpus.of(
    {"doc_id": f"d{n}", "title": "", "text": text}
    for n, text in enumerate(
        [
            *(
                f"The tank of pump {n} holds {40 + n} cups of water after the season."
                for n in range(8)
            ),
            *(
                f"Open the drain valve slowly to empty the {side} tank."
                for side in ("left", "last")
            ),
        ]
    )
)


def test_three_documents_with_numbers_are_told_from_the_source() -> None:
    recipe = apollo()
    assert recipe.steps[-3] == miners.NumberAware(miner=miners.BM25(depth=50), count=3)
    assert recipe.steps[-1].loop.candidates == 4
    assert recipe.steps[-1].loop.loss == losses.TrueFalse()


def test_it_runs_and_no_document_without_numbers_is_read(models, tmp_path: Path) -> None:
    recipe = replace(apollo(queries=24, held_out=4, steps=3, batch=4), judge=None)
    outcome = acclimate.adapt(recipe, REPORT, models.scorer, out=tmp_path / "run")
    assert isinstance(outcome.encoder, CrossEncoder)
    assert outcome.encoder.fingerprint() != models.scorer.fingerprint()
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    candidates = Candidates.open(outcome.run / "tables" / "candidates.arrow")
    numeric = {f"d{n}" for n in range(8)}
    assert set(queries["source_doc_id"]) <= numeric
    assert set(candidates["doc_id"]) <= numeric
    assert max(candidates["query_id"].count(q) for q in queries["query_id"]) == 1 + 3
