"""AdaptedReranker: documents in the order of a trained reranker."""

import asyncio
import copy
from typing import Any

import pytest
from haystack import Document, Pipeline

from acclimate.engines.served import Served
from acclimate.errors import ModelError, RecipeError
from haystack_integrations.components.rankers.acclimate import AdaptedReranker


def test_settings_that_give_nothing_are_refused() -> None:
    with pytest.raises(RecipeError, match="1 or more"):
        AdaptedReranker("some/model", top_k=0)


def test_a_pipeline_with_it_is_saved_and_loaded_and_opens_nothing() -> None:
    made = AdaptedReranker("some/model", top_k=3, meta_fields_to_embed=["title"])
    pipeline = Pipeline()
    pipeline.add_component("it", made)
    text = pipeline.dumps()
    loaded = Pipeline.loads(text)
    assert loaded.dumps() == text
    assert made._served is None
    again: Any = loaded.get_component("it")
    assert (again.model, again.top_k, again.meta_fields_to_embed) == ("some/model", 3, ["title"])


@pytest.mark.integration
def test_documents_come_in_the_models_order_with_its_logits(
    models: dict[str, str], documents: list[Document]
) -> None:
    given: Any = copy.deepcopy(documents)
    made = AdaptedReranker(models["teacher"], top_k=4)
    found = made.run("tyre and wheel", [*given, given[0]])["documents"]
    best = Served(models["teacher"], "cpu").best(
        "tyre and wheel", [d.content or "" for d in documents], 4
    )
    assert [d.id for d in found] == [documents[row].id for row, _ in best]
    assert [d.score for d in found] == pytest.approx([score for _, score in best])
    assert given == documents
    assert asyncio.run(made.run_async("tyre and wheel", given))["documents"] == found
    assert len(made.run("tyre", given, top_k=1)["documents"]) == 1
    assert made.run("tyre", [])["documents"] == []
    made.close()
    assert made._served is None


@pytest.mark.integration
def test_meta_fields_are_read_before_the_content(models: dict[str, str]) -> None:
    document = Document(content="a wheel", meta={"title": "glue"})
    made = AdaptedReranker(models["teacher"], meta_fields_to_embed=["title"])
    (found,) = made.run("tyre", [document])["documents"]
    expected = Served(models["teacher"], "cpu").scores("tyre", ["glue\na wheel"])
    assert found.score == pytest.approx(expected[0])


@pytest.mark.integration
def test_an_encoder_is_refused(models: dict[str, str]) -> None:
    with pytest.raises(ModelError, match="no reranker"):
        AdaptedReranker(models["student"]).run("tyre", [Document(content="a wheel")])
