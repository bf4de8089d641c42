"""Pieces of documents as queries: what the recipes without a writer ask with."""

from __future__ import annotations

from acclimate.parts import generators, losses
from acclimate.parts.part import Generator

TEMPERATURE = 0.05
"""Of teacher and student: both speak in cosines, and a twentieth of one is a clear difference."""

LOSS = losses.KLDivergence(teacher_temperature=TEMPERATURE, student_temperature=TEMPERATURE)
"""The whole list's distribution, in units of cosines."""


def pieces(queries: int) -> Generator:
    """Five kinds: fragments, terms, sentences (twice as many), first sentences, titles.

    People ask in whole sentences more often than in scraps: docs/log.md.
    """
    return generators.Mixed(
        (
            generators.Fragments(),
            generators.SalientTerms(),
            generators.InverseCloze(per_document=2),
            generators.LeadSentences(),
            generators.Titles(),
        ),
        shares=(1, 1, 2, 1, 1),
        queries=queries,
    )
