"""Near-duplicates among many texts, by MinHash and locality-sensitive hashing, in NumPy.

A text is the set of its runs of characters; two texts are near-duplicates when the sets' Jaccard
similarity |A ∩ B| / |A ∪ B| reaches a threshold. Sketches only propose pairs: each is checked on
the sets themselves, so no pair below the threshold is ever reported.

The sets are hashed with one rolling hash over all texts of a block at once; a million queries
take about half a minute. datasketch hashes text by text in Python and would take an hour.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from acclimate.parts._words import normal

Bits = np.ndarray[Any, np.dtype[np.uint64]]

_BLOCK_CHARACTERS = 2_000_000
_HASHES = 60
_ESTIMATE_SLACK = 0.2
_PRIME = np.uint64(0x9E3779B97F4A7C15)


class Sketches:
    """MinHash sketches of texts.

    Args:
        texts: any; compared as words in small letters.
        threshold: Jaccard similarity from which two texts are near-duplicates, 0…1.
        width: characters of a run.
        sample: for long texts: only one in `sample` runs counts, chosen by its hash.
    """

    def __init__(
        self, texts: Sequence[str], threshold: float, *, width: int = 4, sample: int = 1
    ) -> None:
        self._texts = texts
        self._threshold = threshold
        self._width = width
        self._sample = sample
        self._set = lru_cache(maxsize=10_000)(self._runs)
        signatures = [_minima(runs, ends) for runs, ends in self._blocks()]
        self.signatures = np.concatenate([np.empty((0, _HASHES), np.uint32), *signatures])
        self._bands = _banded(self.signatures, rows_of_a_band(threshold))

    def repeated(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Which texts are near-duplicates of an earlier one that is none itself, (N,)."""
        repeated = np.zeros(len(self._texts), dtype=bool)
        groups = _groups(self._bands)
        kept: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        for row in np.flatnonzero((groups >= 0).any(axis=1)).tolist():
            meets = [(band, g) for band, g in enumerate(groups[row].tolist()) if g >= 0]
            earlier = sorted({other for key in meets for other in kept.get(key, ())})
            repeated[row] = self._any_near(row, earlier)
            if not repeated[row]:
                for key in meets:
                    kept[key].append(row)
        return repeated

    def near(self, rows: Iterable[int]) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Which texts are near-duplicates of one of these rows; the rows themselves are, (N,)."""
        given = np.asarray(sorted(set(rows)), dtype=np.int64)
        near = np.zeros(len(self._texts), dtype=bool)
        near[given] = True
        meets = np.zeros(len(self._texts), dtype=bool)
        theirs: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        for band, values in enumerate(self._bands.T):
            meets |= np.isin(values, values[given])
            for row, value in zip(given.tolist(), values[given].tolist(), strict=True):
                theirs[band, value].append(row)
        for row in np.flatnonzero(meets & ~near).tolist():
            keys = enumerate(self._bands[row].tolist())
            others = sorted({other for key in keys for other in theirs.get(key, ())})
            near[row] = self._any_near(row, others)
        return near

    def _any_near(self, row: int, others: list[int]) -> bool:
        if not others:
            return False
        same = (self.signatures[others] == self.signatures[row]).mean(axis=1)
        likely = np.flatnonzero(same >= self._threshold - _ESTIMATE_SLACK)
        if not len(likely):
            return False
        own = self._set(row)
        nearest_first = likely[np.argsort(-same[likely], kind="stable")].tolist()
        return any(
            jaccard(own, self._set(others[place])) >= self._threshold for place in nearest_first
        )

    def _runs(self, row: int) -> frozenset[str]:
        return runs(self._texts[row], self._width)

    def _blocks(self) -> Iterator[tuple[Bits, np.ndarray[Any, np.dtype[np.int64]]]]:
        """Hashes of all runs of some texts, one after the other, and where each text ends."""
        block: list[str] = []
        size = 0
        for text in self._texts:
            block.append(_padded(text, self._width))
            size += len(block[-1])
            if size > _BLOCK_CHARACTERS:
                yield _hashed(block, self._width, self._sample)
                block, size = [], 0
        if block:
            yield _hashed(block, self._width, self._sample)


def runs(text: str, width: int) -> frozenset[str]:
    """The set of a text's runs of `width` characters; a shorter text is its own run."""
    padded = _padded(text, width)
    return frozenset(padded[i : i + width] for i in range(len(padded) - width + 1))


def jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    """|A ∩ B| / |A ∪ B|; 1 for two empty sets."""
    together = len(a | b)
    return len(a & b) / together if together else 1.0


def _padded(text: str, width: int) -> str:
    return normal(text).ljust(width)


def _hashed(
    texts: list[str], width: int, sample: int
) -> tuple[Bits, np.ndarray[Any, np.dtype[np.int64]]]:
    joined = "".join(texts).encode("utf-32-le", "surrogatepass")
    codes = np.frombuffer(joined, dtype="<u4").astype(np.uint64)
    lengths = np.asarray([len(t) for t in texts])
    found = np.zeros(len(codes) - width + 1, dtype=np.uint64)
    for offset in range(width):
        found = found * _PRIME + codes[offset : offset + len(found)] + np.uint64(1)
    found ^= found >> np.uint64(29)
    found *= np.uint64(0xBF58476D1CE4E5B9)
    found ^= found >> np.uint64(32)
    text_of = np.repeat(np.arange(len(texts)), lengths)[: len(found)]
    within = np.arange(len(found)) - (np.cumsum(lengths) - lengths)[text_of]
    kept = within <= lengths[text_of] - width  # runs do not cross from one text to the next
    if sample > 1:
        chosen = kept & (found % np.uint64(sample) == 0)
        has = np.zeros(len(texts), dtype=bool)
        has[text_of[chosen]] = True
        kept = chosen | (kept & ~has[text_of])
    ends = np.cumsum(np.bincount(text_of[kept], minlength=len(texts)))
    return found[kept], ends


def _minima(runs: Bits, ends: np.ndarray[Any, np.dtype[np.int64]]) -> np.ndarray[Any, Any]:
    """The least of each of 60 hashes over the runs of each text, (texts, 60) uint32."""
    starts = np.concatenate([[0], ends[:-1]])
    draw = np.random.Generator(np.random.PCG64(0))
    factors = draw.integers(1, 2**63, size=_HASHES, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    least = np.empty((len(ends), _HASHES), dtype=np.uint32)
    for place, factor in enumerate(factors):
        mixed = ((runs * factor) >> np.uint64(32)).astype(np.uint32)
        least[:, place] = np.minimum.reduceat(mixed, starts)
    return least


def rows_of_a_band(threshold: float) -> int:
    """How many hashes two texts must share in a row to be looked at: fewer for lower thresholds."""
    return 5 if threshold >= 0.8 else 4


def _banded(signatures: np.ndarray[Any, Any], rows: int) -> Bits:
    """One number for each few hashes: texts that share one are looked at as a pair."""
    parts = signatures.reshape(len(signatures), _HASHES // rows, rows).astype(np.uint64)
    bands = np.zeros(parts.shape[:2], dtype=np.uint64)
    for row in range(rows):
        bands = (bands ^ parts[:, :, row]) * _PRIME + np.uint64(row)
        bands ^= bands >> np.uint64(31)
    return bands


def _groups(bands: Bits) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Which group of texts each text meets in each band, (N, bands); -1 where it is alone."""
    groups = np.full(bands.shape, -1, dtype=np.int64)
    for band, values in enumerate(bands.T):
        _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
        groups[:, band] = np.where(counts[which] > 1, which, -1)
    return groups


def chance_to_meet(similarity: float, threshold: float) -> float:
    """How likely a pair of this Jaccard similarity is looked at: 1 − (1 − s^rows)^bands.

    Example:
        >>> round(chance_to_meet(0.8, threshold=0.8), 3), round(chance_to_meet(0.3, 0.8), 3)
        (0.991, 0.029)
        >>> round(chance_to_meet(0.7, threshold=0.7), 3)
        0.984
    """
    rows = rows_of_a_band(threshold)
    return 1 - math.pow(1 - similarity**rows, _HASHES // rows)
