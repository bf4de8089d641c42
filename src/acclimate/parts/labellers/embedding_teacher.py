"""EmbeddingTeacher: another encoder, perhaps a larger one, rates the candidates."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.models.encoders.dense import Dense
from acclimate.models.indexes.flat import Flat
from acclimate.parts.labellers._searched import rated_by
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class EmbeddingTeacher:
    """Similarities of query and document under an encoder that is not the student.

    A larger encoder is a teacher that costs one reading of each document, and not one of each
    pair. The student learns how it orders documents, whatever the size of its vectors; to learn
    the vectors themselves there is losses.EmbeddingDistillation.

    Origin: distillation of a bi-encoder into a bi-encoder by its scores.
    Code:    none published.
    Differs: nothing known.
    Cost:    one encoding of the corpus by the teacher.

    Args:
        encoder: the teacher.

    Returns:
        One label per candidate, in the order of the candidates: cosines, where the encoder's
        vectors have length one.
    """

    encoder: Dense

    def __call__(
        self, corpus: Corpus, queries: Queries, candidates: Candidates, ctx: Context
    ) -> Labels:
        """Label the candidates."""
        name = repr(self.encoder)
        return rated_by(Flat(self.encoder), name, corpus, queries, candidates, ctx)
