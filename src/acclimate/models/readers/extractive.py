"""Extractive: a reader that looks for the words of an answer in a document, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from acclimate.errors import ModelError
from acclimate.models.loading import loading
from acclimate.models.weights import find, hashed

if TYPE_CHECKING:
    from acclimate.models.readers.spans import SpanReader

Head = Literal["passage", "span", "answerable"]
"""What is read of a document."""

ANSWERS = "ForQuestionAnswering"
"""How architectures are called that find the words of an answer."""
DPR = "DPRReader"
"""The one that also says of a whole document whether the answer is in it."""


@dataclass(frozen=True)
class Extractive:
    """How sure an extractive reader is that the answer to a query stands in a document.

    It is a scorer: `labellers.Score(teacher=readers.Extractive(…))` labels with it. The score is a
    raw logit: of the document as a whole ("passage", a reader of DPR), of the best span in it
    ("span": the logits of its first and last token), or of that less the logit that there is no
    answer ("answerable", for readers that were trained on questions without one).

    Rows: [077].

    Paper:   RDR: Is Retriever Merely an Approximator of Reader?, 2020.
             https://arxiv.org/abs/2010.10999
    Code:    none followed.
    Differs: a title stands before its text, without a separator of its own between.

    Args:
        model: hub name or folder.
        head: what is read. "auto": "passage" of a reader of DPR, "answerable" of others. Paper:
            "passage".
        max_length: tokens of a query and a document together; the longer one is cut.
        revision: branch, tag or commit on the hub.
    """

    model: str = "facebook/dpr-reader-single-nq-base"
    head: Head | Literal["auto"] = "auto"
    max_length: int = 256
    revision: str | None = None

    def __post_init__(self) -> None:
        """Refuse a length that leaves no document."""
        if self.max_length < 8:
            raise ModelError(f"Extractive(max_length={self.max_length}): must be at least 8.")

    def folder(self) -> Path:
        """Where its files are; downloads them when it is a hub name.

        Raises:
            ModelError: when it cannot be found; the message says what to do.
        """
        return find(self.model, revision=self.revision)

    def fingerprint(self) -> str:
        """Hash of the weights, configuration, tokenizer and settings; never the name."""
        return hashed("extractive", self.folder(), head=self.head, max_length=self.max_length)

    def open(self, device: str) -> SpanReader:
        """Load the weights for reading.

        Raises:
            ModelError: when its files are not those of an extractive reader with this head.
        """
        import transformers

        from acclimate.models.readers.spans import SpanReader

        folder, local = str(self.folder()), {"local_files_only": True}
        with loading(self.model, "an extractive reader"):
            config = transformers.AutoConfig.from_pretrained(folder, **local)
            built = (config.architectures or [""])[0]
            head = self._head(built)
            if built == DPR:  # its own tokenizer wants titles apart
                tokenizer = transformers.BertTokenizerFast.from_pretrained(folder, **local)
                kind = transformers.DPRReader
            else:
                tokenizer = transformers.AutoTokenizer.from_pretrained(folder, **local)
                kind = transformers.AutoModelForQuestionAnswering
            model = kind.from_pretrained(folder, dtype="float32", **local)
        return SpanReader(model.to(device).eval(), tokenizer, head, self.max_length)

    def _head(self, built: str) -> Head:
        """What is read of such a model; others would be loaded with a head of random weights."""
        if built != DPR and not built.endswith(ANSWERS):
            raise ModelError(
                f"{self.model} is a {built or 'model of no known kind'}, which finds no answers. "
                "Use a model for question answering, or a reader of DPR."
            )
        if self.head == "auto":
            return "passage" if built == DPR else "answerable"
        if self.head == "passage" and built != DPR:
            raise ModelError(
                f"{self.model} is a {built}, which says nothing of a document as a whole. Give "
                'head="answerable" (it was trained on questions without an answer) or head="span".'
            )
        return self.head
