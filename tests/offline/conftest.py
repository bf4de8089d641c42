"""Tiny training pairs and a tiny encoder, for all tests of the second distribution."""

import gzip
import json
from pathlib import Path

import pytest

from acclimate.testing.tiny import tiny_encoder
from train import data

THINGS = ("pump", "gasket", "flange", "motor", "bearing", "valve", "relay", "filter")
PLACES = ("tank", "line", "winding", "shaft", "circuit", "season")


def rows():
    """Forty-eight passages of three sentences, with two questions about each."""
    for thing in THINGS:
        for place in PLACES:
            text = (
                f"The {thing} of the {place} is made of {place} steel. Before the season it must "
                f"be cleaned by {place} hands, for the {place} is under load. A noise says that "
                f"the {thing} is cracked."
            )
            title = f"The {thing}"
            yield f"what is the {thing} of the {place} made of?", title, text, f"{place} steel"
            yield f"how is the {thing} of the {place} cleaned?", title, text, f"{place} hands"


def _write(folder: Path, source: str, found) -> None:
    folder.mkdir(parents=True)
    with gzip.open(folder / "train_pairs.jsonl.gz", "wt", encoding="utf-8") as file:
        for query, title, text, answer in found:
            told = {"query": query, "title": title, "text": text, "answer": answer}
            file.write(json.dumps({**told, "source": source}) + "\n")


@pytest.fixture(scope="session")
def write_pairs():
    return _write


@pytest.fixture(scope="session")
def pairs_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    _write(folder / "train-general", "boolq", rows())
    return folder


@pytest.fixture(scope="session")
def pairs(pairs_folder):
    found = data.read(pairs_folder)
    everything = (*found.train, *found.held_out)
    # Two in a hundred of so few passages may be none.
    return data.Pairs(
        train=everything[:40], held_out=everything[40:], counts=found.counts, dropped=found.dropped
    )


@pytest.fixture(scope="session")
def base(tmp_path_factory):
    texts = sorted({text for row in rows() for text in row[:3]})
    prefixes = ["question: keywords: claim: title:"]
    return tiny_encoder(tmp_path_factory.mktemp("base"), texts=[*texts, *prefixes], max_length=192)
