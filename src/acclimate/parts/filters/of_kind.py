"""OfKind: queries of some kinds alone."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.parts.part import Context
from acclimate.tables import Queries


@dataclass(frozen=True, kw_only=True)
class OfKind:
    """Queries whose kind is one of these; for a stage of training that is theirs.

    Different kinds may teach different things, or be worth more: what people asked, after what was
    written (`loops.Rounds`, `loops.Staged` begin with all queries).

    Rows: [001].

    Paper:   Leveraging LLMs for Utility-Focused Annotation, 2025; later Utility-Focused LLM
             Annotation, EMNLP 2025 (labels of a language model, then a share of people's).
             https://arxiv.org/abs/2504.05220
    Code:    none followed.
    Differs: nothing known.
    Cost:    none.

    Args:
        kinds: that stay.
        others: whether they leave and all others stay.

    Returns:
        The queries of these kinds, or of others, in their order, held-out ones among them.

    Example:
        >>> from acclimate.testing import toys
        >>> len(OfKind(kinds=("sentence",))(toys.WRITTEN, Context()))
        12
    """

    kinds: tuple[str, ...]
    others: bool = False

    def __post_init__(self) -> None:
        """Refuse to keep nothing."""
        if not self.kinds:
            raise RecipeError("OfKind(kinds=()) keeps nothing. Name a kind.")

    def __call__(self, queries: Queries, ctx: Context) -> Queries:
        """Keep them."""
        kept = queries.keep([(kind in self.kinds) != self.others for kind in queries["kind"]])
        ctx.note("dropped", {"of another kind": len(queries) - len(kept)})
        return kept
