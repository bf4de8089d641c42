"""AnswerDiffers: of questions that differ by a few words, those that have answers of their own."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.models.prompts import load
from acclimate.models.ref import Ref, Writer
from acclimate.parts._asking import ask
from acclimate.parts._edits import Edits
from acclimate.parts._numbered import numbered
from acclimate.parts._sources import sources
from acclimate.parts._words import normal
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class AnswerDiffers:
    """Training queries without those that a nearly equal one of another document answers alike.

    "The capital of Peru" and "the largest city of Peru" differ by a word and have one answer;
    "the capital of Chile" has another. Only where the answer differs is a near miss a miss:
    `loops.QuestionContrast` presses queries apart whose documents differ, and would press these
    apart too. So a language model answers each query that has near ones from its own document, and
    of two with the same answer the later one leaves.

    Rows: [053].

    Paper:   Zhang, Yu, Zhao, Jiang, Exploring Contrast Consistency of Open-Domain Question
             Answering Systems on Minimally Edited Questions, TACL 2023.
             https://arxiv.org/abs/2305.14441
    Code:    ytyz1307zzh/Minimally_Edited_Questions.
    Differs: answers are a language model's, where the paper has answers of people and of question
             sets; our own wording. Of a shape that very many queries share, some are compared.
    Cost:    one generation per training query with a near one of another document.

    Args:
        writer: answers.
        at_most_edits: words by which a near query differs.

    Returns:
        The queries kept, in their order. A query that has near ones and gets no answer leaves;
        one that is held out, or has no source document, stays.
    """

    writer: Ref[Writer]
    at_most_edits: int = 2

    def __post_init__(self) -> None:
        """Refuse edits of nothing."""
        if self.at_most_edits < 1:
            raise RecipeError(f"AnswerDiffers(at_most_edits={self.at_most_edits}): give 1 or more.")

    def __call__(self, corpus: Corpus, queries: Queries, ctx: Context) -> Queries:
        """Keep those with answers of their own."""
        own = sources(corpus, queries).tolist()
        rows = [r for r, s in enumerate(queries["split"]) if s == "train" and own[r] >= 0]
        texts = queries["text"]
        near = self._near([texts[row] for row in rows], [own[row] for row in rows])
        asked = [rows[place] for place in sorted(near)]
        answers = self._answers(
            [texts[row] for row in asked], [corpus.contents[own[row]] for row in asked], ctx
        )
        told = dict(zip(sorted(near), answers, strict=True))
        kept, alike = [True] * len(queries), 0
        for place in sorted(near):
            row, answer = rows[place], told[place]
            same = any(
                other < place and kept[rows[other]] and told[other] == answer
                for other in near[place]
            )
            alike += same and bool(answer)
            kept[row] = bool(answer) and not same
        ctx.note(
            "dropped",
            {"answered as a near one is": alike, "no answer": answers.count("")},
        )
        return queries.keep(kept)

    def _near(self, texts: list[str], own: list[int]) -> dict[int, set[int]]:
        """The places of near texts of other documents, by the place of each that has some."""
        edits, near = Edits(texts, self.at_most_edits), dict[int, set[int]]()
        for place in range(len(texts)):
            for other in edits.of(place):
                if own[other] != own[place]:  # either may be the one that sees the other
                    near.setdefault(place, set()).add(other)
                    near.setdefault(other, set()).add(place)
        return near

    def _answers(self, texts: list[str], documents: list[str], ctx: Context) -> list[str]:
        """The answer to each text from its document, in comparable form; "" where there is none."""
        shown = zip(texts, documents, strict=True)
        questions = [numbered([document], query=text) for text, document in shown]
        said = ask(self.writer, load("answer"), questions, ctx)
        return [normal(answers[0].text) for answers in said]
