"""Ledger: every teacher score that was ever paid for, in Parquet files that runs can share."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from acclimate.errors import StoreError
from acclimate.models.ref import Floats

Keys = np.ndarray[Any, Any]

DIGEST_BYTES = 16
"""Of each text: among 10^9 texts, one in 10^20 chances that two share a hash."""

SCHEMA = pa.schema([
    pa.field("query", pa.binary(DIGEST_BYTES), nullable=False),
    pa.field("document", pa.binary(DIGEST_BYTES), nullable=False),
    pa.field("score", pa.float32(), nullable=False),
])  # fmt: skip


class Ledger:
    """Teacher scores by (teacher fingerprint, query hash, document hash).

    Each `add` is a file of its own, whole or not there; several runs may add at once. A pair that
    is there keeps its first score.

    Args:
        folder: one folder per teacher is kept inside.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seen: dict[str, set[str]] = {}
        self._known: dict[str, tuple[Keys, Floats]] = {}

    def find(
        self, teacher: str, queries: Sequence[str], documents: Sequence[str]
    ) -> tuple[Floats, np.ndarray[Any, Any]]:
        """Scores of pairs, and which of them are known, (N,) each; unknown ones are NaN."""
        keys, values = self._load(teacher)
        wanted = _pairs(_digests(queries), _digests(documents))
        scores: Floats = np.full(len(wanted), np.nan, dtype=np.float32)
        if not len(keys):
            return scores, np.zeros(len(wanted), dtype=bool)
        places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        known = keys[places] == wanted
        scores[known] = values[places[known]]
        return scores, known

    def add(
        self, teacher: str, queries: Sequence[str], documents: Sequence[str], scores: Floats
    ) -> None:
        """Keep scores of pairs.

        Raises:
            StoreError: when the folder cannot be written, or a score is not a number.
        """
        if not np.isfinite(scores).all():
            raise StoreError("A teacher gave a score that is not a finite number; it is not kept.")
        by_query, by_document = _digests(queries), _digests(documents)
        rows = pa.table([by_query, by_document, pa.array(scores, pa.float32())], schema=SCHEMA)
        name = hashlib.sha256(b"".join(by_query) + b"".join(by_document)).hexdigest()[:32]
        folder = self._folder(teacher)
        path = folder / f"{name}.parquet"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            part = path.with_name(f"{path.name}.{os.getpid()}.part")
            pq.write_table(rows, part, compression="zstd")
            part.replace(path)
        except OSError as error:
            raise StoreError(f"Cannot write {path}: {error.strerror or error}.") from error
        self._load(teacher)

    def size(self, teacher: str) -> int:
        """How many pairs of a teacher are known."""
        return len(self._load(teacher)[0])

    def _folder(self, teacher: str) -> Path:
        return self.folder / hashlib.sha256(teacher.encode()).hexdigest()[:32]

    def _load(self, teacher: str) -> tuple[Keys, Floats]:
        """All known pairs, sorted by key; files that came since the last call are read."""
        seen = self._seen.setdefault(teacher, set())
        files = sorted(self._folder(teacher).glob("*.parquet"))
        new = [path for path in files if path.name not in seen]
        keys, values = self._known.get(teacher, (np.zeros(0, "S16"), np.zeros(0, np.float32)))
        if new:
            loaded = [_read(path) for path in new]
            all_keys = np.concatenate([keys, *(pair[0] for pair in loaded)])
            # The first of equal keys is the one that was known before.
            keys, first = np.unique(all_keys, return_index=True)
            values = np.concatenate([values, *(pair[1] for pair in loaded)])[first]
            self._known[teacher] = keys, values
            seen.update(path.name for path in new)
        return keys, values


def _read(path: Path) -> tuple[Keys, Floats]:
    try:
        rows = pq.read_table(path, schema=SCHEMA)
    except (OSError, pa.ArrowInvalid) as error:
        raise StoreError(
            f"{path} cannot be read ({error}). Delete it: its pairs are scored again."
        ) from error
    keys = _pairs(rows.column("query").to_pylist(), rows.column("document").to_pylist())
    return keys, rows.column("score").to_numpy()


def _digests(texts: Sequence[str]) -> list[bytes]:
    known: dict[str, bytes] = {}
    for text in texts:
        if text not in known:
            data = text.encode("utf-8", "surrogatepass")
            known[text] = hashlib.blake2b(data, digest_size=DIGEST_BYTES).digest()
    return [known[text] for text in texts]


def _pairs(queries: list[bytes], documents: list[bytes]) -> Keys:
    """One key per pair. NumPy ignores zeros at the end of a key, on both sides alike."""
    keys = [
        hashlib.blake2b(query + document, digest_size=DIGEST_BYTES).digest()
        for query, document in zip(queries, documents, strict=True)
    ]
    return np.array(keys, dtype=f"S{DIGEST_BYTES}")
