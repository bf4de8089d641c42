"""Pretraining: what loops over texts alone have in common, before any weight is loaded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from acclimate.errors import RecipeError, TableError
from acclimate.models.student import Student
from acclimate.parts.loops._completed import completed, key_of
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Table

if TYPE_CHECKING:
    from acclimate.parts.loops._texts import TextLearner


class TextTrainer(Protocol):
    """A loop that learns from documents alone, such as `loops.MaskedLanguage`."""

    def __call__(self, corpus: Corpus, student: Student, ctx: Context) -> Student:
        """Train the student."""
        ...


class HeadedLoss(Protocol):
    """A loss of logits behind a head of its own, such as `losses.Condenser`."""

    def __call__(
        self, head_logits_BTV: Any, late_logits_BTV: Any, tokens_BT: Any, mask_BT: Any
    ) -> Any:
        """The loss, a scalar tensor."""
        ...

    def joined(self, states: Sequence[Any]) -> Any:
        """What the head reads of the states of all layers."""
        ...

    def head(self, width: int, heads: int, seed: int) -> Any:
        """A new head: (states, mask) -> states."""
        ...


class SpanLoss(Protocol):
    """A loss of vectors of spans, such as `losses.CorpusContrastive`."""

    def __call__(self, spans_BSD: Any, mask_B: Any) -> Any:
        """The loss, a scalar tensor."""
        ...


class VectorLoss(Protocol):
    """A loss of the vectors of student and teacher, such as `losses.EmbeddingDistillation`."""

    def __call__(self, student_ND: Any, teacher_ND: Any, mask_N: Any) -> Any:
        """The loss, a scalar tensor."""
        ...


class Pretrains(Protocol):
    """A loop over texts, as its settings say."""

    @property
    def steps(self) -> int: ...

    @property
    def batch(self) -> int: ...

    @property
    def learning_rate(self) -> float: ...

    @property
    def warmup(self) -> int: ...

    @property
    def save_every(self) -> int | None: ...


def check_loop(part: Pretrains) -> None:
    """Refuse a training that would do nothing.

    Raises:
        RecipeError: when it is one.
    """
    if min(part.steps, part.batch) < 1 or part.learning_rate <= 0:
        raise RecipeError(
            f"{type(part).__name__}(steps={part.steps}, batch={part.batch}, "
            f"learning_rate={part.learning_rate}) would learn nothing. Give values above 0."
        )


def pretrained(
    part: Pretrains,
    table: Table,
    student: Student,
    ctx: Context,
    make: Callable[[int], TextLearner],
) -> Student:
    """The student after a training on texts.

    Args:
        part: the loop.
        table: where its texts come from.
        student: who learns.
        ctx: of the loop.
        make: (seed) -> what learns, and from which texts.

    Raises:
        TableError: when there is no text.
    """
    from acclimate.parts.loops._training import Course

    check_shape(part, student)
    seed = int(ctx.rng(part).integers(2**31))
    learner = make(seed)
    if not learner.texts:
        raise TableError(
            f"{type(part).__name__} has nothing to learn from: of {len(table)} rows none has a "
            "text it can use. Give it documents."
        )
    ctx.note("texts", len(learner.texts))
    course = Course(
        steps=part.steps,
        batch=min(part.batch, len(learner.texts)),
        learning_rate=part.learning_rate,
        warmup=min(part.warmup, part.steps // 2),
        seed=seed,
        device=ctx.engine.device,
        save_every=part.save_every,
    )
    return completed(learner, course, key_of(part, table, student, ctx), student, ctx)


def check_shape(part: object, student: Student) -> None:
    """Refuse a shape that keeps vectors, as this moves the encoder itself.

    Raises:
        RecipeError: when the student has one.
    """
    shape = student.shape
    if shape is not None and shape.documents_frozen:
        raise RecipeError(
            f"{type(part).__name__} changes the encoder, but {shape!r} keeps documents' vectors. "
            "Put it before that step."
        )
