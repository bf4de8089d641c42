"""DomainAdaptation: documents to a model that is better on them, in one component."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from haystack import Document, Pipeline, super_component
from haystack.utils import ComponentDevice, Secret

from haystack_integrations.components.training.acclimate._settings import Saved
from haystack_integrations.components.training.acclimate._warm import HUB
from haystack_integrations.components.training.acclimate.adaptation_evaluator import (
    AdaptationEvaluator,
)
from haystack_integrations.components.training.acclimate.cross_encoder_labeler import (
    TEACHER,
    CrossEncoderLabeler,
)
from haystack_integrations.components.training.acclimate.embedder_trainer import EmbedderTrainer
from haystack_integrations.components.training.acclimate.negative_miner import NegativeMiner
from haystack_integrations.components.training.acclimate.query_generator import QueryGenerator

WRITER = "BeIR/query-gen-msmarco-t5-base-v1"


@super_component
class DomainAdaptation(Saved):
    """The four steps of GPL and their proof: generate, mine, label, train, evaluate.

    A SuperComponent over the components of this package, for documents that fit in memory; to
    change more than it lets you, build the same pipeline. `RecipeRun` is the other way to the
    whole: any recipe of acclimate, planned for a number of minutes, kept step by step in a run
    folder, with its report.

    Usage example:
    ```python
    adaptation = DomainAdaptation("sentence-transformers/all-MiniLM-L6-v2", "models")
    found = adaptation.run(documents=documents)
    embedder = SentenceTransformersTextEmbedder(model=found["model_path"])
    ```
    """

    def __init__(  # noqa: PLR0913 - a component's settings are flat
        self,
        model: str,
        save_dir: str,
        *,
        writer: Any = WRITER,
        retriever: Any = None,
        teacher: Any = TEACHER,
        queries_per_document: int = 3,
        negatives_per_question: int = 4,
        n_epochs: int = 1,
        learning_rate: float = 2e-5,
        learns: Literal["all", "query", "adapter"] = "all",
        held_out: float = 0.1,
        seed: int = 0,
        device: ComponentDevice | None = None,
        token: Secret | None = HUB,
        cache_dir: str | None = None,
    ) -> None:
        """Keep the settings and put the pipeline together; nothing is loaded.

        Args:
            model: the model to adapt: hub name or folder.
            save_dir: where the folder of the adapted model is made.
            writer: as `QueryGenerator` takes it.
            retriever: as `NegativeMiner` takes it; None: BM25 over the documents.
            teacher: as `CrossEncoderLabeler` takes it; it judges the outcome, too.
            queries_per_document: how many questions are asked for.
            negatives_per_question: how many are drawn for each.
            n_epochs: how often each question is seen.
            learning_rate: at its highest.
            learns: all weights, a query encoder, or a map behind the encoder.
            held_out: share of the questions that judge and do not train.
            seed: the same seed and documents give the same model.
            device: where models work; None: a GPU where there is one.
            token: of the model hub.
            cache_dir: keeps vectors, texts and scores, for other components and later runs.
        """
        self.model = model
        self.save_dir = save_dir
        self.writer = writer
        self.retriever = retriever
        self.teacher = teacher
        self.queries_per_document = queries_per_document
        self.negatives_per_question = negatives_per_question
        self.n_epochs = n_epochs
        self.learning_rate = learning_rate
        self.learns = learns
        self.held_out = held_out
        self.seed = seed
        self.device = device
        self.token = token
        self.cache_dir = cache_dir
        self.pipeline = self._built()
        self.input_mapping = {
            "documents": ["generator.documents", "miner.documents", "evaluator.documents"]
        }
        self.output_mapping = {
            "evaluator.model_path": "model_path",
            "evaluator.base": "base",
            "evaluator.adapted": "adapted",
            "evaluator.comparison": "comparison",
            "labeler.gpl_labels": "gpl_labels",
            "trainer.report": "report",
        }

    def _built(self) -> Pipeline:
        place: dict[str, Any] = {
            "seed": self.seed,
            "device": self.device,
            "token": self.token,
            "cache_dir": self.cache_dir,
        }
        pipeline = Pipeline()
        pipeline.add_component(
            "generator",
            QueryGenerator(
                self.writer,
                queries_per_document=self.queries_per_document,
                held_out=self.held_out,
                **place,
            ),
        )
        pipeline.add_component(
            "miner",
            NegativeMiner(
                self.retriever,
                student=self.model,
                negatives_per_question=self.negatives_per_question,
                **place,
            ),
        )
        pipeline.add_component(
            "labeler", CrossEncoderLabeler(self.teacher, student=self.model, **place)
        )
        pipeline.add_component(
            "trainer",
            EmbedderTrainer(
                self.model,
                self.save_dir,
                n_epochs=self.n_epochs,
                learning_rate=self.learning_rate,
                learns=self.learns,
                **place,
            ),
        )
        pipeline.add_component("evaluator", AdaptationEvaluator(self.model, self.teacher, **place))
        pipeline.connect("generator.questions", "miner.questions")
        pipeline.connect("miner.negatives", "labeler.negatives")
        pipeline.connect("labeler.gpl_labels", "trainer.gpl_labels")
        pipeline.connect("trainer.model_path", "evaluator.model_path")
        pipeline.connect("generator.questions", "evaluator.questions")
        return pipeline

    if TYPE_CHECKING:

        def run(self, *, documents: list[Document]) -> dict[str, Any]:
            """Adapt the model to the documents.

            Args:
                documents: of the new domain.

            Returns:
                `model_path`: the model to use, the base where nothing was proved; `base`,
                `adapted` and `comparison` as of `AdaptationEvaluator`; `gpl_labels`; `report` of
                the training.
            """
