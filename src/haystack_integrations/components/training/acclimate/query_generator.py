"""QueryGenerator: documents to questions."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from haystack import Document, component
from haystack.utils import ComponentDevice, Secret

from acclimate.models.writers.seq2seq import Seq2Seq
from acclimate.parts.filters.hold_out import HoldOut
from acclimate.parts.generators.doc_to_query import DocToQuery
from acclimate.parts.part import apply
from acclimate.tables import Queries
from haystack_integrations.components.training.acclimate import _rows
from haystack_integrations.components.training.acclimate._chat import ChatWriter
from haystack_integrations.components.training.acclimate._warm import HUB, Warm


@component
class QueryGenerator(Warm):
    """Writes the questions that each document answers.

    With a hub name or folder, a doc2query-style model samples them; with a ChatGenerator, a large
    language model writes them; with one of acclimate's generators, whatever that does: those that
    take queries out of the documents need no model at all.

    Usage example:
    ```python
    from acclimate.parts.generators import Fragments
    from haystack import Document
    from haystack_integrations.components.training.acclimate import QueryGenerator

    generator = QueryGenerator(Fragments(per_document=2))
    questions = generator.run([Document(content="Prime the pump before it is started.")])
    ```
    """

    def __init__(  # noqa: PLR0913 - a component's settings are flat
        self,
        writer: Any = "BeIR/query-gen-msmarco-t5-base-v1",
        *,
        queries_per_document: int = 3,
        prompt_template: str | None = None,
        held_out: float = 0.0,
        meta_fields_to_embed: list[str] | None = None,
        seed: int = 0,
        device: ComponentDevice | None = None,
        token: Secret | None = HUB,
        cache_dir: str | None = None,
    ) -> None:
        """Keep the settings; nothing is loaded.

        Args:
            writer: hub name or folder of an encoder-decoder; a writer such as `Seq2Seq(…)`; one
                of `acclimate.parts.generators`; or a Haystack ChatGenerator.
            queries_per_document: how many to ask for; a generator part has settings of its own.
            prompt_template: the message to a ChatGenerator, with the variables `document` and
                `count`.
            held_out: share of the questions that train nothing, for `AdaptationEvaluator`.
            meta_fields_to_embed: read before the content, as the embedders do.
            seed: the same seed and documents give the same questions.
            device: where the model works; None: a GPU where there is one.
            token: of the model hub.
            cache_dir: keeps vectors, texts and scores, for other components and later runs.
        """
        self.writer = writer
        self.queries_per_document = queries_per_document
        self.prompt_template = prompt_template
        self.held_out = held_out
        self.meta_fields_to_embed = meta_fields_to_embed
        self.seed = seed
        self.device = device
        self.token = token
        self.cache_dir = cache_dir
        self._part = self._generator()

    def _generator(self) -> Any:
        if isinstance(self.writer, str):
            return self._asking(Seq2Seq(self.writer))
        if hasattr(self.writer, "run"):
            return self._asking(ChatWriter(self.writer, self.prompt_template))
        return self._asking(self.writer) if hasattr(self.writer, "open") else self.writer

    def _asking(self, writer: Any) -> DocToQuery:
        return DocToQuery(writer=writer, per_document=self.queries_per_document, at_least=None)

    def _uses(self) -> Iterable[Any]:
        return (self.writer, self._part)

    @component.output_types(questions=list[dict[str, Any]], stats=dict[str, Any])
    def run(self, documents: list[Document]) -> dict[str, Any]:
        """Write the questions.

        Args:
            documents: what to ask about; those without text are left out.

        Returns:
            `questions`: rows with question, document, query_id, document_id, kind, log_prob and
            split ("train" or "heldout"); `stats`: what came of how many documents.
        """
        texts = _rows.texts_of(documents, self.meta_fields_to_embed or ())
        corpus = _rows.corpus_of(texts.items())
        ctx = self._context()
        queries: Queries = apply(self._part, [corpus], ctx) if len(corpus) else Queries.empty()
        if self.held_out and len(queries):
            queries = HoldOut(share=self.held_out)(corpus, queries, ctx)
        questions = _rows.questions_of(queries, texts)
        return {"questions": questions, "stats": {"questions": len(questions), **ctx.notes}}

    @component.output_types(questions=list[dict[str, Any]], stats=dict[str, Any])
    async def run_async(self, documents: list[Document]) -> dict[str, Any]:
        """`run` in a thread, so that the event loop goes on."""
        return await asyncio.to_thread(self.run, documents=documents)
