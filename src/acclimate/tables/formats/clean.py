"""Values to clean strings. What had to be repaired is counted; documents are untrusted text."""

from __future__ import annotations

import math
import re
from typing import Any

from acclimate.errors import TableError
from acclimate.tables.formats.record import Record
from acclimate.tables.intake import Tally

CONTROLS = bytes([*range(9), *range(14, 32), 11, 12, 127])
"""ASCII control characters but for tab, line feed and carriage return."""
TO_SPACE = {code: "\n" if code in (11, 12) else " " for code in CONTROLS}
SURROGATES = re.compile("[\ud800-\udfff]")


def clean_text(value: Any, field: Any, record: Record, tally: Tally) -> str:
    """The text of a field: None is empty, lists of strings become lines.

    Raises:
        TableError: when the value is no text.
    """
    if value is None:
        return ""
    if isinstance(value, (list, tuple)) and all(isinstance(v, str) for v in value):
        value = "\n".join(value)
    if isinstance(value, float) and math.isnan(value):
        return ""  # how pandas writes what is missing
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise TableError(
            f"{record.place}: the field {str(field)!r} must be text; there is "
            f"{type(value).__name__}: {str(value)[:40]!r}. Name another field with "
            "read(…, fields={…})."
        )
    return _repaired(value, record, tally)


def clean_id(value: Any, field: Any, record: Record, tally: Tally) -> str:
    """An id as a string: 7 and 7.0 are "7"; empty when there is none.

    Raises:
        TableError: when the value is no id.
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, (dict, list, tuple, bool)):
        raise TableError(
            f"{record.place}: the id in {str(field)!r} must be a string or a whole "
            f"number; there is {type(value).__name__}: {str(value)[:40]!r}."
        )
    return clean_text(value, field, record, tally)


def _repaired(text: str, record: Record, tally: Tally) -> str:
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError:
        tally.count("half of a surrogate pair: replaced", record.place)
        text = SURROGATES.sub("\ufffd", _paired(text))
        data = text.encode("utf-8")
    if len(data.translate(None, CONTROLS)) != len(data):
        tally.count("control characters: replaced by spaces", record.place)
        text = text.translate(TO_SPACE)
    return text


def _paired(text: str) -> str:
    """Two halves that stand side by side are one character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
