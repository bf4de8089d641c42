"""Denoising: a document must be written again from its vector alone."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts.loops._pretraining import check_loop, pretrained
from acclimate.parts.part import Context
from acclimate.tables import Corpus


@dataclass(frozen=True, kw_only=True)
class Denoising:
    """TSDAE: words are deleted from a document, and a decoder writes it whole again.

    All the decoder is told is the vector of what is left, so the vector must say what the document
    is about. The decoder shares the encoder's weights and is dropped afterwards. No query, no
    label and no other model is needed. A killed training goes on from its last checkpoint.

    Paper:   Wang, Reimers, Gurevych, TSDAE: Using Transformer-based Sequential Denoising
             Auto-Encoder for Unsupervised Sentence Embedding Learning, Findings of EMNLP 2021.
             https://arxiv.org/abs/2104.06979
    Code:    sentence-transformers' DenoisingAutoEncoderLoss, which runs here.
    Differs: the student keeps its own pooling, where the paper takes the first token's state; its
             vector is read as it is compared, at length one where it is brought there; dropout is
             off, and the learning rate falls to 0.
    Cost:    steps · batch documents, through the encoder and the decoder, forward and back.

    Args:
        steps: optimiser updates.
        batch: documents of each; all there are, when they are fewer. Paper: 8.
        learning_rate: at its highest. Paper: 3e-5.
        warmup: updates until it is reached.
        share: of a document's words that are deleted, 0 to 1. Paper: 0.6.
        save_every: updates between checkpoints. None: about a minute.

    Returns:
        The student with its new weights, saved in the folder of this step.

    Raises:
        TableError: when there is no document with a text.
        ModelError: when the student gives no single vector, or no decoder has its architecture.
    """

    steps: int = 1_000
    batch: int = 8
    learning_rate: float = 3e-5
    warmup: int = 0
    share: float = 0.6
    save_every: int | None = None

    def __post_init__(self) -> None:
        """Refuse a training that would do nothing."""
        check_loop(self)
        if not 0 <= self.share < 1:
            raise RecipeError(f"Denoising(share={self.share}): give a share from 0 to below 1.")

    def __call__(self, corpus: Corpus, student: Student, ctx: Context) -> Student:
        """Train the student."""
        from acclimate.parts.loops._denoiser import Denoiser, decoding
        from acclimate.parts.loops._texts import TextLearner, prepared

        def make(seed: int) -> TextLearner:
            loaded = student.encoder.load(ctx.engine.device)
            decoder = decoding(loaded)
            texts = [text for text in corpus.contents if text.strip()]
            return Denoiser(prepared(student, loaded), decoder, texts, seed, share=self.share)

        return pretrained(self, corpus, student, ctx, make)
