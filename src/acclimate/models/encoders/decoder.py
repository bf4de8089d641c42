"""Decoder: a causal language model that gives logits of words where it reads a text again.

Shapes: N texts, L tokens.
"""

from __future__ import annotations

from tempfile import TemporaryDirectory
from typing import Any

from sentence_transformers import SparseEncoder
from sentence_transformers.base.modules import Transformer

from acclimate.errors import ModelError
from acclimate.models.loading import loading
from acclimate.models.masked import causal_language_model

TEXT = {"text": {"method": "forward", "method_output_name": "logits"}}
"""A text is read as it is: a chat template would put words of its own around it."""


class Decoder(Transformer):  # type: ignore[misc]
    """A causal language model of which the words in its last reading of a text are pooled.

    A token of a decoder sees no later one. So its tokenizer writes each text twice: a token of the
    second copy sees the whole text in the first. The tokenizer says which copy a token is in: type
    1 is pooled, and the first copy, special tokens and padding are of type 0. A text is cut before
    it is written twice, so that both copies are the same.

    Its folder is one of transformers, with a tokenizer that does this wherever it is opened. As a
    model of sentence-transformers it takes `trust_remote_code=True` and acclimate installed, since
    this class is not one of its own; `encoders.Sparse` opens it without.
    """

    @classmethod
    def of(cls, body: Transformer, *, echo: bool) -> Decoder:
        """The causal language model whose transformer an encoder has.

        Args:
            body: stays as it is.
            echo: whether a text is read twice; it is then cut to half as many tokens.

        Raises:
            ModelError: when it is none, or its tokenizer has no token to begin a text with.
        """
        with loading(str(body.model.name_or_path), "a decoder"), TemporaryDirectory() as folder:
            causal_language_model(body).save_pretrained(folder)
            _twice(body.tokenizer, echo=echo).save_pretrained(folder)
            made = cls(
                folder,
                transformer_task="text-generation",
                modality_config=TEXT,
                module_output_name="token_embeddings",
                unpad_inputs=False,
                model_kwargs={"local_files_only": True},
            )
        made.max_seq_length = body.max_seq_length // 2 if echo else body.max_seq_length
        return made

    def forward(self, features: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        """Logits of the tokens from the first that is pooled on, and which of these are pooled.

        Texts are padded on the left, so that all last readings end together: nothing before the
        longest of them needs logits. Positions are counted from each text's own first token.
        """
        mask_NL = features["attention_mask"]
        pooled_NL = mask_NL * features.pop("token_type_ids")
        first = int(pooled_NL.any(dim=0).int().argmax())
        keep = pooled_NL.shape[1] - first
        made: dict[str, Any] = super().forward(
            features,
            position_ids=(mask_NL.cumsum(dim=1) - 1).clamp(min=0),
            logits_to_keep=keep,
            **kwargs,
        )
        made["token_embeddings"] = made["token_embeddings"][:, -keep:]
        made["attention_mask"] = pooled_NL[:, first:]
        return made


def _twice(tokenizer: Any, *, echo: bool) -> Any:
    """A tokenizer that writes each text twice, or once, behind the token that begins a text.

    It is of the plain class: others make their own frame of special tokens when they are opened.
    """
    from tokenizers.processors import TemplateProcessing
    from transformers import PreTrainedTokenizerFast

    start = tokenizer.bos_token or tokenizer.eos_token
    if start is None:
        raise ModelError("Its tokenizer has neither bos_token nor eos_token. Give it one of them.")
    made = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer.backend_tokenizer,
        bos_token=tokenizer.bos_token,
        eos_token=tokenizer.eos_token,
        unk_token=tokenizer.unk_token,
        pad_token=tokenizer.pad_token or tokenizer.eos_token or start,
        model_max_length=tokenizer.model_max_length,
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
    )
    made.backend_tokenizer.post_processor = TemplateProcessing(
        single=f"{start}:0 $A:0 $A:1" if echo else f"{start}:0 $A:1",
        special_tokens=[(start, tokenizer.convert_tokens_to_ids(start))],
    )
    return made


def opening(folder: str, **settings: Any) -> SparseEncoder:
    """The sparse encoder in a folder, of whichever kind it is.

    sentence-transformers refuses classes that are not its own: this one is known to be ours.
    """
    ours = {f"{Decoder.__module__}.{Decoder.__qualname__}": Decoder}
    return SparseEncoder._load_with_module_classes(folder, ours, **settings)
