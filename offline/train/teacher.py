"""Train the teacher: a cross-encoder that rates (query, document) pairs.

    python -m train.teacher --data DIR [--minutes 60]

It begins as MiniLM with its late interaction (see `models.scorers.gated`), so that it ranks about
as well as the fusion teacher before the first update. Each update looks at the lists of some
questions: the passage a question was asked about, and others that BM25 or MiniLM mistake for it.
Loss: cross-entropy of picking the own passage, and a share of the divergence from the fusion
teacher, which keeps what is known about texts unlike these. A run that was stopped or killed goes
on when it is called again.

With --plain it is the usual cross-encoder, for comparison; --distil gives it updates that learn
from the fusion teacher alone.
"""

from __future__ import annotations

import copy
import sys
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from acclimate.models.loading import loading
from acclimate.models.ref import Floats, Integers
from acclimate.models.weights import find
from acclimate.parts.losses import KLDivergence, ListSoftmaxCE
from train import data, export, options, program, teacher_model
from train.loop import Plan
from train.mining import Lists, mined
from train.vocabulary import kept

PLAN = Plan(steps=2_400, warmup=150, save_every=50, check_every=400)
"""About an hour on two cores, after a quarter of an hour of mining."""

SERVED = 256
"""Tokens of a pair that the finished model reads."""

CHUNK = 512
"""Questions among which those with passages of like lengths are looked for."""

TEMPERATURE = 0.05
"""Of the fusion teacher's values: a twentieth of a cosine is a clear difference."""

KIND = export.Kind(
    role="teacher",
    library="sentence-transformers",
    what="""Rates how relevant a document is to a query: `CrossEncoder("FOLDER")`. The six layers of
all-MiniLM-L6-v2, which read both texts together through gates, and a score of shared words,
vectors and token vectors (`acclimate.models.scorers.gated`). Scores are raw and mean something
only beside each other.""",
)

