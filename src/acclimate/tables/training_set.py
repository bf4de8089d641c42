"""Labels as a `datasets.Dataset` whose columns a loss of sentence-transformers expects."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from acclimate.errors import TableError, near_miss
from acclimate.tables.corpus import Corpus
from acclimate.tables.labels import Labels
from acclimate.tables.queries import Queries

if TYPE_CHECKING:
    from datasets import Dataset

logger = logging.getLogger(__name__)

TrainingLoss: TypeAlias = Literal[
    "MarginMSELoss",
    "DistillKLDivLoss",
    "MultipleNegativesRankingLoss",
    "CachedMultipleNegativesRankingLoss",
    "GISTEmbedLoss",
    "CachedGISTEmbedLoss",
    "TripletLoss",
    "CoSENTLoss",
    "AnglELoss",
    "BinaryCrossEntropyLoss",
    "LambdaLoss",
    "ListNetLoss",
    "PListMLELoss",
    "RankNetLoss",
]

Group: TypeAlias = tuple[str, list[tuple[str, float]]]
"""A query's text, and its documents' texts and values: first the one it was written from."""


def to_dataset(
    labels: Labels, queries: Queries, corpus: Corpus, *, loss: TrainingLoss, negatives: int = 1
) -> Dataset:
    """The training queries' labels in the columns that a loss of sentence-transformers expects.

    Column order matters to these losses, their names do not, but for `label` and `labels`:

    ==================================================  ========================================
    MarginMSELoss                                       query, positive, negative…, label (margin,
                                                        or a list of them)
    DistillKLDivLoss                                    query, positive, negative…, label (values
                                                        of all documents)
    MultipleNegativesRankingLoss and the cached one,    anchor, positive, negative…
    CachedGISTEmbedLoss
    GISTEmbedLoss, TripletLoss                          anchor, positive, negative
    CoSENTLoss, AnglELoss                               sentence1, sentence2, score
    BinaryCrossEntropyLoss (cross-encoders)             query, document, label
    LambdaLoss, ListNetLoss, PListMLELoss, RankNetLoss  query, docs, labels
    ==================================================  ========================================

    A query's positive is the document it was written from or, without one, the document its teacher
    values most. A query with n labelled others gives n // `negatives` rows, each with others of
    its own; what is left over is told in the log. Held-out queries give none.

    Args:
        labels: of one teacher for each query.
        queries: the queries.
        corpus: the documents; their title and text are one string.
        loss: the class of the loss.
        negatives: others in a row, for losses that take several.

    Raises:
        TableError: when no row comes out, or the loss is not one of these.

    Example:
        >>> from acclimate.testing import toys
        >>> labels = Labels.of(
        ...     {"query_id": "w-bees", "doc_id": doc, "value": value, "teacher": "t"}
        ...     for doc, value in (("moon", 1.0), ("bees", 3.0)))
        >>> rows = to_dataset(labels, toys.WRITTEN, toys.CORPUS, loss="MarginMSELoss")
        >>> rows.column_names, rows[0]["label"], rows[0]["negative"][:8]
        (['query', 'positive', 'negative', 'label'], 2.0, 'The moon')
    """
    from datasets import Dataset

    if loss not in get_args(TrainingLoss):
        raise TableError(f"No columns for {loss!r}.{near_miss(loss, get_args(TrainingLoss))}")
    if negatives < 1:
        raise TableError(f"negatives={negatives}: give 1 or more.")
    wide = 1 if loss in _ONE_NEGATIVE else negatives
    groups = list(_groups(labels, queries, corpus))
    rows = [row for group in groups for row in _MAKERS[loss](group, wide)]
    if not rows:
        raise TableError(
            f"{labels!r} give no row for {loss}: of {len(groups)} training queries with labels "
            f"none has its own document and {wide} more."
        )
    if loss in _BY_NEGATIVES and (left := sum((len(g[1]) - 1) % wide for g in groups)):
        logger.info("%s: %d labels are left over from rows of %d negatives", loss, left, wide)
    return Dataset.from_list(rows)


def _groups(labels: Labels, queries: Queries, corpus: Corpus) -> Iterator[Group]:
    """The training queries with their labelled documents, in the order of the queries."""
    contents, places = corpus.contents, corpus.position
    found: dict[str, dict[str, tuple[float, str]]] = {}
    for row in labels.dicts():
        if row["doc_id"] in places:
            by_document = found.setdefault(row["query_id"], {})
            value = row["value"], row["teacher"]
            if by_document.setdefault(row["doc_id"], value)[1] != row["teacher"]:
                raise TableError(
                    f"Query {row['query_id']!r} has labels of {by_document[row['doc_id']][1]!r} "
                    f"and of {row['teacher']!r}, in units of their own. Choose one teacher."
                )
    for query in queries.of_split("train").dicts():
        valued = {name: value for name, (value, _) in found.get(query["query_id"], {}).items()}
        if valued:
            first = query["source_doc_id"]
            first = first if first in valued else max(valued, key=lambda name: valued[name])
            order = [first, *(name for name in valued if name != first)]
            yield query["text"], [(contents[places[name]], valued[name]) for name in order]


def _rows_of(group: Group, wide: int) -> Iterator[tuple[str, float, list[tuple[str, float]]]]:
    """The positive's text and value with `wide` others, again and again."""
    (positive, value), others = group[1][0], group[1][1:]
    for start in range(0, len(others) - wide + 1, wide):
        yield positive, value, others[start : start + wide]


