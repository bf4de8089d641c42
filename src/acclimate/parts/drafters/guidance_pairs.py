"""GuidancePairs: documents that differ in one thing: what of an answer they hold, or noise."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.models.prompts import load
from acclimate.models.ref import Ref, Writer
from acclimate.parts._asking import ask
from acclimate.parts._numbered import chosen, numbered
from acclimate.parts._sources import sources
from acclimate.parts._words import clean, sentences
from acclimate.parts.drafters._written import rows_of
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Drafts, Queries

RELEVANCE = ("single", "absent")
COMPREHENSIVENESS = ("whole", "half")
PURITY = ("whole", "noisy")
"""Kinds that differ in one respect, the better first."""

VALUES = {"whole": 3.0, "half": 2.0, "noisy": 2.0, "single": 1.0, "absent": 0.0}
"""Higher is better in all respects; "half" and "noisy" are worse in one each."""


@dataclass(frozen=True, kw_only=True)
class GuidancePairs:
    """Of the document each training query was written from: better and worse versions.

    A document is cut into units of information, its sentences, and a language model names those
    that are of use for the query. Of these are put together, for three objectives: *relevance*, a
    unit that is of use and one that is not; *comprehensiveness*, all units of use and half of them;
    *purity*, all units of use, without and with units of another document among them. Pairs that
    differ in one thing are easier to learn from than what a model prefers for reasons of its own.

    Rows: [002].

    Paper:   FiGRet: Fine-Grained Guidance for Retrievers, 2024. https://arxiv.org/abs/2411.03957
    Code:    none followed.
    Differs: units are sentences and the versions are put together from them, where the paper's
             language model writes both.
    Cost:    one judgement per query that trains and has a source.

    Args:
        writer: names the units that are of use.
        noise: units of other documents in a "noisy" version.

    Returns:
        Drafts in the order of the queries: "whole" (3), "half" (2), "noisy" (2) where two units or
        more are of use, "single" (1) and "absent" (0); none where no unit is of use.
    """

    writer: Ref[Writer]
    noise: int = 2

    @property
    def per_query(self) -> int:
        """Questions about each query."""
        return 1

    def __post_init__(self) -> None:
        """Refuse noise that is none."""
        if self.noise < 1:
            raise RecipeError(f"GuidancePairs(noise={self.noise}): give 1 or more.")

    def __call__(self, corpus: Corpus, queries: Queries, ctx: Context) -> Drafts:
        """Put the versions together."""
        own, texts = sources(corpus, queries), corpus["text"]
        asked = [
            row
            for row, split in enumerate(queries["split"])
            if split == "train" and own[row] >= 0 and texts[own[row]].strip()
        ]
        units = [units_of(texts[own[row]]) for row in asked]
        names, questions = queries["query_id"], queries["text"]
        said = ask(
            self.writer,
            load("useful_units"),
            [numbered(u, query=questions[row]) for u, row in zip(units, asked, strict=True)],
            ctx,
        )
        rows = []
        for place, row in enumerate(asked):
            useful = chosen(said[place][0], "numbers", len(units[place]))
            others = self._noise(place, units, [own[r] for r in asked])
            told = versions(units[place], sorted(useful), others)
            rows += rows_of(names[row], told)
        ctx.note("guidance", {"queries": len(asked), "versions": len(rows)})
        return Drafts.of(rows)

    def _noise(self, place: int, units: list[list[str]], own: list[int]) -> list[str]:
        """Units of the next documents, in the order of the queries."""
        found: list[str] = []
        for step in range(1, len(units)):
            other = (place + step) % len(units)
            if own[other] != own[place]:
                found += units[other]
            if len(found) >= self.noise:
                break
        return found[: self.noise]


def units_of(text: str) -> list[str]:
    """The sentences of a document."""
    return [clean(text[start:end]) + "." for start, end in sentences(text)] or [clean(text)]


def versions(units: list[str], useful: list[int], noise: list[str]) -> list[tuple[str, float, str]]:
    """(kind, value, text) of the versions that can be put together.

    Args:
        units: of the document.
        useful: places of those that are of use, in their order.
        noise: units of other documents.

    Example:
        >>> [(kind, text) for kind, _, text in versions(["a.", "b.", "c."], [1], ["z."])]
        [('single', 'b.'), ('absent', 'a.')]
    """
    if not useful:
        return []
    good = [units[place] for place in useful]
    useless = [unit for place, unit in enumerate(units) if place not in useful] or noise
    # the last one, so that it is another text than half of two
    told = {"single": good[-1], **({"absent": useless[0]} if useless else {})}
    if len(good) > 1:
        middle = len(good) // 2
        told = {
            "whole": " ".join(good),
            "half": " ".join(good[:middle]),
            **({"noisy": " ".join((*good[:middle], *noise, *good[middle:]))} if noise else {}),
            **told,
        }
    return [(kind, VALUES[kind], text) for kind, text in told.items()]
