"""OpenVINO: the student as a graph for OpenVINO, if it ranks as the student does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from acclimate.models.student import Student
from acclimate.parts.part import Context
from acclimate.parts.serving import _graphs
from acclimate.tables import Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class OpenVINO(_graphs.Compared):
    """Writes `model.xml` and `model.bin` from the student, and keeps them only if they rank alike.

    As `Onnx` does, for OpenVINO. Its runtime computes in the precision that this processor is
    fastest in unless it is told otherwise; what is compared is what it computes here.

    Origin:  an export is accepted by what it ranks, not by how close its numbers are.
    Code:    torch.onnx; openvino reads and saves.
    Differs: nothing known.
    Cost:    the model is written twice; documents and queries are encoded by both.

    Args:
        weights: how they are kept: "float32", or "float16" in half the space.
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

    runtime = "openvino"
    weights: Literal["float32", "float16"] = "float32"
    name: str = "openvino"

    def __call__(self, corpus: Corpus, queries: Queries, student: Student, ctx: Context) -> Path:
        """Write and compare."""
        return _graphs.exported(self, corpus, queries, student, ctx)
