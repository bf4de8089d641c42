"""Union: what several miners found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass, fields, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from acclimate.errors import RecipeError
from acclimate.models.ref import Integers
from acclimate.models.student import Student
from acclimate.parts._codes import coded, looked_up, places_within
from acclimate.parts.miners._lists import Lists
from acclimate.parts.miners.bm25 import BM25
from acclimate.parts.miners.with_student import WithStudent
from acclimate.parts.part import Context, Miner, apply
from acclimate.tables import Candidates, Corpus, Queries

_CONSTANT = 60
_QUERIES_AT_ONCE = 20_000
_UNRANKED = "random"


@dataclass(frozen=True)
class Union:
    """Candidates of several miners: a document found by several is there once.

    The score is the reciprocal rank sum Σ 1 / (60 + rank) over the miners that found it, as their
    own scores are in different units; random documents bring nothing to it and so come last. A
    source document counts by the ranks it has. `miner` names all that found it, joined by "+";
    two miners of one name are numbered.

    Rows: [P1].

    Paper:   the pool of several retrievers: Wang et al., GPL, NAACL 2022, section 4.
             https://arxiv.org/abs/2112.07577; the score: Cormack, Clarke, Büttcher, Reciprocal
             Rank Fusion, SIGIR 2009.
    Code:    UKPLab/gpl, gpl/toolkit/mine.py (lists side by side, joined when they are drawn).
    Differs: joined before labelling, so that each pair is scored once.
    Cost:    that of the miners.

    Args:
        members: the miners.
        quotas: documents of each besides the source, best first. Empty: all they found.

    Returns:
        Candidates, for each query by falling score; ties in the order of members.

    Example:
        >>> from acclimate.models.student import Student
        >>> from acclimate.models.encoders.dense import Dense
        >>> from acclimate.parts.miners.random_documents import RandomDocuments
        >>> from acclimate.testing import toys
        >>> union = Union((RandomDocuments(count=2), RandomDocuments(count=3)), quotas=(2, 1))
        >>> found = union(toys.CORPUS, toys.WRITTEN.head(1), Student(encoder=Dense()), Context())
        >>> found["miner"][0]
        'random+random2'
    """

    members: tuple[Miner, ...] = (BM25(), WithStudent())
    _: KW_ONLY
    quotas: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Refuse quotas that do not fit the miners."""
        if not self.members:
            raise RecipeError("miners.Union has no members. Give it a tuple of miners.")
        if self.quotas and len(self.quotas) != len(self.members):
            raise RecipeError(
                f"miners.Union has {len(self.members)} members and "
                f"{len(self.quotas)} quotas. Give one quota for each, or none."
            )

    def __call__(
        self, corpus: Corpus, queries: Queries, student: Student, ctx: Context
    ) -> Candidates:
        """Let each miner search, and join what they found."""
        found, notes = searched_by(self.members, corpus, queries, student, ctx)
        quotas = self.quotas or (None,) * len(found)
        kept = [_within(c, quota) for c, quota in zip(found, quotas, strict=True)]
        joined = join(kept, names_of(kept), corpus, queries)
        miner = joined.rows.column("miner")
        for note, name in zip(notes, names_of(kept), strict=True):
            note["miner"] = name
            note["only here"] = int(pc.sum(pc.equal(miner, name)).as_py() or 0)
        ctx.note("miners", notes)
        return joined


def searched_by(
    members: Sequence[Miner], corpus: Corpus, queries: Queries, student: Student, ctx: Context
) -> tuple[list[Candidates], list[dict[str, Any]]]:
    """What each miner finds, and what it notes of it."""
    found: list[Candidates] = []
    notes: list[dict[str, Any]] = []
    for member in members:
        own = replace(ctx, notes={})
        found.append(apply(member, (corpus, queries, student), own))
        notes.append({"miner": type(member).__name__, **own.notes.get("mined", {})})
    return found, notes


