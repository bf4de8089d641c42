"""Which format a source is in, and its rows."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from acclimate.errors import TableError, near_miss
from acclimate.tables.formats.beir import beir_file
from acclimate.tables.formats.delimited import read_csv, read_tsv
from acclimate.tables.formats.dicts import read_dicts
from acclimate.tables.formats.hugging_face import is_dataset, read_dataset
from acclimate.tables.formats.ir_datasets import is_collection, read_collection
from acclimate.tables.formats.jsonl import read_json, read_jsonl
from acclimate.tables.formats.record import Record
from acclimate.tables.formats.tabular import read_arrow, read_parquet
from acclimate.tables.formats.text import WHOLE, read_all_whole, read_whole
from acclimate.tables.formats.trec import is_trec, read_trec
from acclimate.tables.intake import Tally

Reader = Callable[[Path, str, Tally], Iterator[Record]]

ROWS: Mapping[str, Reader] = {
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".parquet": read_parquet,
    ".arrow": read_arrow,
    ".feather": read_arrow,
    ".csv": read_csv,
    ".tsv": read_tsv,
    ".trec": read_trec,
    ".sgml": read_trec,
    ".sgm": read_trec,
    ".json": read_json,
}
"""Files of rows. In a folder the first kind found is read, so the order matters: a folder that
`datasets` saved holds .arrow files and a .json that describes them."""


def read_source(source: Any, stem: str, tally: Tally) -> Iterator[Record]:
    """The rows of a path, a data set, or rows in memory.

    Args:
        source: file, folder, `datasets` object, collection of `ir_datasets`, or an iterable of
            dicts or strings.
        stem: which file of a BEIR folder is meant: "corpus.jsonl" or "queries.jsonl".
        tally: counts what was skipped or repaired.

    Raises:
        TableError: when the source is none of these, or cannot be read.
    """
    if is_collection(source):
        return read_collection(source, stem)
    if isinstance(source, (str, os.PathLike)):
        return _read_path(Path(source), stem, tally)
    if is_dataset(source):
        return read_dataset(source)
    if isinstance(source, Mapping) or not isinstance(source, Iterable):
        raise TableError(
            f"A {type(source).__name__} is no source of rows. Give a path, a "
            "datasets.Dataset, or a list of dicts."
        )
    return read_dicts(source)


def ending(path: Path) -> str:
    """What a file's name says of its format, compression aside."""
    return Path(path.name.removesuffix(".gz")).suffix.lower()


def _read_path(path: Path, stem: str, tally: Tally) -> Iterator[Record]:
    if path.is_dir():
        return _read_folder(path, stem, tally)
    if not path.exists():
        there = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        hint = near_miss(path.name, sorted(there)[:50]) if there else ""
        raise TableError(f"There is no file or folder {str(path)!r}.{hint}")
    kind = ending(path)
    if kind in ROWS:
        return ROWS[kind](path, path.name, tally)
    if path.suffix.lower() in WHOLE and not (kind == ".txt" and is_trec(path)):
        return read_whole(path, path.name, tally)
    if is_trec(path):
        return read_trec(path, path.name, tally)
    raise TableError(f"{path.name} is in no format known here.{near_miss(kind, [*ROWS, *WHOLE])}")


def _read_folder(folder: Path, stem: str, tally: Tally) -> Iterator[Record]:
    beir = beir_file(folder, stem)
    if beir:
        return read_jsonl(beir, beir.name, tally)
    paths = _files(folder)
    whole = {name: p for name, p in paths.items() if p.suffix.lower() in WHOLE}
    if whole:
        _count_others(paths, whole, tally)
        return read_all_whole(whole, tally)
    for kind, reader in ROWS.items():
        chosen = {name: p for name, p in paths.items() if ending(p) == kind}
        if chosen:
            _count_others(paths, chosen, tally)
            return chain.from_iterable(reader(p, name, tally) for name, p in chosen.items())
    endings = ", ".join(sorted({ending(p) or "none" for p in paths.values()})) or "no files"
    raise TableError(
        f"The folder {folder.name!r} holds no documents: there are {endings}. Known: "
        f"{', '.join([*WHOLE, *ROWS])}, or a BEIR folder with {stem}."
    )


def _files(folder: Path) -> dict[str, Path]:
    """Files below a folder by their path in it, in a fixed order; hidden ones left out."""
    found = {}
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in names:
            if not name.startswith("."):
                path = Path(root, name)
                found[path.relative_to(folder).as_posix()] = path
    return dict(sorted(found.items()))


def _count_others(paths: Mapping[str, Path], chosen: Mapping[str, Path], tally: Tally) -> None:
    for name in [n for n in paths if n not in chosen]:
        tally.count(f"file of another kind ({ending(paths[name]) or 'no ending'}): not read", name)
