"""Traced: a model as a function of tensors alone, and its graph as ONNX.

Shapes: N texts, L tokens.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

from acclimate.models.family import reading
from acclimate.models.ref import Kind

INPUTS = ("input_ids", "attention_mask", "token_type_ids")

OPSET = 17
"""Of ONNX: the first that knows layer normalisation."""


class Traced(torch.nn.Module):
    """What a kind of text becomes: vectors (N, D), of its tokens (N, L, D), or scores (N,).

    Args:
        model: of sentence-transformers.
        kind: of the texts.
        constants: what the model is told beside tensors.
        masks: how queries are filled up with masks, as `mask_filling` says; None: they are not.
    """

    def __init__(
        self,
        model: Any,
        kind: Kind,
        constants: Mapping[str, Any],
        masks: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__()
        self.model = model
        self.kind = kind
        self.constants = dict(constants)
        self.masks = masks

    def forward(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor,
        token_type_ids: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """What the model itself gives for these tokens."""
        given = dict(zip(INPUTS, (input_ids, attention_mask, token_type_ids), strict=True))
        features = {k: v for k, v in given.items() if v is not None} | self.constants
        if self.model.model_type == "CrossEncoder":
            logits: torch.Tensor = self.model(features)["scores"]
            return logits.float().reshape(-1)
        if self.masks is not None:
            features |= self._filled(input_ids, attention_mask, self.masks)
        return reading(self.model)._vectors(self.model(features, task=self.kind))  # type: ignore[no-any-return]

    def _filled(
        self, ids_NL: torch.Tensor, real_NL: torch.Tensor, masks: Mapping[str, Any]
    ) -> dict[str, torch.Tensor]:
        """Masks in the places that are empty, up to a length; they count as tokens."""
        within_L = torch.arange(ids_NL.shape[1]) < masks["length"]
        empty_NL = (real_NL == 0) & within_L
        attended_NL = real_NL.masked_fill(empty_NL, 1) if masks["attend"] else real_NL
        return {
            "input_ids": ids_NL.masked_fill(empty_NL, masks["id"]),
            "attention_mask": attended_NL,
            "query_expansion_positions": empty_NL,
        }


def mask_filling(module: Any) -> dict[str, Any] | None:
    """How a transformer fills queries up: to which length, with which token; None: it does not.

    Args:
        module: a Transformer of sentence-transformers.
    """
    told = module.query_expansion
    if told is None:
        return None
    tokenizer = module.tokenizer
    token = tokenizer.convert_tokens_to_ids(told["token"]) if told["token"] else None
    first = (token, tokenizer.mask_token_id, tokenizer.eos_token_id, tokenizer.pad_token_id)
    number = next(int(one) for one in first if one is not None)
    return {"length": int(told["length"]), "attend": bool(told["attend"]), "id": number}


def write_onnx(traced: Traced, tensors: Mapping[str, torch.Tensor], path: Path) -> None:
    """Traced, not compiled: twenty times as fast, for the same numbers; the ranking is checked.

    Args:
        traced: what is written.
        tensors: examples of what it takes.
        path: where to.
    """
    sizes = {name: {0: "texts", 1: "tokens"} for name in tensors}
    with warnings.catch_warnings(), _membership():
        warnings.simplefilter("ignore")  # what a tracer says of branches, and of its successor
        torch.onnx.export(
            traced.eval(),
            tuple(tensors.values()),
            str(path),
            input_names=list(tensors),
            output_names=["vectors"],
            dynamic_axes={**sizes, "vectors": {0: "texts"}},
            opset_version=OPSET,
            dynamo=False,
        )


@contextmanager
def _membership() -> Iterator[None]:
    """Let the tracer write `isin`, which ONNX lacks, as a comparison with each value."""

    def written(graph: Any, elements: Any, values: Any, *_: Any) -> Any:
        last = graph.op("Constant", value_t=torch.tensor([-1]))
        same = graph.op("Equal", graph.op("Unsqueeze", elements, last), values)
        counted = graph.op("Cast", same, to_i=torch.onnx.TensorProtoDataType.INT32)
        any_of_them = graph.op("ReduceMax", counted, axes_i=[-1], keepdims_i=0)
        return graph.op("Cast", any_of_them, to_i=torch.onnx.TensorProtoDataType.BOOL)

    torch.onnx.register_custom_op_symbolic("aten::isin", written, OPSET)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        torch.onnx.unregister_custom_op_symbolic("aten::isin", OPSET)  # type: ignore[attr-defined]
