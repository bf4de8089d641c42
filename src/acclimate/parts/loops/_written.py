"""Written: a model's folder, whole or not there, named by what is in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from acclimate.models.encoders.stem import record
from acclimate.models.student import Model
from acclimate.models.weights import digest


@contextmanager
def silently() -> Iterator[None]:
    """Without the libraries' progress bars."""
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()


def finished(model: Any, folder: Path, *, behind: Model | None = None) -> Path:
    """Save a sentence-transformers model as `model-<hash of its files>` below a folder.

    The name changes with the weights: a library that keeps opened models by path never serves
    old ones.

    Args:
        model: an opened sentence-transformers model.
        folder: where its folder is made.
        behind: the encoder a head was trained behind, to be recorded; None where there is none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"model.{os.getpid()}.part"
    shutil.rmtree(part, ignore_errors=True)
    with silently():
        model.save_pretrained(str(part), create_model_card=False)
    if behind is not None:
        record(behind, part)
    final = folder / f"model-{digest(part)[:12]}"
    if final.exists():
        shutil.rmtree(final)
    part.replace(final)
    return final.resolve()
