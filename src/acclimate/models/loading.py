"""Loading: what every model does while its weights are read."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from acclimate.errors import ModelError


@contextmanager
def loading(model: str, role: str) -> Iterator[None]:
    """Without the libraries' progress bars, and with their failures as ours.

    Raises:
        ModelError: when the files are not those of a model for this role.
    """
    from transformers.utils import logging as transformers_logging

    shown = transformers_logging.is_progress_bar_enabled()
    transformers_logging.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            # Old saved models make the libraries warn of settings they renamed themselves.
            warnings.simplefilter("ignore", DeprecationWarning)
            warnings.simplefilter("ignore", FutureWarning)
            yield
    except (OSError, ValueError, TypeError, KeyError, ImportError, RuntimeError) as error:
        raise ModelError(f"{model} could not be loaded as {role}: {error}") from error
    finally:
        if shown:
            transformers_logging.enable_progress_bar()
