"""matryoshka: vectors that may be cut to their first dimensions."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, loops, losses, miners, students
from acclimate.recipes._given import asked, softness, taught, unread
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe


def matryoshka(
    *,
    writer: Ref[Writer] | None = None,
    teacher: Ref[Scorer] | None = None,
    queries: int = 5_000,
    held_out: int = 500,
    dims: tuple[int, ...] = (256, 128, 64),
    depth: int = 24,
    steps: int = 200,
    batch: int = 16,
) -> Recipe:
    """The teacher's lists are learned by the whole vectors and by their first dimensions.

    So an index of a sixth of the size can be built with the same model:
    `SentenceTransformer(folder, truncate_dim=64)`, or `serving.ModelFolder(dimensions=64)`.

    Rows: [036].

    Paper:   Kusupati et al., Matryoshka Representation Learning, NeurIPS 2022, section 3.
             https://arxiv.org/abs/2205.13147; to choose the dimension of a retriever: Jha, Wang,
             Günther et al., Jina-ColBERT-v2, 2024. https://arxiv.org/abs/2408.16672
    Code:    none followed.
    Differs: adapts an encoder whose first dimensions were not made to stand alone; the gate asks
             the whole vectors.
    Cost:    one teacher call per query and document of its topic; `steps` · `batch` queries with 2
             to 3 documents of training, and the loss once for each cut.

    Args:
        writer: writes the queries. None: pieces of documents.
        teacher: rates the documents. None: words and vectors of the base model.
        queries: how many to write.
        held_out: of them, kept for the gate.
        dims: how many dimensions each cut keeps.
        depth: candidates of each of two searches, of which a query brings the best.
        steps: optimiser updates.
        batch: queries of a topic, and of an update.
    """
    labeller = taught(teacher)
    found = miners.Union((miners.BM25(depth=depth), miners.WithStudent(depth=depth)))
    return Recipe(
        "matryoshka",
        (
            students.Matryoshka(dims=dims, training_tokens=96),
            asked(writer, queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            filters.Topics(size=batch),
            miners.Topical(miner=found),
            *unread(writer),
            labeller,
            loops.Fit(
                loss=losses.KLDivergence(
                    teacher_temperature=softness(teacher), student_temperature=TEMPERATURE
                ),
                steps=steps,
                batch=batch,
                learning_rate=5e-5,
                warmup=max(1, steps // 10),
                candidates=4 * batch,
            ),
        ),
        judge=labeller,
    )
