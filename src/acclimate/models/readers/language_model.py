"""LanguageModel: any causal or encoder-decoder model, read and not asked to write, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from acclimate.errors import ModelError
from acclimate.models.loading import loading
from acclimate.models.weights import find, hashed

if TYPE_CHECKING:
    from acclimate.models.readers.opened import OpenedReader

WRITES = ("ForCausalLM", "LMHeadModel", "ForConditionalGeneration")
"""How architectures are called that give the next token."""


@dataclass(frozen=True)
class LanguageModel:
    """How likely a language model of transformers finds a text after a context.

    It is a scorer: its first text is what is read, its second the context, and the score the
    log-likelihood (nats) of the tokens of the first, or their mean. The end of the text does not
    count. A context that is too long loses what stands before its last 64 tokens, so that its
    beginning stays and so does an instruction that ends it.

    Args:
        model: hub name or folder.
        per_token: whether a score is the mean over the text's tokens, and not their sum.
        max_length: tokens of text and context together; a text is cut to half of it.
        revision: branch, tag or commit on the hub.
    """

    model: str
    per_token: bool = True
    max_length: int = 512
    revision: str | None = None

    def __post_init__(self) -> None:
        """Refuse a length that no text fits."""
        if self.max_length < 2:
            raise ModelError(f"LanguageModel(max_length={self.max_length}): must be at least 2.")

    def folder(self) -> Path:
        """Where its files are; downloads them when it is a hub name.

        Raises:
            ModelError: when it cannot be found; the message says what to do.
        """
        return find(self.model, revision=self.revision)

    def fingerprint(self) -> str:
        """Hash of the weights, configuration, tokenizer and settings; never the name."""
        return hashed("reader", self.folder(), per_token=self.per_token, max_length=self.max_length)

    def open(self, device: str) -> OpenedReader:
        """Load the weights for reading.

        Raises:
            ModelError: when its files are not those of a language model.
        """
        import transformers

        from acclimate.models.readers.opened import OpenedReader

        folder, local = str(self.folder()), {"local_files_only": True}
        with loading(self.model, "a language model"):
            config = transformers.AutoConfig.from_pretrained(folder, **local)
            self._check(config.architectures or [])
            kind = (
                transformers.AutoModelForSeq2SeqLM
                if config.is_encoder_decoder
                else transformers.AutoModelForCausalLM
            )
            tokenizer = transformers.AutoTokenizer.from_pretrained(folder, **local)
            model = kind.from_pretrained(folder, dtype="float32", **local)
        return OpenedReader(model.to(device).eval(), tokenizer, self)

    def _check(self, architectures: list[str]) -> None:
        """Refuse other models: they would be loaded, with a head of random weights."""
        if not any(name.endswith(WRITES) for name in architectures):
            kind = " and ".join(architectures) or "model of no known kind"
            raise ModelError(
                f"{self.model} is a {kind}, which gives no likelihoods. Use a causal language "
                "model or an encoder-decoder."
            )
