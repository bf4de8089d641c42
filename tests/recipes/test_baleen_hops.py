"""baleen_hops from end to end: chains of two documents."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import acclimate
from acclimate.engines.local import Local
from acclimate.models.indexes import Focused, LateInteraction
from acclimate.parts import generators, losses, miners
from acclimate.parts._words import words
from acclimate.parts.filters.copied_text import longest_run
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
    """[054]: hop 2 brings what no question names, and not the document it asks with.

    The student is searched with focus as well; with all tokens it is late interaction.
    """
    recipe = baleen_hops(queries=24, held_out=4, depth=3, steps=2, batch=4)
    outcome = acclimate.adapt(
        replace(recipe, judge=None), CORPUS, models.encoder, out=tmp_path / "run"
    )
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    found = Candidates.open(outcome.run / "tables" / "candidates.arrow")
    kinds = Counter(queries["kind"])
    assert min(kinds["hop_1"], kinds["hop_2"]) > 0
    assert {"hop 1", "hop 2"} <= {name for miner in found["miner"] for name in miner.split("+")}
    texts = dict(zip(queries["query_id"], queries["text"], strict=True))
    contents = dict(zip(CORPUS["doc_id"], CORPUS.contents, strict=True))
    others = found.where("is_source", [False])
    assert len(others)
    for query, document in zip(others["query_id"], others["doc_id"], strict=True):
        assert longest_run(words(texts[query]), words(contents[document])) <= 5
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
    asked, every = f"Who met whom? [SEP] {CORPUS['text'][0]}", np.arange(len(CORPUS))[None]
    engine = Local()
    whole, focus, late = (
        engine.search(index, CORPUS.contents, [asked], among=every).scores[0]
        for index in (
            Focused(outcome.encoder, tokens=99, context_tokens=99),
            Focused(outcome.encoder, tokens=4, context_tokens=2),
            LateInteraction(outcome.encoder),
        )
    )
    tokens = len(engine.encode_tokens(outcome.encoder, [asked], kind="query")[0])
    assert whole == pytest.approx(tokens * late, rel=1e-3)
    assert (focus <= 4 + 2 + 1e-3).all()  # so many cosines
