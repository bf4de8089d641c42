"""MaskedLanguage: the encoder learns to tell hidden tokens of the documents."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts.loops._pretraining import check_loop, pretrained
from acclimate.parts.part import Context, TensorLoss
from acclimate.tables import Corpus


@dataclass(frozen=True, kw_only=True)
class MaskedLanguage:
    """Trains the student on the corpus as a masked language model, before it learns to compare.

    So it learns what the domain's words mean. No query, no label and no other model is needed. A
    sparse encoder, or the files of a masked language model, bring their own head for words, which
    learns with them and stays with a sparse one; other students get one over their own
    embeddings, which is dropped. A killed training goes on from its last checkpoint.

    Rows: [097].

    Paper:   Devlin, Chang, Lee, Toutanova, BERT, NAACL 2019, section 3.1.
             https://arxiv.org/abs/1810.04805; to learn a domain: Braga et al., Simple Domain
             Adaptation for Sparse Retrievers, ECIR 2024. https://arxiv.org/abs/2401.11509
    Code:    none followed; what is hidden is drawn by transformers'
             DataCollatorForLanguageModeling.
    Differs: dropout is off; a head that begins at chance learns at the encoder's own rate.
    Cost:    steps · batch documents, forward and back, and the logits of all words for every token.

    Args:
        loss: of logits, true tokens and which are hidden; losses.MaskedLM.
        steps: optimiser updates.
        batch: documents of each; all there are, when they are fewer.
        learning_rate: at its highest.
        warmup: updates until it is reached.
        share: of a document's tokens that are hidden, 0 to 1. Paper: 0.15.
        whole_words: whether the tokens of a word are hidden together.
        save_every: updates between checkpoints. None: about a minute.

    Returns:
        The student with its new weights, saved in the folder of this step.

    Raises:
        TableError: when there is no document with a text.
        ModelError: when the student has no transformer that knows a mask.
    """

    loss: TensorLoss
    steps: int = 1_000
    batch: int = 32
    learning_rate: float = 5e-5
    warmup: int = 100
    share: float = 0.15
    whole_words: bool = False
    save_every: int | None = None

    def __post_init__(self) -> None:
        """Refuse a training that would do nothing."""
        check_loop(self)
        if not 0 < self.share < 1:
            raise RecipeError(f"MaskedLanguage(share={self.share}): must lie between 0 and 1.")

    def __call__(self, corpus: Corpus, student: Student, ctx: Context) -> Student:
        """Train the student."""
        from acclimate.parts.loops._masked_learner import MaskedLearner
        from acclimate.parts.loops._texts import TextLearner, prepared

        def make(seed: int) -> TextLearner:
            model = prepared(student, student.encoder.load(ctx.engine.device))
            texts = [text for text in corpus.contents if text.strip()]
            return MaskedLearner(model, texts, seed, self)

        return pretrained(self, corpus, student, ctx, make)
