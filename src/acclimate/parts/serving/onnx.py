"""Onnx: the student as a graph for ONNX Runtime, if it ranks as the student does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from acclimate.models.student import Student
from acclimate.parts.part import Context
from acclimate.parts.serving import _graphs
from acclimate.tables import Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class Onnx(_graphs.Compared):
    """Writes `model.onnx` from the student, and keeps it only if it ranks as the student does.

    The graph holds all that comes behind the tokenizer, an adapter and the normalisation included:
    `encoders.Exported` (of a reranker `scorers.ExportedPairs`) opens it without PyTorch, and so
    does any other program with the `tokenizer.json` beside it. A student whose queries have an
    encoder of their own becomes two graphs. Both search the same documents with the same queries
    (the held-out ones, where there are some); the mean share of the first `depth` documents that
    both find must reach `at_least`. With "int8" a model is a quarter as large.

    Origin:  an export is accepted by what it ranks, not by how close its numbers are.
    Code:    torch.onnx (the exporter), onnxruntime.quantization (dynamic, per channel).
    Differs: nothing known.
    Cost:    the model is written once; documents and queries are encoded by both.

    Args:
        weights: "float32", or "int8" for whole numbers of eight bits.
        at_least: share of the first documents that must be the same.
        depth: how many first documents; at most half of those compared.
        documents: how many of the corpus are searched.
        queries: how many are asked.
        name: letters, digits, "-", "_" and ".".

    Returns:
        The folder `<name>-<hash>`, below that of the context. What was compared is in its
        export.json and in the notes.

    Raises:
        ModelError: when it ranks otherwise; nothing is kept then.
    """

    runtime = "onnx"
    weights: Literal["float32", "int8"] = "float32"
    name: str = "onnx"

    def __call__(self, corpus: Corpus, queries: Queries, student: Student, ctx: Context) -> Path:
        """Write and compare."""
        return _graphs.exported(self, corpus, queries, student, ctx)
