"""Progressive: what was found for a class asks for more of it.

Shapes: Q queries, D documents.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa

from acclimate.errors import RecipeError
from acclimate.models.indexes import Flat
from acclimate.models.ref import Floats, Integers
from acclimate.models.student import Student
from acclimate.parts._pairs import pairs
from acclimate.parts.miners._rows import rows
from acclimate.parts.miners.with_student import WithStudent
from acclimate.parts.part import Context, Miner, apply
from acclimate.tables import Candidates, Corpus, Queries

Found: TypeAlias = tuple[Integers, Integers]
"""Classes and documents, each pair once, the best of a class first."""

Mask: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, kw_only=True)
class Progressive:
    """Documents of classes: a few words find the first, and those find the others.

    The kind of a query is its class. A class's words find documents; the best of these, behind the
    words, ask as well and find what the words miss. What drifts into another class is dropped: a
    document stays for a class only if all of the `nearest` queries to it are of that class, words
    and documents together. So in each round.

    Rows: [033].

    Paper:   ReGen: Zero-shot classification data by progressive dense retrieval, Findings of ACL
             2023. https://arxiv.org/abs/2305.10703
    Code:    none followed; the rule of the authors' release.
    Differs: of a class's documents the best few ask, where the paper's number is not known here.
    Cost:    that of the miner, `rounds` + 1 times, for `exemplars` queries more per class.

    Args:
        miner: finds documents for words and for documents. Paper: 50 to 100 of each.
        rounds: how often what was found asks.
        exemplars: documents of a class that ask in a round.
        nearest: queries that must be of a document's class. Paper: 5.

    Returns:
        Candidates of a class for each of its queries, by the best rank they had; the source of a
        query, where it has one, and no other document twice. Its miner is "progressive".
    """

    miner: Miner = field(default_factory=WithStudent)
    rounds: int = 2
    exemplars: int = 10
    nearest: int = 5

    def __post_init__(self) -> None:
        """Refuse what would find nothing."""
        if min(self.rounds, self.exemplars, self.nearest) < 1:
            raise RecipeError(f"{self!r}: give 1 or more of each.")

    def __call__(
        self, corpus: Corpus, queries: Queries, student: Student, ctx: Context
    ) -> Candidates:
        """Search for the classes, and with what was found."""
        if not len(queries) or not len(corpus):
            return Candidates.empty()
        numbers: dict[str | None, int] = {}
        own = np.asarray([numbers.setdefault(kind, len(numbers)) for kind in queries["kind"]])
        quiet = replace(ctx, notes={})
        hop = apply(self.miner, (corpus, queries, student), quiet)
        found, dropped = _of_classes(hop, corpus, queries, own), 0
        for _ in range(self.rounds):
            asked, of = self._longer(corpus, queries, own, found)
            hop = apply(self.miner, (corpus, asked, student), quiet)
            found = _of_classes(hop, corpus, asked, of)
            kept = self._agreeing(found, corpus, asked, of, student, ctx)
            kept |= _sources(found, corpus, queries, own)
            dropped, found = int((~kept).sum()), (found[0][kept], found[1][kept])
        counts = np.bincount(found[0], minlength=len(numbers)).tolist()
        ctx.note("found", dict(zip(map(str, numbers), counts, strict=True)))
        ctx.note("dropped", {"nearer to another class, in the last round": dropped})
        return _for_all(found, own, corpus, queries)

    def _longer(
        self, corpus: Corpus, queries: Queries, own: Integers, found: Found
    ) -> tuple[Queries, Integers]:
        """The queries, and behind them the best documents of each class; with their classes."""
        texts, contents, ids = queries["text"], corpus.contents, corpus["doc_id"]
        more, of = [], []
        for number in range(int(own.max()) + 1):
            first = int(np.flatnonzero(own == number)[0])
            for row in found[1][found[0] == number][: self.exemplars].tolist():
                more.append(
                    {
                        "query_id": f"{queries['query_id'][first]} by {ids[row]}",
                        "text": f"{texts[first]} {contents[row]}",
                        "kind": queries["kind"][first],
                        "split": "train",
                    }
                )
                of.append(number)
        told = np.concatenate([own, np.asarray(of, dtype=np.int64)])
        return Queries.joined([queries, Queries.of(more)]), told

    def _agreeing(
        self,
        found: Found,
        corpus: Corpus,
        asked: Queries,
        of: Integers,
        student: Student,
        ctx: Context,
    ) -> Mask:
        """Which documents have none but queries of their class nearest."""
        documents, place = np.unique(found[1], return_inverse=True)
        among = np.tile(documents, (len(asked), 1))
        index, contents = Flat(student.encoder), corpus.contents
        scores = ctx.engine.search(index, contents, asked["text"], among=among).scores
        return np.asarray(unanimous(scores, of, self.nearest)[place] == found[0], dtype=bool)


def unanimous(scores_QD: Floats, classes_Q: Integers, nearest: int) -> Integers:
    """The class that all of the nearest queries to a document are of, (D,); -1 where they differ.

    Example:
        >>> scores = np.float32([[0.9, 0.9], [0.8, 0.1], [0.1, 0.8]])
        >>> unanimous(scores, np.array([0, 0, 1]), 2).tolist()
        [0, -1]
    """
    order = np.argsort(-scores_QD, axis=0, kind="stable")[:nearest]
    near = classes_Q[order]
    return np.where((near == near[0]).all(axis=0), near[0], -1)


def _of_classes(found: Candidates, corpus: Corpus, asked: Queries, of: Integers) -> Found:
    """What was found, by class and best rank."""
    query, document = pairs(corpus, asked, found)
    number, rank = of[query], found.array("rank")
    order = np.lexsort((document, query, rank, number))
    cell = number[order] * len(corpus) + document[order]
    _, first = np.unique(cell, return_index=True)
    best = order[np.sort(first)]
    return number[best], document[best]


def _sources(found: Found, corpus: Corpus, queries: Queries, own: Integers) -> Mask:
    """Which documents are what a query of their class was written from."""
    position, size = corpus.position, len(corpus)
    told = zip(own.tolist(), queries["source_doc_id"], strict=True)
    cells = [number * size + position[name] for number, name in told if name in position]
    return np.isin(found[0] * size + found[1], np.asarray(cells, dtype=np.int64))


def _for_all(found: Found, own: Integers, corpus: Corpus, queries: Queries) -> Candidates:
    """The documents of a class for each of its queries."""
    number, document = found
    lists = [document[number == of] for of in own.tolist()]
    query = np.repeat(np.arange(len(own)), [len(one) for one in lists])
    place = np.concatenate([np.arange(len(one)) for one in lists])
    miner = pa.array(["progressive"] * len(query), type=pa.string())
    score = (1 / (1 + place)).astype(np.float32)
    return rows(query, np.concatenate(lists), score, miner, corpus, queries)
