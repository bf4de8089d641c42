"""Union: what several miners found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts.miners.bm25 import BM25
from acclimate.parts.miners.with_student import WithStudent
from acclimate.parts.part import Context, Miner, apply
from acclimate.tables import Candidates, Corpus, Queries

_CONSTANT = 60
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
        found: list[Candidates] = []
        notes: list[dict[str, Any]] = []
        for member in self.members:
            own = replace(ctx, notes={})
            found.append(apply(member, (corpus, queries, student), own))
            notes.append({"miner": type(member).__name__, **own.notes.get("mined", {})})
        quotas = self.quotas or (None,) * len(found)
        kept = [_within(c, quota) for c, quota in zip(found, quotas, strict=True)]
        joined = join(kept, _names(kept), corpus, queries)
        miner = joined.rows.column("miner")
        for note, name in zip(notes, _names(kept), strict=True):
            note["miner"] = name
            note["only here"] = int(pc.sum(pc.equal(miner, name)).as_py() or 0)
        ctx.note("miners", notes)
        return joined


def _within(candidates: Candidates, quota: int | None) -> Candidates:
    """The source document, and the `quota` best others of each query."""
    if quota is None or not len(candidates):
        return candidates
    codes = candidates.rows.column("query_id").combine_chunks().dictionary_encode().indices
    query, source = codes.to_numpy(), candidates.array("is_source")
    order = np.lexsort((candidates.array("rank"), source, query))  # per query, the source last
    starts = np.flatnonzero(np.diff(query[order], prepend=-1))
    place = np.arange(len(order)) - np.repeat(starts, np.diff(starts, append=len(order)))
    kept = np.zeros(len(order), dtype=bool)
    kept[order] = place < quota
    return candidates.keep(kept | source)


def _names(found: Sequence[Candidates]) -> list[str]:
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
    keys, ranks, members, sources = [], [], [], []
    for member, candidates in enumerate(found):
        rows = candidates.rows
        query = pc.index_in(rows.column("query_id"), _ids(queries, "query_id")).to_numpy()
        document = pc.index_in(rows.column("doc_id"), _ids(corpus, "doc_id")).to_numpy()
        keys.append(query.astype(np.int64) * max(1, len(corpus)) + document)
        ranks.append(candidates.array("rank").astype(np.float64))
        members.append(np.full(len(candidates), member))
        sources.append(candidates.array("is_source"))
    if not sum(map(len, keys)):
        return Candidates.empty()
    key, rank, member_of = map(np.concatenate, (keys, ranks, members))
    pairs, first, pair_of = np.unique(key, return_index=True, return_inverse=True)
    weight = np.asarray([not n.startswith(_UNRANKED) for n in names])[member_of]
    score = np.bincount(pair_of, weights=weight / (_CONSTANT + rank), minlength=len(pairs))
    earliest = np.full(len(pairs), len(found))
    np.minimum.at(earliest, pair_of, member_of)
    bits = np.zeros(len(pairs), dtype=np.int64)
    np.bitwise_or.at(bits, pair_of, np.int64(1) << member_of)
    query_of = pairs // max(1, len(corpus))
    order = np.lexsort((first, earliest, -score, query_of))
    query_of, document_of = query_of[order], (pairs % max(1, len(corpus)))[order]
    starts = np.flatnonzero(np.diff(query_of, prepend=-1))
    place = np.arange(len(order)) - np.repeat(starts, np.diff(starts, append=len(order)))
    return Candidates.columns(
        query_id=_ids(queries, "query_id").take(pa.array(query_of)),
        doc_id=_ids(corpus, "doc_id").take(pa.array(document_of)),
        rank=place + 1,
        score=score[order],
        is_source=np.concatenate(sources)[first][order],
        miner=_provenance(bits[order], names),
    )


def _provenance(bits: np.ndarray[Any, Any], names: Sequence[str]) -> pa.Array:
    """The names of the miners of each row, joined by "+"."""
    kinds, which = np.unique(bits, return_inverse=True)
    labels = ["+".join(n for i, n in enumerate(names) if kind >> i & 1) for kind in kinds.tolist()]
    return pa.array(labels).take(pa.array(which))


def _ids(table: Corpus | Queries, column: str) -> pa.Array:
    return table.rows.column(column).combine_chunks()
