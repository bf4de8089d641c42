"""Recipe: a name and parts in order, refused at construction when they do not fit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts.part import Labeller, Part, gives, needs
from acclimate.tables import Corpus


@dataclass(frozen=True)
class Recipe:
    """A method: parts in order.

    Args:
        name: as in its paper, snake_case.
        steps: the parts.
        judge: the teacher that the gate asks on held-out queries. None: no gate, the adapted
            model is the outcome and the report says that nothing was proved.
        brings: what the user must bring besides; Queries for recipes that need real ones.

    Raises:
        RecipeError: when a step needs a table that no earlier step gives, or would replace one
            it does not take.
    """

    name: str
    steps: tuple[Part, ...]
    judge: Labeller | None = None
    brings: tuple[type, ...] = (Corpus, Student)

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


_MAKERS = {
    "Queries": "a generator",
    "Candidates": "a miner",
    "Labels": "a labeller",
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
    "Drafts": "a drafter",
