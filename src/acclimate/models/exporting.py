"""Exporting: a model of sentence-transformers as graphs that other runtimes open.

A graph ends where a model's own vector ends: pooling, layers behind it, normalisation and
truncation are inside, so that whoever opens it needs a tokenizer and nothing else.
"""

from __future__ import annotations

import importlib.util
import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

import torch
from sentence_transformers.base.modules import Transformer
from sentence_transformers.multi_vector_encoder.modules import MultiVectorMask
from sentence_transformers.multi_vector_encoder.modules.token_pooling import BaseTokenPooling

from acclimate.errors import MissingExtraError, ModelError
from acclimate.models.family import reading
from acclimate.models.graphs import GRAPH, RECORD, Route, Runtime
from acclimate.models.ref import Kind
from acclimate.models.student import Model
from acclimate.models.traced import INPUTS, Traced, mask_filling, write_onnx

Weights: TypeAlias = Literal["float32", "float16", "int8"]

EXAMPLES = ("a text", "another text, of more words than that one")
"""Texts of different lengths: sizes that differ between calls must not be fixed in the graph."""

FILLED = "query_expansion_positions"
"""Where a query was filled up with masks; the graph finds these places by itself."""


@dataclass(frozen=True, eq=False)
class _Way:
    """How a model reads one kind of text: the module that reads it, and what that makes of it."""

    kind: Kind
    module: Any
    prompt: str
    tensors: dict[str, torch.Tensor]
    constants: dict[str, Any]
    masks: dict[str, Any] | None
    behind: tuple[Any, ...]
    """What modules behind it make of this kind of text."""

    def goes_with(self, other: _Way) -> bool:
        """Whether both may share a graph."""
        mine, theirs = ((way.constants, way.masks, way.behind) for way in (self, other))
        return self.module is other.module and mine == theirs


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
    told: dict[str, Any] = {
        "family": model.model_type, "runtime": runtime, "weights": weights,
        "checkpoint": ref.fingerprint(),
    }  # fmt: skip
    if model.model_type == "CrossEncoder":
        pairs = model.preprocess([(text, text) for text in EXAMPLES])
        ways = {"pair": _way(model, "document", model[0], "", pairs)}
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
            ways[kind] = _way(model, kind, read._input(kind), prompt, made)
    first = next(iter(ways.values()))
    shared = all(way.goes_with(first) for way in ways.values())
    routes = {}
    for name, way in ways.items():
        place = "." if shared else name
        if not shared or way is first:
            _write(model, way, folder / place, runtime, weights)
        routes[name] = asdict(_route(way, place))
    (folder / RECORD).write_text(json.dumps(told | {"routes": routes}, indent=1), "utf-8")


def _way(model: Any, kind: Kind, module: Any, prompt: str, features: Mapping[str, Any]) -> _Way:
    tensors = {k: v for k, v in features.items() if isinstance(v, torch.Tensor) and k != FILLED}
    more = sorted(set(tensors) - set(INPUTS))
    # A subclass has a way of its own, and a tracer would fix the sizes it happens to see.
    if type(module) is not Transformer:
        raise ModelError(_refusal(model, f"begins with {type(module).__name__}"))
    if more:
        raise ModelError(_refusal(model, f"asks for {', '.join(more)}"))
    return _Way(
        kind=kind,
        module=module,
        prompt=prompt,
        tensors={k: tensors[k] for k in INPUTS if k in tensors},
        constants={k: v for k, v in features.items() if not isinstance(v, torch.Tensor)},
        masks=mask_filling(module) if kind == "query" else None,
        behind=tuple(_made_of(kind, part) for part in model.modules() if _looks_at_kind(part)),
    )


def _refusal(model: Any, what: str) -> str:
    return (
        f"This {model.model_type} {what}; what is exported are transformers that read tokens. "
        "Serve it as its folder."
    )


def _looks_at_kind(module: Any) -> bool:
    return "task" in getattr(module, "forward_kwargs", ())


def _made_of(kind: Kind, module: Any) -> Any:
    """What a module makes of a kind of text; two kinds of which it makes the same may share."""
    if isinstance(module, BaseTokenPooling):
        if module.applies_to(kind):
            raise ModelError(
                f"{type(module).__name__} makes one vector of several tokens, which no graph does. "
                "Export the model without it (students.LateInteraction(pooling=1))."
            )
        return None
    if isinstance(module, MultiVectorMask):
        left_out = module.skiplist_words if kind in module.skiplist_tasks else []
        return left_out, module.keep_only_token_ids if kind == "document" else None
    return kind


def _route(way: _Way, place: str) -> Route:
    limit = getattr(way.module, f"{way.kind}_length", None) or way.module.max_seq_length
    least = way.masks["length"] if way.masks else 0
    if least and way.module.query_expansion["strategy"] == "fixed":
        limit = least
    tokenizer = way.module.tokenizer
    return Route(
        folder=place,
        prompt=way.prompt,
        max_length=None if limit is None else max(int(limit), least),
        pad_id=int(tokenizer.pad_token_id or 0),
        pad_token=str(tokenizer.pad_token or "[PAD]"),
        least=least,
    )


def _write(model: Any, way: _Way, folder: Path, runtime: Runtime, weights: Weights) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    way.module.tokenizer.save_pretrained(str(folder))
    if not (folder / "tokenizer.json").is_file():
        raise ModelError(f"{type(way.module.tokenizer).__name__} has no tokenizer.json.")
    graph = folder / GRAPH["onnx"]
    write_onnx(Traced(model, way.kind, way.constants, way.masks), way.tensors, graph)
    if runtime == "openvino":
        _to_openvino(graph, folder / GRAPH["openvino"], weights)
    elif weights == "int8":
        _to_int8(graph)


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
