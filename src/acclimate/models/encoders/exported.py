"""Exported: an encoder as a graph of ONNX Runtime or OpenVINO, as a value.

Shapes: N texts, L tokens, D dimensions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from acclimate.errors import ModelError
from acclimate.models import graphs
from acclimate.models.ref import Floats, Integers, Kind

TINY = 1e-12
"""No vector is shorter, so that it may be divided by."""


@dataclass(frozen=True)
class Exported(graphs.Folder):
    """A folder that `serving.Onnx` or `serving.OpenVINO` wrote, wherever an encoder may stand.

    `indexes.Flat` searches with it as with the model it came from: by vectors, by words, or by
    tokens. Neither PyTorch nor transformers is loaded.

    Args:
        model: the folder.
    """

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
        self.has_tokens = record["family"] == "MultiVectorEncoder"

    def count_tokens(self, texts: Sequence[str]) -> Integers:
        """Tokens of each text as a document, after truncation, (N,)."""
        return self.graphs["document"].count_tokens(texts)

    def encode(self, texts: Sequence[str], *, kind: Kind) -> Floats:
        """One vector per text, (N, D) float32."""
        if self.has_tokens:
            return self.encode_tokens(texts, kind=kind)[0]
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return self.graphs[kind](texts)

    def encode_tokens(self, texts: Sequence[str], *, kind: Kind) -> tuple[Floats, list[Floats]]:
        """Sentence vectors (N, D), and per text its unit-norm token vectors (L_i, D).

        Where one vector is asked for, it is the mean of a text's token vectors, at length one.

        Raises:
            ModelError: when the graph gives one vector of a text.
        """
        if not self.has_tokens:
            raise ModelError(
                "This exported encoder has no token vectors. Give the part that asks for them the "
                "checkpoint (encoder=Dense(…)), or export a late-interaction model."
            )
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32), []
        vectors_NLD = self.graphs[kind](texts)
        sums_ND = vectors_NLD.sum(axis=1)
        lengths_N1 = np.maximum(np.linalg.norm(sums_ND, axis=1, keepdims=True), TINY)
        # The graph leaves a place that does not count empty; a unit vector is never 0.
        tokens = [rows[np.abs(rows).max(axis=1) > 0] for rows in vectors_NLD]
        return sums_ND / lengths_N1, tokens
