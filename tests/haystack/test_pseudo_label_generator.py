"""PseudoLabelGenerator: Haystack v1's component, back. Row [P1]."""

import asyncio
import copy
import json
from collections import Counter
from typing import Any

import pytest
from haystack import Document, Pipeline

from acclimate.errors import RecipeError
from acclimate.parts import generators
from acclimate.testing.fakes import FakeScorer, FakeWriter
from haystack_integrations.components.training.acclimate import (
    EmbedderTrainer,
    PseudoLabelGenerator,
    QueryGenerator,
)

V1_KEYS = {"question", "pos_doc", "neg_doc", "score"}


def test_v1s_rows_come_out_with_ids_and_as_python_numbers(
    documents: list[Document], retriever: Any
) -> None:
    found = PseudoLabelGenerator(FakeWriter(), retriever, FakeScorer()).run(documents)
    lone = found["stats"]["negatives"]["without a negative"]  # no other document shares a word
    assert len(found["gpl_labels"]) == 36 - lone > 30
    for row in found["gpl_labels"]:
        assert row.keys() >= V1_KEYS | {"query_id", "pos_doc_id", "neg_doc_id"}
        assert type(row["score"]) is float
        assert row["pos_doc_id"] != row["neg_doc_id"]
        assert row["score"] == row["pos_score"] - row["neg_score"]
    assert json.loads(json.dumps(found)) == found
    assert found["stats"]["labels"]["labels"] == 36 - lone


def test_v1s_arguments_work_by_place_and_by_name(documents: list[Document], retriever: Any) -> None:
    by_place = PseudoLabelGenerator(FakeWriter(), retriever, FakeScorer(), 2, 10, 32)
    by_name = PseudoLabelGenerator(
        question_producer=FakeWriter(),
        retriever=retriever,
        cross_encoder_model_name_or_path=FakeScorer(),
        max_questions_per_document=2,
        top_k=10,
        batch_size=32,
        progress_bar=False,
        use_auth_token=None,
        use_gpu=False,
        devices=["cpu"],
    )
    found = by_place.run(documents)
    assert by_name.run(documents) == found
    assert found["stats"]["questions"]["questions"] == 24


def test_the_three_steps_one_by_one_are_the_whole(
    documents: list[Document], retriever: Any
) -> None:
    generator = PseudoLabelGenerator(FakeWriter(), retriever, FakeScorer(), top_k=5)
    questions = generator.generate_questions(documents, 16)  # v1's second argument is a batch size
    negatives = generator.mine_negatives(questions, 16)
    labels = generator.generate_margin_scores(negatives, batch_size=16)
    assert labels == generator.run(documents)["gpl_labels"]
    assert generator.generate_pseudo_labels(documents, 16) == generator.run(documents)


def test_ready_made_questions_need_no_generator(documents: list[Document]) -> None:
    ready = [{"question": "tyre wheel", "document": documents[5].content}]
    given = PseudoLabelGenerator(ready, cross_encoder_model_name_or_path=FakeScorer())
    at_run = PseudoLabelGenerator("./nowhere", None, FakeScorer())
    assert at_run._producer is not None
    found = given.run(documents)
    assert [row["question"] for row in found["gpl_labels"]] == ["tyre wheel"]
    at_run._producer.writer = at_run._producer._part = None  # nothing of it is opened
    assert at_run.run(documents, questions=ready)["gpl_labels"] == found["gpl_labels"]


def test_the_given_list_is_not_changed_and_gives_the_same_again(
    documents: list[Document], retriever: Any
) -> None:
    ready = [{"question": "tyre wheel", "document": d.content} for d in documents]
    before = copy.deepcopy((ready, documents))
    generator = PseudoLabelGenerator(ready, retriever, FakeScorer())
    first = generator.run(documents)
    assert asyncio.run(generator.run_async(documents)) == first
    assert (ready, documents) == before


def test_another_seed_draws_other_negatives(documents: list[Document], retriever: Any) -> None:
    def drawn(seed: int) -> list[str]:
        made = PseudoLabelGenerator(FakeWriter(), retriever, FakeScorer(), seed=seed)
        return [row["neg_doc_id"] for row in made.run(documents)["gpl_labels"]]

    assert drawn(0) == drawn(0)
    assert drawn(0) != drawn(1)


def test_several_negatives_for_each_question(documents: list[Document], retriever: Any) -> None:
    made = PseudoLabelGenerator(FakeWriter(), retriever, FakeScorer(), negatives_per_question=3)
    counted = Counter(row["query_id"] for row in made.run(documents)["gpl_labels"])
    assert max(counted.values()) == 3


def test_a_query_generator_keeps_its_own_settings(documents: list[Document]) -> None:
    generator = QueryGenerator(FakeWriter(), queries_per_document=1, held_out=0.0)
    made = PseudoLabelGenerator(generator, None, FakeScorer(), max_questions_per_document=9)
    assert made.run(documents)["stats"]["questions"]["questions"] == 12


def test_a_token_in_plain_text_is_refused() -> None:
    with pytest.raises(RecipeError, match="use_auth_token would be saved in plain text"):
        PseudoLabelGenerator("m", use_auth_token="hf_…")  # noqa: S106


def test_false_asks_the_hub_without_a_token() -> None:
    assert PseudoLabelGenerator("m", use_auth_token=False)._labeler.token is None


def test_neither_documents_nor_questions_is_refused() -> None:
    with pytest.raises(RecipeError, match="needs documents, or questions"):
        PseudoLabelGenerator(FakeWriter(), None, FakeScorer()).run()


def test_no_label_is_told(caplog: pytest.LogCaptureFixture) -> None:
    made = PseudoLabelGenerator(FakeWriter(), None, FakeScorer())
    assert made.run([Document(content="alone here")])["gpl_labels"] == []
    assert "No labels" in caplog.text


@pytest.mark.integration
def test_a_saved_pipeline_of_real_models_labels_and_trains(
    documents: list[Document], retriever: Any, models: dict[str, str], tmp_path: Any
) -> None:
    pipeline = Pipeline()
    pipeline.add_component(
        "labels",
        PseudoLabelGenerator(generators.LeadSentences(), retriever, models["teacher"], top_k=5),
    )
    trainer = EmbedderTrainer(models["student"], str(tmp_path), learning_rate=1e-3, n_epochs=2)
    pipeline.add_component("trainer", trainer)
    pipeline.connect("labels.gpl_labels", "trainer.gpl_labels")
    loaded = Pipeline.loads(pipeline.dumps())
    loaded.get_component("labels").retriever.document_store.write_documents(documents)
    asked = {"labels": {"documents": documents}}
    first = pipeline.run(asked)
    assert loaded.run(asked)["trainer"]["model_path"] == first["trainer"]["model_path"]
    assert asyncio.run(loaded.run_async(asked)) == first
    loaded.close()
