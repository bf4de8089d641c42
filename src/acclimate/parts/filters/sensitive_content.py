"""SensitiveContent: no queries that people should not be shown."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.models.prompts import load
from acclimate.models.ref import Ref, Writer
from acclimate.parts._asking import Question, verdicts
from acclimate.parts.part import Context
from acclimate.tables import Queries


@dataclass(frozen=True, kw_only=True)
class SensitiveContent:
    """Queries without those that a language model would keep from people.

    A writer that is asked about a whole corpus now and then insults, or names private people; a
    model that was trained on it suggests the same. Queries on which there is no verdict go too.

    Rows: [117].

    Paper:   Leveraging LLMs for Synthesizing Training Data Across Many Languages in Multilingual
             Dense Retrieval (SWIM-IR), 2023. https://arxiv.org/abs/2311.05800
    Code:    none followed; the data card of SWIM-IR names a classifier.
    Differs: a language model takes the place of the classifier, with our own wording of what is
             sensitive; what it looks for is in the prompt `sensitive`.
    Cost:    one judgement per distinct query.

    Args:
        writer: judges.
        threshold: probability of "sensitive" from which a query goes, where it is known.

    Returns:
        The queries kept, in their order.
    """

    writer: Ref[Writer]
    threshold: float = 0.5

    def __post_init__(self) -> None:
        """Refuse a threshold that is no probability."""
        if not 0 < self.threshold <= 1:
            raise RecipeError(
                f"SensitiveContent(threshold={self.threshold}) must be above 0 and at most 1."
            )

    def __call__(self, queries: Queries, ctx: Context) -> Queries:
        """Keep what may be shown."""
        questions = [Question(data={"query": text}) for text in queries["text"]]
        found = verdicts(self.writer, load("sensitive"), questions, ctx, threshold=self.threshold)
        ctx.note("dropped", {"sensitive": found.count(True), "no verdict": found.count(None)})
        return queries.keep([verdict is False for verdict in found])
