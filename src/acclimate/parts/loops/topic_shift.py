"""TopicShift: a conversation is told from another one, which must not move its vector."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts._turns import turns_of
from acclimate.parts.loops._pretraining import VectorLoss, check_loop, pretrained
from acclimate.parts.part import Context
from acclimate.tables import Corpus


@dataclass(frozen=True, kw_only=True)
class TopicShift:
    """Before each session stand the first turns of another; the student learns which are foreign.

    Each turn's tokens, on the mean, must tell a classifier whether the turn is of another session,
    and the vector of the whole must be what the encoder gave for the session alone, before the
    training. So what was said of something else no longer moves a query of a conversation. The
    classifier is dropped afterwards. No query, no label and no other model is needed.

    Sessions are documents with lines `name: what was said`, as in `generators.ConversationTurns`.

    Rows: [026].

    Paper:   SSP: Self-Supervised Post-training for Conversational Search, ACL 2023.
    Code:    none followed; how turns are put before a session is that of the authors' code.
    Differs: of the paper's tasks the shift of topic and the distillation; references are not
             marked and nothing is written again. The teacher reads the session itself, in the paper
             a query that people wrote anew. A turn is the mean of its tokens.
    Cost:    steps · batch sessions, forward and back, and one encoding of all before.

    Args:
        loss: of the student's vectors and those from before: losses.EmbeddingDistillation.
        steps: optimiser updates.
        batch: sessions of each; all there are, when they are fewer. Paper: 64 and 32.
        learning_rate: at its highest. Paper: 2e-5.
        warmup: updates until it is reached.
        turns: of a session, and of what stands before it, at most.
        distil: weight of the loss of vectors. Paper: 1, or none.
        save_every: updates between checkpoints. None: about a minute.

    Returns:
        The student with its new weights, saved in the folder of this step.

    Raises:
        TableError: when there are fewer than two sessions.
        ModelError: when the student gives no single vector.
    """

    loss: VectorLoss
    steps: int = 500
    batch: int = 32
    learning_rate: float = 2e-5
    warmup: int = 0
    turns: int = 4
    distil: float = 1.0
    save_every: int | None = None

    def __post_init__(self) -> None:
        """Refuse a training that would do nothing."""
        check_loop(self)
        if self.turns < 1 or self.distil < 0:
            raise RecipeError(
                f"TopicShift(turns={self.turns}, distil={self.distil}): give turns of 1 or more "
                "and a weight of 0 or more."
            )

    def __call__(self, corpus: Corpus, student: Student, ctx: Context) -> Student:
        """Train the student."""
        from acclimate.parts.loops._shifts import Shifts
        from acclimate.parts.loops._texts import prepared

        sessions = [told for text in corpus["text"] if (told := self._session(text))]

        def make(seed: int) -> Shifts:
            model = prepared(student, student.encoder.load(ctx.engine.device))
            usable = sessions if len(sessions) > 1 else []
            return Shifts(model, usable, seed, loss=self.loss, distil=self.distil)

        return pretrained(self, corpus, student, ctx, make)

    def _session(self, text: str) -> tuple[str, ...]:
        """The first turns of a conversation; none where it is no conversation."""
        said = turns_of(text)[: self.turns]
        return tuple(f"{name}: {' '.join(text[start:end].split())}" for name, (start, end) in said)
