"""Corpus: the documents."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

import pyarrow as pa

from acclimate.tables.table import Table


class Corpus(Table):
    """Documents.

    Columns: `doc_id`; `title` (may be empty); `text`; `parent_id`, the document this one was
    split from; `meta`, whatever else the row brought, as JSON.
    """

    schema: ClassVar[pa.Schema] = pa.schema([
        pa.field("doc_id", pa.string(), nullable=False),
        pa.field("title", pa.string(), nullable=False),
        pa.field("text", pa.string(), nullable=False),
        pa.field("parent_id", pa.string()),
        pa.field("meta", pa.string()),
    ])
    key: ClassVar[tuple[str, ...]] = ("doc_id",)

    @cached_property
    def contents(self) -> list[str]:
        """Title and text of each document as one string: what every model reads."""
        return [f"{title} {text}" if title else text
                for title, text in zip(self["title"], self["text"], strict=True)]
