"""Train the reader: which words of a document answer a question, or that none do.

    python -m train.reader --data DIR [--minutes 30]

MiniLM with two numbers for each token: how likely an answer begins or ends there. [CLS] stands for
"no answer". It learns from the questions whose answer stands in their passage, and from the same
questions with other passages of the same page. A run that was stopped or killed goes on when it is
called again.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from acclimate.models.weights import find
from train import batching, data, export, options, program
from train.loop import Plan
from train.spans import Asked, answered, with_unanswered
from train.vocabulary import encoder, kept, tokenizer

PLAN = Plan(steps=800, warmup=100, save_every=100, check_every=200)
"""About one pass; three quarters of an hour on one core."""

KIND = export.Kind(
    role="reader",
    library="transformers",
    what="""Finds the words of a document that answer a question, or says that none do; the first
token stands for no answer: `AutoModelForQuestionAnswering` of transformers. The six layers of
all-MiniLM-L6-v2 and two numbers for each token.""",
)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Of the reader.

    Args:
        pieces: of words it knows; None: all English ones.
        longest: tokens of question and passage.
        tokens: of an update, padding included.
        unanswered: share of the rows without an answer.
        body_rate: highest learning rate of the encoder.
        head_rate: that of the two numbers.
        watched: held-out rows that are looked at.
    """

    pieces: int | None = None
    longest: int = 192
    tokens: int = 4_096
    unanswered: float = 0.3
    body_rate: float = 1e-4
    head_rate: float = 1e-3
    watched: int = 400


@dataclass(frozen=True, kw_only=True)
class Row:
    """Numbers of the tokens of question and passage, their types, and the answer's ends."""

    ids: list[int]
    types: list[int]
    start: int
    end: int


class Reading:
    """The task of the reader; a `loop.Task`.

    Args:
        pairs: what it learns from.
        base: folder of the encoder it begins as.
        settings: its own.
        seed: of its draws.
        device: where it works.
    """

    def __init__(
        self, pairs: data.Pairs, base: Path, settings: Settings, *, seed: int, device: str
    ) -> None:
        from transformers import BertForQuestionAnswering

        vocabulary = kept(base, settings.pieces)
        self.pairs, self.own, self.seed, self.device = pairs, settings, seed, device
        self.asked = answered(pairs.train)
        self.tokenizer = tokenizer(base, vocabulary)
        bert = encoder(base, vocabulary)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            bert.config.num_labels = 2
            self.model = BertForQuestionAnswering(bert.config)
            bert.pooler = None  # a span is found without it
            self.model.bert = bert
        self.model = self.model.to(device)

    @property
    def settings(self) -> dict[str, Any]:
        """What must not change in a run."""
        return {**vars(self.own), "answered": len(self.asked)}

    def groups(self) -> list[dict[str, Any]]:
        """The encoder slowly, the two numbers fast."""
        return [
            {"params": list(self.model.bert.parameters()), "lr": self.own.body_rate},
            {"params": list(self.model.qa_outputs.parameters()), "lr": self.own.head_rate},
        ]

    def epoch(self, number: int) -> list[list[Row]]:
        """Every answered question once, and other passages drawn anew."""
        rng = np.random.default_rng([self.seed, number])
        asked = with_unanswered(self.asked, self.pairs.train, self.own.unanswered, rng)
        rows = [row for row, _ in self.rows(asked)]
        lengths = [len(row.ids) for row in rows]
        made = batching.batches(lengths, self.own.tokens, (self.seed, number, 1))
        return [[rows[place] for place in batch] for batch in made]

    def loss(self, batch: Sequence[Row], step: int) -> Tensor:
        """Mean −log p of where the answer begins and where it ends."""
        del step
        starts_BL, ends_BL = self._logits(batch)
        start_B = torch.tensor([row.start for row in batch], device=self.device)
        end_B = torch.tensor([row.end for row in batch], device=self.device)
        cross = nn.functional.cross_entropy
        return (cross(starts_BL, start_B) + cross(ends_BL, end_B)) / 2

    def count(self, batch: Sequence[Row]) -> int:
        """Rows that are read."""
        return len(batch)

    def check(self) -> dict[str, float]:
        """How often the answer is found exactly, and how often its absence is."""
        right: dict[bool, list[bool]] = {True: [], False: []}
        for batch in self.held:
            starts_BL, ends_BL = self._logits(batch)
            for row, start, end in zip(batch, *best(starts_BL, ends_BL), strict=True):
                right[row.start > 0].append((start, end) == (row.start, row.end))
        shares = {
            "held_out_exact": right[True],
            "held_out_absence_seen": right[False],
        }
        return {name: float(np.mean(hits)) for name, hits in shares.items() if hits}

    def save(self, folder: Path) -> None:
        """Write it."""
        export.half(self.model, self.tokenizer, folder)

    @cached_property
    def held(self) -> list[list[Row]]:
        """Held-out questions with and without their answer."""
        rng = np.random.default_rng(self.seed)
        asked = answered(self.pairs.held_out)
        rows = with_unanswered(asked, self.pairs.held_out, self.own.unanswered, rng)
        chosen = [rows[place] for place in rng.permutation(len(rows))[: self.own.watched]]
        return [[row] for row, _ in self.rows(chosen)]

    def rows(self, asked: Sequence[Asked]) -> list[tuple[Row, Asked]]:
        """Questions as numbers; those whose answer is cut off are left out."""
        if not asked:
            return []
        told = self.tokenizer(
            [one.question for one in asked],
            [one.content for one in asked],
            truncation="only_second",
            max_length=self.own.longest,
            return_offsets_mapping=True,
        )
        made = []
        for place, one in enumerate(asked):
            types = told["token_type_ids"][place]
            ends = _ends(one, told["offset_mapping"][place], types)
            if ends is not None:
                row = Row(ids=told["input_ids"][place], types=types, start=ends[0], end=ends[1])
                made.append((row, one))
        return made

    def _logits(self, batch: Sequence[Row]) -> tuple[Tensor, Tensor]:
        """Of each token of the passage and of [CLS], to be first and last, (B, L) and (B, L)."""
        ids_BL, mask_BL = batching.padded([row.ids for row in batch], self.device)
        types_BL, _ = batching.padded([row.types for row in batch], self.device)
        told = self.model(input_ids=ids_BL, attention_mask=mask_BL, token_type_ids=types_BL)
        allowed_BL = (types_BL == 1) & mask_BL
        allowed_BL[:, 0] = True
        starts_BL, ends_BL = told.start_logits.float(), told.end_logits.float()
        hidden = torch.finfo(torch.float32).min
        return (
            starts_BL.masked_fill(~allowed_BL, hidden),
            ends_BL.masked_fill(~allowed_BL, hidden),
        )


