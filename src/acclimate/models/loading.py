"""Loading: what every model does while its weights are read."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from acclimate.errors import ModelError


class Files(Protocol):
    """What a model as a value says of its files and of how much it reads."""

    @property
    def model(self) -> str:
        """Hub name or folder."""
        ...

    @property
    def max_length(self) -> int | None:
        """Tokens a text is cut to; None: as the model says."""
        ...

    @property
    def trust_remote_code(self) -> bool:
        """Whether Python code that comes with it may run."""
        ...

    def folder(self) -> Path:
        """Where its files are."""
        ...


def loaded(ref: Files, opener: Any, role: str, device: str) -> Any:
    """A model of sentence-transformers, in float32 and for evaluation, that reads as told.

    Args:
        ref: which.
        opener: the class of sentence-transformers that reads its files.
        role: what it is to be, in words.
        device: where it is to work.

    Raises:
        ModelError: when its files are not those of a model for this role.
    """
    folder = ref.folder()
    with loading(ref.model, role):
        model = opener(
            str(folder),
            device=device,
            trust_remote_code=ref.trust_remote_code,
            local_files_only=True,
            model_kwargs={"dtype": "float32"},
        )
    if ref.max_length is not None:
        model.max_seq_length = ref.max_length
    return model.eval()


def prompted(model: Any, ref: Any) -> Any:
    """The model with the prompts that a value gives it."""
    for name, prompt in (("query", ref.query_prompt), ("document", ref.document_prompt)):
        if prompt is not None:
            model.prompts[name] = prompt
    return model


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
