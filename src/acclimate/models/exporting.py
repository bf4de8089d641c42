"""Exporting: a model of sentence-transformers as graphs that other runtimes open.

A graph ends where a model's own vector ends: pooling, layers behind it, normalisation and
truncation are inside, so that whoever opens it needs a tokenizer and nothing else.
"""

from __future__ import annotations

import importlib.util
import json
import logging
import warnings
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

import torch
from sentence_transformers.base.modules import Transformer

from acclimate.errors import MissingExtraError, ModelError
from acclimate.models.family import reading
from acclimate.models.graphs import GRAPH, RECORD, Route, Runtime
from acclimate.models.ref import Kind
from acclimate.models.student import Model

Weights: TypeAlias = Literal["float32", "float16", "int8"]

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
EXAMPLES = ("a text", "another text, of more words than that one")
"""Texts of different lengths: sizes that differ between calls must not be fixed in the graph."""

OPSET = 17
"""Of ONNX: the first that knows layer normalisation."""


@dataclass(frozen=True, eq=False)
class _Way:
    """How a model reads one kind of text: the module that reads it, and what that makes of it."""

    kind: Kind
    module: Any
    prompt: str
    tensors: dict[str, torch.Tensor]
    constants: dict[str, Any]

    def goes_with(self, other: _Way) -> bool:
        """Whether both may share a graph."""
        return self.module is other.module and self.constants == other.constants


class _Vectors(torch.nn.Module):
    """What a kind of text becomes, as a function of tensors alone."""

    def __init__(self, model: Any, kind: Kind, constants: Mapping[str, Any]) -> None:
        super().__init__()
        self.model = model
        self.kind = kind
        self.constants = dict(constants)

    def forward(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor,
        token_type_ids: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Vectors (N, D), or scores of pairs (N,)."""
        given = dict(zip(INPUTS, (input_ids, attention_mask, token_type_ids), strict=True))
        features = {k: v for k, v in given.items() if v is not None} | self.constants
        if self.model.model_type == "CrossEncoder":
            logits: torch.Tensor = self.model(features)["scores"]
            return logits.float().reshape(-1)
        return reading(self.model)._vectors(self.model(features, task=self.kind))  # type: ignore[no-any-return]


def export(ref: Model, folder: Path, runtime: Runtime, weights: Weights) -> None:
    """Write a model's graphs, tokenizers and `export.json` into a folder.

    Raises:
        MissingExtraError: when what it takes is not installed.
        ModelError: when the model is of a family, or begins with a module, that has no graph.
    """
    for package in ("onnx", "onnxruntime" if runtime == "onnx" else "openvino"):
        if importlib.util.find_spec(package) is None:
            raise MissingExtraError(package, runtime)
    model = ref.load("cpu")
    if model.model_type == "MultiVectorEncoder":
        raise ModelError(f"{ref.model} gives a vector per token; such models are not exported.")
    told: dict[str, Any] = {
        "family": model.model_type, "runtime": runtime, "weights": weights,
        "checkpoint": ref.fingerprint(),
    }  # fmt: skip
    if model.model_type == "CrossEncoder":
        pairs = model.preprocess([(text, text) for text in EXAMPLES])
        ways = {"pair": _way(ref, "document", model[0], "", pairs)}
    else:
        read = reading(model)
        told |= {
            "dimension": read.dimension, "normalised": read.normalised,
            "similarity": model.similarity_fn_name,
        }  # fmt: skip
        kinds: tuple[Kind, ...] = ("query", "document")
        ways = {}
        for kind in kinds:
            prompt = read._prompt(kind) or ""
            made = model.preprocess(list(EXAMPLES), prompt=prompt or None, task=kind)
            ways[kind] = _way(ref, kind, read._input(kind), prompt, made)
    first = next(iter(ways.values()))
    shared = all(way.goes_with(first) for way in ways.values())
    routes = {}
    for name, way in ways.items():
        place = "." if shared else name
        if not shared or way is first:
            _write(model, way, folder / place, runtime, weights)
        routes[name] = asdict(_route(way, place))
    (folder / RECORD).write_text(json.dumps(told | {"routes": routes}, indent=1), "utf-8")


def _way(ref: Model, kind: Kind, module: Any, prompt: str, features: Mapping[str, Any]) -> _Way:
    tensors = {k: v for k, v in features.items() if isinstance(v, torch.Tensor)}
    more = sorted(set(tensors) - set(INPUTS))
    # A subclass has a way of its own, and a tracer would fix the sizes it happens to see.
    if type(module) is not Transformer or more:
        what = f"asks for {', '.join(more)}" if more else f"begins with {type(module).__name__}"
        raise ModelError(
            f"{ref.model} {what} for a {kind}; what is exported are transformers that read tokens."
        )
    if module.query_expansion is not None:
        raise ModelError(f"{ref.model} fills queries up with masks; such models are not exported.")
    constants = {k: v for k, v in features.items() if not isinstance(v, torch.Tensor)}
    return _Way(kind, module, prompt, {k: tensors[k] for k in INPUTS if k in tensors}, constants)


def _route(way: _Way, place: str) -> Route:
    limit = getattr(way.module, f"{way.kind}_length", None) or way.module.max_seq_length
    tokenizer = way.module.tokenizer
    return Route(
        folder=place,
        prompt=way.prompt,
        max_length=None if limit is None else int(limit),
        pad_id=int(tokenizer.pad_token_id or 0),
        pad_token=str(tokenizer.pad_token or "[PAD]"),
    )


def _write(model: Any, way: _Way, folder: Path, runtime: Runtime, weights: Weights) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    way.module.tokenizer.save_pretrained(str(folder))
    if not (folder / "tokenizer.json").is_file():
        raise ModelError(f"{type(way.module.tokenizer).__name__} has no tokenizer.json.")
    graph = folder / GRAPH["onnx"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what a tracer says of branches, and of its successor
        _write_onnx(model, way, graph)
        if runtime == "openvino":
            _to_openvino(graph, folder / GRAPH["openvino"], weights)
        elif weights == "int8":
            _to_int8(graph)


def _write_onnx(model: Any, way: _Way, path: Path) -> None:
    """Traced, not compiled: twenty times as fast, for the same numbers; the ranking is checked."""
    sizes = {name: {0: "texts", 1: "tokens"} for name in way.tensors}
    torch.onnx.export(
        _Vectors(model, way.kind, way.constants).eval(),
        tuple(way.tensors.values()),
        str(path),
        input_names=list(way.tensors),
        output_names=["vectors"],
        dynamic_axes={**sizes, "vectors": {0: "texts"}},
        opset_version=OPSET,
        dynamo=False,
    )


def _to_int8(path: Path) -> None:
    """Whole numbers of eight bits, with a scale per channel: one per matrix loses twice as much."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    small, root = path.with_name("small.onnx"), logging.getLogger()
    root.addFilter(_no_hint)
    try:
        quantize_dynamic(str(path), str(small), per_channel=True, weight_type=QuantType.QInt8)
    finally:
        root.removeFilter(_no_hint)
    for old in path.parent.glob(f"{path.name}*"):
        old.unlink()
    small.replace(path)


def _no_hint(record: logging.LogRecord) -> bool:
    """Whether it is not the advice, given for each model, to make its graph ready first."""
    return "pre-processing before quantization" not in record.getMessage()


def _to_openvino(source: Path, path: Path, weights: Weights) -> None:
    import openvino

    made = openvino.Core().read_model(str(source))
    openvino.save_model(made, str(path), compress_to_fp16=weights == "float16")
    for old in source.parent.glob(f"{source.name}*"):
        old.unlink()
