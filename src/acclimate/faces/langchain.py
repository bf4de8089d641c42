"""LangChain: adapted models as its embeddings and its compressor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from acclimate.engines.served import Served
from acclimate.errors import MissingExtraError

try:
    from langchain_core.documents import BaseDocumentCompressor, Document
    from langchain_core.embeddings import Embeddings
except ImportError as error:
    raise MissingExtraError("langchain-core", "langchain") from error


class AdaptedEmbeddings(Embeddings):  # type: ignore[misc]
    """A model's vectors for any vector store of LangChain.

    Queries and documents each pass the model's own way: its prompts, or the query encoder of a
    student that learnt on the query side only, whose documents keep their vectors.

    Args:
        model: hub name or folder, that of an export included.
        device: "cpu", "cuda", …; "auto": a GPU where there is one.

    Example:
        store = InMemoryVectorStore(AdaptedEmbeddings("run/models/…"))
    """

    def __init__(self, model: str, *, device: str = "auto") -> None:
        self._served = Served(model, device)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Vectors of documents."""
        return self._served.vectors(texts, kind="document")

    def embed_query(self, text: str) -> list[float]:
        """The vector of a query."""
        return self._served.vectors([text], kind="query")[0]


class AdaptedReranker(BaseDocumentCompressor):  # type: ignore[misc]
    """A reranker that keeps the documents that answer best, for `ContextualCompressionRetriever`.

    What comes out are copies with `relevance_score` in their metadata, the best first.

    Args:
        model: hub name or folder of a cross-encoder, that of an export included.
        top_n: documents that are kept.
        device: "cpu", "cuda", …; "auto": a GPU where there is one.
    """

    model: str
    top_n: int = 10
    device: str = "auto"
    _served: Served | None = None

    def compress_documents(
        self, documents: Sequence[Document], query: str, callbacks: Any = None
    ) -> list[Document]:
        """The best of the documents, in order."""
        del callbacks
        if self._served is None:
            self._served = Served(self.model, self.device)
        found = self._served.best(query, [d.page_content for d in documents], self.top_n)
        return [
            documents[row].model_copy(
                update={"metadata": {**documents[row].metadata, "relevance_score": score}}
            )
            for row, score in found
        ]
