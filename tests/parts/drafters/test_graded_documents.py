"""GradedDocuments [028]: four levels, from the answer to something else."""

import numpy as np
import pytest

from acclimate.errors import RecipeError
from acclimate.parts.drafters import GradedDocuments
from acclimate.parts.part import Context
from acclimate.tables import Queries
from acclimate.testing.fakes import FakeEngine, FakeWriter
from acclimate.testing.recorded import Recorded

QUERIES = Queries.of([{"query_id": "q", "text": "why do bees dance", "split": "train"}])


class ByLevel(Recorded):
    """Says which level it was asked for: each has a standing instruction of its own."""

    def write(self, prompts, *, count, seed):
        told = Recorded(answers=(("", f"A text for {self.form.name}."),))
        return told.write(prompts, count=count, seed=seed)


def test_each_level_is_asked_for_and_is_its_own_value() -> None:
    drafts = GradedDocuments(writer=ByLevel())(QUERIES, Context(engine=FakeEngine()))
    assert drafts["text"] == [
        f"A text for level_{name}." for name in ("perfect", "partial", "related", "irrelevant")
    ]
    assert drafts["kind"] == ["level 3", "level 2", "level 1", "level 0"]
    assert drafts["value"] == [3.0, 2.0, 1.0, 0.0]


def test_the_levels_are_the_distribution_of_the_paper() -> None:
    """[028] softmax of (3, 2, 1, 0) is (.6439, .2369, .0871, .0321)."""
    drafts = GradedDocuments(writer=ByLevel())(QUERIES, Context(engine=FakeEngine()))
    mass = np.exp(drafts["value"])
    assert mass / mass.sum() == pytest.approx([0.6439, 0.2369, 0.0871, 0.0321], abs=1e-4)


@pytest.mark.parametrize("levels", [(), (3, 3), (4, 0), (-1,)])
def test_levels_that_there_are_not_are_refused(levels) -> None:
    with pytest.raises(RecipeError, match="of 0 to 3"):
        GradedDocuments(writer=FakeWriter(), levels=levels)
