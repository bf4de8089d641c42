"""Keys: an encoder that follows the student, and the last vectors it made of documents.

Shapes: B queries, K documents of each, U distinct documents, Q places of the queue, D dimensions.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator

import numpy as np
import torch

from acclimate.errors import RecipeError
from acclimate.models.ref import Integers
from acclimate.models.student import Shape
from acclimate.parts.loops._groups import Drawn
from acclimate.parts.loops._learner import Learner
from acclimate.parts.loops._material import counted
from acclimate.parts.loops._together import Together


class Keys(Together):
    """A student that learns queries, beside a copy that follows it and encodes documents.

    What a checkpoint is to hold lies in tensors: the weights of both, the queue, which documents
    are in it, and where the next ones go.

    Args:
        student: learns; its model is the one that the training gives.
        shape: how the student learns.
        places: of the queue.
        momentum: share of the copy that stays at each update, 0 to 1.

    Raises:
        RecipeError: when the student does not make one vector of a text.
    """

    queue: torch.Tensor
    documents: torch.Tensor
    pointer: torch.Tensor

    def __init__(
        self, student: Learner, shape: Shape | None, *, places: int, momentum: float
    ) -> None:
        if student.model.model_type != "SentenceTransformer":
            raise RecipeError(
                f"MomentumContrast keeps a vector of each document, and a "
                f"{student.model.model_type} makes none. Give a student with one vector of a text."
            )
        super().__init__(student, _copied(student, shape), learns=False)
        self.momentum = momentum
        device = student.model.device
        self.register_buffer("queue", torch.zeros(places, student.encoder.dimension, device=device))
        self.register_buffer("documents", torch.full((places,), -1, device=device))
        self.register_buffer("pointer", torch.zeros((), dtype=torch.int64, device=device))

    def pieces(self, places: Integers) -> Iterator[tuple[torch.Tensor, float]]:
        """Scalars to carry back, with what each adds to the loss of the step.

        Queries do not see each other, so that a stretch of them is carried back by itself.
        """
        learner, drawn = self.first, self.first.material.draw(places)
        learner.dropout.update = int(places[0])  # where the student asks for it; keys have none
        self.follow()
        rows, columns = np.unique(drawn.filled, return_inverse=True)
        columns_BK = torch.from_numpy(columns.reshape(drawn.documents.shape))
        with torch.no_grad():
            keys_UD = self.second._documents(rows)
        wide, every_BK = self._widened(places, drawn, columns_BK, len(rows))
        against = torch.cat([keys_UD, self.queue])
        self.enqueue(keys_UD[columns_BK[:, 0].to(keys_UD.device)], drawn.documents[:, 0])
        counts = counted(learner.loss, wide)
        total = max(int(counts.sum()), 1)
        for stretch in learner._stretches(drawn.queries, "query", learner._piece):
            if share := int(counts[stretch].sum()) / total:
                own = wide.rows(stretch)
                queries_BD = learner._queries(own.queries)
                loss = share * learner._value(queries_BD, against, every_BK[stretch], own)
                yield loss, float(loss.detach())

    @torch.no_grad()
    def follow(self) -> None:
        """Move the copy towards the student, where that learns."""
        both = (self.second.model.parameters(), self.first.model.parameters())
        for key, query in zip(*both, strict=True):
            if query.requires_grad:
                key.mul_(self.momentum).add_(query, alpha=1 - self.momentum)

    def enqueue(self, keys_BD: torch.Tensor, documents: Integers) -> None:
        """Put keys, and rows of their documents, in the places of the oldest."""
        places, start = len(self.queue), int(self.pointer)
        here = (start + torch.arange(len(keys_BD), device=self.queue.device)) % places
        self.queue[here] = keys_BD
        self.documents[here] = torch.from_numpy(documents).to(here.device)
        self.pointer.fill_((start + len(keys_BD)) % places)

    def _widened(
        self, places: Integers, drawn: Drawn, columns_BK: torch.Tensor, distinct: int
    ) -> tuple[Drawn, torch.Tensor]:
        """Each query with its own documents and the strangers in the queue, and where they are.

        A document that has a label for the query is none, nor one that says the same as its first.
        """
        material, queued = self.first.material, self.documents.cpu().numpy()
        groups = material.turns.at(places)[0].tolist()
        known = np.stack([material.groups.labels_of(group, queued)[1] for group in groups])
        if material.same is not None:
            known |= material.same[queued] == material.same[drawn.documents[:, :1]]
        strangers = np.where(known, -1, queued)
        wide = Drawn(
            drawn.queries,
            np.concatenate([drawn.documents, strangers], axis=1),
            np.concatenate([drawn.values, np.zeros(strangers.shape, dtype=np.float32)], axis=1),
        )
        behind = distinct + torch.arange(len(queued)).expand(len(drawn), -1)
        return wide, torch.cat([columns_BK, behind], dim=1)


def _copied(learner: Learner, shape: Shape | None) -> Learner:
    """A learner of the same documents with weights of its own."""
    model = copy.deepcopy(learner.model)
    head = None if learner.head is None or shape is None else shape.head(model)
    return Learner(model, learner.loss, learner.material, lower=learner.lower, head=head)
