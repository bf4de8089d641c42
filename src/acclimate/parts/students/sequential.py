"""Sequential: a student that knows what it has picked already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from acclimate.errors import ModelError
from acclimate.models.student import Student
from acclimate.parts._routes import with_ways


@dataclass(frozen=True, kw_only=True)
class Sequential:
    """A frozen encoder with a state: each document that was picked moves what is searched with.

    Documents that belong together (examples for a prompt, evidence in several places) are picked
    one after another. With a query's vector q and vectors v of those picked, the next search is
    q + U q + W · mean v; the maps U and W alone learn, and begin at zero: then the student picks
    what the encoder finds. It learns in `loops.StepByStep`, and `miners.StepByStep` picks with it.

    It is saved as one sentence-transformers model with three routes: `encode_query`,
    `encode_document`, and `encode(…, task="picked")` for a document's part of the state. Documents
    keep their vectors. A plain search takes it for a query encoder with a map.

    Rows: [047], [051].

    Paper:   Learning to Retrieve Iteratively for In-Context Learning (IterR), EMNLP 2024.
             https://arxiv.org/abs/2406.14739
             Reinforcing Compositional Retrieval (RCR), 2025. https://arxiv.org/abs/2504.11420
    Code:    none followed.
    Differs: the state is the mean of what was picked, behind a map, and so knows no order; a
             recurrent unit in IterR, a third encoder in RCR. Only the maps learn.
    Cost:    2 · D · D numbers learn, D the dimensions; texts are encoded once.

    Returns:
        The student, which learns this way from now on.

    Raises:
        ModelError: when the student has routes of another kind already.
    """

    @property
    def documents_frozen(self) -> bool:
        """Documents are encoded as the encoder always did."""
        return True

    @property
    def training_tokens(self) -> None:
        """Texts are read as far as the model reads."""
        return None

    def head(self, model: Any) -> None:
        """There is one map for queries and one for documents; no loop of one head fits."""
        del model

    def prepare(self, model: Any) -> Any:
        """The model with its three routes, of which the maps are free to move."""
        import torch
        from sentence_transformers.base.modules import Dense, Router

        from acclimate.models.encoders.state import ROUTE

        if isinstance(model[0], Router):
            if ROUTE not in model[0].sub_modules:
                raise ModelError(
                    "Sequential: the student has routes of another kind already. Give a plain "
                    "dense encoder."
                )
            made = model
        else:
            width, base = int(model.get_embedding_dimension()), list(model.children())

            def zero(*, residual: bool) -> Any:
                return Dense(
                    width,
                    width,
                    bias=False,
                    activation_function=torch.nn.Identity(),
                    init_weight=torch.zeros(width, width),
                    use_residual=residual,
                ).to(model.device)

            made = with_ways(
                model,
                {
                    "query": [*base, zero(residual=True)],
                    "document": base,
                    ROUTE: [*base, zero(residual=False)],
                },
            )
        made.requires_grad_(requires_grad=False)
        for route in ("query", ROUTE):
            made[0].sub_modules[route][-1].requires_grad_()
        return made

    def __call__(self, student: Student) -> Student:
        """Let the maps learn."""
        return student.shaped_anew(self)
