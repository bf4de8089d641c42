"""LlamaIndex: adapted models as its embedding and its postprocessor."""

from __future__ import annotations

import asyncio
from typing import Any

from acclimate.engines.served import Served
from acclimate.errors import MissingExtraError

try:
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.bridge.pydantic import PrivateAttr
    from llama_index.core.postprocessor.types import BaseNodePostprocessor
    from llama_index.core.schema import MetadataMode, NodeWithScore, QueryBundle
except ImportError as error:
    raise MissingExtraError("llama-index-core", "llama-index") from error


class AdaptedEmbedding(BaseEmbedding):  # type: ignore[misc]
    """A model's vectors for any index of LlamaIndex.

    Queries and nodes each pass the model's own way: its prompts, or the query encoder of a
    student that learnt on the query side only, whose documents keep their vectors.

    Args:
        model: hub name or folder, that of an export included.
        device: "cpu", "cuda", …; "auto": a GPU where there is one.
        settings: those of every embedding of LlamaIndex, such as embed_batch_size.

    Example:
        index = VectorStoreIndex(nodes, embed_model=AdaptedEmbedding("…"))
    """

    _served: Served = PrivateAttr()

    def __init__(self, model: str, *, device: str = "auto", **settings: Any) -> None:
        super().__init__(model_name=model, **settings)
        self._served = Served(model, device)

    @classmethod
    def class_name(cls) -> str:
        """The name LlamaIndex saves."""
        return "AdaptedEmbedding"

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._served.vectors([query], kind="query")[0]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return await asyncio.to_thread(self._get_query_embedding, query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._served.vectors([text], kind="document")[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return self._served.vectors(texts, kind="document")


class AdaptedReranker(BaseNodePostprocessor):  # type: ignore[misc]
    """A reranker that keeps the nodes that answer best, with its scores.

    Args:
        model: hub name or folder of a cross-encoder, that of an export included.
        top_n: nodes that are kept.
        device: "cpu", "cuda", …; "auto": a GPU where there is one.
    """

    model: str
    top_n: int = 10
    device: str = "auto"
    _served: Served | None = PrivateAttr(default=None)

    @classmethod
    def class_name(cls) -> str:
        """The name LlamaIndex saves."""
        return "AdaptedReranker"

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        if query_bundle is None:
            raise ValueError("A reranker needs the query: postprocess_nodes(nodes, query_str=…).")
        if self._served is None:
            self._served = Served(self.model, self.device)
        texts = [n.node.get_content(metadata_mode=MetadataMode.EMBED) for n in nodes]
        found = self._served.best(query_bundle.query_str, texts, self.top_n)
        return [NodeWithScore(node=nodes[row].node, score=score) for row, score in found]
