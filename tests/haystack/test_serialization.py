"""Every component is saved and loaded as Haystack saves its own, with no unsafe flag."""

import copy
import pkgutil
import subprocess
import sys
from typing import Any

import pytest
from haystack import Pipeline
from haystack.components.generators.chat import OpenAIChatGenerator
from haystack.components.retrievers import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.core.errors import DeserializationError
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.utils import ComponentDevice, Secret

from acclimate.errors import StoreError
from acclimate.models.encoders.dense import Dense
from acclimate.models.scorers.cross_encoder import CrossEncoder
from acclimate.models.writers.seq2seq import Seq2Seq
from acclimate.parts import generators, labellers, miners
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersTextEmbedder,
)
from haystack_integrations.components.training import acclimate as components

CPU = ComponentDevice.from_str("cpu")
TOKEN = Secret.from_env_var("MY_TOKEN", strict=False)


def made() -> dict[str, Any]:
    """Each component as it comes, and with whatever may be nested in it."""
    store = InMemoryDocumentStore(shared=False)
    chat = OpenAIChatGenerator(api_key=Secret.from_env_var("MY_KEY", strict=False))
    scorers = labellers.Score(teacher=CrossEncoder("some/teacher"))
    return {
        "generator": components.QueryGenerator(),
        "generator_part": components.QueryGenerator(
            generators.Mixed((generators.Fragments(), generators.Titles()), queries=9),
            held_out=0.2, device=CPU, token=TOKEN, meta_fields_to_embed=["title"],
        ),
        "generator_chat": components.QueryGenerator(chat, prompt_template="{{document}} {{count}}"),
        "generator_ref": components.QueryGenerator(Seq2Seq("some/writer", temperature=0.7)),
        "miner": components.NegativeMiner(document_store=store),
        "miner_text": components.NegativeMiner(InMemoryBM25Retriever(store), top_k=7),
        "miner_embedding": components.NegativeMiner(
            InMemoryEmbeddingRetriever(store),
            text_embedder=SentenceTransformersTextEmbedder(model="some/encoder"),
        ),
        "miner_part": components.NegativeMiner(
            miners.Union((miners.BM25(), miners.DenseSearch(encoder=Dense("some/encoder")))),
            student="some/student",
        ),
        "labeler": components.CrossEncoderLabeler(),
        "labeler_part": components.CrossEncoderLabeler(labellers.Fusion(), student="some/student"),
        "labels": components.PseudoLabelGenerator(
            components.QueryGenerator(), InMemoryBM25Retriever(store), "some/teacher", 10, 50, 16,
            use_gpu=False, use_auth_token=False,
        ),
        "labels_ready": components.PseudoLabelGenerator([{"question": "q", "document": "d"}]),
        "trainer": components.EmbedderTrainer("some/encoder", "models", learns="query"),
        "evaluator": components.AdaptationEvaluator("some/encoder", scorers),
        "adaptation": components.DomainAdaptation(
            "some/encoder", "models", writer=generators.Fragments(), teacher=scorers, device=CPU
        ),
        "recipe": components.RecipeRun("some/encoder", "run", minutes=3),
    }  # fmt: skip


each = pytest.mark.parametrize("name", made())


def alone(component: Any) -> Pipeline:
    pipeline = Pipeline()
    pipeline.add_component("it", component)
    return pipeline


def test_every_component_is_tried_here() -> None:
    names = {n for n in vars(components) if n[0].isupper()}
    assert {type(component).__name__ for component in made().values()} == names


@each
def test_a_pipeline_comes_back_as_it_was_saved(name: str) -> None:
    text = alone(made()[name]).dumps()
    loaded = Pipeline.loads(text)
    assert loaded.dumps() == text
    assert type(loaded.get_component("it")) is type(made()[name])


@each
def test_the_settings_that_come_back_are_the_settings(name: str) -> None:
    component = made()[name]
    again = type(component).from_dict(component.to_dict())
    assert again.to_dict() == component.to_dict()
    parts = ("_part",)
    kept = {n: getattr(component, n) for n in parts if hasattr(component, n)}
    if name != "generator_chat":  # a chat generator has no equality
        assert {n: getattr(again, n) for n in kept} == kept


@each
def test_loading_changes_nothing_of_what_was_saved(name: str) -> None:
    data = made()[name].to_dict()
    before = copy.deepcopy(data)
    type(made()[name]).from_dict(data)
    assert data == before


@each
def test_making_one_opens_nothing(name: str) -> None:
    assert getattr(made()[name], "_engine", None) is None


def test_a_saved_file_cannot_name_anything_but_parts_and_models() -> None:
    text = alone(made()["evaluator"]).dumps()
    for path, error in (
        ("acclimate.models.weights.find", "is not a class that was saved here"),
        ("subprocess.Popen", "is not loaded from a saved file"),
    ):
        evil = text.replace("acclimate.parts.labellers.score.Score", path)
        with pytest.raises((StoreError, DeserializationError), match=error):
            Pipeline.loads(evil)


def test_a_token_itself_is_never_saved() -> None:
    component = components.CrossEncoderLabeler(token=Secret.from_token("secret"))
    with pytest.raises(ValueError, match="Cannot serialize token-based secret"):
        component.to_dict()


def test_importing_the_components_loads_no_framework_but_haystacks_own_torch() -> None:
    code = (
        "import sys\n"
        f"import {components.__name__}\n"
        "heavy = {'transformers', 'sentence_transformers', 'matplotlib'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_package_shares_its_namespace_with_haystacks_own() -> None:
    above = components.__name__.split(".")[:-1]
    for level in range(len(above)):
        assert sys.modules[".".join(above[: level + 1])].__file__ is None
    kinds = {m.name for m in pkgutil.iter_modules(sys.modules[components.__name__].__path__)}
    assert "pseudo_label_generator" in kinds
