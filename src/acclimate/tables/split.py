"""Split: long documents become pieces of as many tokens as the student reads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from acclimate.errors import TableError

STEP = 8
"""Room for titles is rounded up to this many tokens, so that few splitters serve all titles."""
BATCH = 1_024


def split_rows(
    rows: pa.Table, max_tokens: int, tokenizer: Any, overlap: int
) -> tuple[pa.Table, int]:
    """The rows of a corpus with long ones split, and how many those were."""
    if max_tokens < 2 * STEP:
        raise TableError(
            f"max_tokens={max_tokens} is too few to split by: give at least {2 * STEP}."
        )
    if not 0 <= overlap < max_tokens // 2:
        raise TableError(
            f"overlap={overlap} must be from 0 to less than half of max_tokens={max_tokens}."
        )
    splitter = _Splitter(max_tokens, tokenizer, overlap)
    parts, count = [], 0
    for batch in rows.to_batches(max_chunksize=BATCH):
        table = pa.Table.from_batches([batch])
        source, texts, ids, parents = _split_batch(table, splitter)
        if not texts:
            parts.append(table)
            continue
        taken = table.take(pa.array(source))
        for name, values in (("text", texts), ("doc_id", ids), ("parent_id", parents)):
            at = taken.schema.get_field_index(name)
            merged = [
                new if new is not None else old
                for new, old in zip(values, taken.column(name).to_pylist(), strict=True)
            ]
            taken = taken.set_column(at, taken.schema.field(at), pa.array(merged, pa.string()))
        parts.append(taken)
        count += len({s for s, new in zip(source, ids, strict=True) if new is not None})
    whole = pa.concat_tables(parts) if parts else rows
    return whole.replace_schema_metadata(rows.schema.metadata), count


def _split_batch(
    table: pa.Table, splitter: _Splitter
) -> tuple[list[int], list[str | None], list[str | None], list[str | None]]:
    """For each row to come: which row it is from, and its new text, id and parent or None."""
    rows = table.select(["doc_id", "title", "text", "parent_id"]).to_pylist()
    long = splitter.too_long([(row["title"], row["text"]) for row in rows])
    if not any(long):
        return [], [], [], []
    source: list[int] = []
    news: tuple[list[str | None], list[str | None], list[str | None]] = ([], [], [])
    for at, (row, is_long) in enumerate(zip(rows, long, strict=True)):
        chunks = splitter.chunks(row["title"], row["text"]) if is_long else []
        if len(chunks) < 2:
            source.append(at)
            for column in news:
                column.append(None)
            continue
        source.extend([at] * len(chunks))
        news[0].extend(chunks)
        news[1].extend(f"{row['doc_id']}#{n}" for n in range(len(chunks)))
        news[2].extend([row["parent_id"] or row["doc_id"]] * len(chunks))
    return source, *news


class _Splitter:
    """Counts tokens and cuts texts, whatever kind of tokenizer it was given."""

    def __init__(self, max_tokens: int, tokenizer: Any, overlap: int) -> None:
        self.overlap = overlap
        self.tokenizer = _tokenizer(tokenizer)
        special = 0 if self._counts else self.tokenizer.num_special_tokens_to_add(is_pair=False)
        self.room = max_tokens - special
        self._splitters: dict[int, Any] = {}

    @property
    def _counts(self) -> bool:
        return not hasattr(self.tokenizer, "encode_batch")

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, special ones aside."""
        if self._counts:
            return [int(self.tokenizer(text)) for text in texts]
        found = self.tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [len(encoding) for encoding in found]

    def too_long(self, rows: Sequence[tuple[str, str]]) -> list[bool]:
        """Which (title, text) are longer than there is room."""
        contents = [f"{title} {text}" if title else text for title, text in rows]
        # A token is at least one character but for rare ones, so most need no counting.
        maybe = [at for at, content in enumerate(contents) if 2 * len(content) > self.room]
        long = [False] * len(rows)
        for at, count in zip(maybe, self.count([contents[at] for at in maybe]), strict=True):
            long[at] = count > self.room
        return long

    def chunks(self, title: str, text: str) -> list[str]:
        """The pieces of a text, with room for the title (at most half of all) in each."""
        head = self.count([title])[0] if title else 0
        room = max(self.room - -(-head // STEP) * STEP, self.room // 2)
        if room not in self._splitters:
            self._splitters[room] = self._make(room)
        return [chunk for chunk in self._splitters[room].chunks(text) if chunk.strip()]

    def _make(self, room: int) -> Any:
        from semantic_text_splitter import TextSplitter

        overlap = min(self.overlap, room - 1)
        if self._counts:
            return TextSplitter.from_callback(self.tokenizer, room, overlap)
        return TextSplitter.from_huggingface_tokenizer(self.tokenizer, room, overlap)


def _tokenizer(given: Any) -> Any:
    """A tokenizer of our own that neither truncates nor pads, or the function that was given."""
    given = getattr(given, "backend_tokenizer", given)
    if isinstance(given, (str, Path)):
        given = _load(Path(given))
    elif not hasattr(given, "encode_batch"):
        if callable(given):
            return given
        raise TableError(
            f"tokenizer must be a tokenizers.Tokenizer, the path of a "
            f"tokenizer.json or a function; there is {type(given).__name__}."
        )
    own = type(given).from_str(given.to_str())
    own.no_truncation()
    own.no_padding()
    return own


def _load(path: Path) -> Any:
    from tokenizers import Tokenizer

    path = path / "tokenizer.json" if path.is_dir() else path
    if not path.is_file():
        raise TableError(
            f"There is no tokenizer at {str(path)!r}. Give the path of a "
            "tokenizer.json or of a model's folder."
        )
    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises no narrower class
        raise TableError(f"{path.name} is no tokenizer: {error}") from error
