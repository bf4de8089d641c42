"""Points: models between base and adapted weights, and how each searches.

Shapes: N documents, D dimensions.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from acclimate.engines.engine import Engine, IndexRef
from acclimate.models.encoders.blend import blend
from acclimate.models.encoders.dense import Dense
from acclimate.models.indexes.flat import Flat, FlatIndex
from acclimate.models.loading import loading
from acclimate.models.ref import Floats, Integers
from acclimate.models.student import Student
from acclimate.parts.evaluators.ranked import index_of

BLOCK = 4_096


@dataclass(frozen=True, eq=False)
class Taken:
    """Exact search whose document vectors are rows of a larger corpus's, which are there already.

    Args:
        encoder: encodes.
        corpus: the texts of all documents.
        rows: which of them are searched.
    """

    encoder: Dense
    corpus: Sequence[str]
    rows: Integers

    def fingerprint(self) -> str:
        """As of the plain index: the vectors are the same."""
        return Flat(self.encoder).fingerprint()

    def build(self, documents: Sequence[str], engine: Engine) -> FlatIndex:
        """Take the vectors."""
        del documents
        vectors = engine.encode(self.encoder, self.corpus, kind="document")
        return FlatIndex(self.encoder, np.asarray(vectors[self.rows]), engine)


@dataclass(frozen=True)
class Headed:
    """Exact search where only a head behind the base encoder is new: no document is encoded anew.

    Args:
        base: where the base encoder's document vectors come from.
        student: base and encoder with its head.
    """

    base: IndexRef
    student: Student

    def fingerprint(self) -> str:
        """Hash of the base's and the encoder's."""
        both = f"headed {self.base.fingerprint()} {self.student.encoder.fingerprint()}"
        return hashlib.sha256(both.encode()).hexdigest()

    def build(self, documents: Sequence[str], engine: Engine) -> FlatIndex:
        """Bring the base's vectors over."""
        before = self.base.build(documents, engine)
        assert isinstance(before, FlatIndex)  # noqa: S101 - both kinds of base build one
        vectors = through(self.student, before.vectors)
        return FlatIndex(self.student.encoder, vectors, engine)


def through(student: Student, vectors: Floats) -> Floats:
    """Base vectors (N, D) as the student's head turns them."""
    import torch

    assert student.shape is not None  # noqa: S101 - only students with a head come here
    head = student.shape.head(student.encoder.load("cpu"))
    turned = []
    with torch.inference_mode():
        for start in range(0, len(vectors), BLOCK):
            block = torch.from_numpy(np.array(vectors[start : start + BLOCK], dtype=np.float32))
            turned.append(head({"sentence_embedding": block})["sentence_embedding"].numpy())
    return np.concatenate(turned) if turned else np.asarray(vectors)


def has_head(student: Student) -> bool:
    """Whether only a head behind the base encoder learnt."""
    if student.shape is None or student.encoder == student.start:
        return False
    return student.shape.head(student.encoder.load("cpu")) is not None


def searching(student: Student, base: IndexRef | None = None) -> IndexRef:
    """How a student searches, without encoding again what the base has encoded.

    Args:
        student: which.
        base: how its start searches these documents; None: plainly.
    """
    before = base or Flat(student.start)
    if student.encoder == student.start:
        return before
    return Headed(before, student) if has_head(student) else index_of(student)


def between(student: Student, share: float, folder: Path) -> Student:
    """The student with `share` of the way from its start to its weights, saved in `folder`."""
    if share == 1:
        return student
    if not has_head(student):
        return replace(student, encoder=blend(student.start, student.encoder, share, folder))
    model = student.encoder.load("cpu")
    assert student.shape is not None  # noqa: S101 - it has a head
    _shrink(student.shape.head(model), share)
    part = folder.with_name(f"{folder.name}.{os.getpid()}.part")
    with loading(str(folder), "a model between two others"):
        model.save_pretrained(str(part), create_model_card=False)
    shutil.rmtree(folder, ignore_errors=True)
    part.replace(folder)
    return replace(student, encoder=replace(student.encoder, model=str(folder), revision=None))


def _shrink(head: Any, share: float) -> None:
    """A head that adds nothing where its weights are zero, with less of it."""
    import torch

    with torch.no_grad():
        for weights in head.parameters():
            weights.mul_(share)
