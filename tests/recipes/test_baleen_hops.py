"""baleen_hops from end to end: chains of two documents. [006] [054]"""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.parts import generators, losses, miners
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.baleen_hops import baleen_hops
from acclimate.tables import Candidates, Corpus, Queries

pytestmark = pytest.mark.integration

PEOPLE = ("Almeida", "Brandt", "Castro", "Dvorak", "Ekman", "Farkas")
PLACES = ("Faro", "Graz", "Porto", "Brno", "Lund", "Pecs")
CORPUS = Corpus.of(
    {"doc_id": f"{what}-{n}", "title": "", "text": text.format(who=who, where=where, next=after)}
    for what, text in (
        ("tower", "The tower of {where} was drawn by {who}."),
        ("meeting", "Long ago, {who} met {next} on a train."),
    )
    for n, (who, where, after) in enumerate(
        zip(PEOPLE, PLACES, (*PEOPLE[1:], PEOPLE[0]), strict=True)
    )
)


def test_it_names_no_model() -> None:
    assert list(refs_of((baleen_hops().steps, baleen_hops().judge))) == []


def test_two_hops_find_what_chains_are_told_from() -> None:
    steps = baleen_hops().steps
    assert steps[0] == generators.GraphChains(queries=6_000)
    (hops,) = (step for step in steps if isinstance(step, miners.MultiHop))
    assert hops.hops == 2
    assert steps[-1].loss == losses.InfoNCE(temperature=0.05, in_batch=True)


def test_both_hops_train_and_the_bridge_is_found_in_the_second(models, tmp_path: Path) -> None:
    """[006] [054]: hop 2 brings documents that no question names."""
    recipe = baleen_hops(queries=24, held_out=4, depth=3, steps=2, batch=4)
    outcome = acclimate.adapt(
        replace(recipe, judge=None), CORPUS, models.encoder, out=tmp_path / "run"
    )
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    found = Candidates.open(outcome.run / "tables" / "candidates.arrow")
    kinds = Counter(queries["kind"])
    assert min(kinds["hop_1"], kinds["hop_2"]) > 0
    assert {"hop 1", "hop 2"} <= {name for miner in found["miner"] for name in miner.split("+")}
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
