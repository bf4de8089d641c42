"""Leakage: what of the held-out queries stands word for word in what is learned from."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.parts._suffixes import Run, Suffixes
from acclimate.parts._words import words
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries, Scores

DOCUMENTS = "documents"
TRAINING = "training queries"


@dataclass(frozen=True, kw_only=True)
class Leakage:
    """The longest run of words that each held-out query has in common with others.

    Beside what a search finds it says how much of that is copying: a query whose words stand in
    the documents one after the other is found by any search, and one that stands among the
    training queries was learned by heart. The rarity of the run, −Σ ln P(word) over the words of
    the documents, tells a name from a turn of speech.

    Rows: [050], [063].

    Paper:   Borgeaud et al., Improving Language Models by Retrieving from Trillions of Tokens,
             2021 (overlap of evaluation and training). https://arxiv.org/abs/2112.04426; suffix
             arrays and rarity: TraceAlign, 2025. https://arxiv.org/abs/2508.02063
    Code:    none followed.
    Differs: of queries and documents, where the papers trace texts of a language model; P counts
             the words of the documents, with 1 added to each count.
    Cost:    sorts the words of all documents; then a search of each query's words.

    Args:
        at_least_words: of a run from which a query counts as copied; a shorter query counts where
            it stands as a whole.

    Returns:
        For each held-out query, of "documents" and of "training queries": "copied words", the
        length of the run; "copied share" of its words; "rarity" of the run in nats. The note
        "copied" names the queries.

    Example:
        >>> from acclimate.testing import toys
        >>> asked = Queries.of([{"query_id": "q", "text": "warm milk and tea", "split": "heldout"}])
        >>> Leakage()(toys.CORPUS, asked, Context()).head(2)["value"]
        [3.0, 0.75]
    """

    at_least_words: int = 8

    def __post_init__(self) -> None:
        """Refuse to count what has nothing in common."""
        if self.at_least_words < 1:
            raise RecipeError(f"{self!r}: a run has 1 word or more.")

    def __call__(self, corpus: Corpus, queries: Queries, ctx: Context) -> Scores:
        """Look for the runs."""
        held = queries.of_split("heldout")
        contents = corpus.contents
        chances = Chances(contents)
        copied: dict[str, list[str]] = {}
        rows = []
        for system, texts in (
            (DOCUMENTS, contents),
            (TRAINING, queries.of_split("train")["text"]),
        ):
            index = Suffixes(texts)
            for name, text in zip(held["query_id"], held["text"], strict=True):
                own, run = words(text), index.longest(text)
                rows += _scores(system, name, own, run, chances)
                if own and run.length >= min(self.at_least_words, len(own)):
                    copied.setdefault(system, []).append(name)
        ctx.note("copied", copied)
        return Scores.of(
            {"system": system, "measure": measure, "query_id": name, "value": value}
            for system, measure, name, value in rows
        )


class Chances:
    """How likely words are among those of some texts.

    Args:
        texts: any.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._counts: Mapping[str, int] = Counter(word for text in texts for word in words(text))
        self._total = sum(self._counts.values()) + len(self._counts) + 1

    def rarity(self, run: Sequence[str]) -> float:
        """−Σ ln P(word), with 1 added to each count; of words that never stood P is 1 / total."""
        return rarity([(self._counts.get(word, 0) + 1) / self._total for word in run])


def rarity(chances: Sequence[float]) -> float:
    """−Σ ln P.

    Example:
        >>> round(rarity([0.1, 0.01]), 6)
        6.907755
    """
    return sum(-math.log(chance) for chance in chances)


def _scores(
    system: str, name: str, own: list[str], run: Run, chances: Chances
) -> list[tuple[str, str, str, float]]:
    share = run.length / len(own) if own else 0.0
    said = own[run.start : run.start + run.length]
    return [
        (system, "copied words", name, float(run.length)),
        (system, "copied share", name, share),
        (system, "rarity", name, chances.rarity(said)),
    ]
