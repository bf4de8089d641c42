"""OfDocuments: queries for some of the documents; all of them can still be found."""

from __future__ import annotations

from dataclasses import dataclass, replace

from acclimate.models.ref import Ref, Writer
from acclimate.models.student import Student
from acclimate.parts.part import Chooser, Context, Generator, apply
from acclimate.tables import Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class OfDocuments:
    """Lets a generator write for the documents that a filter of documents chooses.

    A filter of documents as a step of a recipe takes the others away for good: nothing mines among
    them, and nobody finds them. Here they only get no query. Which documents are worth one, as
    `filters.DiverseDocuments` or `filters.DocumentQuality` say, is not which ones can be found.

    Origin: own; the representative sample that DUQGen writes for. Chandradevan, Dhole, Agichtein,
            NAACL 2024. https://arxiv.org/abs/2404.02489
    Code:   none followed.
    Differs: nothing known.
    Cost:   that of its two parts.

    Args:
        chosen: which documents: a filter of documents.
        generator: writes.

    Returns:
        Queries as the generator gives them.

    Example:
        >>> from acclimate.parts.filters.sample_documents import SampleDocuments
        >>> from acclimate.parts.generators.few_shot import FewShot
        >>> from acclimate.testing import toys
        >>> from acclimate.testing.fakes import FakeEncoder, FakeEngine, FakeWriter
        >>> few, writes = SampleDocuments(at_most=5), FewShot(writer=FakeWriter())
        >>> part, ctx = OfDocuments(chosen=few, generator=writes), Context(engine=FakeEngine())
        >>> len(part(toys.CORPUS, Student(encoder=FakeEncoder()), ctx))
        5
    """

    chosen: Chooser
    generator: Generator

    @property
    def documents(self) -> int | None:
        """How many get queries; None: not known before."""
        at_most: int | None = getattr(self.chosen, "at_most", None)
        return at_most

    @property
    def per_document(self) -> int | None:
        """Queries of each; None: not known before."""
        count: int | None = getattr(self.generator, "per_document", None)
        return count

    @property
    def writer(self) -> Ref[Writer] | None:
        """What writes; None: no model."""
        writer: Ref[Writer] | None = getattr(self.generator, "writer", None)
        return writer

    def __call__(self, corpus: Corpus, student: Student, ctx: Context) -> Queries:
        """Choose the documents, and write for them."""
        told = replace(ctx, notes={})
        some: Corpus = apply(self.chosen, (corpus, student), told)
        ctx.note("documents chosen", {"of": len(corpus), "chosen": len(some), **told.notes})
        written: Queries = apply(self.generator, (some, student), ctx)
        return written
