"""adaqr: a conversation is found by what its best rewrite finds, and nobody labels one."""

from __future__ import annotations

from acclimate.models.readers import NGramReader
from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import (
    drafters,
    filters,
    generators,
    labellers,
    loops,
    losses,
    miners,
    students,
)
from acclimate.recipes._given import LOCAL, taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.realm_pairs import SUM
from acclimate.recipes.recipe import Recipe

TURNS = 4
"""Turns of a conversation that ask, at most."""


def adaqr(
    *,
    writer: Ref[Writer] = LOCAL,
    reader: Ref[Scorer] | NGramReader = SUM,
    judge: Ref[Scorer] | None = None,
    queries: int = 2_000,
    held_out: int = 200,
    each: int = 3,
    depth: int = 5,
    steps: int = 100,
) -> Recipe:
    """Rewrites that find what was answered are preferred, and the student learns the preference.

    Documents are conversations (tickets, chats) and what they are about. Turns that somebody
    answers ask; a language model writes each as a search that stands by itself, `each` times. A
    rewrite is worth the likelihood of what was answered, over the documents it finds. Of two
    rewrites the student is to place the conversation nearer to the one that is worth more, but not
    far from where it was. Documents keep their vectors.

    Rows: [040].

    Paper:   AdaQR: Adaptive Query Rewriting, EMNLP 2024. https://arxiv.org/abs/2406.10991
    Code:    none followed; the authors' README for its numbers.
    Differs: the student that chooses a rewrite is the retriever, which reads the conversation
             itself from then on, and the model that writes does not learn: neither on rewrites of
             people nor by preference. All pairs of a query's rewrites are preferences. A
             temperature for vectors of length one.
    Cost:    `each` generations per query, as many searches, and a reading of the documents these
             find; `steps` · 16 queries of training.

    Args:
        writer: rewrites: a server of this machine, or any language model.
        reader: says how likely an answer is, in sums over its tokens. A counting one by default;
            readers.LanguageModel(…, per_token=False).
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: turns that ask.
        held_out: of them, kept for the gate.
        each: rewrites of a query. Paper: 3.
        depth: documents that a rewrite finds.
        steps: optimiser updates. Paper: 2 epochs.
    """
    reads = labellers.ReaderLikelihood(reader=reader, target="reply")
    return Recipe(
        "adaqr",
        (
            students.QuerySide(),
            generators.ConversationTurns(per_document=4, turns=TURNS, queries=queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            drafters.Rewrites(writer=writer, each=each),
            drafters.MarginalAnswer(labeller=reads, depth=depth, temperature=TEMPERATURE),
            miners.RandomDocuments(count=1),
            labellers.SourceIsRelevant(),
            loops.WithDrafts(
                loop=loops.Fit(
                    loss=losses.DPO(temperature=TEMPERATURE),
                    steps=steps,
                    batch=16,
                    learning_rate=1e-5,
                    warmup=max(1, steps // 10),
                    candidates=each,
                ),
                alone=True,
            ),
        ),
        judge=taught(judge),
    )
