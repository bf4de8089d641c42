"""maker_labels: rows of a table, at first by their values, then by where a reader looks."""

from __future__ import annotations

from acclimate.models.readers import FusionInDecoder
from acclimate.models.ref import Ref, Scorer
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.parts.part import Labeller, Miner, Part
from acclimate.recipes._given import taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.maker import SOFT
from acclimate.recipes.recipe import Recipe

READER = FusionInDecoder(with_query=False)
"""What it looks at of the request is of no record."""

_BEFORE = 30_000 / 48_000
"""Share of the updates before the reader teaches."""


def maker_labels(
    *,
    reader: FusionInDecoder = READER,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 7,
    steps: int = 200,
    batch: int = 16,
    learning_rate: float = 5e-5,
) -> Recipe:
    """Requests made of the fields of records; values teach first, a reader's attention then.

    For documents that are rows of a table, of a catalogue or of a knowledge base, with their fields
    in the text. The first five eighths of the updates learn that a record counts by the values it
    shares with a request. Then the student finds seven records for each request, a frozen reader
    has them all before it, and the student learns where it looks while it begins to answer.

    Rows: [073].

    Paper:   MAKER: Multi-Grained Knowledge Retrieval for End-to-End Task-Oriented Dialog, ACL 2023.
             https://arxiv.org/abs/2305.10149
    Code:    none followed.
    Differs: requests are templates and not turns of a dialogue, so that no entity of a response is
             known and the first token's attention is read; the reader does not learn; columns are
             not chosen.
    Cost:    `depth` records read per request; `steps` · `batch` queries with as many records of
             training, and two encodings of the records.

    Args:
        reader: its attention teaches; any T5. The tokens of the request do not count.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many requests.
        held_out: of them, kept for the gate.
        depth: records that are found for a request. Paper: 7.
        steps: optimiser updates, of both stages.
        batch: queries per update. Paper: 32.
        learning_rate: at its highest. Paper: 5e-5.
    """
    first = max(1, min(steps - 1, round(_BEFORE * steps)))

    def stage(miner: Miner, labeller: Labeller, softness: float, updates: int) -> tuple[Part, ...]:
        return (
            miner,
            labeller,
            loops.Fit(
                loss=losses.KLDivergence(
                    teacher_temperature=softness, student_temperature=TEMPERATURE
                ),
                steps=updates,
                batch=batch,
                learning_rate=learning_rate,
                warmup=max(1, updates // 10),
                candidates=1 + depth,
            ),
        )

    found = miners.WithStudent(depth=depth)
    looked = labellers.ReaderAttention(reader=reader)
    return Recipe(
        "maker_labels",
        (
            generators.RecordTemplates(per_document=2, queries=queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            loops.Staged(
                stages=(
                    stage(
                        miners.Union((miners.BM25(depth=depth), found)),
                        labellers.Cooccurrence(),
                        SOFT,
                        first,
                    ),
                    stage(found, looked, 1.0, max(1, steps - first)),
                )
            ),
        ),
        judge=taught(judge),
    )
