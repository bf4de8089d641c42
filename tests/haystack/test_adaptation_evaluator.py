"""AdaptationEvaluator: base and adapted model on held-out questions."""

import asyncio
import copy
from pathlib import Path
from typing import Any

import pytest
from haystack import Document
from haystack.evaluation import EvaluationRunResult

from acclimate.errors import TableError
from acclimate.testing import toys
from acclimate.testing.fakes import FakeScorer
from acclimate.testing.tiny import tiny_encoder
from haystack_integrations.components.training.acclimate import AdaptationEvaluator

QUESTIONS = [
    {"question": row["text"], "document": text, "document_id": row["source_doc_id"]}
    for row, text in zip(toys.WRITTEN.dicts(), toys.CORPUS["text"], strict=True)
]


def test_questions_that_trained_do_not_judge() -> None:
    asked = [{**row, "split": "train"} for row in QUESTIONS]
    with pytest.raises(TableError, match="None of 12 questions is held out"):
        AdaptationEvaluator("some/model", FakeScorer()).run(asked, [], "other")


@pytest.fixture(scope="module")
def random(models: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """A model whose words it has never seen: worse than one that has."""
    del models
    folder: Path = tmp_path_factory.mktemp("random")
    return tiny_encoder(folder, texts=["nothing of this"], seed=5).model


@pytest.mark.integration
def test_the_better_model_is_found_and_named(
    models: dict[str, str], random: str, documents: list[Document]
) -> None:
    evaluator = AdaptationEvaluator(random, FakeScorer())
    found = evaluator.run(QUESTIONS, documents, models["student"])
    assert found["comparison"]["better"]
    assert found["model_path"] == models["student"]
    base, adapted = found["base"], found["adapted"]
    assert isinstance(base, EvaluationRunResult)
    assert set(adapted.results) == {"judged nDCG@10", "RR@10", "R@100"}
    assert adapted.results["RR@10"]["score"] > base.results["RR@10"]["score"]
    assert len(adapted.results["RR@10"]["individual_scores"]) == 12
    report = base.comparative_detailed_report(adapted, output_format="json")
    assert "adapted_RR@10" in report


@pytest.mark.integration
def test_a_worse_model_is_not_recommended_and_only_held_out_rows_count(
    models: dict[str, str], random: str, documents: list[Document]
) -> None:
    mixed = [
        {**row, "split": "heldout" if place % 2 else "train"} for place, row in enumerate(QUESTIONS)
    ]
    before: Any = copy.deepcopy((mixed, documents))
    evaluator = AdaptationEvaluator(models["student"], FakeScorer())
    found = asyncio.run(evaluator.run_async(mixed, documents, random))
    assert not found["comparison"]["better"]
    assert found["model_path"] == models["student"]
    assert len(found["base"].inputs["question"]) == 6
    assert (mixed, documents) == before
