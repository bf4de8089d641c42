"""`datasets.Dataset` and `IterableDataset` objects; the library itself is never imported."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from acclimate.errors import TableError
from acclimate.tables.formats.record import Origin, Record

ROWS = 1_000


def is_dataset(source: object) -> bool:
    """Whether a source is a data set, or a dict of them, of the `datasets` library."""
    return type(source).__module__.partition(".")[0] == "datasets"


def read_dataset(source: Any) -> Iterator[Record]:
    """The rows of a data set.

    Raises:
        TableError: when it is a dict of splits.
    """
    if isinstance(source, dict):
        splits = ", ".join(map(str, source))
        raise TableError(
            f"The data set has several splits ({splits}). Pass one of them: "
            f"dataset[{next(iter(source), 'train')!r}]."
        )
    origin = Origin("data set", "row")
    number = 0
    for batch in source.with_format(None).iter(batch_size=ROWS):
        names = list(batch)
        for values in zip(*batch.values(), strict=True):
            number += 1
            yield Record(dict(zip(names, values, strict=True)), origin, number)
