"""ColBERT-QA from end to end: answers in what the student ranks high. [109]"""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.models.encoders import MultiVector
from acclimate.parts import labellers, loops, students
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.colbert_qa import colbert_qa
from acclimate.tables import Corpus, Labels

pytestmark = pytest.mark.integration

CORPUS = Corpus.of(
    {
        "doc_id": f"{name}-{number}",
        "title": "",
        "text": f"The {thing} was built by {name} in {year}. {name} also made the {other} nearby.",
    }
    for name, year in (("Anna", 1932), ("Bruno", 1951), ("Clara", 1978))
    for number, (thing, other) in enumerate(
        (("bridge", "mill"), ("mill", "tower"), ("tower", "bridge"))
    )
)
"""Three documents of each builder: a sentence with the name masked is answered by the others."""


def test_without_a_judge_it_names_no_model() -> None:
    assert list(refs_of((colbert_qa().steps, colbert_qa().judge))) == []


def test_a_round_searches_matches_answers_and_believes_what_ranks_high() -> None:
    recipe = colbert_qa()
    assert recipe.steps[0] == students.LateInteraction(dimensions=128)
    rounds = recipe.steps[-1]
    assert rounds.rounds == 3
    kinds = [type(step) for step in rounds.steps]
    assert kinds[2:] == [labellers.AnswerMatch, labellers.BestInTop, loops.Fit]


def test_of_the_first_fifty_five_are_believed_and_one_of_all_where_there_is_none() -> None:
    """[109]: the authors' rules, "5,50 1,1000"."""
    believed = colbert_qa(depth=1_000).steps[-1].steps[3]
    assert believed == labellers.BestInTop(rules=((5, 50), (1, 1_000)))
    assert colbert_qa(depth=20).steps[-1].steps[3].rules == ((5, 20), (1, 20))


def test_the_second_round_searches_with_the_tokens_of_the_first(models, tmp_path: Path) -> None:
    recipe = colbert_qa(queries=9, held_out=2, depth=8, steps=2, batch=4, rounds=2, dimensions=8)
    outcome = acclimate.adapt(
        replace(recipe, judge=None), CORPUS, models.encoder, out=tmp_path / "run"
    )
    assert isinstance(outcome.encoder, MultiVector)
    steps = json.loads((outcome.run / "report.json").read_text("utf-8"))["steps"]
    mined = [step for step in steps if step["name"] == "WithStudent"]
    assert ["encode_tokens" in step["usage"] for step in mined] == [False, True]
    labels = Labels.open(outcome.run / "tables" / "labels.arrow")
    assert set(labels["value"]) == {0.0, 1.0}
