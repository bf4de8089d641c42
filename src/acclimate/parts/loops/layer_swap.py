"""LayerSwap: the lower layers learn the domain, the upper ones keep the task."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from acclimate.errors import ModelError, RecipeError, StoreError
from acclimate.models.family import saved
from acclimate.models.layers import below, layers_of
from acclimate.models.student import Student
from acclimate.parts.loops._pretraining import TextTrainer
from acclimate.parts.loops._stages import trained
from acclimate.parts.loops._written import finished
from acclimate.parts.part import Context, gives, needs
from acclimate.tables import Corpus


@dataclass(frozen=True, kw_only=True)
class LayerSwap:
    """Trains a copy of the student on the corpus, and takes the copy's lower layers alone.

    Embeddings and the first layers know words, the upper ones know how to retrieve. So a student
    that retrieves elsewhere gets the domain's embeddings and `layers` of the copy, put under its
    own upper layers and head, which are not touched. No query and no label of the domain is needed.

    Rows: [097].

    Paper:   Braga et al., Simple Domain Adaptation for Sparse Retrievers, ECIR 2024.
             https://arxiv.org/abs/2401.11509
    Code:    none followed.
    Differs: the copy begins at the student's own weights, so that the two fit together as they
             are; the paper trains a language model on the source as well, and the upper layers on
             top of that. Where a model's output layer is its embeddings, it changes with them.
    Cost:    that of its loop, and two models in memory.

    Args:
        loop: what trains the copy on documents alone; with loops.MaskedLanguage as in the paper.
        layers: how many are taken, from below, and the embeddings. Paper: about 2 is best.

    Returns:
        The student with the lower layers of the copy, saved in the folder of this step.

    Raises:
        RecipeError: when the loop needs more than documents, or takes no layer.
        ModelError: when the student has no layer above those that are taken.
    """

    loop: TextTrainer
    layers: int = 2

    def __post_init__(self) -> None:
        """Refuse a loop that does not train on documents, and a swap of nothing."""
        more = sorted(kind.__name__ for kind in set(needs(self.loop).values()) - {Corpus, Student})
        if more or gives(self.loop) is not Student:
            lacks = f"needs {', '.join(more)}" if more else "does not give a Student"
            raise RecipeError(
                f"LayerSwap: {self.loop!r} {lacks}. Give it a loop that takes documents and gives "
                "a Student, as loops.MaskedLanguage does."
            )
        if self.layers < 1:
            raise RecipeError(f"LayerSwap(layers={self.layers}): give 1 or more.")

    def __call__(self, corpus: Corpus, student: Student, ctx: Context) -> Student:
        """Train the copy and take its lower layers."""
        if ctx.folder is None:
            raise StoreError("LayerSwap writes weights. Give Context(folder=…).")
        copy = trained(self.loop, (corpus,), student, ctx, folder="domain")
        task = student.encoder.load("cpu")
        if student.shape is not None:
            task = student.shape.prepare(task)
        taken = swapped(task, copy.encoder.load("cpu"), self.layers)
        ctx.note("layers taken", {"layers": self.layers, "tensors": taken})
        folder = finished(task, ctx.folder)
        trusted = student.encoder.trust_remote_code
        return student.trained(saved(task, folder, trust_remote_code=trusted))


def swapped(task: Any, domain: Any, layers: int) -> int:
    """Give a model the embeddings and the first layers of another; how many tensors those are.

    Args:
        task: changes in place.
        domain: of the same architecture.
        layers: how many.

    Raises:
        ModelError: when nothing is left above, or the two are not of one architecture.
    """
    import torch

    whole = len(layers_of(task))
    if layers >= whole:
        raise ModelError(
            f"LayerSwap takes {layers} layers, but the student has {whole}. Leave some above."
        )
    mine, theirs = below(task, layers), below(domain, layers)
    if [w.shape for w in mine] != [w.shape for w in theirs]:
        raise ModelError("LayerSwap: student and copy are not of one architecture.")
    with torch.no_grad():
        for old, new in zip(mine, theirs, strict=True):
            old.copy_(new)
    return len(mine)
