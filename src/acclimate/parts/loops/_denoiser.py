"""Denoiser: an encoder, and a decoder over the same weights that writes texts from vectors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch

from acclimate.errors import ModelError
from acclimate.models.loading import loading
from acclimate.models.ref import Integers
from acclimate.parts._hashing import rng_of
from acclimate.parts._noise import noised
from acclimate.parts.loops._texts import TextLearner, body_of, packed


class Denoiser(TextLearner):
    """The student, and the decoder of sentence-transformers' loss.

    Args:
        model: an opened sentence-transformers model, ready to learn.
        decoder: what `decoding` made of the same model.
        texts: the documents.
        seed: decides the order, and which words are deleted.
        share: of the words of a document that are deleted.
    """

    def __init__(
        self, model: Any, decoder: Any, texts: Sequence[str], seed: int, *, share: float
    ) -> None:
        super().__init__(model, texts, seed)
        if decoder.encoder is not model:
            raise ModelError(
                f"Denoising reads one vector per text, and this student is a {model.model_type}. "
                "Put it before the step that makes it one."
            )
        self.decoder = decoder
        self.share = share

    def pieces(self, places: Integers) -> Iterator[tuple[torch.Tensor, float]]:
        """Scalars to carry back, with what each adds to the loss of the step."""
        rows = self.drawn(places)
        parts = [self._features(rows[s], places[s]) for s in packed(self.lengths.of(rows))]
        written = [int(whole["attention_mask"][:, 1:].sum()) for _, whole in parts]
        for features, count in zip(parts, written, strict=True):
            with self.faster():
                loss = self.decoder(features, None) * (count / sum(written))
            yield loss, float(loss.detach())

    def _features(self, rows: Integers, places: Integers) -> tuple[Any, Any]:
        """What is left of the texts, and the texts."""
        texts = [self.texts[row] for row in rows]
        left = [
            deleted(text, self.share, place, self.seed)
            for text, place in zip(texts, places.tolist(), strict=True)
        ]
        return self._read(left), self._read(texts)

    def _read(self, texts: Sequence[str]) -> dict[str, Any]:
        features: dict[str, Any] = self.model.preprocess(list(texts))
        device = self.model.device
        return {k: v.to(device) if torch.is_tensor(v) else v for k, v in features.items()}


def deleted(text: str, share: float, place: int, salt: int) -> str:
    """A text without a share of its words, of which one at least stays.

    Args:
        text: of which words are deleted.
        share: each word is deleted with this probability.
        place: in the order of training; it decides which words.
        salt: it, too.
    """
    words, rng = text.split(), rng_of(str(place), salt)
    kept = noised(words, "delete", share, "", rng)
    return " ".join(kept or [words[int(rng.integers(len(words)))]])


def decoding(model: Any) -> Any:
    """sentence-transformers' loss, whose decoder has the weights of this encoder.

    Raises:
        ModelError: when the model does not give vectors from a transformer that can decode.
    """
    from sentence_transformers.sentence_transformer.losses import DenoisingAutoEncoderLoss

    name = str(body_of(model).model.name_or_path)
    if model.model_type != "SentenceTransformer":
        raise ModelError(f"Denoising needs one vector per text; {name} is a {model.model_type}.")
    with loading(name, "a decoder"), _unreported(), torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        made = DenoisingAutoEncoderLoss(model)
    return made.to(model.device)


@contextmanager
def _unreported() -> Iterator[None]:
    """Without the library's report of weights that begin at chance: a decoder has such."""
    from transformers.utils import logging

    before = logging.get_verbosity()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(before)
