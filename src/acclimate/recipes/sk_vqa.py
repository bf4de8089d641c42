"""sk_vqa: documents and questions written together, where there are few documents."""

from __future__ import annotations

from acclimate.models.ref import Ref, Writer
from acclimate.parts import drafters, filters, generators, labellers, loops, losses, miners
from acclimate.recipes._given import LOCAL, graded
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe


def sk_vqa(
    *,
    writer: Ref[Writer] = LOCAL,
    judge: Ref[Writer] | None = None,
    documents: int = 1_000,
    pairs: int = 500,
    held_out: int = 200,
    depth: int = 50,
    steps: int = 200,
    batch: int = 32,
) -> Recipe:
    """A small collection teaches more than it holds: more of its kind is written, with questions.

    A language model asks questions of the documents there are, some of which are kept for the gate;
    and it writes further documents of the field, each together with questions whose answers stand
    in it. These documents teach, and are never found. The others of a batch and one of the
    student's own results are the contrast.

    Rows: [039].

    Paper:   SK-VQA: Synthetic Knowledge Generation at Scale for Training Context-Augmented
             Multimodal LLMs, ICML 2025. https://arxiv.org/abs/2406.19593
    Code:    none followed.
    Differs: no pictures, and a retriever is trained, where the paper tunes a generator: what is
             kept are documents written with their questions and the two looks at them.
    Cost:    one generation per document and per pair.

    Args:
        writer: asks, and writes documents with questions; its longest answer must leave room for a
            document and three questions.
        judge: grades held-out pairs for the gate; another model than the writer. None: words and
            vectors of the base model.
        documents: how many are asked for a query.
        pairs: documents written.
        held_out: queries kept for the gate.
        depth: results of the student, of which one is a negative.
        steps: optimiser updates.
        batch: queries per update.
    """
    return Recipe(
        "sk_vqa",
        (
            generators.FewShot(writer=writer, documents=documents),
            filters.ExactDuplicates(),
            filters.SelfReference(),
            filters.HoldOut(queries=held_out),
            drafters.JointDocumentQuestion(writer=writer, pairs=pairs),
            generators.Drafted(),
            miners.RankWindow(miner=miners.WithStudent(depth=depth), skip=1, width=None, count=1),
            labellers.SourceIsRelevant(),
            loops.WithDrafts(
                loop=loops.Fit(
                    loss=losses.InfoNCE(temperature=TEMPERATURE, in_batch=True),
                    steps=steps,
                    batch=batch,
                    learning_rate=2e-5,
                    warmup=max(1, steps // 10),
                    candidates=2,
                )
            ),
        ),
        judge=graded(judge),
    )
