"""Graphs: exported models opened, with ONNX Runtime or OpenVINO. No PyTorch is loaded here.

An exported folder holds `export.json`, which says how texts are read, and per route (one for
queries and documents alike, or one for each) a graph and a `tokenizer.json`.

Shapes: N texts or pairs, L tokens, D numbers of each.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np

from acclimate.errors import MissingExtraError, ModelError
from acclimate.models.ref import Floats, Integers

Runtime: TypeAlias = Literal["onnx", "openvino"]
Text: TypeAlias = str | tuple[str, str]
"""A text, or a query with its document."""

RECORD = "export.json"
GRAPH: Mapping[str, str] = {"onnx": "model.onnx", "openvino": "model.xml"}
"""The file a runtime opens, in the folder of a route."""


@dataclass(frozen=True, kw_only=True)
class Route:
    """How a text of one kind is read.

    Args:
        folder: of its graph and its tokenizer, below the exported folder.
        prompt: put before the text.
        max_length: tokens it is cut to; None: it is read whole.
        pad_id: id of the token that fills a batch up.
        pad_token: its text.
        least: tokens it is filled up to; what counts as one is the graph's business.
    """

    folder: str = "."
    prompt: str = ""
    max_length: int | None = None
    pad_id: int = 0
    pad_token: str = "[PAD]"  # noqa: S105 - no secret
    least: int = 0


@dataclass(frozen=True)
class Folder:
    """An exported folder as a value; what opens it are `encoders.Exported` and its like.

    Args:
        model: the folder.
    """

    model: str

    def folder(self) -> Path:
        """Where its files are."""
        return Path(self.model)

    @property
    def family(self) -> str:
        """Of sentence-transformers, that of the model it came from.

        Raises:
            ModelError: when the folder holds no exported model.
        """
        return str(record_of(self.folder())["family"])

    def fingerprint(self) -> str:
        """Hash of the graphs, the tokenizers and how texts are read; never the name."""
        kind = type(self).__name__
        return hashlib.sha256(f"{kind} {digest(self.folder())}".encode()).hexdigest()


def record_of(folder: Path) -> dict[str, Any]:
    """What `export.json` says.

    Raises:
        ModelError: when the folder holds no exported model.
    """
    try:
        told: dict[str, Any] = json.loads((folder / RECORD).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(
            f"{folder} holds no exported model: {RECORD} cannot be read ({error}). "
            "Make one with `acclimate export`."
        ) from error
    return told


def digest(folder: Path) -> str:
    """SHA-256 of everything in an exported folder that changes what comes out."""
    record = {k: v for k, v in record_of(folder).items() if k != "agreement"}
    total = hashlib.sha256(json.dumps(record, sort_keys=True).encode())
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in (RECORD, "README.md"):
            total.update(path.relative_to(folder).as_posix().encode())
            with path.open("rb") as file:
                total.update(hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()


class Graph:
    """A route, opened: texts in, numbers out.

    Args:
        folder: the exported folder.
        route: which of its routes.
        runtime: what its graph is for.
    """

    def __init__(self, folder: Path, route: Route, runtime: Runtime) -> None:
        from tokenizers import Tokenizer

        place = folder / route.folder
        self.tokenizer = Tokenizer.from_file(str(place / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        if route.max_length is not None:
            self.tokenizer.enable_truncation(route.max_length)
        self.route = route
        self.names, self.run = OPENERS[runtime](place / GRAPH[runtime])

    def count_tokens(self, texts: Sequence[Text]) -> Integers:
        """Tokens of each text after truncation, (N,)."""
        counts = [len(made) for made in self.tokenizer.encode_batch(self._prompted(texts))]
        return np.array(counts, dtype=np.int64)

    def __call__(self, texts: Sequence[Text]) -> Floats:
        """What the graph gives for a batch, (N,), (N, D) or (N, L, D) float32."""
        made = self.tokenizer.encode_batch(self._prompted(texts))
        width = max(self.route.least, *map(len, made))
        for one in made:
            one.pad(width, pad_id=self.route.pad_id, pad_token=self.route.pad_token)
        given = {
            "input_ids": [m.ids for m in made],
            "attention_mask": [m.attention_mask for m in made],
            "token_type_ids": [m.type_ids for m in made],
        }
        inputs = {name: np.array(given[name], dtype=np.int64) for name in self.names}
        return np.asarray(self.run(inputs), dtype=np.float32)

    def _prompted(self, texts: Sequence[Text]) -> list[Text]:
        prompt = self.route.prompt
        return [prompt + text if isinstance(text, str) else text for text in texts]


Opened: TypeAlias = tuple[list[str], Callable[[dict[str, Any]], Any]]
"""Names of a graph's inputs, and what runs it."""


def _threads() -> int:
    """As many as PyTorch would take; 0: the runtime decides."""
    told = os.environ.get("OMP_NUM_THREADS", "")
    return int(told) if told.isdigit() else 0


def _open_onnx(path: Path) -> Opened:
    try:
        import onnxruntime
    except ImportError as error:
        raise MissingExtraError("onnxruntime", "onnx") from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = _threads()
    options.log_severity_level = 3
    there = onnxruntime.get_available_providers()
    wanted = [p for p in ("CUDAExecutionProvider", "CPUExecutionProvider") if p in there]
    session = onnxruntime.InferenceSession(str(path), options, providers=wanted)
    return [i.name for i in session.get_inputs()], lambda inputs: session.run(None, inputs)[0]


def _open_openvino(path: Path) -> Opened:
    try:
        import openvino
    except ImportError as error:
        raise MissingExtraError("openvino", "openvino") from error
    settings = {"INFERENCE_NUM_THREADS": _threads()} if _threads() else {}
    model = openvino.Core().compile_model(str(path), "CPU", settings)
    names = [i.get_any_name() for i in model.inputs]
    return names, lambda inputs: model(inputs)[0]


OPENERS: Mapping[str, Callable[[Path], Opened]] = {
    "onnx": _open_onnx,
    "openvino": _open_openvino,
}
