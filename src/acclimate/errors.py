"""Every exception acclimate raises on purpose.

::

    AcclimateError
    ├── TableError        rows, columns, ids or files that do not fit their table
    ├── RecipeError       parts that do not fit together, unknown recipes and settings
    ├── ModelError        a model that cannot be found, loaded or used in this role
    │   └── MissingExtraError   an optional dependency that is not installed
    ├── StoreError        a run folder that cannot be written, read or resumed
    └── ServiceError      a remote endpoint that refuses or fails

A message says what, where, what was there instead, and what to do.
"""

import difflib
from collections.abc import Iterable


class AcclimateError(Exception):
    """Anything acclimate raises on purpose."""


class TableError(AcclimateError):
    """Rows, columns, ids or files that do not fit their table."""


class RecipeError(AcclimateError):
    """Parts that do not fit together; unknown recipes and settings."""


class ModelError(AcclimateError):
    """A model that cannot be found, loaded or used in this role."""


class MissingExtraError(ModelError):
    """An optional dependency that is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"{package} is not installed. Run: pip install 'acclimate[{extra}]'")


class StoreError(AcclimateError):
    """A run folder that cannot be written, read or resumed."""


class ServiceError(AcclimateError):
    """A remote endpoint that refuses or fails."""


def near_miss(word: str, valid: Iterable[str]) -> str:
    """A sentence that lists the valid choices and suggests the closest one."""
    choices = sorted(valid)
    close = difflib.get_close_matches(word, choices, n=1)
    hint = f" Did you mean {close[0]!r}?" if close else ""
    return f"{hint} Choose from: {', '.join(choices) or 'nothing'}."
