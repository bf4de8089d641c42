"""Padding: what a text gives must not hang on how long its neighbours in a batch are."""

from __future__ import annotations

from typing import Any

MULTIPLE = 8
"""Texts are padded to a multiple of this many tokens: a length of their own."""


def padded(first: Any) -> dict[str, Any]:
    """Settings for `preprocess` of a sentence-transformers model that pad to MULTIPLE.

    None where its first module is no transformer or pads queries itself, or where its longest text
    would not fit: then texts are padded to the longest one of their batch.

    Args:
        first: the module that reads the text.
    """
    from sentence_transformers.base.modules import Transformer

    if not isinstance(first, Transformer) or first.query_expansion is not None:
        return {}
    limit = first.max_seq_length
    if limit is None or limit % MULTIPLE:
        return {}
    return {"processing_kwargs": {"text": {"pad_to_multiple_of": MULTIPLE}}}
