"""Causal: a language model of transformers on this machine that writes and judges, as a value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from acclimate.errors import ModelError
from acclimate.models.loading import loading
from acclimate.models.prompts import Form
from acclimate.models.weights import find, hashed

if TYPE_CHECKING:
    from acclimate.models.writers.answering import CausalWriter

WRITES = ("ForCausalLM", "LMHeadModel")
"""How architectures are called that give the next token and have no encoder."""


@dataclass(frozen=True)
class Causal:
    """Any causal language model of transformers, where no server runs one.

    It is asked as a model behind an endpoint is: a part says by a form what an answer must look
    like. A model with a chat template is asked in it, with the standing instruction as its system
    message, and gets one chance to repair an answer of the wrong shape; any other model goes on
    from the instruction and the question.

    Args:
        model: hub name or folder.
        temperature: logits are divided by it before drawing; None: as each prompt says.
        top_k: only this many most likely tokens are drawn from; 0: all.
        top_p: only the likeliest tokens of this total probability are drawn from.
        max_new_tokens: length of an answer at most.
        max_length: tokens a question is cut to; its middle is left out.
        precision: of the weights; "bfloat16" halves the memory.
        revision: branch, tag or commit on the hub.
        form: what an answer must look like; a part sets it.
    """

    model: str
    temperature: float | None = None
    top_k: int = 0
    top_p: float = 1.0
    max_new_tokens: int = 128
    max_length: int = 4_096
    precision: Literal["float32", "bfloat16"] = "float32"
    revision: str | None = None
    form: Form = Form()  # noqa: RUF009 - frozen

    def __post_init__(self) -> None:
        """Refuse settings that draw nothing."""
        if self.top_k < 0 or not 0 < self.top_p <= 1 or (self.temperature or 0) < 0:
            raise ModelError(
                f"{self!r}: top_k must be at least 0, top_p above 0 and at most 1, "
                "temperature at least 0."
            )
        if self.max_new_tokens < 1 or self.max_length < 2:
            raise ModelError(
                f"{self!r}: max_new_tokens must be at least 1 and max_length at least 2."
            )

    def folder(self) -> Path:
        """Where its files are; downloads them when it is a hub name.

        Raises:
            ModelError: when it cannot be found; the message says what to do.
        """
        return find(self.model, revision=self.revision)

    def answering(self, form: Form) -> Self:
        """The same model, asked for answers of a form."""
        return replace(self, form=form)

    def fingerprint(self) -> str:
        """Hash of the weights, configuration, tokenizer and settings; never the name."""
        return hashed(
            "causal",
            self.folder(),
            temperature=self.temperature,
            top_k=self.top_k,
            top_p=self.top_p,
            max_new_tokens=self.max_new_tokens,
            max_length=self.max_length,
            precision=self.precision,
            form=self.form.fingerprint(),
        )

    def open(self, device: str) -> CausalWriter:
        """Load the weights for writing.

        Raises:
            ModelError: when its files are not those of a causal language model.
        """
        import transformers

        from acclimate.models.writers.answering import CausalWriter

        folder, local = str(self.folder()), {"local_files_only": True}
        with loading(self.model, "a causal language model"):
            config = transformers.AutoConfig.from_pretrained(folder, **local)
            self._check(config.architectures or [])
            tokenizer = transformers.AutoTokenizer.from_pretrained(folder, **local)
            model = transformers.AutoModelForCausalLM.from_pretrained(
                folder, dtype=self.precision, **local
            )
        return CausalWriter(model.to(device).eval(), tokenizer, self)

    def _check(self, architectures: list[str]) -> None:
        """Refuse other models: they would be loaded, with a head of random weights."""
        if not any(name.endswith(WRITES) for name in architectures):
            kind = " and ".join(architectures) or "model of no known kind"
            raise ModelError(
                f"{self.model} is a {kind}, which writes nothing. Use a causal language model, or "
                "Seq2Seq for an encoder-decoder."
            )
