"""Dropout: some numbers of a model are left out by chance while it reads for an update.

Who is to learn that two readings of a text belong together needs readings that differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch


class Dropout:
    """Lets a model drop numbers while texts are read for an update, and never else.

    Which ones depends on the update and on what is read together, and not on what was drawn
    before. So texts that are read twice in an update, once for their vectors and once for the
    gradient, have the same vectors both times, and a training that was killed goes on as if it
    had not been.

    Args:
        model: whose dropout it is, with the shares it was made with.
        seed: of the training.
        on: whether to do so at all.
    """

    def __init__(self, model: Any, seed: int, *, on: bool) -> None:
        self.model = model
        self.seed = seed
        self.on = on
        self.update: int | None = None
        """The update that is read for; None: for none."""

    @contextmanager
    def reading(self, *what: int) -> Iterator[None]:
        """Read something of this update, with the luck of what it is."""
        if not self.on or self.update is None:
            yield
            return
        luck = np.random.SeedSequence([self.seed, self.update, *what])
        torch.manual_seed(int(luck.generate_state(1, np.uint64)[0]))
        self.model.train()
        try:
            yield
        finally:
            self.model.eval()
