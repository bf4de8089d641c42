"""Pieces of documents as queries: what the recipes without a writer ask with."""

from __future__ import annotations

from acclimate.parts import generators, losses

TEMPERATURE = 0.05
"""Of teacher and student: both speak in cosines, and a twentieth of one is a clear difference."""

LOSS = losses.KLDivergence(teacher_temperature=TEMPERATURE, student_temperature=TEMPERATURE)
"""The whole list's distribution, in units of cosines."""


SENTENCE = 20
"""Words of a sentence that is asked with, at most."""


def pieces(queries: int) -> generators.Mixed:
    """Five kinds in equal parts: fragments, terms, sentences, first sentences, titles.

    Sentences are short ones: people do not ask in forty words.
    """
    return generators.Mixed(
        (
            generators.Fragments(),
            generators.SalientTerms(),
            generators.InverseCloze(at_most_words=SENTENCE),
            generators.LeadSentences(at_most_words=SENTENCE),
            generators.Titles(),
        ),
        queries=queries,
    )
