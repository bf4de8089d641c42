"""Shifts: a session behind the beginning of another one, and which turns are foreign.

Shapes: N texts, T turns, L tokens, D dimensions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from acclimate.errors import ModelError
from acclimate.models.family import reading
from acclimate.models.ref import Integers
from acclimate.parts._hashing import rng_of
from acclimate.parts._turns import chances
from acclimate.parts.loops._pretraining import VectorLoss
from acclimate.parts.loops._texts import TextLearner, packed

Session = tuple[str, ...]
"""Turns as they are read: "name: what was said"."""

TOGETHER = 32
"""Texts that are encoded together before the training."""


@dataclass(frozen=True, eq=False)
class Shifted:
    """Turns as one text.

    Args:
        text: the turns, one after another.
        spans: where each stands in it.
        foreign: of each, 1 where it is of another session and 0 where it is not.
    """

    text: str
    spans: list[tuple[int, int]]
    foreign: list[int]


def shifted(own: Session, other: Session, rng: np.random.Generator) -> Shifted:
    """A session behind the first turns of another one.

    How many turns the other brings is drawn with chances in proportion to N, N − 1, …, 1: short
    beginnings are likelier.

    Args:
        own: the session.
        other: of N turns; empty: it brings none.
        rng: draws.
    """
    count = 0
    if other:
        count = 1 + int(rng.choice(len(other), p=chances(len(other))))
    turns = (*other[:count], *own)
    ends = np.cumsum([len(turn) + 1 for turn in turns]) - 1
    spans = [(int(end) - len(turn), int(end)) for turn, end in zip(turns, ends, strict=True)]
    return Shifted(" ".join(turns), spans, [1] * count + [0] * len(own))


class Shifts(TextLearner):
    """A student that tells foreign turns, and whose vector they do not move.

    Args:
        model: an opened sentence-transformers model, ready to learn.
        sessions: two or more.
        seed: decides the order, and what is put before each session.
        loss: of the student's vectors and of those the model had before.
        distil: weight of that loss.
    """

    def __init__(
        self, model: Any, sessions: Sequence[Session], seed: int, *, loss: VectorLoss, distil: float
    ) -> None:
        plain = [shifted(own, (), np.random.default_rng(0)) for own in sessions]
        super().__init__(model, [session.text for session in plain], seed)
        if model.model_type != "SentenceTransformer":
            raise ModelError(
                f"TopicShift reads one vector per text, and this student is a {model.model_type}. "
                "Put it before the step that makes it one."
            )
        self.sessions, self.loss, self.distil = sessions, loss, distil
        self.encoder = reading(model)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            head = torch.nn.Linear(int(self.body.get_embedding_dimension()), 1)
        self.head = head.to(model.device)
        with torch.no_grad():
            stretches = range(0, len(plain), TOGETHER)
            parts = [self._read(plain[at : at + TOGETHER])[1] for at in stretches]
        self.goals = torch.cat(parts) if parts else torch.zeros(0, 0)

    def pieces(self, places: Integers) -> Iterator[tuple[torch.Tensor, float]]:
        """Scalars to carry back, with what each adds to the loss of the step."""
        rows = self.drawn(places)
        told = [self.instance(r, p) for r, p in zip(rows.tolist(), places.tolist(), strict=True)]
        for piece in packed(self._count([one.text for one in told])):
            with self.faster():
                loss = self._loss([told[at] for at in piece], rows[piece])
            loss = loss * (len(piece) / len(rows))
            yield loss, float(loss.detach())

    def instance(self, row: int, place: int) -> Shifted:
        """A session behind the beginning of another one: by its place in the order alone."""
        rng = rng_of(str(place), self.seed)
        other = (row + 1 + int(rng.integers(len(self.sessions) - 1))) % len(self.sessions)
        return shifted(self.sessions[row], self.sessions[other], rng)

    def _loss(self, told: Sequence[Shifted], rows: Integers) -> torch.Tensor:
        logits_NT, vectors_ND, there_NT = self._read(told)
        labels_NT = torch.zeros_like(logits_NT)
        for place, one in enumerate(told):
            labels_NT[place, : len(one.foreign)] = torch.tensor(one.foreign, dtype=logits_NT.dtype)
        costs_NT = binary_cross_entropy_with_logits(logits_NT, labels_NT, reduction="none")
        of_text_N = (costs_NT * there_NT).sum(dim=1) / there_NT.sum(dim=1).clamp(min=1)
        goals_ND = self.goals[torch.from_numpy(rows).to(self.goals.device)]
        every_N = torch.ones(len(told), dtype=torch.bool, device=goals_ND.device)
        away: torch.Tensor = self.loss(vectors_ND, goals_ND, every_N)
        return of_text_N.mean() + self.distil * away

    def _read(self, told: Sequence[Shifted]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Logits of the turns (N, T), vectors of the texts (N, D), and which turns were read."""
        tokens = self.tokens(
            [one.text for one in told],
            padding=True,
            return_tensors="pt",
            return_offsets_mapping=True,
        )
        offsets_NL2 = tokens["offset_mapping"]
        device = self.model.device
        made = self.model(
            {name: tokens[name].to(device) for name in ("input_ids", "attention_mask")}
        )
        spans_NT2 = torch.full((len(told), max(len(one.spans) for one in told), 2), -1)
        for place, one in enumerate(told):
            spans_NT2[place, : len(one.spans)] = torch.tensor(one.spans)
        begins, ends = offsets_NL2[:, None, :, 0], offsets_NL2[:, None, :, 1]
        inside_NTL = (begins >= spans_NT2[..., :1]) & (ends <= spans_NT2[..., 1:]) & (ends > begins)
        inside_NTL = inside_NTL.to(device)
        states_NLD = made["token_embeddings"].float()
        counts_NT = inside_NTL.sum(dim=2)
        sums_NTD = inside_NTL.to(states_NLD.dtype) @ states_NLD
        logits_NT = self.head(sums_NTD / counts_NT.clamp(min=1)[..., None])[..., 0]
        return logits_NT, self.encoder._vectors(made), counts_NT > 0
