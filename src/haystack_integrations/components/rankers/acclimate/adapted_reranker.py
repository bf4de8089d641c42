"""AdaptedReranker: documents in the order of a reranker that was trained on them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from haystack import Document, component
from haystack.utils import ComponentDevice, Secret

from acclimate.engines.served import Served
from acclimate.errors import RecipeError
from acclimate.models.weights import find
from haystack_integrations.components.training.acclimate._rows import text_of
from haystack_integrations.components.training.acclimate._settings import Saved
from haystack_integrations.components.training.acclimate._warm import HUB


@component
class AdaptedReranker(Saved):
    """Puts documents in the order in which a cross-encoder finds that they answer the query.

    For students of `students.Reranker`, for rerankers that begin as their encoder's late
    interaction, which Haystack's own ranker does not load, and for exports of cross-encoders.
    Scores are raw logits, as the teacher's were.

    Usage example:
    ```python
    reranker = AdaptedReranker("run/models/my-reranker", top_k=5)
    found = reranker.run(query="how is a pump primed", documents=documents)["documents"]
    ```
    """

    def __init__(
        self,
        model: str,
        *,
        top_k: int = 10,
        meta_fields_to_embed: list[str] | None = None,
        device: ComponentDevice | None = None,
        token: Secret | None = HUB,
    ) -> None:
        """Keep the settings; nothing is loaded.

        Args:
            model: hub name or folder of a cross-encoder, or the folder of an export.
            top_k: documents that are given.
            meta_fields_to_embed: read before the content, as when it was trained.
            device: where the model works; None: a GPU where there is one.
            token: of the model hub.
        """
        self.model = model
        self.top_k = top_k
        self.meta_fields_to_embed = meta_fields_to_embed
        self.device = device
        self.token = token
        self._served: Served | None = None
        if top_k < 1:
            raise RecipeError(f"top_k={top_k}: give 1 or more.")

    def warm_up(self) -> None:
        """Find the model, or refuse before anything is asked; once."""
        if self._served is None:
            folder = find(self.model, token=self.token.resolve_value() if self.token else None)
            device = "auto" if self.device is None else self.device.to_torch_str()
            self._served = Served(str(folder), device)

    def close(self) -> None:
        """Let go of the model."""
        self._served = None

    @component.output_types(documents=list[Document])
    def run(
        self, query: str, documents: list[Document], top_k: int | None = None
    ) -> dict[str, Any]:
        """Rank the documents.

        Args:
            query: what was asked.
            documents: what was found; each id once.
            top_k: instead of the component's own.

        Returns:
            `documents`: copies with their scores, the best first.
        """
        self.warm_up()
        assert self._served is not None  # noqa: S101 - warm_up made it
        if top_k is not None and top_k < 1:
            raise RecipeError(f"top_k={top_k}: give 1 or more.")
        given = list({document.id: document for document in documents}.values())
        texts = [text_of(document, self.meta_fields_to_embed or ()) for document in given]
        found = self._served.best(query, texts, top_k or self.top_k)
        return {"documents": [replace(given[row], score=score) for row, score in found]}

    @component.output_types(documents=list[Document])
    async def run_async(
        self, query: str, documents: list[Document], top_k: int | None = None
    ) -> dict[str, Any]:
        """`run` in a thread, so that the event loop goes on."""
        return await asyncio.to_thread(self.run, query=query, documents=documents, top_k=top_k)
