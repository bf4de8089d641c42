"""Masked: the language model, masked or causal, whose transformer an encoder has."""

from __future__ import annotations

from typing import Any

from acclimate.errors import ModelError
from acclimate.models.loading import loading

CAUSAL = ("ForCausalLM", "LMHeadModel")
"""How transformers' architectures are named that write."""


def masked_language_model(body: Any) -> Any:
    """A masked language model with the weights of an encoder's transformer.

    Files of a masked language model have a head for words, which a dense encoder leaves out. Where
    there is none, its output layer is the encoder's own embeddings, and what stands before that
    begins at weights of chance, the same each time.

    Args:
        body: the Transformer module of a sentence-transformers model.

    Raises:
        ModelError: when this kind of transformer has no masked language model.
    """
    from transformers import AutoModelForMaskedLM

    return _with_head(body, AutoModelForMaskedLM, ("ForMaskedLM",), "a masked language model")


def causal_language_model(body: Any) -> Any:
    """A causal language model with the weights of a decoder that makes vectors.

    Its head for words is that of its files, or begins as that of `masked_language_model`.

    Args:
        body: the Transformer module of a sentence-transformers model.

    Raises:
        ModelError: when this kind of transformer has no causal language model.
    """
    from transformers import AutoModelForCausalLM

    return _with_head(body, AutoModelForCausalLM, CAUSAL, "a causal language model")


def decodes(body: Any) -> bool:
    """Whether the transformer of an encoder is that of a causal language model, and no other.

    Args:
        body: the Transformer module of a sentence-transformers model.
    """
    from transformers import MODEL_FOR_CAUSAL_LM_MAPPING, MODEL_FOR_MASKED_LM_MAPPING

    kind = type(body.model.config)
    return kind in MODEL_FOR_CAUSAL_LM_MAPPING and kind not in MODEL_FOR_MASKED_LM_MAPPING


def _with_head(body: Any, opener: Any, endings: tuple[str, ...], role: str) -> Any:
    """What `opener` makes of the transformer's files, with the transformer's own weights."""
    import torch

    name = str(body.model.name_or_path)
    with loading(name, role), torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        built = (body.model.config.architectures or [""])[0]
        if built.endswith(endings):
            whole = opener.from_pretrained(name, local_files_only=True, dtype=body.model.dtype)
        else:
            whole = opener.from_config(body.model.config)
        missing = whole.base_model.load_state_dict(body.model.state_dict(), strict=False)[0]
        if missing:
            raise ModelError(f"{name} lacks {missing[0]}, which {role} has.")
        whole.tie_weights()
    return whole.eval()


def around(body: Any) -> Any:
    """The masked language model around an encoder's transformer: what it learns, that learns.

    Args:
        body: the Transformer module of a sentence-transformers model; one that gives logits of
            words, as a sparse encoder's, is such a model itself.
    """
    if body.model.get_output_embeddings() is not None:
        return body.model
    whole = masked_language_model(body).to(body.model.device)
    setattr(whole, whole.base_model_prefix, body.model)
    whole.tie_weights()
    return whole