def _named(texts: list[str]) -> dict[str, str]:
    names = ["negative"] if len(texts) == 1 else [f"negative_{n + 1}" for n in range(len(texts))]
    return dict(zip(names, texts, strict=True))


def _margins(group: Group, wide: int) -> Iterator[dict[str, Any]]:
    for positive, value, others in _rows_of(group, wide):
        margins = [value - other for _, other in others]
        texts = _named([text for text, _ in others])
        label = margins[0] if wide == 1 else margins
        yield {"query": group[0], "positive": positive, **texts, "label": label}


def _values(group: Group, wide: int) -> Iterator[dict[str, Any]]:
    for positive, value, others in _rows_of(group, wide):
        texts = _named([text for text, _ in others])
        label = [value, *(other for _, other in others)]
        yield {"query": group[0], "positive": positive, **texts, "label": label}


def _anchors(group: Group, wide: int) -> Iterator[dict[str, Any]]:
    for positive, _, others in _rows_of(group, wide):
        texts = _named([text for text, _ in others])
        yield {"anchor": group[0], "positive": positive, **texts}


def _sentences(group: Group, wide: int) -> Iterator[dict[str, Any]]:
    del wide
    for text, value in group[1]:
        yield {"sentence1": group[0], "sentence2": text, "score": value}


def _pairs(group: Group, wide: int) -> Iterator[dict[str, Any]]:
    del wide
    for text, value in group[1]:
        yield {"query": group[0], "document": text, "label": value}


def _lists(group: Group, wide: int) -> Iterator[dict[str, Any]]:
    del wide
    texts, values = zip(*group[1], strict=True)
    yield {"query": group[0], "docs": list(texts), "labels": list(values)}


_MAKERS: dict[str, Callable[[Group, int], Iterator[dict[str, Any]]]] = {
    "MarginMSELoss": _margins,
    "DistillKLDivLoss": _values,
    "MultipleNegativesRankingLoss": _anchors,
    "CachedMultipleNegativesRankingLoss": _anchors,
    "GISTEmbedLoss": _anchors,
    "CachedGISTEmbedLoss": _anchors,
    "TripletLoss": _anchors,
    "CoSENTLoss": _sentences,
    "AnglELoss": _sentences,
    "BinaryCrossEntropyLoss": _pairs,
    "LambdaLoss": _lists,
    "ListNetLoss": _lists,
    "PListMLELoss": _lists,
    "RankNetLoss": _lists,
}
_ONE_NEGATIVE = ("TripletLoss", "GISTEmbedLoss")
_BY_NEGATIVES = {name for name, maker in _MAKERS.items() if maker in (_margins, _values, _anchors)}
