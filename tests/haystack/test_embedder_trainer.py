"""EmbedderTrainer: labels to a model, with the loss the labels are for."""

import asyncio
import copy
from pathlib import Path
from typing import Any

import pytest
from haystack import Document

from acclimate.errors import RecipeError, TableError
from acclimate.models.encoders.dense import Dense
from acclimate.parts import miners
from acclimate.testing import toys
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from haystack_integrations.components.training.acclimate import EmbedderTrainer, NegativeMiner

TEXTS = toys.CORPUS["text"]
SCORED = [
    {"question": text.split(".")[0], "pos_doc": text, "neg_doc": TEXTS[place - 1], "score": 2.0}
    for place, text in enumerate(TEXTS)
]
UNSCORED = [{k: v for k, v in row.items() if k != "score"} for row in SCORED]


def trainer(**settings: Any) -> EmbedderTrainer:
    return EmbedderTrainer(settings.pop("model", "some/model"), "nowhere", **settings)


def test_margins_are_never_dropped_in_silence() -> None:
    with pytest.raises(RecipeError, match="would throw away the scores of all 12 labels"):
        trainer(train_loss="mnrl").run(SCORED)


def test_margin_mse_without_margins_is_refused() -> None:
    with pytest.raises(RecipeError, match="needs labels with a score"):
        trainer(train_loss="margin_mse").run(UNSCORED)


def test_labels_of_which_only_some_have_a_score_are_refused() -> None:
    with pytest.raises(TableError, match="11 of 12 labels have no score"):
        trainer().run([SCORED[0], *UNSCORED[1:]])


def test_no_labels_are_refused() -> None:
    with pytest.raises(TableError, match="no labels"):
        trainer().run([])


def test_a_loss_or_a_shape_that_nobody_knows_is_refused() -> None:
    with pytest.raises(RecipeError, match="'margin_mse', 'mnrl' or None"):
        trainer(train_loss="cosine")
    with pytest.raises(RecipeError, match="all, query, adapter"):
        trainer(learns="nothing")


@pytest.mark.parametrize("score", ["high", float("nan"), [1.0]])
def test_a_score_that_is_no_number_is_named(score: Any) -> None:
    with pytest.raises(TableError, match="Label 1: the score must be a number"):
        trainer().run([SCORED[0], {**SCORED[1], "score": score}])


def test_two_scores_for_one_pair_are_refused() -> None:
    with pytest.raises(TableError, match="Label 12: the same question and documents"):
        trainer().run([*SCORED, {**SCORED[0], "score": 5.0}])


@pytest.fixture(scope="module")
def trained(models: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """By loss: what came out, and the folder."""
    found: dict[str, Any] = {}
    folder = tmp_path_factory.mktemp("trained")
    for name, rows in (("scored", SCORED), ("unscored", UNSCORED)):
        made = EmbedderTrainer(models["student"], str(folder), learning_rate=1e-3, batch_size=5)
        found[name] = made.run(rows)
    found["folder"] = folder
    return found


@pytest.mark.integration
def test_the_loss_is_the_one_the_labels_are_for(trained: dict[str, Any]) -> None:
    assert trained["scored"]["report"]["loss"] == "margin_mse"
    assert trained["unscored"]["report"]["loss"] == "mnrl"
    assert trained["scored"]["report"]["steps"] == 3  # 12 questions, 5 at a time
    assert trained["scored"]["report"]["scale"]["teacher_spread"] == 2.0


@pytest.mark.integration
def test_folders_are_named_by_what_is_in_them(trained: dict[str, Any]) -> None:
    paths = [Path(trained[name]["model_path"]) for name in ("scored", "unscored")]
    assert len(set(paths)) == 2
    for path in paths:
        assert path.parent == Path(trained["folder"])
        assert path.name.startswith("model-")
        assert (path / "modules.json").is_file()


@pytest.mark.integration
def test_the_same_labels_give_the_same_model_and_run_async_is_run(
    models: dict[str, str], trained: dict[str, Any], tmp_path: Path
) -> None:
    rows = copy.deepcopy(SCORED)
    again = EmbedderTrainer(models["student"], str(tmp_path), learning_rate=1e-3, batch_size=5)
    found = asyncio.run(again.run_async(rows))
    assert Path(found["model_path"]).name == Path(trained["scored"]["model_path"]).name
    assert found["report"] == trained["scored"]["report"]
    assert rows == SCORED


@pytest.mark.integration
def test_margins_may_be_dropped_when_it_is_said(
    models: dict[str, str], trained: dict[str, Any], tmp_path: Path
) -> None:
    made = EmbedderTrainer(
        models["student"], str(tmp_path), train_loss="mnrl", ignore_margins=True,
        learning_rate=1e-3, batch_size=5,
    )  # fmt: skip
    found = made.run(SCORED)
    assert Path(found["model_path"]).name == Path(trained["unscored"]["model_path"]).name


@pytest.mark.integration
def test_an_adapter_trains_and_an_embedder_serves_what_was_trained(
    models: dict[str, str], tmp_path: Path
) -> None:
    made = EmbedderTrainer(models["student"], str(tmp_path), learns="adapter", learning_rate=1e-2)
    vectors = []
    for rows in (SCORED, [{**row, "score": -2.0} for row in SCORED]):
        path = made.run(rows)["model_path"]
        embedder = SentenceTransformersTextEmbedder(model=path, progress_bar=False)
        vectors.append(embedder.run("tyre and wheel")["embedding"])
        expected = Dense(path).load().encode(["tyre and wheel"])[0]
        assert vectors[-1] == pytest.approx(expected.tolist(), abs=1e-5)
    assert vectors[0] != pytest.approx(vectors[1], abs=1e-5)  # never yesterday's weights


@pytest.mark.integration
def test_a_query_encoder_is_served_by_its_own_route_and_documents_keep_their_vectors(
    models: dict[str, str], tmp_path: Path
) -> None:
    made = EmbedderTrainer(
        models["student"], str(tmp_path), learns="query", learning_rate=1e-2, n_epochs=5
    )
    path = made.run(SCORED)["model_path"]
    routed = {"task": "query"}
    served = SentenceTransformersTextEmbedder(
        model=path, progress_bar=False, encode_kwargs=routed
    ).run("tyre and wheel")["embedding"]
    documents = SentenceTransformersDocumentEmbedder(model=path, progress_bar=False)
    kept = documents.run([Document(content="tyre and wheel")])["documents"][0].embedding
    base = Dense(models["student"]).load().encode(["tyre and wheel"])[0].tolist()
    assert kept == pytest.approx(base, abs=1e-5)
    assert served != pytest.approx(base, abs=1e-3)


@pytest.mark.integration
def test_components_with_one_cache_encode_a_text_once(
    models: dict[str, str], documents: list[Document], tmp_path: Path
) -> None:
    cache = str(tmp_path / "cache")
    miner = NegativeMiner(miners.WithStudent(depth=3), student=models["student"], cache_dir=cache)
    questions = [{"question": row["question"], "document": row["pos_doc"]} for row in SCORED]
    miner.run(questions, documents)
    again = NegativeMiner(miners.WithStudent(depth=3), student=models["student"], cache_dir=cache)
    again.run(questions, documents)
    assert miner._engine is not None
    assert again._engine is not None
    assert miner._engine.usage["encode"]["computed"] == 24
    assert again._engine.usage["encode"]["computed"] == 0
