"""aar: what one small language model likes to read is what a retriever finds for others."""

from __future__ import annotations

from acclimate.models.readers import FusionInDecoder
from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, labellers, loops, losses, miners
from acclimate.recipes._given import asked, read, taught, told
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe

_POOL, _TOP = 10, 2
"""Of the first ten documents a reader prefers two."""

_DEEPEST, _NEGATIVES = 200, 7
"""Documents that are not relevant are drawn of the first 200."""


def aar(
    *,
    reader: FusionInDecoder = FusionInDecoder(),  # noqa: B008 (a value)
    writer: Ref[Writer] | None = None,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    steps: int = 400,
    batch: int = 8,
) -> Recipe:
    """Relevant is the source of a query, and what a reader looks at most of what the student finds.

    The student finds 200 documents for a query. A frozen reader has the first ten before it and
    begins to answer: the two that it looks at most are relevant, as the source is. Seven of the
    documents behind the ten are not, nor are those of the other queries. What suits one reader
    suits others, larger ones too.

    Rows: [088].

    Paper:   Yu, Xiong, Yu, Liu, Augmentation-Adapted Retriever, ACL 2023.
             https://arxiv.org/abs/2305.17331
    Code:    OpenMatch/Augmentation-Adapted-Retriever.
    Differs: the documents that queries were written from stand for those that people judged;
             queries whose source is preferred stay, with two relevant documents instead of three;
             what is not relevant is drawn behind the ten, and is the same in each epoch. No number
             was published of a variant without people's labels.
    Cost:    one encoding of the documents, and ten of them read per query; `steps` · `batch`
             queries with 10 documents of training.

    Args:
        reader: its attention prefers; readers.FusionInDecoder, of any T5. Paper: Flan-T5-base.
        writer: writes the queries. None: pieces of documents, which are then read without these.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many to write.
        held_out: of them, kept for the gate.
        steps: optimiser updates. Paper: 6 epochs.
        batch: queries per update. Paper: 8.
    """
    return Recipe(
        "aar",
        (
            asked(writer, queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            miners.RankWindow(
                miner=miners.WithStudent(depth=_DEEPEST),
                skip=_POOL,
                width=_DEEPEST - _POOL,
                count=_NEGATIVES,
                first=_POOL,
            ),
            told(
                labellers.Preferred(
                    labeller=labellers.ReaderAttention(reader=reader), pool=_POOL, top=_TOP
                ),
                writer,
            ),
            read(
                loops.Fit(
                    loss=losses.MultiPositiveInfoNCE(temperature=TEMPERATURE, in_batch=True),
                    steps=steps,
                    batch=batch,
                    learning_rate=5e-6,
                    warmup=max(1, steps // 10),
                    candidates=1 + _TOP + _NEGATIVES,
                ),
                writer,
            ),
        ),
        judge=taught(judge),
    )