def best(starts_BL: Tensor, ends_BL: Tensor, longest: int = 24) -> tuple[list[int], list[int]]:
    """The likeliest answer of each row: first and last token; (0, 0) is none."""
    both_BLL = starts_BL[:, :, None] + ends_BL[:, None, :]
    size = both_BLL.shape[1]
    allowed = torch.ones(size, size, dtype=torch.bool).triu() & ~torch.ones(
        size, size, dtype=torch.bool
    ).triu(longest)
    allowed[0, 1:] = False  # no answer is [CLS] alone
    flat = both_BLL.cpu().masked_fill(~allowed, -torch.inf).flatten(1).argmax(dim=1)
    return (flat // size).tolist(), (flat % size).tolist()


def _ends(
    one: Asked, offsets: Sequence[tuple[int, int]], types: Sequence[int]
) -> tuple[int, int] | None:
    """Tokens at which the answer begins and ends; (0, 0): there is none; None: it is cut off."""
    start, end = one.answer
    if start < 0:
        return 0, 0
    inside = [
        place
        for place, (a, b) in enumerate(offsets)
        if types[place] == 1 and a < end and b > start and b > a
    ]
    if not inside or offsets[inside[-1]][1] < end:
        return None
    return inside[0], inside[-1]


def run(place: options.Place, plan: Plan, settings: Settings) -> Path:
    """Train as far as the time goes, and write the model as it then is."""
    base = find(place.base)

    def task(pairs: data.Pairs) -> Reading:
        return Reading(pairs, base, settings, seed=plan.seed, device=place.device)

    return program.run(place, plan, KIND, task)


def main(arguments: list[str]) -> None:
    """Read the options and train."""
    parser = options.parser(__doc__, out="reader", plan=PLAN)
    parser.add_argument("--tokens", type=int, default=Settings().tokens, help="of an update")
    told = parser.parse_args(arguments)
    print(run(options.place(told), options.plan(told), Settings(tokens=told.tokens)))


if __name__ == "__main__":
    main(sys.argv[1:])
