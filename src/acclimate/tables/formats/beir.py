"""BEIR folders: corpus.jsonl, queries.jsonl, qrels/<split>.tsv, each plain or .gz."""

from __future__ import annotations

from pathlib import Path

from acclimate.errors import TableError, near_miss


def beir_file(folder: Path, stem: str) -> Path | None:
    """The file of a BEIR folder, plain or compressed; None when it is not there."""
    for ending in ("", ".gz"):
        path = folder / f"{stem}{ending}"
        if path.is_file():
            return path
    return None


def beir_qrels(folder: Path, split: str | None) -> Path:
    """The judgements of a split; without a split "test", or the only one there is.

    Raises:
        TableError: when there is none, or several and none is named test.
    """
    splits = {
        path.name.partition(".")[0]: path for path in sorted((folder / "qrels").glob("*.tsv*"))
    }
    wanted = split or ("test" if "test" in splits or len(splits) != 1 else next(iter(splits)))
    if wanted not in splits:
        raise TableError(
            f"{folder.name} has no qrels/{wanted}.tsv."
            f"{near_miss(wanted, splits)} A BEIR folder holds corpus.jsonl, "
            "queries.jsonl and qrels/<split>.tsv."
        )
    return splits[wanted]
