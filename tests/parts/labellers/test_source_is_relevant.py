"""SourceIsRelevant: 1 for the source, 0 for the others."""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.labellers import SourceIsRelevant
from acclimate.parts.part import Context
from acclimate.tables import Candidates
from acclimate.testing import behaviour, samples


def test_the_source_is_one_and_the_others_are_nought_in_the_candidates_order() -> None:
    candidates = samples.things()[Candidates]
    labels = SourceIsRelevant()(candidates, Context())
    assert labels["query_id"] == candidates["query_id"]
    assert labels["doc_id"] == candidates["doc_id"]
    assert labels["value"] == [float(s) for s in candidates["is_source"]]
    assert sum(labels["value"]) == 12
    assert set(labels["teacher"]) == {"source"}


def test_on_a_scale_of_grades_what_was_mined_may_count_for_something() -> None:
    candidates = samples.things()[Candidates]
    labels = SourceIsRelevant(relevant=3.0, other=1.0)(candidates, Context())
    assert labels["value"] == [3.0 if s else 1.0 for s in candidates["is_source"]]


def test_a_source_worth_no_more_than_others_is_refused() -> None:
    with pytest.raises(RecipeError, match="worth more"):
        SourceIsRelevant(relevant=1.0, other=1.0)


def test_it_obeys_the_laws_of_labellers() -> None:
    behaviour.check_all(SourceIsRelevant(), folder="labellers")
