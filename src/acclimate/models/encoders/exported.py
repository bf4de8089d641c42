"""Exported: an encoder as a graph of ONNX Runtime or OpenVINO, as a value."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from acclimate.errors import ModelError
from acclimate.models import graphs
from acclimate.models.ref import Floats, Integers, Kind


@dataclass(frozen=True)
class Exported:
    """A folder that `serving.Onnx` or `serving.OpenVINO` wrote, wherever an encoder may stand.

    It is searched as the model it came from: `indexes.Flat`, or `indexes.Inverted` where that is
    a sparse encoder. Neither PyTorch nor transformers is loaded.

    Args:
        model: the folder.
    """

    model: str

    def folder(self) -> Path:
        """Where its files are."""
        return Path(self.model)

    def fingerprint(self) -> str:
        """Hash of the graphs, the tokenizers and how texts are read; never the name."""
        return hashlib.sha256(f"exported {graphs.digest(self.folder())}".encode()).hexdigest()

    def open(self, device: str) -> GraphEncoder:
        """Open the graphs; the runtime chooses the device.

        Raises:
            ModelError: when the folder holds no exported encoder.
        """
        del device
        return GraphEncoder(self.folder())


class GraphEncoder:
    """Opened graphs that turn texts into vectors; one call is one batch.

    Args:
        folder: the exported folder.
    """

    token_cost: ClassVar[int] = 1
    has_tokens: ClassVar[bool] = False

    def __init__(self, folder: Path) -> None:
        record = graphs.record_of(folder)
        routes = {kind: graphs.Route(**told) for kind, told in record["routes"].items()}
        if "document" not in routes:
            raise ModelError(
                f"{folder} reads pairs and gives no vectors. Give it where a scorer may stand: "
                "scorers.ExportedPairs."
            )
        opened = {r: graphs.Graph(folder, r, record["runtime"]) for r in set(routes.values())}
        self.graphs = {kind: opened[route] for kind, route in routes.items()}
        self.dimension = int(record["dimension"])
        self.normalised = bool(record["normalised"])

    def count_tokens(self, texts: Sequence[str]) -> Integers:
        """Tokens of each text as a document, after truncation, (N,)."""
        return self.graphs["document"].count_tokens(texts)

    def encode(self, texts: Sequence[str], *, kind: Kind) -> Floats:
        """One vector per text, (N, D) float32."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return self.graphs[kind](texts)

    def encode_tokens(self, texts: Sequence[str], *, kind: Kind) -> tuple[Floats, list[Floats]]:
        """Refused: a graph gives one vector of a text."""
        raise ModelError(
            "An exported encoder has no token vectors. Give the part that asks for them the "
            "checkpoint (encoder=Dense(…))."
        )