def _within(candidates: Candidates, quota: int | None) -> Candidates:
    """The source document, and the `quota` best others of each query."""
    if quota is None or not len(candidates):
        return candidates
    lists = Lists.of(candidates)
    return candidates.keep(lists.first(lists.rank, quota, lists.others))


def names_of(found: Sequence[Candidates]) -> list[str]:
    """One name per miner; the second of a name is numbered."""
    names: list[str] = []
    for place, candidates in enumerate(found):
        name = candidates.rows.column("miner")[0].as_py() if len(candidates) else f"miner{place}"
        same = sum(n.rstrip("0123456789") == name for n in names)
        names.append(f"{name}{same + 1}" if same else name)
    return names


def join(
    found: Sequence[Candidates], names: Sequence[str], corpus: Corpus, queries: Queries
) -> Candidates:
    """One row per query and document, with ranks by the reciprocal rank sum."""
    rows = _Rows.of(found, names, corpus, queries)
    blocks = range(0, len(queries), _QUERIES_AT_ONCE)
    tables = [
        _joined(rows.between(start, start + _QUERIES_AT_ONCE), names, corpus, queries)
        for start in blocks
    ]
    return Candidates.joined(tables)


@dataclass(frozen=True)
class _Rows:
    """Rows of all miners, (N,) each: row of query and document, rank, which miner, and more."""

    query: Integers
    document: Integers
    rank: Integers
    member: Integers
    is_source: np.ndarray[Any, np.dtype[np.bool_]]
    is_ranked: np.ndarray[Any, np.dtype[np.bool_]]

    @classmethod
    def of(
        cls, found: Sequence[Candidates], names: Sequence[str], corpus: Corpus, queries: Queries
    ) -> _Rows:
        parts = []
        for member, (candidates, name) in enumerate(zip(found, names, strict=True)):
            query, query_ids = coded(candidates, "query_id")
            document, doc_ids = coded(candidates, "doc_id")
            parts.append(
                (
                    looked_up(query_ids, queries.position)[query],
                    looked_up(doc_ids, corpus.position)[document],
                    candidates.array("rank").astype(np.int64),
                    np.full(len(candidates), member),
                    candidates.array("is_source").astype(bool),
                    np.full(len(candidates), not name.startswith(_UNRANKED)),
                )
            )
        return cls(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))

    def between(self, first: int, end: int) -> _Rows:
        """The rows of these queries."""
        kept = (self.query >= first) & (self.query < end)
        return _Rows(*(getattr(self, field.name)[kept] for field in fields(self)))


def _joined(rows: _Rows, names: Sequence[str], corpus: Corpus, queries: Queries) -> Candidates:
    size = max(1, len(corpus))
    pairs, first, pair_of = np.unique(
        rows.query * size + rows.document, return_index=True, return_inverse=True
    )
    weight = rows.is_ranked / (_CONSTANT + rows.rank)
    score = np.bincount(pair_of, weights=weight, minlength=len(pairs))
    bits = np.zeros(len(pairs), dtype=np.int64)
    np.bitwise_or.at(bits, pair_of, np.int64(1) << rows.member)
    order = np.lexsort((first, -score, pairs // size))  # rows come by member, then by rank
    query, document = pairs[order] // size, pairs[order] % size
    return Candidates.columns(
        query_id=_ids(queries, "query_id").take(pa.array(query)),
        doc_id=_ids(corpus, "doc_id").take(pa.array(document)),
        rank=places_within(query, np.arange(len(order))) + 1,
        score=score[order],
        is_source=rows.is_source[first][order],
        miner=_provenance(bits[order], names),
    )


def _provenance(bits: np.ndarray[Any, Any], names: Sequence[str]) -> pa.Array:
    """The names of the miners of each row, joined by "+"."""
    kinds, which = np.unique(bits, return_inverse=True)
    labels = ["+".join(n for i, n in enumerate(names) if kind >> i & 1) for kind in kinds.tolist()]
    return pa.array(labels).take(pa.array(which))


def _ids(table: Corpus | Queries, column: str) -> pa.Array:
    return table.rows.column(column).combine_chunks()
