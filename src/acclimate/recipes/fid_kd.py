"""fid_kd: where a reader looks while it answers becomes what a retriever finds."""

from __future__ import annotations

from acclimate.models.readers import FusionInDecoder
from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, labellers, loops, losses
from acclimate.parts.part import Miner, Part
from acclimate.recipes._given import asked, taught, unread
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes._rounds import refreshed
from acclimate.recipes.recipe import Recipe


def fid_kd(
    *,
    reader: FusionInDecoder = FusionInDecoder(),  # noqa: B008 (a value)
    writer: Ref[Writer] | None = None,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 100,
    steps: int = 100,
    rounds: int = 2,
) -> Recipe:
    """The student's distribution over what was found becomes that of a reader's attention.

    Words bring the documents of the first round, the student those of the others. A reader gets
    all documents of a query at once and begins to answer; how much it looks at each of them, before
    its softmax, is the teacher's value, and the student learns the whole distribution. Nobody says
    which document is relevant, and no answer need be known.

    Rows: [067].

    Paper:   Izacard, Grave, Distilling Knowledge from Reader to Retriever for Question Answering,
             ICLR 2021. https://arxiv.org/abs/2012.04584
    Code:    FiD, src/model.py.
    Differs: the reader is given and does not learn: a Flan-T5 as it is, or one that was trained on
             questions and answers. The loss is divided by the batch alone (the authors' code
             divides by the documents as well); cosines are divided by a temperature, where the
             paper divides products by the square root of the dimension; a learning rate of 2e-5,
             and not 1e-4.
    Cost:    per round `depth` documents of each query read by the reader, and `steps` · 16 queries
             with as many documents of training.

    Args:
        reader: its attention teaches; readers.FusionInDecoder, of any T5.
        writer: writes the queries. None: pieces of documents, which are then not read for these.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many to write.
        held_out: of them, kept for the gate.
        depth: documents of a query that are read. Paper: 100.
        steps: optimiser updates of a round.
        rounds: how often documents are found, read and learned from.
    """

    def round_with(miner: Miner) -> tuple[Part, ...]:
        return (
            miner,
            *unread(writer),
            labellers.ReaderAttention(reader=reader),
            loops.Fit(
                loss=losses.KLDivergence(teacher_temperature=1.0, student_temperature=TEMPERATURE),
                steps=steps,
                batch=16,
                learning_rate=2e-5,
                warmup=max(1, steps // 10),
                candidates=depth,
            ),
        )

    return Recipe(
        "fid_kd",
        (
            asked(writer, queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            refreshed(round_with, depth, rounds),
        ),
        judge=taught(judge),
    )
