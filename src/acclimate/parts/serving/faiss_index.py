"""FaissIndex: the documents' vectors as a faiss index, with ids and texts beside it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from acclimate.models.student import Student
from acclimate.parts.part import Context
from acclimate.parts.serving._folders import Named
from acclimate.parts.serving._vectors import filling
from acclimate.tables import Corpus


@dataclass(frozen=True, kw_only=True)
class FaissIndex(Named):
    """Writes `index.faiss` (exact, inner product) and `documents.jsonl`: line n is vector n.

    What `faiss.read_index` reads. Vectors are those that acclimate ranks by: of length one where
    the model compares by the cosine.

    Origin:  faiss, Douze et al., The Faiss library, 2024. https://arxiv.org/abs/2401.08281
    Code:    facebookresearch/faiss, IndexFlatIP.
    Differs: nothing known.
    Cost:    the documents are encoded once; four bytes per number.

    Args:
        name: letters, digits, "-", "_" and ".".

    Returns:
        The folder `<name>-<hash>`, below that of the context; index.json says of which model.
    """

    name: str = "faiss"

    def __call__(self, corpus: Corpus, student: Student, ctx: Context) -> Path:
        """Encode and write."""
        with filling(self, corpus, student, ctx) as made:
            import faiss

            index = faiss.IndexFlatIP(made.vectors.shape[1])
            with (made.folder / "documents.jsonl").open("w", encoding="utf-8") as file:
                for rows, vectors in made.rows():
                    index.add(np.ascontiguousarray(vectors))
                    file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            faiss.write_index(index, str(made.folder / "index.faiss"))
        return made.path
