"""PseudoLabelGenerator: Haystack v1's component, back: documents to labelled triples."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from haystack import Document, component, logging
from haystack.utils import ComponentDevice, Secret

from acclimate.errors import RecipeError
from haystack_integrations.components.training.acclimate._warm import HUB, Warm
from haystack_integrations.components.training.acclimate.cross_encoder_labeler import (
    TEACHER,
    CrossEncoderLabeler,
)
from haystack_integrations.components.training.acclimate.negative_miner import NegativeMiner
from haystack_integrations.components.training.acclimate.query_generator import QueryGenerator

logger = logging.getLogger(__name__)


@component
class PseudoLabelGenerator(Warm):
    """Questions about documents, close documents that do not answer them, and a teacher's margins.

    The names and keyword arguments are those of Haystack v1, and the rows that come out are v1's
    with more in them: ids, both scores, the rank of the negative. Unlike in v1 the scores are
    Python floats, the same seed gives the same labels, documents may share a text, and nothing
    that comes in is changed.

    Usage example:
    ```python
    generator = PseudoLabelGenerator(
        question_producer="doc2query/msmarco-t5-base-v1", retriever=retriever, top_k=10
    )
    labels = generator.run(documents=documents)["gpl_labels"]
    ```
    """

    def __init__(  # noqa: PLR0913 - v1's keyword arguments
        self,
        question_producer: Any,
        retriever: Any = None,
        cross_encoder_model_name_or_path: Any = TEACHER,
        max_questions_per_document: int = 3,
        top_k: int = 50,
        batch_size: int | None = None,
        *,
        text_embedder: Any = None,
        negatives_per_question: int = 1,
        student: str | None = None,
        progress_bar: bool | None = None,
        use_auth_token: bool | None = None,
        use_gpu: bool = True,
        devices: list[str] | None = None,
        seed: int = 0,
        token: Secret | None = HUB,
        cache_dir: str | None = None,
    ) -> None:
        """Keep the settings; nothing is loaded.

        Args:
            question_producer: a `QueryGenerator`, whatever makes one (a model's name, a writer,
                one of acclimate's generators, a ChatGenerator), or ready-made questions: a list
                of `{"question", "document"}`.
            retriever: as `NegativeMiner` takes it; None: BM25 over the documents.
            cross_encoder_model_name_or_path: as `CrossEncoderLabeler` takes its teacher.
            max_questions_per_document: how many are asked for. Not with a `QueryGenerator`, which
                has a setting of its own.
            top_k: hits from which the negatives are drawn.
            batch_size: v1's; batches are made by length here, and this changes nothing.
            text_embedder: embeds questions, where the retriever searches by vectors.
            negatives_per_question: v1 took 1.
            student: the model to be trained, for miners and teachers that start from it.
            progress_bar: v1's; changes nothing.
            use_auth_token: v1's: False asks the hub without a token. A token itself: `token`.
            use_gpu: False: the processor.
            devices: the first one is used, as in v1.
            seed: the same seed gives the same labels.
            token: of the model hub.
            cache_dir: keeps vectors, texts and scores, for other components and later runs.
        """
        self.question_producer = question_producer
        self.retriever = retriever
        self.cross_encoder_model_name_or_path = cross_encoder_model_name_or_path
        self.max_questions_per_document = max_questions_per_document
        self.top_k = top_k
        self.batch_size = batch_size
        self.text_embedder = text_embedder
        self.negatives_per_question = negatives_per_question
        self.student = student
        self.progress_bar = progress_bar
        self.use_auth_token = use_auth_token
        self.use_gpu = use_gpu
        self.devices = devices
        self.seed = seed
        self.token = token
        self.cache_dir = cache_dir
        if isinstance(use_auth_token, str):
            raise RecipeError(
                "use_auth_token would be saved in plain text. Give "
                "token=Secret.from_env_var('HF_TOKEN') instead."
            )
        self._producer = self._made()
        self._miner = NegativeMiner(
            retriever,
            text_embedder=text_embedder,
            top_k=top_k,
            negatives_per_question=negatives_per_question,
            student=student,
            **self._shared(),
        )
        self._labeler = CrossEncoderLabeler(
            cross_encoder_model_name_or_path, student=student, **self._shared()
        )
        if batch_size is not None:
            logger.info(
                "batch_size={batch_size}: batches go by length here.", batch_size=batch_size
            )

    def _made(self) -> QueryGenerator | None:
        """What writes the questions; None where they are given."""
        given = self.question_producer
        if isinstance(given, list):
            return None
        if isinstance(given, QueryGenerator):
            return given
        return QueryGenerator(
            given, queries_per_document=self.max_questions_per_document, **self._shared()
        )

    def _shared(self) -> dict[str, Any]:
        """Settings of all three components."""
        token = None if self.use_auth_token is False else self.token
        place = _place(self.devices, use_gpu=self.use_gpu)
        return {"seed": self.seed, "device": place, "token": token, "cache_dir": self.cache_dir}

    def _uses(self) -> Iterable[Any]:
        return [c for c in (self._producer, self._miner, self._labeler) if c is not None]

    @component.output_types(gpl_labels=list[dict[str, Any]], stats=dict[str, Any])
    def run(
        self,
        documents: list[Document] | None = None,
        questions: list[dict[str, Any]] | None = None,
    ) -> dict[str, Any]:
        """Make the labels.

        Args:
            documents: what to ask about and, without a retriever, to search.
            questions: ready-made rows with `question` and `document`: nothing is generated.

        Returns:
            `gpl_labels`: rows with question, pos_doc, neg_doc, score, and more; `stats`: what
            came of each step.
        """
        self.warm_up()
        asked, written = self._questions(documents, questions)
        mined = self._miner.run(questions=asked, documents=documents)
        labelled = self._labeler.run(negatives=mined["negatives"])
        stats = {"questions": written, "negatives": mined["stats"], "labels": labelled["stats"]}
        if not labelled["gpl_labels"]:
            logger.warning("No labels: {stats}", stats=stats)
        return {"gpl_labels": labelled["gpl_labels"], "stats": stats}

    @component.output_types(gpl_labels=list[dict[str, Any]], stats=dict[str, Any])
    async def run_async(
        self,
        documents: list[Document] | None = None,
        questions: list[dict[str, Any]] | None = None,
    ) -> dict[str, Any]:
        """`run` in a thread, so that the event loop goes on."""
        return await asyncio.to_thread(self.run, documents=documents, questions=questions)

    def _questions(
        self, documents: list[Document] | None, questions: list[dict[str, Any]] | None
    ) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        ready = questions
        if ready is None and isinstance(self.question_producer, list):
            ready = self.question_producer
        if ready is not None:
            return ready, {"questions": len(ready), "ready-made": True}
        if documents is None or self._producer is None:
            raise RecipeError("PseudoLabelGenerator.run needs documents, or questions.")
        made = self._producer.run(documents=documents)
        return made["questions"], made["stats"]

    # v1's methods; their batch_size is taken and of no effect

    def generate_pseudo_labels(
        self, documents: list[Document], batch_size: int | None = None
    ) -> dict[str, Any]:
        """What `run` gives; v1 gave the name of an edge besides."""
        del batch_size
        found: dict[str, Any] = self.run(documents)
        return found

    def generate_questions(
        self, documents: list[Document], batch_size: int | None = None
    ) -> list[dict[str, Any]]:
        """v1's first step: questions with the documents they were written from."""
        del batch_size
        return self._questions(documents, None)[0]

    def mine_negatives(
        self,
        question_doc_pairs: list[dict[str, Any]],
        batch_size: int | None = None,
        *,
        documents: list[Document] | None = None,
    ) -> list[dict[str, Any]]:
        """v1's second step: a negative for each question."""
        del batch_size
        found: list[dict[str, Any]] = self._miner.run(question_doc_pairs, documents)["negatives"]
        return found

    def generate_margin_scores(
        self, mined_negatives: list[dict[str, Any]], batch_size: int | None = None
    ) -> list[dict[str, Any]]:
        """v1's third step: the teacher's margins."""
        del batch_size
        labels: list[dict[str, Any]] = self._labeler.run(negatives=mined_negatives)["gpl_labels"]
        return labels


def _place(devices: list[str] | None, *, use_gpu: bool) -> ComponentDevice | None:
    if not use_gpu:
        return ComponentDevice.from_str("cpu")
    return ComponentDevice.from_str(str(devices[0])) if devices else None
