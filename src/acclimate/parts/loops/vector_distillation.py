"""VectorDistillation: the student gives the vectors that a teacher gives."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.models.ref import Encoder, Ref
from acclimate.models.student import Student
from acclimate.parts.loops._pretraining import VectorLoss, check_loop, pretrained
from acclimate.parts.part import Context
from acclimate.tables import Corpus


@dataclass(frozen=True, kw_only=True)
class VectorDistillation:
    """Trains the student's vector of each document to be the teacher's.

    No query and no label is needed: the teacher's vectors say everything. They are made once,
    before training. The teacher is what the student began as, where none is given: so a student
    with another transformer (`students.EncoderSwap`), or fewer layers, takes over what it knows. A
    killed training goes on from its last checkpoint.

    Rows: [049].

    Paper:   NLLB-E5: A Scalable Multilingual Retrieval Model, NAACL 2025.
             https://arxiv.org/abs/2409.05401; Reimers, Gurevych, Making Monolingual Sentence
             Embeddings Multilingual using Knowledge Distillation, EMNLP 2020, section 2.
             https://arxiv.org/abs/2004.09813
    Code:    sentence-transformers' EmbedDistillLoss has the same values.
    Differs: documents alone, no queries, and no contrast beside it; dropout is off.
    Cost:    encodes every document once with the teacher; steps · batch documents of training.

    Args:
        loss: of the vectors of student and teacher, and which count;
            losses.EmbeddingDistillation.
        teacher: whose vectors. None: those of what the student began as.
        steps: optimiser updates.
        batch: documents of each; all there are, when they are fewer.
        learning_rate: at its highest.
        warmup: updates until it is reached.
        save_every: updates between checkpoints. None: about a minute.

    Returns:
        The student with its new weights, saved in the folder of this step.

    Raises:
        TableError: when there is no document with a text.
        ModelError: when the student gives no single vector, or one of other dimensions.
    """

    loss: VectorLoss
    teacher: Ref[Encoder] | None = None
    steps: int = 1_000
    batch: int = 32
    learning_rate: float = 5e-5
    warmup: int = 100
    save_every: int | None = None

    def __post_init__(self) -> None:
        """Refuse a training that would do nothing."""
        check_loop(self)

    def __call__(self, corpus: Corpus, student: Student, ctx: Context) -> Student:
        """Train the student."""
        from acclimate.parts.loops._imitating import Imitating
        from acclimate.parts.loops._texts import TextLearner, prepared

        def make(seed: int) -> TextLearner:
            model = prepared(student, student.encoder.load(ctx.engine.device))
            texts = [text for text in corpus.contents if text.strip()]
            wanted = ctx.engine.encode(self.teacher or student.start, texts, kind="document")
            return Imitating(model, texts, seed, self.loss, wanted)

        return pretrained(self, corpus, student, ctx, make)
