"""Encoding: texts to sentence vectors and token vectors, in shards on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from acclimate.engines.batching import Plan, batches, budget_of, key_of, plan
from acclimate.engines.opened import Opened
from acclimate.engines.precision import vectors_agree
from acclimate.engines.shards import Shards
from acclimate.models.ref import Encoder, Floats, Integers, Kind, Ref

Follow = Callable[[Iterable[Any], str, int | None], Iterator[Any]]

SAMPLE = 16
"""Texts on which bfloat16 is tried out."""

KEPT_BYTES = 2 * 2**30
"""Token vectors that `vectors` keeps unasked: a miner's pass over the documents then serves late
interaction too. Beyond it they are made when they are asked for."""

CHARACTERS_PER_TOKEN = 4


class Encoding:
    """Encodes texts into shards and finds them again.

    Args:
        folder: where shards are kept.
        opened: the models.
        max_ram_bytes: vectors that take more than an eighth of it are mapped from disk.
    """

    def __init__(self, folder: Path, opened: Opened, max_ram_bytes: int) -> None:
        self.folder = folder
        self.opened = opened
        self.max_ram_bytes = max_ram_bytes
        self._kept = 0

    def vectors(
        self,
        encoder: Ref[Encoder],
        texts: Sequence[str],
        kind: Kind,
        track: Follow,
        usage: dict[str, float],
    ) -> Floats:
        """Sentence vectors in the order of the texts, (N, D) float32."""
        if not texts:
            return np.zeros((0, self.opened.get(encoder).dimension), dtype=np.float32)
        work, shards = self._work(encoder, texts, kind)
        keep = kind == "document" and self._may_keep(encoder, work, shards)
        self._make(_Pass(encoder, kind, work, shards, tokens=keep), "vectors", track, usage)
        return self._gathered(work, shards)

    def tokens(
        self,
        encoder: Ref[Encoder],
        texts: Sequence[str],
        kind: Kind,
        track: Follow,
        usage: dict[str, float],
    ) -> TokenRows:
        """Token vectors in the order of the texts."""
        work, shards = self._work(encoder, texts, kind)
        if texts:
            self._make(_Pass(encoder, kind, work, shards, tokens=True), "tokens", track, usage)
        return TokenRows(work, shards)

    def terms(
        self,
        encoder: Ref[Encoder],
        texts: Sequence[str],
        kind: Kind,
        track: Follow,
        usage: dict[str, float],
    ) -> Any:
        """Weights of words in the order of the texts, a CSR matrix (N, V) float32."""
        from scipy.sparse import csr_matrix, vstack

        if not texts:
            return csr_matrix((0, self.opened.get(encoder).dimension), dtype=np.float32)
        work, shards = self._work(encoder, texts, kind)
        self._make(_TermPass(encoder, kind, work, shards, tokens=False), "weights", track, usage)
        parts = []
        for number in range(len(work.shards)):
            ends, words, weights = (shards.read(number, n) for n in ("ends", "words", "weights"))
            shape = (len(ends) - 1, int(shards.read(number, "width")[0]))
            parts.append(csr_matrix((weights, words, ends), shape=shape))
        return vstack(parts, format="csr")[work.inverse]

    def _work(
        self, encoder: Ref[Encoder], texts: Sequence[str], kind: Kind
    ) -> tuple[Plan[str], Shards]:
        work = plan(texts, [len(text) for text in texts])
        sample = work.items[:: max(1, len(work.items) // SAMPLE)][:SAMPLE]
        precision = "float32"
        if sample:
            precision = self.opened.precision(
                encoder, lambda model: model.encode(sample, kind=kind), vectors_agree
            )
        key = key_of(f"{kind} {precision}", encoder.fingerprint(), work.items)
        return work, Shards(self.folder / key[:32])

    def _may_keep(self, encoder: Ref[Encoder], work: Plan[str], shards: Shards) -> bool:
        if all(shards.has(number, "vectors") for number in work.order):
            return False
        model = self.opened.get(encoder)
        if not getattr(model, "has_tokens", False):
            return False
        characters = sum(map(len, work.items))
        wanted = 2 * model.dimension * characters // CHARACTERS_PER_TOKEN
        if self._kept + wanted > KEPT_BYTES:
            return False
        self._kept += wanted
        return True

    def _make(self, work: _Pass, name: str, track: Follow, usage: dict[str, float]) -> None:
        missing = [n for n in work.plan.order if not work.shards.has(n, name)]
        if not missing:
            return
        model = self.opened.get(work.encoder)
        total = sum(len(work.texts(number)) for number in missing)
        usage["computed"] += total
        budget = budget_of(self.opened.device)
        done = (rows for n in missing for rows in work.make(model, n, budget, usage))
        for _ in track((row for rows in done for row in rows), f"encode {work.kind}s", total):
            pass

    def _gathered(self, work: Plan[str], shards: Shards) -> Floats:
        first = shards.read(0, "vectors")
        shape = (len(work.inverse), first.shape[1])
        if 8 * 4 * shape[0] * shape[1] <= self.max_ram_bytes:
            return _fill(np.empty(shape, dtype=np.float32), work, shards)
        name = hashlib.sha256(work.inverse.tobytes()).hexdigest()[:32]
        path = shards.folder / f"rows-{name}.npy"
        if not path.exists():
            part = path.with_suffix(".part")
            mapped = np.lib.format.open_memmap(part, mode="w+", dtype=np.float32, shape=shape)
            _fill(mapped, work, shards).flush()  # type: ignore[attr-defined]
            del mapped
            part.replace(path)
        whole: Floats = np.load(path, mmap_mode="r")
        return whole


class _Pass:
    """One pass of an encoder over planned texts."""

    def __init__(
        self, encoder: Ref[Encoder], kind: Kind, work: Plan[str], shards: Shards, *, tokens: bool
    ) -> None:
        self.encoder = encoder
        self.kind: Kind = kind
        self.plan = work
        self.shards = shards
        self.tokens = tokens

    def texts(self, number: int) -> list[str]:
        return self.plan.items[self.plan.shards[number]]

    def make(
        self, model: Encoder, number: int, budget: int, usage: dict[str, float]
    ) -> Iterator[Integers]:
        """Make a shard, and give the rows of each batch as it is done."""
        texts = self.texts(number)
        counts = model.count_tokens(texts)
        usage["tokens"] += int(counts.sum())
        vectors: Floats = np.zeros((len(texts), model.dimension), dtype=np.float32)
        tokens: list[Any] = [None] * len(texts)
        for rows in batches(counts, budget):
            batch = [texts[row] for row in rows]
            if self.tokens:
                vectors[rows], found = model.encode_tokens(batch, kind=self.kind)
                for row, vector in zip(rows, found, strict=True):
                    tokens[row] = vector.astype(np.float16)
            else:
                vectors[rows] = model.encode(batch, kind=self.kind)
            yield rows
        arrays = {"vectors": vectors}
        if self.tokens:
            ends = np.cumsum([0, *(len(t) for t in tokens)])
            arrays |= {"ends": ends, "tokens": np.concatenate(tokens)}
        self.shards.write(number, arrays)


class _TermPass(_Pass):
    """One pass of a sparse encoder: of each text, the words that have a weight."""

    def make(
        self, model: Encoder, number: int, budget: int, usage: dict[str, float]
    ) -> Iterator[Integers]:
        """Make a shard, and give the rows of each batch as it is done."""
        texts = self.texts(number)
        counts = model.count_tokens(texts)
        usage["tokens"] += int(counts.sum())
        words: list[Any] = [None] * len(texts)
        weights: list[Any] = [None] * len(texts)
        for rows in batches(counts, budget):
            made = model.encode([texts[row] for row in rows], kind=self.kind)
            for row, line in zip(rows, made, strict=True):
                words[row] = np.flatnonzero(line).astype(np.int32)
                weights[row] = line[words[row]]
            yield rows
        arrays = {
            "ends": np.cumsum([0, *map(len, words)]),
            "words": np.concatenate(words),
            "weights": np.concatenate(weights),
            "width": np.array([model.dimension]),
        }
        self.shards.write(number, arrays)


def _fill(out: Floats, work: Plan[str], shards: Shards) -> Floats:
    """Bring shards into the order of the texts."""
    order = np.argsort(work.inverse, kind="stable")
    places = work.inverse[order]
    for number, part in enumerate(work.shards):
        a, b = np.searchsorted(places, [part.start, part.stop])
        out[order[a:b]] = shards.read(number, "vectors")[places[a:b] - part.start]
    return out


class TokenRows:
    """Token vectors of many texts, mapped from disk.

    Args:
        work: which text lies where.
        shards: where they lie.
    """

    def __init__(self, work: Plan[str], shards: Shards) -> None:
        self._work = work
        self._shards = shards
        self._starts = np.array([part.start for part in work.shards])
        self._mapped: dict[int, tuple[Any, Any]] = {}

    def __len__(self) -> int:
        return len(self._work.inverse)

    def __getitem__(self, row: int) -> Floats:
        """Unit-norm token vectors of one text, (L, D) float32."""
        place = self._work.inverse[row]
        number = int(np.searchsorted(self._starts, place, side="right")) - 1
        if number not in self._mapped:
            self._mapped[number] = (
                np.asarray(self._shards.read(number, "ends")),
                self._shards.read(number, "tokens"),
            )
        ends, tokens = self._mapped[number]
        within = int(place - self._starts[number])
        vectors: Floats = tokens[ends[within] : ends[within + 1]].astype(np.float32)
        return vectors