ANCHOR = KLDivergence(teacher_temperature=TEMPERATURE, student_temperature=1.0)
PICK = ListSoftmaxCE()


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Of the teacher.

    Args:
        pieces: of words it knows; None: all English ones.
        apart: lower layers that read the two texts apart; they learn nothing.
        longest: tokens of a pair.
        questions: of an update.
        width: passages of each, its own included.
        anchor: weight of the divergence from the fusion teacher.
        distil: updates at the beginning that learn from the fusion teacher alone.
        plain: the usual cross-encoder, for comparison.
        body_rate: highest learning rate of the layers.
        head_rate: that of the layer that reads the first token.
        gate_rate: that of the gates and of the shares of words, vectors and tokens.
        watched: held-out questions that are looked at.
    """

    pieces: int | None = None
    apart: int = 2
    longest: int = 144
    questions: int = 4
    width: int = 8
    anchor: float = 0.3
    distil: int = 0
    plain: bool = False
    body_rate: float = 5e-5
    head_rate: float = 2e-4
    gate_rate: float = 5e-3
    watched: int = 100


@dataclass(frozen=True, eq=False)
class Group:
    """The lists of some questions: rows of passages and fusion values, (B, K); -1 is none."""

    questions: Integers
    rows: Integers
    values: Floats


class Teaching:
    """The task of the teacher; a `loop.Task`.

    Args:
        lists: what it learns from.
        held: what it is watched on.
        base: folder of the encoder it begins as.
        settings: its own.
        seed: of its draws.
        device: where it works.
    """

    def __init__(
        self,
        lists: Lists,
        held: Lists,
        base: Path,
        settings: Settings,
        *,
        seed: int,
        device: str,
    ) -> None:
        self.lists, self.held, self.own, self.seed = lists, held, settings, seed
        vocabulary = kept(base, settings.pieces)
        with tempfile.TemporaryDirectory() as folder, torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            there, longest = Path(folder), settings.longest
            if settings.plain:
                self.model = teacher_model.plain(base, there, vocabulary, longest=longest)
            else:
                self.model = teacher_model.gated(
                    base, there, vocabulary, apart=settings.apart, longest=longest
                )
                teacher_model.set_rarity(self.model, lists.passages)
        self.model = self.model.to(device)

    @property
    def settings(self) -> dict[str, Any]:
        """What must not change in a run."""
        return {**vars(self.own), "questions": len(self.lists), "passages": self.lists.rows.shape}

    def groups(self) -> list[dict[str, Any]]:
        """The layers that read together, slowly; what is new, fast; the rest not at all."""
        still = ["embeddings.", *(f"encoder.layer.{n}." for n in range(self.own.apart))]
        still += [] if self.own.plain else ["pooler."]  # the score does not read it
        rates: dict[float, list[nn.Parameter]] = {}
        for name, p in self.model.named_parameters():
            if any(part in name for part in still):
                p.requires_grad_(False)  # noqa: FBT003
            else:
                rates.setdefault(self._rate(name), []).append(p)
        return [{"params": found, "lr": rate} for rate, found in rates.items()]

    def _rate(self, name: str) -> float:
        if "encoder.layer." in name:
            return self.own.body_rate
        return self.own.gate_rate if name.endswith((".gates", ".mix")) else self.own.head_rate

    def epoch(self, number: int) -> list[Group]:
        """Every question once, with other passages drawn anew."""
        rng = np.random.default_rng([self.seed, number])
        order = rng.permutation(self.lists.known)
        size = self.own.questions
        # Passages of like lengths in one update: nothing is read that is padding.
        length = np.array([len(self.lists.passages[row]) for row in self.lists.rows[order, 0]])
        chunk = np.arange(len(order)) // CHUNK
        order = order[np.lexsort((length, chunk))]
        parts = [order[a : a + size] for a in range(0, len(order), size)]
        return [self._drawn(parts[place], rng) for place in rng.permutation(len(parts))]

    def _drawn(self, questions: Integers, rng: np.random.Generator) -> Group:
        """The own passage of each question, and some of the others."""
        rows, values = self.lists.rows[questions], self.lists.values[questions]
        luck = rng.random(rows.shape)
        luck[rows < 0] = np.inf
        luck[:, 0] = -1.0
        place = np.argsort(luck, axis=1, kind="stable")[:, : self.own.width]
        return Group(
            questions,
            np.take_along_axis(rows, place, axis=1),
            np.take_along_axis(values, place, axis=1),
        )

    def loss(self, batch: Group, step: int) -> Tensor:
        """Picking the own passage, and staying near the fusion teacher."""
        mask_BK = torch.from_numpy(batch.rows >= 0)
        scores_BK = self._scores(self.lists, batch).cpu()
        targets_BK = torch.from_numpy(batch.values)
        anchor = ANCHOR(scores_BK, targets_BK, mask_BK)
        if step < self.own.distil:
            return anchor
        return PICK(scores_BK, targets_BK, mask_BK) + self.own.anchor * anchor

    def count(self, batch: Group) -> int:
        """Pairs that are read."""
        return int((batch.rows >= 0).sum())

    def check(self) -> dict[str, float]:
        """Mean reciprocal rank of held-out questions' own passages, beside the fusion teacher's."""
        ours, fusion = [], []
        for group in self.watched:
            scores = self._scores(self.held, group).float().cpu().numpy()
            ours.append(reciprocal_ranks(scores, group.rows))
            fusion.append(reciprocal_ranks(group.values, group.rows))
        if not ours:
            return {}
        return {
            "held_out_mrr": float(np.concatenate(ours).mean()),
            "held_out_mrr_of_fusion": float(np.concatenate(fusion).mean()),
        }

    def save(self, folder: Path) -> None:
        """Write it; what is new stays in float32, it is small."""
        with loading(str(folder), "a cross-encoder"):
            written = copy.deepcopy(self.model).cpu().eval()
            written[0].model.half()
            longest = written[0].model.config.max_position_embeddings
            written.max_seq_length = min(SERVED, longest)  # it learned from shorter pairs
            written.save_pretrained(str(folder), create_model_card=False)

    @cached_property
    def watched(self) -> list[Group]:
        """Held-out questions with all the passages that were found for them."""
        chosen = np.random.default_rng(self.seed).permutation(self.held.known)[: self.own.watched]
        parts = [chosen[a : a + 1] for a in range(len(chosen))]
        return [Group(p, self.held.rows[p], self.held.values[p]) for p in parts]

    def _scores(self, lists: Lists, group: Group) -> Tensor:
        """Raw scores, (B, K); 0 where there is no passage."""
        there = np.argwhere(group.rows >= 0)
        pairs = [
            (lists.questions[group.questions[b]], lists.passages[group.rows[b, k]])
            for b, k in there
        ]
        features = self.model.preprocess(pairs)
        inputs = {
            name: value.to(self.model.device) if isinstance(value, Tensor) else value
            for name, value in features.items()
        }
        found_N: Tensor = self.model(inputs)["scores"].float().reshape(-1)
        places = torch.from_numpy(there).to(found_N.device)
        scores_BK = found_N.new_zeros(group.rows.shape)
        return scores_BK.index_put((places[:, 0], places[:, 1]), found_N)


def reciprocal_ranks(values: Floats, rows: Integers) -> Floats:
    """1 / rank of the first passage of each list, (B,); ties count against it."""
    others = (values >= values[:, :1]) & (rows >= 0)
    ranks: Floats = (1.0 / np.maximum(others.sum(axis=1), 1)).astype(np.float32)
    return ranks


def run(place: options.Place, plan: Plan, settings: Settings) -> Path:
    """Mine, train as far as the time goes, and write the model as it then is."""
    base = find(place.base)

    def task(pairs: data.Pairs) -> Teaching:
        print("mining", flush=True)
        everything = mined([*pairs.train, *pairs.held_out], place.base, place.out / "mined")
        lists, held = everything.split(len(pairs.train))
        return Teaching(lists, held, base, settings, seed=plan.seed, device=place.device)

    return program.run(place, plan, KIND, task)


def main(arguments: list[str]) -> None:
    """Read the options and train."""
    parser = options.parser(__doc__, out="teacher", plan=PLAN)
    defaults = Settings()
    parser.add_argument("--questions", type=int, default=defaults.questions, help="of an update")
    parser.add_argument("--width", type=int, default=defaults.width, help="passages of each")
    parser.add_argument("--anchor", type=float, default=defaults.anchor)
    parser.add_argument("--apart", type=int, default=defaults.apart, help="lower layers")
    parser.add_argument("--distil", type=int, default=defaults.distil, help="updates")
    parser.add_argument("--plain", action="store_true", help="the usual cross-encoder")
    told = parser.parse_args(arguments)
    names = ("questions", "width", "anchor", "apart", "distil", "plain")
    settings = Settings(**{name: getattr(told, name) for name in names})
    print(run(options.place(told), options.plan(told), settings))


if __name__ == "__main__":
    main(sys.argv[1:])
