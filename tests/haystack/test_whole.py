"""DomainAdaptation and RecipeRun: documents in, a model out."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from haystack import Document, Pipeline

from acclimate.errors import RecipeError
from acclimate.parts import generators
from haystack_integrations.components.training.acclimate import DomainAdaptation, RecipeRun

pytestmark = pytest.mark.integration


def test_the_super_component_goes_from_documents_to_a_judged_model(
    documents: list[Document], models: dict[str, str], tmp_path: Path
) -> None:
    def made() -> DomainAdaptation:
        return DomainAdaptation(
            models["student"],
            str(tmp_path),
            writer=generators.Fragments(per_document=3),
            teacher=models["teacher"],
            held_out=0.3,
            learning_rate=1e-3,
        )

    pipeline = Pipeline()
    pipeline.add_component("adaptation", made())
    found: dict[str, Any] = Pipeline.loads(pipeline.dumps()).run({"documents": documents})
    out = found["adaptation"]
    assert out.keys() == {
        "model_path", "base", "adapted", "comparison", "gpl_labels", "report",
    }  # fmt: skip
    held = set(out["adapted"].inputs["query_id"])
    assert held
    assert not held & {row["query_id"] for row in out["gpl_labels"]}
    better = out["comparison"]["better"]
    assert (out["model_path"] != models["student"]) == better
    again = asyncio.run(made().run_async(documents=documents))
    assert again["gpl_labels"] == out["gpl_labels"]


def test_a_recipe_runs_over_haystacks_documents(
    documents: list[Document], models: dict[str, str], tmp_path: Path
) -> None:
    made = RecipeRun(
        models["student"],
        str(tmp_path / "run"),
        recipe_settings={"queries": 60, "held_out": 10, "steps": 2},
    )
    found = made.run(documents)
    assert not found["adapted"]  # ten questions prove nothing
    assert found["model_path"] == models["student"]
    assert Path(found["report"]).is_file()
    assert asyncio.run(made.run_async(documents)) == found


def test_a_recipe_is_named_and_never_a_file() -> None:
    with pytest.raises(RecipeError, match="Did you mean 'default'"):
        RecipeRun("m", "run", recipe="defualt")
    with pytest.raises(RecipeError, match=r"There is no recipe 'mine\.py:run'"):
        RecipeRun("m", "run", recipe="mine.py:run")
    with pytest.raises(RecipeError, match="recipe_settings or minutes"):
        RecipeRun("m", "run", recipe_settings={"steps": 1}, minutes=2)
