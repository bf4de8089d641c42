"""Local: the engine of this process."""

from __future__ import annotations

import shutil
import tempfile
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from acclimate.engines.batching import key_of
from acclimate.engines.encoding import Encoding
from acclimate.engines.engine import IndexRef, TokenVectors
from acclimate.engines.ledger import Ledger
from acclimate.engines.opened import Opened, Wanted
from acclimate.engines.scoring import Scoring
from acclimate.engines.shards import Array, Shards
from acclimate.engines.usage import Usage
from acclimate.engines.writing import Writing
from acclimate.errors import ModelError, StoreError
from acclimate.models.encoders.stem import stem_of
from acclimate.models.ref import (
    Encoder,
    Floats,
    Hits,
    Index,
    Integers,
    Kind,
    Ref,
    Scorer,
    Writer,
    Written,
)
from acclimate.models.remote.allowance import Allowance
from acclimate.models.remote.answers import Answers
from acclimate.models.scorers import CrossEncoder

Track = Callable[[Iterable[Any], str, int | None], Iterator[Any]]

INDEXES = 2
"""Built indexes held at once."""


def _untracked(rows: Iterable[Any], what: str, total: int | None) -> Iterator[Any]:
    del what, total
    yield from rows


class Local:
    """The four verbs in this process: sorted by length, each distinct text once, in shards.

    What is computed depends on the set of inputs only, never on what was kept before or on the
    order of texts; so a run that was killed goes on to the same result, bit for bit. A pair in
    the ledger keeps the score it got first.

    Args:
        device: "cpu", "cuda", "cuda:1", …; "auto": a GPU where there is one.
        folder: keeps shards and the ledger; None: a temporary one that goes with the engine.
        ledger: keeps teacher scores, where runs are to share them; None: inside `folder`.
        max_ram_bytes: how much memory results may take before they are put on disk; None: half
            of what is free.
        precision: "auto": bfloat16 where this machine is faster in it and the model bears it.
        allowance: what models behind an endpoint may be asked; None: no bound.
        track: shows progress: called with an iterable, what is done, and how many there are.
    """

    def __init__(
        self,
        *,
        device: str = "auto",
        folder: str | Path | None = None,
        ledger: str | Path | None = None,
        max_ram_bytes: int | None = None,
        precision: Wanted = "auto",
        allowance: Allowance | None = None,
        track: Track = _untracked,
    ) -> None:
        self.track = track
        self._device = device
        self._folder = None if folder is None else Path(folder)
        self._ledger = None if ledger is None else Path(ledger)
        self._precision: Wanted = precision
        self._allowance = allowance
        self.max_ram_bytes = max_ram_bytes or psutil.virtual_memory().available // 2
        self._clean: Callable[[], object] | None = None
        self._usage = Usage()
        self._indexes: OrderedDict[str, Index] = OrderedDict()

    def __repr__(self) -> str:
        return f"Local(device={self._device!r}, folder={str(self._folder)!r})"

    @cached_property
    def device(self) -> str:
        """Where models work."""
        if self._device != "auto":
            return self._device
        import torch

        return "cuda" if torch.cuda.is_available() else "cpu"

    @cached_property
    def folder(self) -> Path:
        """Where results are kept.

        Raises:
            StoreError: when it cannot be made.
        """
        if self._folder is None:
            made = tempfile.mkdtemp(prefix="acclimate-")
            self._clean = weakref.finalize(self, shutil.rmtree, made, ignore_errors=True)
            return Path(made)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"Cannot write to {self._folder}: {error.strerror}.") from error
        return self._folder

    def close(self) -> None:
        """Let go of a temporary folder now; otherwise it goes with the engine."""
        if self._clean is not None:
            self._clean()

    @property
    def usage(self) -> dict[str, dict[str, float]]:
        """Per verb: calls, items asked for, items computed, their tokens, seconds."""
        return self._usage.as_dict()

    @property
    def answers(self) -> Answers:
        """What models behind an endpoint answered, in this folder and ever."""
        return self._opened.answers

    def keep_answers_in(self, folder: Path) -> None:
        """Keep what models behind an endpoint answer in another folder, and find it there."""
        self._opened.answers = Answers(folder)

    @cached_property
    def _opened(self) -> Opened:
        return Opened(self.folder, self.device, self._precision, self._allowance)

    @cached_property
    def _encoding(self) -> Encoding:
        return Encoding(self.folder / "vectors", self._opened, self.max_ram_bytes)

    @cached_property
    def _scoring(self) -> Scoring:
        return Scoring(Ledger(self._ledger or self.folder / "ledger"), self._opened)

    @cached_property
    def _writing(self) -> Writing:
        return Writing(self.folder / "texts", self._opened)

    def encode(self, encoder: Ref[Encoder], texts: Sequence[str], *, kind: Kind) -> Floats:
        """Texts to sentence vectors, (N, D) float32, memory-mapped when they are many.

        Of a model with an adapter, the vectors before it are encoded, or found.
        """
        _check_encodes(encoder)
        stem = stem_of(encoder)
        if stem is not None:
            return stem.behind(self.encode(stem, texts, kind=kind))
        with self._verb("encode", len(texts)) as usage:
            return self._encoding.vectors(encoder, texts, kind, self._follow, usage)

    def encode_tokens(
        self, encoder: Ref[Encoder], texts: Sequence[str], *, kind: Kind
    ) -> TokenVectors:
        """Texts to token vectors, on disk as float16; `encode` of the same texts is then free."""
        _check_encodes(encoder)
        with self._verb("encode_tokens", len(texts)) as usage:
            return self._encoding.tokens(encoder, texts, kind, self._follow, usage)

    def encode_terms(self, encoder: Ref[Encoder], texts: Sequence[str], *, kind: Kind) -> Any:
        """Texts to weights of words, on disk without those that are 0: a CSR matrix (N, V)."""
        with self._verb("encode_terms", len(texts)) as usage:
            return self._encoding.terms(encoder, texts, kind, self._follow, usage)

    def score(
        self, scorer: Ref[Scorer], queries: Sequence[str], documents: Sequence[str]
    ) -> Floats:
        """Teacher scores of pairs, (N,) float32; each pair is paid for once."""
        with self._verb("score", len(queries)) as usage:
            return self._scoring.scores(scorer, queries, documents, self._follow, usage)

    def write(
        self, writer: Ref[Writer], prompts: Sequence[str], *, count: int, seed: int
    ) -> list[list[Written]]:
        """`count` texts per prompt; a prompt that comes twice gets the same texts."""
        with self._verb("write", len(prompts) * count) as usage:
            return self._writing.texts(
                writer, prompts, count=count, seed=seed, track=self._follow, usage=usage
            )

    def search(
        self,
        index: IndexRef,
        documents: Sequence[str],
        queries: Sequence[str],
        *,
        depth: int = 10,
        among: Integers | None = None,
    ) -> Hits:
        """Ranked documents of each query; or the scores of the documents in `among` (Q, K)."""
        with self._verb("search", len(queries)) as usage:
            built = self._built(index, documents)
            usage["computed"] += len(queries)
            if among is None:
                return built.search(queries, depth)
            return built.rate(queries, np.asarray(among, dtype=np.int64))

    def keep(
        self, name: str, texts: Sequence[str], make: Callable[[], Mapping[str, Array]]
    ) -> Mapping[str, Array]:
        """What an index makes of documents once: arrays on disk, all there or none, mapped."""
        shards = Shards(self.folder / "indexes" / key_of("index", name, texts)[:32])
        if not shards.names(0):
            shards.write(0, make())
        return {array: shards.read(0, array) for array in shards.names(0)}

    def _built(self, index: IndexRef, documents: Sequence[str]) -> Index:
        key = key_of("index", index.fingerprint(), documents)
        if key not in self._indexes:
            while len(self._indexes) >= INDEXES:
                self._indexes.popitem(last=False)
            self._indexes[key] = index.build(documents, self)
        self._indexes.move_to_end(key)
        return self._indexes[key]

    def _follow(self, rows: Iterable[Any], what: str, total: int | None) -> Iterator[Any]:
        """Progress through whatever `track` is now: a run may set it later."""
        return self.track(rows, what, total)

    @contextmanager
    def _verb(self, name: str, asked: int) -> Iterator[dict[str, float]]:
        usage, start = self._usage.of(name), time.perf_counter()
        usage["calls"] += 1
        usage["asked"] += asked
        try:
            yield usage
        finally:
            usage["seconds"] += time.perf_counter() - start


def _check_encodes(encoder: object) -> None:
    """Refuse a cross-encoder where vectors are asked for: a student may be one."""
    if isinstance(encoder, CrossEncoder):
        raise ModelError(
            f"{encoder!r} reads pairs and gives no vectors. Give the part that asks for them an "
            "encoder of its own (encoder=Dense(…)), or another teacher."
        )
