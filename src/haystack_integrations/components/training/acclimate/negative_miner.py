"""NegativeMiner: for each question, documents that are close to it and are not its own."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from haystack import Document, component
from haystack.utils import ComponentDevice, Secret

from acclimate.errors import RecipeError
from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts.filters.same_text import SameText
from acclimate.parts.filters.sample import Sample
from acclimate.parts.miners.bm25 import BM25
from acclimate.parts.part import Context, apply, needs
from acclimate.tables import Candidates, Corpus, Queries, Table
from haystack_integrations.components.training.acclimate import _rows
from haystack_integrations.components.training.acclimate._warm import HUB, Warm


@component
class NegativeMiner(Warm):
    """Finds documents that look relevant to a question and may not be.

    With one of acclimate's miners, or by default BM25, it searches the documents it is given, or
    those of a document store. With a retriever of Haystack it searches wherever that does, one
    question at a time. The document a question was written from, and any other with the same
    text, is never a negative. Which of the hits are taken depends on their ids and the seed, not
    on luck.

    Usage example:
    ```python
    from haystack.components.retrievers import InMemoryBM25Retriever

    miner = NegativeMiner(InMemoryBM25Retriever(document_store=store), top_k=10)
    negatives = miner.run(questions=questions)["negatives"]
    ```
    """

    def __init__(  # noqa: PLR0913 - a component's settings are flat
        self,
        retriever: Any = None,
        *,
        text_embedder: Any = None,
        document_store: Any = None,
        student: str | None = None,
        top_k: int = 50,
        negatives_per_question: int = 1,
        meta_fields_to_embed: list[str] | None = None,
        seed: int = 0,
        device: ComponentDevice | None = None,
        token: Secret | None = HUB,
        cache_dir: str | None = None,
    ) -> None:
        """Keep the settings; nothing is loaded.

        Args:
            retriever: a TextRetriever, an EmbeddingRetriever (with `text_embedder`), or one of
                `acclimate.parts.miners`; None: BM25.
            text_embedder: embeds questions for an EmbeddingRetriever.
            document_store: where a miner's documents are, when `run` gets none.
            student: the model to be trained, for miners that search with it.
            top_k: hits to draw from; a miner part has a depth of its own.
            negatives_per_question: how many are drawn.
            meta_fields_to_embed: read before the content, as the embedders do.
            seed: the same seed, questions and hits give the same negatives.
            device: where models work; None: a GPU where there is one.
            token: of the model hub.
            cache_dir: keeps vectors, texts and scores, for other components and later runs.
        """
        self.retriever = retriever
        self.text_embedder = text_embedder
        self.document_store = document_store
        self.student = student
        self.top_k = top_k
        self.negatives_per_question = negatives_per_question
        self.meta_fields_to_embed = meta_fields_to_embed
        self.seed = seed
        self.device = device
        self.token = token
        self.cache_dir = cache_dir
        self._part: Any = None if hasattr(retriever, "run") else retriever or BM25(depth=top_k)
        self._check()

    def _check(self) -> None:
        """Refuse what cannot search."""
        if self._part is None and self._embeds() and self.text_embedder is None:
            raise RecipeError(
                f"{type(self.retriever).__name__} searches by vectors. Give "
                "NegativeMiner(text_embedder=…), with the model its documents were embedded by."
            )
        if self._part is not None and Student in needs(self._part).values() and not self.student:
            raise RecipeError(
                f"{type(self._part).__name__} searches with the model to be trained. Give "
                "NegativeMiner(student=…)."
            )

    def _embeds(self) -> bool:
        return "query_embedding" in inspect.signature(self.retriever.run).parameters

    def _uses(self) -> Iterable[Any]:
        return (self.retriever, self.text_embedder, self._part, self._student())

    def _student(self) -> Student | None:
        return Student(encoder=Dense(self.student)) if self.student else None

    @component.output_types(negatives=list[dict[str, Any]], stats=dict[str, Any])
    def run(
        self, questions: list[dict[str, Any]], documents: list[Document] | None = None
    ) -> dict[str, Any]:
        """Find the negatives.

        Args:
            questions: rows with `question` and `document`; those held out are left alone.
            documents: what to search; without them the document store, or the questions' own
                documents. A retriever of Haystack searches its own store.

        Returns:
            `negatives`: rows with question, pos_doc, neg_doc, query_id, pos_doc_id, neg_doc_id,
            rank, retriever_score and miner; `stats`: how many questions got none, and why.
        """
        searched = self._searched(documents)
        rows = _rows.identified(questions, searched)
        asked = [row for row in rows if row["split"] == "train"]
        texts = {row["document_id"]: row["document"] for row in asked}
        ctx = self._context()
        hits = self._by_retriever(asked, texts) if self._part is None else None
        texts = {**searched, **texts}
        corpus, queries = _rows.corpus_of(texts.items()), _rows.queries_of(asked)
        found = self._by_part(corpus, queries, ctx) if hits is None else hits
        distinct = SameText()(corpus, queries, found, ctx) if len(found) else found
        copies = len(found) - len(distinct)
        kept = Sample(per_query=self.negatives_per_question)(distinct, ctx)
        negatives = _negatives(kept, asked, texts)
        with_some = {row["query_id"] for row in negatives}
        stats = {
            "questions": len(asked),
            "without a negative": len(asked) - len(with_some),
            "copies of the document left out": copies,
            "negatives": len(negatives),
        }
        return {"negatives": negatives, "stats": stats}

    @component.output_types(negatives=list[dict[str, Any]], stats=dict[str, Any])
    async def run_async(
        self, questions: list[dict[str, Any]], documents: list[Document] | None = None
    ) -> dict[str, Any]:
        """`run` in a thread, so that the event loop goes on."""
        return await asyncio.to_thread(self.run, questions=questions, documents=documents)

    def _searched(self, documents: list[Document] | None) -> dict[str, str]:
        if documents is None and self.document_store is not None and self._part is not None:
            documents = self.document_store.filter_documents()
        return _rows.texts_of(documents or [], self.meta_fields_to_embed or ())

    def _by_part(self, corpus: Corpus, queries: Queries, ctx: Context) -> Candidates:
        student = self._student()
        things: list[Table | Student] = [corpus, queries]
        if student is not None:
            things.append(student)
        found: Candidates = apply(self._part, things, ctx) if len(queries) else Candidates.empty()
        return found

    def _by_retriever(
        self, asked: Sequence[Mapping[str, Any]], texts: dict[str, str]
    ) -> Candidates:
        """Hits of each question, its own document among them; their texts join `texts`."""
        name = type(self.retriever).__name__
        rows: list[dict[str, Any]] = []
        for question in asked:
            own = question["document_id"]
            hits = {d.id: d for d in self._hits(question["question"])}
            texts.update({i: t for i, t in self._texts(hits.values()).items() if i not in texts})
            scores = {i: float(d.score or 0.0) for i, d in hits.items() if i in texts}
            scores.setdefault(own, min(scores.values(), default=0.0))
            rows += [
                {"query_id": question["query_id"], "doc_id": i, "rank": rank, "score": score,
                 "is_source": i == own, "miner": name}
                for rank, (i, score) in enumerate(scores.items(), start=1)
            ]  # fmt: skip
        return Candidates.of(rows)

    def _texts(self, documents: Iterable[Document]) -> dict[str, str]:
        found = _rows.texts_of(documents, self.meta_fields_to_embed or ())
        return {name: text for name, text in found.items() if text.strip()}

    def _hits(self, question: str) -> list[Document]:
        asked = {"query": question}
        if self._embeds():
            asked = {"query_embedding": self.text_embedder.run(text=question)["embedding"]}
        found: list[Document] = self.retriever.run(**asked, top_k=self.top_k + 1)["documents"]
        return found


def _negatives(
    candidates: Candidates, asked: Sequence[Mapping[str, Any]], texts: Mapping[str, str]
) -> list[dict[str, Any]]:
    by_id = {row["query_id"]: row for row in asked}
    return [
        {
            "question": by_id[row["query_id"]]["question"],
            "pos_doc": by_id[row["query_id"]]["document"],
            "neg_doc": texts[row["doc_id"]],
            "query_id": row["query_id"],
            "pos_doc_id": by_id[row["query_id"]]["document_id"],
            "neg_doc_id": row["doc_id"],
            "rank": row["rank"],
            "retriever_score": row["score"],
            "miner": row["miner"],
        }
        for row in candidates.dicts()
        if not row["is_source"]
    ]
