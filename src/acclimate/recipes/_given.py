"""What a recipe asks with and is taught by: a model where one is given, else none but the student.

The offline queries are pieces of documents, the offline teacher is a fusion of words and vectors.
"""

from __future__ import annotations

from acclimate.models.encoders.dense import Dense
from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.models.remote import Remote
from acclimate.models.scorers.cross_encoder import CrossEncoder
from acclimate.models.writers.seq2seq import OWN
from acclimate.parts import filters, generators, labellers, loops, miners
from acclimate.parts.part import Generator, Labeller, Miner, Part, Trainer
from acclimate.recipes._pieces import TEMPERATURE, pieces

LOCAL = Remote(model="default", url="http://127.0.0.1:8000/v1")
"""A server of this machine, as vLLM starts it; give the model's name there."""

BUNDLED_WRITER = OWN
BUNDLED_TEACHER = CrossEncoder("acclimate-offline/teacher")
"""Of acclimate-offline, and as long as what they learned from."""


def asked(writer: Ref[Writer] | None, queries: int) -> Generator:
    """The queries of a writer, 3 per document or more; without one, pieces of documents."""
    if writer is None:
        return pieces(queries)
    return generators.DocToQuery(writer=writer, per_document=3, at_least=queries)


def beside(writer: Ref[Writer] | None, queries: int) -> Generator:
    """Pieces of documents, and as many questions of a writer where there is one."""
    cut = pieces(queries)
    if writer is None:
        return cut
    kinds = len(cut.members)
    # A tenth more than its half: some are written twice.
    asks = generators.DocToQuery(writer=writer, per_document=1, at_least=max(1, queries * 11 // 20))
    return generators.Mixed(
        (*cut.members, asks), shares=(*[1.0] * kinds, float(kinds)), queries=queries
    )


def unread(writer: Ref[Writer] | None) -> tuple[Part, ...]:
    """Takes the source from what is read where queries are its own words, as without a writer."""
    return (filters.WithoutSource(),) if writer is None else ()


def read(loop: Trainer, writer: Ref[Writer] | None) -> Trainer:
    """Reads a source without the query where that was cut out of it, as without a writer."""
    return loops.Cloze(loop=loop) if writer is None else loop


def told(labeller: Labeller, writer: Ref[Writer] | None) -> Labeller:
    """Labels of a teacher that reads a source as `read` has it read."""
    return labellers.WithoutQuery(labeller=labeller) if writer is None else labeller


def rated(miner: Miner, writer: Ref[Writer] | None) -> Miner:
    """What is found with the student, sources rated as `read` has them read."""
    return miners.WithoutQuery(miner=miner) if writer is None else miner


def taught(teacher: Ref[Scorer] | None, *, encoder: Dense | None = None) -> Labeller:
    """The scores of a teacher; without one, those of words and vectors together.

    Args:
        teacher: scores.
        encoder: whose vectors. None: those of the student, where it has some.
    """
    return (
        labellers.Fusion(encoder=encoder) if teacher is None else labellers.Score(teacher=teacher)
    )


def graded(judge: Ref[Writer] | None, *, encoder: Dense | None = None) -> Labeller:
    """The grades of a language model; without one, the scores of words and vectors together."""
    return taught(None, encoder=encoder) if judge is None else labellers.Graded(writer=judge)


def softness(teacher: Ref[Scorer] | None) -> float:
    """What a teacher's values are divided by: a scorer's logits by 1, a fusion's as cosines are."""
    return TEMPERATURE if teacher is None else 1.0
