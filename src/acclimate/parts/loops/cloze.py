"""Cloze: training that reads a document without the query that was cut out of it."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.models.student import Student
from acclimate.parts._cloze import reread
from acclimate.parts.loops._stages import check_trainers, trained
from acclimate.parts.part import Context, Trainer
from acclimate.tables import Candidates, Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class Cloze:
    """Trains as its loop does, with the source of each query read as the query's kind says.

    Of kinds that end in "_cloze" the source is read without the query, of kinds that end in
    "_crop" as a crop of its own, so that matching words is not enough to find it. Each such
    reading is a document more, which takes the source's place in the query, its candidates and its
    labels; whoever learns or scores inside the loop, a ranker beside the student too, reads that.
    Nothing else changes: other documents, other queries, and the corpus of later steps. What a
    teacher says of the source before the loop is for `labellers.WithoutQuery` to make right.

    Rows: [003], [080].

    Paper:   Lee, Chang, Toutanova, Latent Retrieval for Weakly Supervised Open Domain Question
             Answering, ACL 2019, section 5. https://arxiv.org/abs/1906.00300
    Code:    google-research/language, language/orqa.
    Differs: any loop, any labels. Two queries of one document have a reading each, and `loops.Fit`
             takes neither for a stranger to the other.
    Cost:    that of the loop; each reading is one more text that it may encode.

    Args:
        loop: what trains; it may look at candidates.

    Returns:
        The student of the loop.
    """

    loop: Trainer

    def __post_init__(self) -> None:
        """Refuse a loop that does not train."""
        check_trainers(self, (self.loop,), Candidates)

    def __call__(
        self,
        corpus: Corpus,
        queries: Queries,
        candidates: Candidates,
        labels: Labels,
        student: Student,
        ctx: Context,
    ) -> Student:
        """Train the student."""
        read = reread(corpus, queries)
        ctx.note("documents read otherwise", len(read))
        tables = (read.corpus, read.queries, read.of(candidates), read.of(labels))
        return trained(self.loop, tables, student, ctx, folder="reading")
