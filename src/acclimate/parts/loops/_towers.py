"""Towers: an encoder of queries and one of documents, of which one learns at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from acclimate.models.family import saved
from acclimate.models.student import Model
from acclimate.parts._routes import mirrored, only_queries_learn, with_routes
from acclimate.parts.loops._written import finished
from acclimate.tables import Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class OneTower:
    """A shape under which queries learn, and documents stay as they are now.

    Args:
        training_tokens: of a text, read in training. None: as many as the model reads.
        dropout: whether queries are read under the model's own dropout in training.
    """

    training_tokens: int | None = None
    dropout: bool = False

    @property
    def documents_frozen(self) -> bool:
        """Their vectors are computed once, and kept."""
        return True

    def head(self, model: Any) -> None:
        """The encoder itself learns."""
        del model

    def prepare(self, model: Any) -> Any:
        """The model with a route for queries, free to move, and one for documents, frozen."""
        return only_queries_learn(with_routes(model))


def turned(encoder: Model, folder: Path, device: str) -> Model:
    """The encoder that reads queries as this one reads documents, and documents as queries."""
    model = mirrored(with_routes(encoder.load(device)))
    made = finished(model, folder)
    return saved(model, made, trust_remote_code=encoder.trust_remote_code)


def turned_tables(
    corpus: Corpus, queries: Queries, labels: Labels
) -> tuple[Corpus, Queries, Labels]:
    """The training queries as documents, and what is relevant to one of them as queries.

    Of several queries a document is relevant to, the first is what it is asked for as its source.
    """
    asked = queries.of_split("train")
    texts = Corpus.columns(doc_id=asked["query_id"], title=[""] * len(asked), text=asked["text"])
    first = dict(reversed(list(_relevant(asked, labels))))
    known = {name: row for name, row in corpus.position.items() if name in first}
    contents = corpus.contents
    documents = Queries.columns(
        query_id=list(known),
        text=[contents[row] for row in known.values()],
        split=["train"] * len(known),
        source_doc_id=[first[name] for name in known],
    )
    kept = labels.following(asked)
    turned = Labels.columns(
        query_id=kept.rows.column("doc_id"),
        doc_id=kept.rows.column("query_id"),
        value=kept.rows.column("value"),
        teacher=kept.rows.column("teacher"),
    )
    return texts, documents, turned.following(documents)


def _relevant(queries: Queries, labels: Labels) -> Iterator[tuple[str, str]]:
    """Each document with a query it is relevant to, in the order of the labels."""
    columns = (labels["doc_id"], labels["query_id"], labels["value"])
    for document, query, value in zip(*columns, strict=True):
        if value > 0 and query in queries.position:
            yield document, query
