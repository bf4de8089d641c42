"""Records: the fields of documents that are rows of a table or of a knowledge base."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from acclimate.parts._words import clean, length_words

_LINE = re.compile(
    r"^[ \t]*(?:[-*][ \t]+)?(\w+(?:[ _/-]\w+){0,2})[ \t]*:[ \t]+(\S[^\n]*)", re.MULTILINE
)
_LONGEST_VALUE_WORDS = 8

Field = tuple[str, str]
"""A name and a value."""


def record_of(meta: str | None, text: str) -> Iterator[Field]:
    """The fields of a record as (name, value): short ones, with words, each name once."""
    brought = json.loads(meta) if meta else {}
    items = list(brought.items()) if isinstance(brought, dict) else []
    lines = _LINE.findall(text)
    seen = set()
    for name, value in [*items, *(lines if len(lines) > 1 else ())]:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            continue
        shown, called = clean(str(value)), clean(str(name).replace("_", " "))
        short = 0 < length_words(shown) <= _LONGEST_VALUE_WORDS and "://" not in shown
        if called and short and called.casefold() not in seen:
            seen.add(called.casefold())
            yield called, shown
