"""WithoutQuery: a teacher reads a document without the query that was cut out of it."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.models.student import Student
from acclimate.parts._cloze import reread
from acclimate.parts.part import Context, Labeller, apply
from acclimate.tables import Candidates, Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class WithoutQuery:
    """Labels of another labeller, which reads the source of each query as the query's kind says.

    A teacher that finds the query word for word in its source values that above all else, and so
    says nothing of what else answers it. Of kinds that end in "_cloze" the source is read without
    the query, of kinds that end in "_crop" as a crop of its own, as `loops.Cloze` reads it for
    whoever learns. Labels name the documents themselves. Held-out queries are labelled as ever.

    Origin:  own; the reading is that of Lee, Chang, Toutanova, Latent Retrieval for Weakly
             Supervised Open Domain Question Answering, ACL 2019, section 5.
             https://arxiv.org/abs/1906.00300
    Code:    none followed.
    Differs: nothing known.
    Cost:    that of the labeller; each reading is one more text that it may encode.

    Args:
        labeller: what labels.

    Returns:
        The labels of the labeller, in its order.
    """

    labeller: Labeller

    def __call__(
        self,
        corpus: Corpus,
        queries: Queries,
        candidates: Candidates,
        student: Student,
        ctx: Context,
    ) -> Labels:
        """Label the candidates."""
        read = reread(corpus, queries)
        ctx.note("documents read otherwise", len(read))
        things = (read.corpus, read.queries, read.of(candidates), student)
        labels: Labels = apply(self.labeller, things, ctx)
        return read.back(labels)
