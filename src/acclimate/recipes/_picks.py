"""What the rules of autopilot change: recipes with other parts."""

from __future__ import annotations

from dataclasses import dataclass, replace

from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, generators, labellers
from acclimate.parts.part import Generator, Labeller
from acclimate.recipes._given import BUNDLED_WRITER, asked, softness, taught
from acclimate.recipes._pieces import LOSS
from acclimate.recipes.embedding_adapter import embedding_adapter
from acclimate.recipes.recipe import Recipe, Seen

CODE = 0.5
"""Share of the documents from which a corpus is source code."""

WORDS_A_SECOND = 3_500.0
"""That one thread encodes with a model of the size below, about."""
GPU_CORES = 30
"""Threads that a GPU is worth, about."""
MODEL_MIB = 90.0
PIECE_WORDS = 190
"""Words of a piece of a long document, about."""
PASSES = 3
"""How often the documents are encoded: by base and adapted model, and for the gate."""
OF_THE_TIME = 2 / 3
FEWEST, MOST = 2_000, 100_000
"""Documents that are enough for a start; documents that are enough."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What autopilot was called with.

    Args:
        seen: by the run.
        writer: that was given.
        teacher: that was given.
        queries: and the rest: sizes, as of `default`.
    """

    seen: Seen
    writer: Ref[Writer] | None
    teacher: Ref[Scorer] | None
    queries: int
    held_out: int
    depth: int
    steps: int
    batch: int


def affordable(seen: Seen) -> int:
    """Documents (or pieces of long ones) that can be encoded often enough in the time there is."""
    if seen.minutes is None:
        return MOST
    threads = GPU_CORES * seen.cores if seen.gpu else seen.cores
    rate = WORDS_A_SECOND * threads * MODEL_MIB / max(seen.weights_mib, 1.0)
    words = OF_THE_TIME * 60 * seen.minutes * rate / PASSES
    return max(FEWEST, min(MOST, int(words / min(max(seen.words, 1.0), PIECE_WORDS))))


def pieces_of(seen: Seen) -> float:
    """Documents, or pieces of long ones, about."""
    return seen.documents * max(1.0, seen.words / PIECE_WORDS)


def _mixture(recipe: Recipe) -> generators.Mixed:
    return next(part for part in recipe.steps if isinstance(part, generators.Mixed))


def joined(recipe: Recipe, member: Generator) -> Recipe:
    """One more generator in the mixture, with as large a share as any other."""
    mixed = _mixture(recipe)
    return recipe.exchanged(mixed, replace(mixed, members=(*mixed.members, member)))


def _share(recipe: Recipe, wanted: Wanted) -> int:
    """Queries of one more generator in the mixture."""
    return max(1, wanted.queries // (1 + len(_mixture(recipe).members)))


def of_code(recipe: Recipe, wanted: Wanted) -> Recipe:
    """A map behind the frozen encoder, and code asked for by what it does."""
    del recipe
    mild = embedding_adapter(
        queries=wanted.queries, held_out=wanted.held_out, depth=wanted.depth,
        steps=2 * wanted.steps, batch=4 * wanted.batch,
    )  # fmt: skip
    return joined(replace(mild, name="autopilot"), generators.CodeTransforms())


def sampled(recipe: Recipe, wanted: Wanted) -> Recipe:
    """As many documents as there is time for."""
    first = filters.SampleDocuments(at_most=affordable(wanted.seen))
    return replace(recipe, steps=(first, *recipe.steps))


def fewer_held(recipe: Recipe, wanted: Wanted) -> Recipe:
    """A fifth of the queries held out."""
    return recipe.exchanged(filters.HoldOut(queries=wanted.held_out), filters.HoldOut(share=0.2))


def without_copies(recipe: Recipe, wanted: Wanted) -> Recipe:
    """Of queries that are nearly the same, one."""
    del wanted
    exact = filters.ExactDuplicates()
    return recipe.exchanged(exact, exact, filters.NearDuplicates())


def by_words(recipe: Recipe, wanted: Wanted) -> Recipe:
    """Words alone as the teacher."""
    del wanted
    return _taught(recipe, labellers.Fusion(weights=(1.0, 0.0, 0.0)))


def _taught(recipe: Recipe, teacher: Labeller) -> Recipe:
    made = recipe.exchanged(recipe.judge, teacher)
    return replace(made, judge=teacher)


def by_teacher(recipe: Recipe, wanted: Wanted) -> Recipe:
    """The given teacher, for labels and gate."""
    logits = replace(LOSS, teacher_temperature=softness(wanted.teacher))
    return _taught(recipe, taught(wanted.teacher)).exchanged(LOSS, logits)


def written(recipe: Recipe, wanted: Wanted) -> Recipe:
    """The given writer's questions, beside pieces of documents or in their place."""
    if wanted.seen.code >= CODE:
        return recipe.exchanged(_mixture(recipe), asked(wanted.writer, wanted.queries))
    return joined(recipe, asked(wanted.writer, _share(recipe, wanted)))


def with_bundle(recipe: Recipe, wanted: Wanted) -> Recipe:
    """The bundled writer's questions beside pieces of documents."""
    return joined(recipe, asked(BUNDLED_WRITER, _share(recipe, wanted)))
