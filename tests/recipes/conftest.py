"""Tiny models and the toy documents, for runs from end to end."""

from dataclasses import dataclass

import pytest

from acclimate.models.encoders.dense import Dense
from acclimate.models.scorers.cross_encoder import CrossEncoder
from acclimate.models.writers.seq2seq import Seq2Seq
from acclimate.testing import toys
from acclimate.testing.tiny import tiny_encoder, tiny_scorer, tiny_writer


@dataclass(frozen=True)
class Models:
    """One of each role."""

    encoder: Dense
    scorer: CrossEncoder
    writer: Seq2Seq


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    folder, texts = tmp_path_factory.mktemp("models"), toys.CORPUS.contents
    return Models(
        encoder=tiny_encoder(folder / "encoder", texts=texts),
        scorer=tiny_scorer(folder / "scorer", texts=texts),
        writer=tiny_writer(folder / "writer", texts=texts),
    )
