"""Recipe: a name and parts in order, refused at construction when they do not fit."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts.part import Labeller, Part, gives, needs
from acclimate.tables import Corpus


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a run sees before it makes its recipe: documents, queries, student and machine.

    A recipe's function with a setting whose default is a `Seen` gets what its run saw; so its
    parts can hang on the documents, and it is still a function of values. The defaults are those
    of an ordinary corpus of English prose on a small machine.

    Args:
        documents: how many.
        words: of one, in the mean.
        language: of most, as ISO 639-1.
        code: share of documents that are source code.
        records: share of documents that are mostly fields, as rows of a table are.
        structure: share of documents with headings or lists of questions, code apart.
        copies: share of documents that are near-duplicates of another one.
        unread: share of tokens that the student does not know, or knows letter by letter only.
        log: queries of people that were given.
        cores: threads that models use.
        gpu: whether there is one.
        weights_mib: size of the student.
        minutes: the budget; None: there is none.
        bundled: which models of acclimate-offline are installed: "writer", "teacher", "reader".
    """

    documents: int = 10_000
    words: float = 150.0
    language: str = "en"
    code: float = 0.0
    records: float = 0.0
    structure: float = 0.0
    copies: float = 0.0
    unread: float = 0.0
    log: int = 0
    cores: int = 1
    gpu: bool = False
    weights_mib: float = 90.0
    minutes: float | None = None
    bundled: tuple[str, ...] = ()


Fact: TypeAlias = int | float | str | None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Why a recipe has a part that hangs on what was seen.

    Args:
        name: in a word.
        looks_at: what it hangs on.
        picks: what it changes.
        why: the reason, with its evidence.
        fired: whether it did.
        found: what it looked at, as names and values.
    """

    name: str
    looks_at: str
    picks: str
    why: str
    fired: bool = False
    found: tuple[tuple[str, Fact], ...] = ()


@dataclass(frozen=True)
class Recipe:
    """A method: parts in order.

    Args:
        name: as in its paper, snake_case.
        steps: the parts.
        judge: the teacher that the gate asks on held-out queries. None: no gate, the adapted
            model is the outcome and the report says that nothing was proved.
        brings: what the user must bring besides; Queries for recipes that need real ones.
        rules: by which its parts were picked, where they hang on what was seen.

    Raises:
        RecipeError: when a step needs a table that no earlier step gives, or would replace one
            it does not take.
    """

    name: str
    steps: tuple[Part, ...]
    judge: Labeller | None = None
    brings: tuple[type, ...] = (Corpus, Student)
    rules: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        """Check that the steps fit, before anything is loaded."""
        if not self.steps:
            raise RecipeError(f"{self.name} has no steps.")
        have = list(self.brings)
        for number, part in enumerate(self.steps, 1):
            takes, result = set(needs(part).values()), gives(part)
            where = f"{self.name}, step {number}: {_short(part)}"
            if missing := takes - set(have):
                raise RecipeError(
                    f"{where} needs {_names(missing)}; there is {_names(have)}. "
                    f"Put {_maker(missing)} before it."
                )
            if result in have and result not in takes:
                join = (
                    "Join them with miners.Union, or drop one."
                    if (result.__name__ == "Candidates")
                    else "Join the two in one step, or drop one."
                )
                raise RecipeError(
                    f"{where} would replace the {result.__name__} made before it. {join}"
                )
            if result not in have:
                have.append(result)

    def exchanged(self, old: object, *new: object) -> Recipe:
        """The same steps with `new` wherever there is an equal of `old`, however deep; same judge.

        Args:
            old: a part, or anything a part holds.
            new: what comes in its place: one, several where it stands in a row, or nothing.

        Raises:
            RecipeError: when there is no such part, or the new ones do not fit.
        """
        steps = _exchanged(self.steps, old, new)
        if steps is self.steps:
            raise RecipeError(f"{self.name} has no {old!r} that could be exchanged.")
        return replace(self, steps=steps)


def _exchanged(value: Any, old: object, new: tuple[object, ...]) -> Any:
    """A value with parts of it exchanged; the very same value where there was nothing to do."""
    if isinstance(value, tuple):
        rows = [new if item == old else (_exchanged(item, old, new),) for item in value]
        same = all(row is not new and row[0] is item for row, item in zip(rows, value, strict=True))
        return value if same else tuple(item for row in rows for item in row)
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    now = {}
    for field in dataclasses.fields(value):
        was = getattr(value, field.name)
        if was == old and len(new) != 1:
            raise RecipeError(f"{value!r} holds one {old!r}; it cannot hold {len(new)} for it.")
        item = new[0] if was == old else _exchanged(was, old, new)
        if field.init and item is not was:
            now[field.name] = item
    return replace(value, **now) if now else value


_MAKERS = {
    "Queries": "a generator",
    "Candidates": "a miner",
    "Labels": "a labeller",
    "Drafts": "a drafter",
    "Corpus": "a corpus",
    "Student": "a student",
}


def _maker(missing: Iterable[type]) -> str:
    return " and ".join(_MAKERS.get(k.__name__, k.__name__) for k in missing)


def _names(kinds: Iterable[type]) -> str:
    return ", ".join(sorted(k.__name__ for k in kinds)) or "nothing"


def _short(part: Part) -> str:
    text = repr(part)
    return text if len(text) <= 80 else f"{type(part).__name__}(…)"
