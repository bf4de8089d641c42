"""ExportedPairs: a cross-encoder as a graph of ONNX Runtime or OpenVINO, as a value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from acclimate.errors import ModelError
from acclimate.models import graphs
from acclimate.models.ref import Floats, Integers


@dataclass(frozen=True)
class ExportedPairs(graphs.Folder):
    """A folder that `serving.Onnx` or `serving.OpenVINO` wrote of a reranker.

    It may stand wherever a scorer may: as a teacher, and in `indexes.Reranked`. Scores are raw
    logits. Neither PyTorch nor transformers is loaded.

    Args:
        model: the folder.
    """

    def open(self, device: str) -> GraphScorer:
        """Open the graph; the runtime chooses the device.

        Raises:
            ModelError: when the folder holds no exported reranker.
        """
        del device
        return GraphScorer(self.folder())


class GraphScorer:
    """An opened graph that scores pairs; one call is one batch.

    Args:
        folder: the exported folder.
    """

    def __init__(self, folder: Path) -> None:
        record = graphs.record_of(folder)
        if "pair" not in record["routes"]:
            raise ModelError(
                f"{folder} gives vectors and reads no pairs. Give it where an encoder may stand: "
                "encoders.Exported."
            )
        route = graphs.Route(**record["routes"]["pair"])
        self.graph = graphs.Graph(folder, route, record["runtime"])

    def count_tokens(self, queries: Sequence[str], documents: Sequence[str]) -> Integers:
        """Tokens of each pair after truncation, (N,)."""
        return self.graph.count_tokens(list(zip(queries, documents, strict=True)))

    def score(self, queries: Sequence[str], documents: Sequence[str]) -> Floats:
        """One raw logit per pair, (N,) float32."""
        if not queries:
            return np.zeros(0, dtype=np.float32)
        return self.graph(list(zip(queries, documents, strict=True))).reshape(len(queries))
