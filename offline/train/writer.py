"""Train the writer: documents to questions, keywords, claims and titles.

    python -m train.writer --data DIR [--minutes 60]

An encoder-decoder that begins as MiniLM (see writer_model). First it learns how questions are
written, then to copy a text's own words. The encoder only reads: an update then costs a third. A
run that was stopped or killed goes on when it is called again.
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
from train.kinds import Lesson, lesson, prefix_of
from train.loop import Plan
from train.vocabulary import kept, tokenizer
from train.writer_model import warm

PLAN = Plan(steps=2_400, warmup=300, save_every=100, check_every=500)
"""Four passes through 26,700 passages; about two hours on one core."""

TINY = 1e-30
"""Stands for a probability of nothing, which has no logarithm."""

KIND = export.Kind(
    role="writer",
    library="transformers",
    what="""Writes questions about a document: `Seq2Seq("FOLDER", prefix="question: ")`; other
prefixes are `keywords: `, `claim: ` and `title: `. An encoder-decoder (BART's form) with the six
layers of all-MiniLM-L6-v2 as encoder and a small decoder that also copies from the text
(acclimate's `Copying`); lower case only.""",
)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Of the writer.

    Args:
        pieces: of words it knows.
        layers: of the decoder.
        longest: tokens of a passage.
        target: tokens of what is written.
        tokens: of the passages of one update, padding included.
        frozen: updates at the beginning in which the encoder learns nothing.
        alone: updates at the beginning in which the decoder only writes and copies nothing.
        encoder_rate: highest learning rate of the encoder and of the word embeddings.
        decoder_rate: highest learning rate of the decoder.
        watched: held-out passages that are looked at.
    """

    pieces: int = 16_384
    layers: int = 2
    longest: int = 160
    target: int = 40
    tokens: int = 4_096
    frozen: int = 2_400
    alone: int = 1_200
    encoder_rate: float = 1e-4
    decoder_rate: float = 5e-4
    watched: int = 256


@dataclass(frozen=True, kw_only=True)
class Row:
    """Numbers of the tokens of what is read, and of each thing that may be written about it."""

    read: list[int]
    targets: list[list[int]]


class Writing:
    """The task of the writer; a `loop.Task`.

    Args:
        pairs: what it learns from.
        base: folder of the encoder it begins as.
        settings: its own.
        seed: of its lessons.
        device: where it works.
    """

    def __init__(
        self, pairs: data.Pairs, base: Path, settings: Settings, *, seed: int, device: str
    ) -> None:
        vocabulary = kept(base, settings.pieces)
        self.pairs, self.own, self.seed, self.device = pairs, settings, seed, device
        self.tokenizer = tokenizer(base, vocabulary)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.model = warm(base, vocabulary, layers=settings.layers).to(device)
        self.copying = settings.alone == 0

    @property
    def settings(self) -> dict[str, Any]:
        """What must not change in a run."""
        return {**vars(self.own), "questions": self.pairs.counts}

    def groups(self) -> list[dict[str, Any]]:
        """Slow: what MiniLM knows. Fast: what is new."""
        slow = {id(p) for p in self.model.model.encoder.parameters()}
        return [
            {
                "params": [p for p in self.model.parameters() if (id(p) in slow) == is_slow],
                "lr": self.own.encoder_rate if is_slow else self.own.decoder_rate,
            }
            for is_slow in (True, False)
        ]

    def epoch(self, number: int) -> list[list[Row]]:
        """A lesson about every passage, in batches of like lengths."""
        rng = np.random.default_rng([self.seed, number])
        rows = self._rows([lesson(passage, rng) for passage in self.pairs.train])
        lengths = [len(row.read) for row in rows]
        made = batching.batches(lengths, self.own.tokens, (self.seed, number, 1))
        return [[rows[place] for place in batch] for batch in made]

    def loss(self, batch: Sequence[Row], step: int) -> Tensor:
        """Mean −log p of the tokens that were to be written."""
        self.copying = step >= self.own.alone
        return self._loss(batch, frozen=step < self.own.frozen)

    def count(self, batch: Sequence[Row]) -> int:
        """Texts that are taught."""
        return sum(len(row.targets) for row in batch)

    def check(self) -> dict[str, float]:
        """Mean −log p of held-out questions, by token."""
        losses = [
            (float(self._loss(batch, frozen=True).detach()), _written(batch)) for batch in self.held
        ]
        total = sum(count for _, count in losses)
        if not total:
            return {}
        return {"held_out_loss": sum(loss * count for loss, count in losses) / total}

    def save(self, folder: Path) -> None:
        """Write it."""
        export.half(self.model, self.tokenizer, folder)

    @cached_property
    def held(self) -> list[list[Row]]:
        """Questions about held-out passages."""
        rows = self._rows(
            [
                Lesson(
                    kind="question",
                    prefix=prefix_of("question"),
                    title=passage.title,
                    text=passage.text,
                    targets=tuple(q.text for q in passage.questions),
                )
                for passage in self.pairs.held_out[: self.own.watched]
            ]
        )
        lengths = [len(row.read) for row in rows]
        made = batching.batches(lengths, self.own.tokens, (self.seed,))
        return [[rows[place] for place in batch] for batch in made]

    def _rows(self, lessons: Sequence[Lesson]) -> list[Row]:
        texts = [f"{x.prefix}{x.title} {x.text}" if x.title else x.prefix + x.text for x in lessons]
        targets = [target for x in lessons for target in x.targets]
        read = self._ids(texts, self.own.longest)
        written = iter(self._ids(targets, self.own.target))
        return [
            Row(read=ids, targets=[next(written) for _ in x.targets])
            for ids, x in zip(read, lessons, strict=True)
        ]

    def _ids(self, texts: list[str], longest: int) -> list[list[int]]:
        if not texts:
            return []
        told = self.tokenizer(texts, truncation=True, max_length=longest)
        ids: list[list[int]] = told["input_ids"]
        return ids

    def _loss(self, batch: Sequence[Row], *, frozen: bool) -> Tensor:
        body = self.model.model
        ids_BL, mask_BL = batching.padded([row.read for row in batch], self.device)
        learning = torch.is_grad_enabled() and not frozen
        body.encoder.train(learning)
        with torch.set_grad_enabled(learning):
            states_BLD = body.encoder(input_ids=ids_BL, attention_mask=mask_BL).last_hidden_state
        of = [number for number, row in enumerate(batch) for _ in row.targets]
        of_T = torch.tensor(of, device=self.device)
        # [CLS] is read first, [SEP] written last: the tokenizer puts both around every text.
        all_TW, there_TW = batching.padded([t for row in batch for t in row.targets], self.device)
        hidden_TWD = body.decoder(
            input_ids=all_TW[:, :-1],
            attention_mask=there_TW[:, :-1],
            encoder_hidden_states=states_BLD[of_T],
            encoder_attention_mask=mask_BL[of_T],
            use_cache=False,
        ).last_hidden_state
        next_TW = there_TW[:, 1:]
        logits_NV = self.model.lm_head(hidden_TWD[next_TW])  # only where something is written
        wanted_N = all_TW[:, 1:][next_TW]
        if not self.copying:
            return nn.functional.cross_entropy(logits_NV.float(), wanted_N)
        points_TWL, copies_TW = self.model.copied(
            hidden_TWD, all_TW[:, :-1], ids_BL[of_T], states_BLD[of_T], mask_BL[of_T]
        )
        there_TWL = all_TW[:, 1:, None] == ids_BL[of_T][:, None, :]
        copied_N = ((points_TWL * there_TWL).sum(dim=2) * copies_TW)[next_TW]
        written_N = logits_NV.float().log_softmax(dim=1).gather(1, wanted_N[:, None])[:, 0]
        written_N = written_N + (-copies_TW[next_TW]).log1p()
        return -torch.logaddexp(written_N, copied_N.clamp(min=TINY).log()).mean()


def _written(batch: Sequence[Row]) -> int:
    return sum(len(target) - 1 for row in batch for target in row.targets)


def run(place: options.Place, plan: Plan, settings: Settings) -> Path:
    """Train as far as the time goes, and write the model as it then is."""
    base = find(place.base)

    def task(pairs: data.Pairs) -> Writing:
        return Writing(pairs, base, settings, seed=plan.seed, device=place.device)

    return program.run(place, plan, KIND, task)


def main(arguments: list[str]) -> None:
    """Read the options and train."""
    parser = options.parser(__doc__, out="writer", plan=PLAN)
    defaults = Settings()
    parser.add_argument("--tokens", type=int, default=defaults.tokens, help="of an update")
    parser.add_argument("--frozen", type=int, default=defaults.frozen, help="updates")
    parser.add_argument("--alone", type=int, default=defaults.alone, help="updates")
    parser.add_argument("--pieces", type=int, default=defaults.pieces, help="of words")
    parser.add_argument("--layers", type=int, default=defaults.layers, help="of the decoder")
    told = parser.parse_args(arguments)
    settings = Settings(
        tokens=told.tokens,
        frozen=told.frozen,
        alone=told.alone,
        pieces=told.pieces,
        layers=told.layers,
    )
    print(run(options.place(told), options.plan(told), settings))


if __name__ == "__main__":
    main(sys.argv[1:])
