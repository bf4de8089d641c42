"""ModelFolder: the student as an ordinary sentence-transformers folder."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from acclimate.errors import ModelError, RecipeError, StoreError
from acclimate.models.encoders.stem import RECORD
from acclimate.models.student import Student
from acclimate.models.weights import digest
from acclimate.parts.part import Context
from acclimate.parts.serving._folders import LETTERS, check_name


@dataclass(frozen=True, kw_only=True)
class ModelFolder:
    """Saves the student as `<name>-<hash of its content>`, with its model card.

    `SentenceTransformer(folder)` loads it; a student with its own query encoder answers to
    `encode_query` and `encode_document`. Weights are safetensors, which hold no code. Prompts and
    the maximal length that were set on the student are in the files. Another model never comes
    under the same name, so that no library, and no index, takes one for the other.

    With `dimensions` vectors are cut to their first ones, for an index of a fraction of the size:
    as `SentenceTransformer(folder, truncate_dim=…)` cuts them, and brought to length 1 again where
    they are compared by cosines. `students.Matryoshka` learns to be cut so.

    Origin: folders of sentence-transformers; names by content, as in Git.
    Code:   none followed.
    Differs: nothing known.
    Cost:   the model is written once.

    Args:
        name: letters, digits, "-", "_" and ".".
        card: the README.md, in Markdown; empty: none.
        dimensions: of the saved model's vectors. None: all there are.

    Returns:
        The folder, below that of the context.
    """

    name: str = "model"
    card: str = ""
    dimensions: int | None = None

    def __post_init__(self) -> None:
        """Refuse names that would lead elsewhere."""
        check_name(self.name)
        if self.dimensions is not None and self.dimensions < 1:
            raise RecipeError(f"ModelFolder(dimensions={self.dimensions}): give 1 or more.")

    def __call__(self, student: Student, ctx: Context) -> Path:
        """Write the folder."""
        if ctx.folder is None:
            raise StoreError("ModelFolder writes files. Give Context(folder=…).")
        part = ctx.folder / f"{self.name}.{os.getpid()}.part"
        model = student.encoder.load("cpu")
        if self.dimensions is not None:
            _cut(model, self.dimensions)
        try:
            shutil.rmtree(part, ignore_errors=True)
            model.save_pretrained(str(part), create_model_card=False)
            stem = student.encoder.folder() / RECORD
            if stem.is_file() and self.dimensions is None:
                shutil.copy(stem, part / RECORD)
            if self.card:
                (part / "README.md").write_text(self.card, "utf-8")
            folder = ctx.folder / f"{self.name}-{digest(part)[:LETTERS]}"
            shutil.rmtree(folder, ignore_errors=True)
            part.replace(folder)
        except OSError as error:
            raise StoreError(f"Cannot write {ctx.folder}: {error.strerror or error}.") from error
        return folder


def _cut(model: Any, dimensions: int) -> None:
    """Put modules behind a dense encoder that leave the first dimensions of its vectors.

    Raises:
        ModelError: when it has fewer, or gives no single vector.
    """
    import torch
    from sentence_transformers.base.modules import Dense, Normalize

    dense = model.model_type == "SentenceTransformer"
    width = int(model.get_embedding_dimension() or 0) if dense else 0
    if dimensions > width:
        raise ModelError(
            f"ModelFolder(dimensions={dimensions}): this {model.model_type} gives vectors of "
            f"{width} dimensions. Ask for fewer, of a dense encoder."
        )
    first = Dense(
        width,
        dimensions,
        bias=False,
        activation_function=torch.nn.Identity(),
        init_weight=torch.eye(dimensions, width),
    )
    unit = model.similarity_fn_name == "cosine"
    for module in (first, *([Normalize()] if unit else [])):
        model.append(module.to(model.device))
