"""ClassDescriptions: the names of classes as queries, and descriptions of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from acclimate.errors import RecipeError
from acclimate.models.prompts import fence, load
from acclimate.models.ref import Ref, Writer
from acclimate.parts._asking import Question, Said, ask
from acclimate.parts.generators._documents import drawn
from acclimate.parts.generators._written import rows_of
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

KIND = "class "
"""Begins the kind of a query that stands for a class; the class's name follows."""


@dataclass(frozen=True, kw_only=True)
class ClassDescriptions:
    """Queries that each ask for all documents of a class: its name, and what it is in a sentence.

    Where people know the classes of a collection (the departments of a help desk, the subjects of
    an archive) and nobody has sorted it, a search for the classes gathers documents for each. A
    name alone finds little: a language model, shown a few documents of the collection, says in
    several ways how documents of the class begin. These queries have no source document; what
    they find may be of another class, which `filters.SelfConsistency` looks at.

    Rows: [033].

    Paper:   ReGen: Zero-shot classification data by progressive dense retrieval, Findings of ACL
             2023. https://arxiv.org/abs/2305.10703
    Code:    none followed.
    Differs: a language model describes the classes, where the paper has label words by hand; our
             own wording.
    Cost:    `per_class` generations per class.

    Args:
        writer: describes the classes.
        classes: their names, in words the writer knows.
        per_class: descriptions of each class at most, beside its name.
        shown: documents of the collection that the writer sees, drawn by their ids.

    Returns:
        Queries of the kinds "class NAME" without a source document, in the order of the classes:
        the name, then its descriptions. A class without an answer has its name alone.

    Example:
        >>> from acclimate.testing import toys
        >>> from acclimate.testing.fakes import FakeEngine
        >>> from acclimate.testing.recorded import Recorded
        >>> writer = Recorded(answers=(("baking", "How to bake with yeast."),))
        >>> part = ClassDescriptions(writer=writer, classes=("baking", "the sky"))
        >>> part(toys.CORPUS, Context(engine=FakeEngine()))["text"]
        ['baking', 'How to bake with yeast.', 'the sky']
    """

    writer: Ref[Writer]
    classes: tuple[str, ...]
    per_class: int = 4
    shown: int = 3

    def __post_init__(self) -> None:
        """Refuse no class, a class twice, and no description."""
        names = {name.strip().casefold() for name in self.classes} - {""}
        if not names or len(names) < len(self.classes) or self.per_class < 1 or self.shown < 0:
            raise RecipeError(
                f"{self!r}: name each class once, at least one, and give a per_class of 1 or more "
                "and a shown of 0 or more."
            )

    @property
    def queries(self) -> int:
        """How many there are at most."""
        return len(self.classes) * (1 + self.per_class)

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Describe the classes."""
        shown = drawn(self, corpus, self.shown, ctx).contents
        words = {"documents": "\n\n".join(fence("document", text) for text in shown)}
        questions = [Question(data={"class": name}, words=words) for name in self.classes]
        seed = int(ctx.rng(self).integers(2**31))
        said = ask(
            self.writer, load("class_description"), questions, ctx, count=self.per_class, seed=seed
        )
        made = [_rows(name, answers) for name, answers in zip(self.classes, said, strict=True)]
        ctx.note(
            "classes",
            {name: len(rows) - 1 for name, rows in zip(self.classes, made, strict=True)},
        )
        return Queries.of(row for rows in made for row in rows)


def _rows(name: str, answers: list[Said]) -> list[dict[str, Any]]:
    """A class's name and its descriptions; such queries have no source."""
    kind = KIND + name
    told = [(kind, name, None), *((kind, said.text, said.log_prob) for said in answers)]
    return [{**row, "source_doc_id": None} for row in rows_of("", told)]
