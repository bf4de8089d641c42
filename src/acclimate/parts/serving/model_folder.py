"""ModelFolder: the student as an ordinary sentence-transformers folder."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from acclimate.errors import StoreError
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

    Origin: folders of sentence-transformers; names by content, as in Git.
    Code:   none followed.
    Differs: nothing known.
    Cost:   the model is written once.

    Args:
        name: letters, digits, "-", "_" and ".".
        card: the README.md, in Markdown; empty: none.

    Returns:
        The folder, below that of the context.
    """

    name: str = "model"
    card: str = ""

    def __post_init__(self) -> None:
        """Refuse names that would lead elsewhere."""
        check_name(self.name)

    def __call__(self, student: Student, ctx: Context) -> Path:
        """Write the folder."""
        if ctx.folder is None:
            raise StoreError("ModelFolder writes files. Give Context(folder=…).")
        part = ctx.folder / f"{self.name}.{os.getpid()}.part"
        model = student.encoder.load("cpu")
        try:
            shutil.rmtree(part, ignore_errors=True)
            model.save_pretrained(str(part), create_model_card=False)
            stem = student.encoder.folder() / RECORD
            if stem.is_file():
                shutil.copy(stem, part / RECORD)
            if self.card:
                (part / "README.md").write_text(self.card, "utf-8")
            folder = ctx.folder / f"{self.name}-{digest(part)[:LETTERS]}"
            shutil.rmtree(folder, ignore_errors=True)
            part.replace(folder)
        except OSError as error:
            raise StoreError(f"Cannot write {ctx.folder}: {error.strerror or error}.") from error
        return folder
