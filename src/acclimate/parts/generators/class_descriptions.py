"""ClassDescriptions: words of classes as queries, and descriptions that a language model adds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from acclimate.errors import RecipeError
from acclimate.models.prompts import fence, load
from acclimate.models.ref import Ref, Writer
from acclimate.parts._asking import Question, Said, ask
from acclimate.parts.generators._documents import drawn
from acclimate.parts.generators._written import rows_of
from acclimate.parts.generators.query_log import KIND, QueryLog
from acclimate.parts.part import Context
from acclimate.tables import Corpus, LogFile, Queries


@dataclass(frozen=True, kw_only=True)
class ClassDescriptions:
    """Queries that each ask for all documents of a class: its words, and what it is in a sentence.

    Where people know the classes of a collection (the departments of a help desk, the subjects of
    an archive) and nobody has sorted it, a search for the classes gathers documents for each. A
    few words find little: a language model, shown some documents of the collection, says in
    several ways how documents of the class begin. These queries have no source document; what
    they find may be of another class, which `filters.SelfConsistency` looks at.

    Rows: [033].

    Paper:   ReGen: Zero-shot classification data by progressive dense retrieval, Findings of ACL
             2023. https://arxiv.org/abs/2305.10703
    Code:    none followed.
    Differs: a language model adds descriptions to the words, which are all that the paper has; our
             own wording.
    Cost:    `per_class` generations per class.

    Args:
        writer: describes the classes.
        classes: a file of rows with a `text` of a few words and the class as their `kind`; a row
            without one is a class of its own words. See generators.QueryLog.
        per_class: descriptions of each class at most, beside its words.
        shown: documents of the collection that the writer sees, drawn by their ids.

    Returns:
        Queries without a source document whose kind is the class: the words, in the order of the
        file, then the descriptions, class by class. A class without an answer has its words alone.

    Raises:
        TableError: when the file cannot be read, or holds no row.
    """

    writer: Ref[Writer]
    classes: LogFile
    per_class: int = 4
    shown: int = 3

    def __post_init__(self) -> None:
        """Refuse no description, and fewer documents than none."""
        if self.per_class < 1 or self.shown < 0:
            raise RecipeError(
                f"ClassDescriptions(per_class={self.per_class}, shown={self.shown}): give 1 or "
                "more descriptions and 0 or more documents."
            )

    @property
    def queries(self) -> int:
        """How many there are at most, by the file."""
        told = self.classes.queries()
        return len(told) + self.per_class * len(set(told["kind"]))

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Describe the classes."""
        quiet = replace(ctx, notes={})
        told = QueryLog(log=self.classes)(corpus, quiet).dicts()
        words: dict[str, list[str]] = {}
        for row in told:
            row["kind"] = row["text"] if row["kind"] == KIND else row["kind"]
            words.setdefault(row["kind"], []).append(row["text"])
        shown = drawn(self, corpus, self.shown, ctx).contents
        documents = "\n\n".join(fence("document", text) for text in shown)
        questions = [
            Question(data={"class": _named(name, own)}, words={"documents": documents})
            for name, own in words.items()
        ]
        seed = int(ctx.rng(self).integers(2**31))
        said = ask(
            self.writer, load("class_description"), questions, ctx, count=self.per_class, seed=seed
        )
        made = {
            name: _rows(name, own, answers)
            for (name, own), answers in zip(words.items(), said, strict=True)
        }
        ctx.note("classes", {name: len(rows) for name, rows in made.items()})
        return Queries.of([*told, *(row for rows in made.values() for row in rows)])


def _named(name: str, own: list[str]) -> str:
    """A class and its words, for people and language models."""
    return name if own == [name] else f"{name}: {'; '.join(own)}"


def _rows(name: str, own: list[str], answers: list[Said]) -> list[dict[str, Any]]:
    """The descriptions of a class that are not its words; such queries have no source."""
    known = len(rows_of("", ((name, text, None) for text in own)))
    told = [*((name, text, None) for text in own), *((name, s.text, s.log_prob) for s in answers)]
    return [{**row, "source_doc_id": None} for row in rows_of("", told)[known:]]
