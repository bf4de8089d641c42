"""DatasetTransform: a language model plans how rows of a table become queries, and does it."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.models.prompts import fence, load
from acclimate.models.ref import Ref, Writer
from acclimate.parts._asking import Question, Said, ask
from acclimate.parts.generators._documents import drawn
from acclimate.parts.generators._written import rows_of
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

KIND = "transformed"
TASK = "a question in natural language that this row, and hardly another one, answers"


@dataclass(frozen=True, kw_only=True)
class DatasetTransform:
    """Queries made of rows: product lists, tickets, catalogues, lists of questions and answers.

    Rows that brought the same fields are one data set. A language model sees a few rows of each and
    plans how to make a query of a row, which fields to use and which rows to pass over; then it
    carries the plan out, row by row, and may say that a row gives nothing. A data set of which too
    many rows fail does not fit the task and gives no query at all.

    Rows: [065].

    Paper:   Better Synthetic Data by Retrieving and Transforming Existing Datasets (DataTune),
             2024. https://arxiv.org/abs/2404.14361
    Code:    none followed.
    Differs: the user's own rows, where the paper finds data sets by search; what a row answers is
             the row itself, so that only the query is written; our own wording.
    Cost:    one generation per data set, and one per row.

    Args:
        writer: plans and carries out.
        task: what a query is, in words the writer knows.
        shown: rows of a data set that it sees for the plan.
        at_most_failed: share of a data set's rows that may give nothing, 0…1.
        documents: rows that are asked, drawn by their ids. None: all. Paper: 3,000.

    Returns:
        Queries of kind "transformed", in the order of the corpus.

    Example:
        >>> from acclimate.testing.fakes import FakeEngine
        >>> from acclimate.testing.recorded import Recorded
        >>> corpus = Corpus.of([{"doc_id": "a", "title": "Pad", "text": "Rubber.",
        ...                      "meta": '{"price": 4}'}])
        >>> writer = Recorded(answers=(("Carry out", '{"query": "which pad costs 4"}'),
        ...                            ("Make a plan", '{"plan": "Ask for the price."}')))
        >>> DatasetTransform(writer=writer)(corpus, Context(engine=FakeEngine()))["text"]
        ['which pad costs 4']
    """

    writer: Ref[Writer]
    task: str = TASK
    shown: int = 3
    at_most_failed: float = 0.5
    documents: int | None = 3_000

    def __post_init__(self) -> None:
        """Refuse a task of no words, no row, and a share that is none."""
        if not self.task.strip() or self.shown < 1 or not 0 <= self.at_most_failed <= 1:
            raise RecipeError(
                f"{self!r}: say what a query is, show a row or more, and give a share of failures "
                "between 0 and 1."
            )

    @property
    def per_document(self) -> int:
        """Queries of a row."""
        return 1

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Plan, then carry out."""
        asked = drawn(self, corpus, self.documents, ctx)
        texts, sets = rows_told(asked), data_sets(asked)
        plans = self._plans(texts, sets, ctx)
        of = {row: name for name, rows in sets.items() if plans[name] for row in rows}
        said = self._carried_out({row: (plans[of[row]], texts[row]) for row in sorted(of)}, ctx)
        told, kept = {}, set()
        for name, rows in sets.items():
            failed = sum(not said[row] for row in rows) if plans[name] else len(rows)
            fits = failed <= self.at_most_failed * len(rows)
            kept |= set(rows) if fits and plans[name] else set()
            told[name] = {"rows": len(rows), "gave nothing": failed, "used": fits}
        ctx.note("data sets", told)
        ids = asked["doc_id"]
        return Queries.of(
            one
            for row in sorted(kept)
            for one in rows_of(ids[row], ((KIND, said[row], None),) if said[row] else ())
        )

    def _plans(self, texts: list[str], sets: dict[str, list[int]], ctx: Context) -> dict[str, str]:
        """The plan for each data set; empty where there is none."""
        questions = [
            Question(
                data={},
                words={
                    "task": self.task,
                    "rows": "\n\n".join(fence("row", texts[row]) for row in rows[: self.shown]),
                },
            )
            for rows in sets.values()
        ]
        said = ask(self.writer, load("plan_transform"), questions, ctx)
        return {name: _text(answers[0], "plan") for name, answers in zip(sets, said, strict=True)}

    def _carried_out(self, rows: dict[int, tuple[str, str]], ctx: Context) -> dict[int, str]:
        """The query of each row; empty where it gives none."""
        questions = [
            Question(data={"plan": plan, "document": text}, words={"task": self.task})
            for plan, text in rows.values()
        ]
        said = ask(self.writer, load("transform_row"), questions, ctx)
        return {row: _text(answers[0], "query") for row, answers in zip(rows, said, strict=True)}


def data_sets(corpus: Corpus) -> dict[str, list[int]]:
    """Rows of the documents that brought the same fields, by the fields' names."""
    found: dict[str, list[int]] = defaultdict(list)
    for row, meta in enumerate(corpus["meta"]):
        found[", ".join(sorted(_fields(meta))) or "text"].append(row)
    return dict(found)


def rows_told(corpus: Corpus) -> list[str]:
    """Each document as lines of its fields: title and text first."""
    told = []
    for title, text, meta in zip(corpus["title"], corpus["text"], corpus["meta"], strict=True):
        fields = {"title": title, "text": text, **_fields(meta)}
        told.append("\n".join(f"{name}: {value}" for name, value in fields.items() if value != ""))
    return told


def _fields(meta: str | None) -> dict[str, object]:
    found = json.loads(meta) if meta else {}
    return found if isinstance(found, dict) else {}


def _text(said: Said, name: str) -> str:
    return str(said.values.get(name, "")).strip()
