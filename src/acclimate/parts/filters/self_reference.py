"""SelfReference: no queries that speak of the document they were written from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from acclimate.errors import RecipeError
from acclimate.parts.part import Context
from acclimate.tables import Queries

NAMES = (
    "document", "passage", "text", "article", "paragraph", "excerpt", "author", "summary", "page",
    "image", "picture", "photo", "painting",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class SelfReference:
    """Queries without those that point at something only their writer saw.

    "According to the passage, when …" is answered by the passage at hand, and nobody types it into
    a search. A query goes that has one of the names behind "the", "this", "that", "above" or
    "given", or before "above", "below" or "provided".

    Rows: [010], [039].

    Paper:   SK-VQA: Synthetic Knowledge Generation for Multimodal LLMs, ICML 2025 (contexts that
             mention the picture go). https://arxiv.org/abs/2406.19593; queries that never cite the
             document: ReasonIR: Training Retrievers for Reasoning Tasks, 2025.
             https://arxiv.org/abs/2504.20595
    Code:    none followed.
    Differs: queries are looked at, and only for names that point: "a text editor" stays, and "the
             picture format" goes with the others.
    Cost:    one pass over the queries.

    Args:
        names: of what a query must not point at, in small letters.

    Returns:
        The queries kept, in their order.

    Example:
        >>> from acclimate.parts.part import Context
        >>> asked = ["what does the author claim", "who wrote the first text editor"]
        >>> queries = Queries.of({"query_id": q, "text": q, "split": "train"} for q in asked)
        >>> SelfReference()(queries, Context())["text"]
        ['who wrote the first text editor']
    """

    names: tuple[str, ...] = NAMES

    def __post_init__(self) -> None:
        """Refuse to look for nothing."""
        if not self.names or not all(name.strip() for name in self.names):
            raise RecipeError(f"SelfReference(names={self.names}): give words to look for.")

    def __call__(self, queries: Queries, ctx: Context) -> Queries:
        """Keep what stands for itself."""
        kept = [_points(self.names).search(text) is None for text in queries["text"]]
        ctx.note("dropped", {"speaks of its document": kept.count(False)})
        return queries.keep(kept)


@lru_cache(maxsize=8)
def _points(names: tuple[str, ...]) -> re.Pattern[str]:
    name = rf"(?:{'|'.join(map(re.escape, names))})s?"
    before = r"(?:the|this|that|these|those)(?:\s+(?:above|given|provided|following|preceding))?"
    return re.compile(
        rf"\b(?:{before}|above|given|provided)\s+{name}\b|\b{name}\s+(?:above|below|provided)\b",
        re.IGNORECASE,
    )
