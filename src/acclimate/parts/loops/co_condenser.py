"""CoCondenser: spans of one document have like vectors, and a vector tells what was hidden."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts.loops._pretraining import HeadedLoss, SpanLoss, check_loop, pretrained
from acclimate.parts.part import Context
from acclimate.tables import Corpus


@dataclass(frozen=True, kw_only=True)
class CoCondenser:
    """Pre-trains on spans: each finds the other of its document, and both tell hidden words.

    A batch is two spans of each of many documents, drawn anew each time, with words hidden. Their
    vectors are contrasted over the whole batch, and words are told from the last layer and behind
    a short head that sees the first token's last state and early states of the others; the head is
    dropped. The whole batch is contrasted whatever fits into memory: vectors first, then the
    gradient of each piece (GradCache). A killed training goes on from its last checkpoint.

    Rows: [070].

    Paper:   Gao, Callan, Unsupervised Corpus Aware Language Model Pre-training for Dense Passage
             Retrieval, ACL 2022. https://arxiv.org/abs/2108.05540
    Code:    luyug/Condenser, modeling.py, CoCondenserForPretraining.
    Differs: spans are contrasted by the student's own pooling, before it is brought to length 1;
             that is the first token's state, as in the paper, where the student pools so. It
             begins at a student that was no Condenser: its head learns from the first update.
             Spans are of words, 96 or half a document; dropout is off.
    Cost:    steps · batch · 2 spans, forward twice and back once where they do not fit into memory
             at once, and the logits of all words for every token, twice.

    Args:
        masked: of what was hidden; losses.Condenser.
        contrast: of the vectors of spans; losses.CorpusContrastive.
        steps: optimiser updates.
        batch: documents of each; all there are, when they are fewer.
        learning_rate: at its highest. Paper: 1e-4.
        warmup: updates until it is reached. Paper: a tenth of them.
        share: of a span's words that are hidden, 0 to 1.
        save_every: updates between checkpoints. None: about a minute.

    Returns:
        The student with its new weights, saved in the folder of this step.

    Raises:
        TableError: when no document is long enough for two spans.
        ModelError: when the student's transformer has no masked language model.
    """

    masked: HeadedLoss
    contrast: SpanLoss
    steps: int = 1_000
    batch: int = 32
    learning_rate: float = 1e-4
    warmup: int = 100
    share: float = 0.15
    save_every: int | None = None

    def __post_init__(self) -> None:
        """Refuse a training that would do nothing."""
        check_loop(self)
        if not 0 < self.share < 1:
            raise RecipeError(f"CoCondenser(share={self.share}): must lie between 0 and 1.")

    @property
    def whole_words(self) -> bool:
        """All tokens of a word are hidden together."""
        return True

    def __call__(self, corpus: Corpus, student: Student, ctx: Context) -> Student:
        """Train the student."""
        from acclimate.parts.loops._condensing import Condensing, spans_of
        from acclimate.parts.loops._texts import TextLearner, prepared

        def make(seed: int) -> TextLearner:
            model = prepared(student, student.encoder.load(ctx.engine.device))
            texts = [text for text in corpus.contents if spans_of(text)]
            return Condensing(model, texts, seed, self)

        return pretrained(self, corpus, student, ctx, make)
