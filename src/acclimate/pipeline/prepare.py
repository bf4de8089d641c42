"""Prepare: the two steps a run puts around a recipe's own: splitting, and the query log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from acclimate.models.student import Student
from acclimate.parts.generators.like_log import LikeLog
from acclimate.parts.generators.mixed import Mixed
from acclimate.parts.part import Context, Part, gives, needs
from acclimate.tables import Corpus, Queries

SHORTEST = 32
"""Tokens below which a student reads too little for splitting to make sense."""


@dataclass(frozen=True, kw_only=True)
class SplitLong:
    """Split documents that are longer than the student reads.

    Args:
        overlap: tokens that neighbouring pieces share.
    """

    overlap: int = 0

    def __call__(self, corpus: Corpus, student: Student, ctx: Context) -> Corpus:
        """Documents of at most the student's length; pieces name their whole in `parent_id`."""
        model = student.encoder.load(ctx.engine.device)
        tokens = model.max_seq_length or 512
        ctx.note("max_tokens", tokens)
        if tokens < SHORTEST:
            return corpus
        tokenizer = getattr(model.tokenizer, "backend_tokenizer", None)
        split = corpus.split(
            tokens,
            tokenizer or (lambda text: len(model.tokenizer.encode(text))),
            overlap=self.overlap,
        )
        ctx.note("pieces", len(split) - len(corpus))
        return split


@dataclass(frozen=True, kw_only=True)
class JoinLog:
    """Put people's unlabelled queries behind the generated ones.

    Args:
        log: the queries, without labels; they get `kind` "log" where they have none.
    """

    log: Queries

    def __call__(self, queries: Queries, ctx: Context) -> Queries:
        """The generated queries, then the log; a query asked twice or generated too stays once."""
        seen = set(queries["text"])
        ids = set(queries["query_id"])
        rows = []
        for row in self.log.dicts():
            if row["text"] in seen:
                continue
            seen.add(row["text"])
            if row["query_id"] in ids:
                row["query_id"] = f"log:{row['query_id']}"
            ids.add(row["query_id"])
            rows.append({**row, "kind": row["kind"] or "log", "split": "train"})
        ctx.note("dropped", {"asked twice, or generated too": len(self.log) - len(rows)})
        return Queries.joined([queries, Queries.of(rows)])


@dataclass(frozen=True, kw_only=True)
class MixLikeLog:
    """Generate queries that resemble people's, and put people's before them.

    Args:
        log: people's queries, without labels.
        like: mixes the generators.
    """

    log: Queries
    like: LikeLog

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """The log, then the generated queries."""
        return self.like(corpus, self.log, ctx)


def with_log(steps: Iterable[Part], log: Queries) -> tuple[Part, ...]:
    """The steps, with the log joined to what the generator writes.

    A mixture of generators is mixed anew, so that it resembles the log.
    """
    result: list[Part] = []
    for part in steps:
        if isinstance(part, Mixed):
            result.append(MixLikeLog(log=log, like=LikeLog(part.members, queries=part.queries)))
            continue
        result.append(part)
        if gives(part) is Queries and Queries not in needs(part).values():
            result.append(JoinLog(log=log))
    return tuple(result)
