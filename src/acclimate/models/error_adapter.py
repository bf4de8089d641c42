"""ErrorAdapter: tells from two vectors what kind of error a label is, and moves the document.

Shapes: N pairs of a query and a document, D dimensions, C classes.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from acclimate.errors import ModelError
from acclimate.models.ref import Floats

CLASSES = ("true positive", "false negative", "false positive", "true negative")
"""What a label may be: positive is the source of a query, negative any other document."""

RELEVANT = [CLASSES.index("true positive"), CLASSES.index("false negative")]
"""Those of a document that is relevant, whatever its label is."""

WEIGHTS = "adapter.safetensors"


class ErrorAdapter(torch.nn.Module):
    """A document moved by what stands between it and its query, and the classes of the pair.

    z(q, c) = [q − c, q ⊙ c, q + c], brought to like sizes; c' = c + MLP(z(q, c)), which begins at
    c; the classes are a linear map of z(q, c').

    Args:
        dimension: D.
        hidden: width of the MLP.
    """

    def __init__(self, dimension: int, hidden: int) -> None:
        super().__init__()
        self.inner = torch.nn.Linear(3 * dimension, hidden)
        self.move = torch.nn.Linear(hidden, dimension)
        self.classes = torch.nn.Linear(3 * dimension, len(CLASSES))
        torch.nn.init.zeros_(self.move.weight)
        torch.nn.init.zeros_(self.move.bias)

    def forward(
        self, queries_ND: torch.Tensor, documents_ND: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Adapted documents (N, D), and logits of the classes (N, C)."""
        inner_NH = self.inner(seen(queries_ND, documents_ND)).relu()
        adapted_ND = documents_ND + self.move(inner_NH)
        return adapted_ND, self.classes(seen(queries_ND, adapted_ND))

    def relevance(self, queries_ND: Floats, documents_ND: Floats) -> Floats:
        """How likely each document is relevant to its query, (N,)."""
        with torch.no_grad():
            _, logits = self(torch.from_numpy(queries_ND), torch.from_numpy(documents_ND))
            told: Floats = logits.softmax(dim=1)[:, RELEVANT].sum(dim=1).numpy()
        return told

    def save(self, folder: Path) -> None:
        """Write the weights into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        save_file(self.state_dict(), folder / WEIGHTS, metadata={"format": "pt"})


def opened(folder: Path) -> ErrorAdapter:
    """The adapter that was saved in a folder.

    Raises:
        ModelError: when there is none.
    """
    if not (folder / WEIGHTS).is_file():
        raise ModelError(
            f"{folder} has no {WEIGHTS}. Give the folder `adapter` of a step "
            "loops.FalseNegativeAdapter(reranks=True)."
        )
    state = load_file(folder / WEIGHTS)
    hidden, width = state["inner.weight"].shape
    adapter = ErrorAdapter(width // 3, hidden)
    adapter.load_state_dict(state)
    return adapter


def seen(queries_ND: torch.Tensor, documents_ND: torch.Tensor) -> torch.Tensor:
    """Difference, product and sum, (N, 3 D); of unit vectors all entries are about 1."""
    root = queries_ND.shape[1] ** 0.5
    product_ND = root * queries_ND * documents_ND
    parts = (queries_ND - documents_ND, product_ND, queries_ND + documents_ND)
    joined_NX: torch.Tensor = root * torch.cat(parts, dim=1)
    return joined_NX
