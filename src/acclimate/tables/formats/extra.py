"""Libraries of the `docs` extra, imported when a file needs them."""

from __future__ import annotations

import importlib
from typing import Any

from acclimate.errors import MissingExtraError


def docs_library(name: str) -> Any:
    """A library that reads documents people wrote in other programs.

    Raises:
        MissingExtraError: when it is not installed.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise MissingExtraError(name, "docs") from error
