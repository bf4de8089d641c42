"""Tiny models and the toy documents, for runs from end to end."""

import json
import socket
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

import acclimate
from acclimate.models.encoders.dense import Dense
from acclimate.models.remote import Remote
from acclimate.models.scorers.cross_encoder import CrossEncoder
from acclimate.models.writers.seq2seq import Seq2Seq
from acclimate.recipes.recipe import Recipe
from acclimate.tables import Corpus
from acclimate.testing import toys
from acclimate.testing.chat_server import ChatServer
from acclimate.testing.tiny import tiny_encoder, tiny_scorer, tiny_writer


@dataclass(frozen=True)
class Models:
    """One of each role."""

    encoder: Dense
    scorer: CrossEncoder
    writer: Seq2Seq


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Recipes may ask servers on this machine, which tests start, and nothing else."""
    connect = socket.socket.connect

    def refuse(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] != "127.0.0.1":
            raise RuntimeError(f"A test may not open a connection; this one asks for {address}.")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    folder, texts = tmp_path_factory.mktemp("models"), toys.CORPUS.contents
    return Models(
        encoder=tiny_encoder(folder / "encoder", texts=texts),
        scorer=tiny_scorer(folder / "scorer", texts=texts),
        writer=tiny_writer(folder / "writer", texts=texts),
    )


@pytest.fixture(scope="session")
def passages() -> Corpus:
    """Toy documents in passages "bees#0" to "bees#2"; the first two have a phrase, `meta`."""
    phrases = (
        "summer bees", "kitchen scraps", "six plants", "rubber pads", "dry gears", "glue patch",
        "wild yeast", "clear rice", "warm yoghurt", "same moon", "highest tides", "ice tail",
    )  # fmt: skip
    cut = [text.rstrip(".").split(". ") for text in toys.CORPUS["text"]]
    rows = []
    for place, (phrase, row) in enumerate(zip(phrases, toys.CORPUS.dicts(), strict=True)):
        first, second = cut[place]
        texts = (
            f"{first}, and old {phrase} too.",
            f"Where {phrase} are, {second}.",
            cut[place - 1][1],
        )
        rows += [
            {**row, "doc_id": f"{row['doc_id']}#{n}", "text": text, "parent_id": row["doc_id"],
             "meta": json.dumps(phrase)}
            for n, text in enumerate(texts)
        ]  # fmt: skip
    return Corpus.of(rows)


@pytest.fixture
def run(models, tmp_path: Path) -> Callable[..., Path]:
    """Carries a recipe out without a gate; every answer is paid for once."""

    def carry_out(recipe: Callable[..., Recipe], student: Any = None, **settings: Any) -> Path:
        with ChatServer() as server:
            made = recipe(writer=Remote(model="toy", url=server.url), **settings)
            outcome = acclimate.adapt(
                replace(made, judge=None), toys.CORPUS, student or models.encoder,
                out=tmp_path / "run",
            )  # fmt: skip
            assert set(server.seen.good.values()) == {1}
            assert outcome.facts["cost"]["endpoints"]["answers"] == sum(server.seen.good.values())
        assert outcome.student.encoder.fingerprint() != (student or models.encoder).fingerprint()
        return outcome.run / "tables"

    return carry_out


@pytest.fixture(scope="session")
def programs() -> Corpus:
    """Examples: requirements as titles, which share a word with all others, and one-line texts."""
    return Corpus.of(
        {"doc_id": f"{verb} {thing}", "title": f"{verb} the {thing}", "text": f"{verb}({thing[0]})"}
        for verb in ("sort", "sum", "filter", "reverse")
        for thing in ("numbers", "words", "dates")
    )
