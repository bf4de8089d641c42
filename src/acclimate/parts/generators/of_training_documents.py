"""OfTrainingDocuments: queries for the documents that nothing held out was written from."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.models.student import Student
from acclimate.parts._sources import sources
from acclimate.parts.part import Context, Generator, apply
from acclimate.tables import Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class OfTrainingDocuments:
    """Lets a generator write for all documents but those that held-out queries were written from.

    `filters.HoldOut` sets whole documents aside. A stage that writes queries of its own, as
    pre-training on titles and sentences does, must not write them from these documents: the gate
    would ask for what the student has learned by heart. Pieces of one document are set aside
    together.

    Origin: own; see `filters.HoldOut`.
    Code:   none published.
    Differs: near-duplicates of held-out documents are not looked for.
    Cost:   that of its generator.

    Args:
        generator: writes.

    Returns:
        Queries as the generator gives them, in place of those there were.

    Example:
        >>> from acclimate.parts.generators.titles import Titles
        >>> from acclimate.testing import samples, toys
        >>> held = Queries.of(row | {"split": "heldout"} for row in toys.WRITTEN.head(1).dicts())
        >>> part, student = OfTrainingDocuments(generator=Titles()), samples.things()[Student]
        >>> written = part(toys.CORPUS, held, student, Context())
        >>> held["source_doc_id"][0] in written["source_doc_id"], len(written) > 0
        (False, True)
    """

    generator: Generator

    def __call__(self, corpus: Corpus, queries: Queries, student: Student, ctx: Context) -> Queries:
        """Set the documents aside, and write for the others."""
        held = queries.of_split("heldout")
        ids, parents = corpus["doc_id"], corpus["parent_id"]
        units = [parent or doc_id for doc_id, parent in zip(ids, parents, strict=True)]
        aside = {units[row] for row in sources(corpus, held).tolist() if row >= 0}
        kept = corpus.keep([unit not in aside for unit in units])
        ctx.note("documents set aside", len(corpus) - len(kept))
        written: Queries = apply(self.generator, (kept, student), ctx)
        return written
