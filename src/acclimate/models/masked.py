"""Masked: the masked language model whose transformer an encoder has."""

from __future__ import annotations

from typing import Any

from acclimate.errors import ModelError
from acclimate.models.loading import loading


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
    import torch
    from transformers import AutoModelForMaskedLM

    name = str(body.model.name_or_path)
    with loading(name, "a masked language model"), torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        built = (body.model.config.architectures or [""])[0]
        if built.endswith("ForMaskedLM"):
            whole = AutoModelForMaskedLM.from_pretrained(name, local_files_only=True)
        else:
            whole = AutoModelForMaskedLM.from_config(body.model.config)
        missing = whole.base_model.load_state_dict(body.model.state_dict(), strict=False)[0]
        if missing:
            raise ModelError(f"{name} lacks {missing[0]}, which a masked language model has.")
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
