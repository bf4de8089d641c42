"""Answerable: queries that their document answers, with the answer. [082]"""

from pathlib import Path

import numpy as np
import pytest

from acclimate.engines.local import Local
from acclimate.errors import RecipeError
from acclimate.models.readers import Extractive
from acclimate.parts.filters import Answerable
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries
from acclimate.testing.tiny import TEXTS, tiny_reader

pytestmark = pytest.mark.integration

CORPUS = Corpus.of({"doc_id": f"d{n}", "title": "", "text": TEXTS[n]} for n in range(6))
ROWS = [
    {"query_id": f"q{n}", "text": f"what is said of {TEXTS[n].split()[-1]}",
     "source_doc_id": f"d{n}", "split": "train"}
    for n in range(6)
]  # fmt: skip


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Extractive:
    return tiny_reader(tmp_path_factory.mktemp("reader"))


def run(reader: Extractive, rows: list[dict[str, str]], folder: Path, at_least: float) -> Queries:
    part = Answerable(reader=reader, at_least=at_least)
    return part(CORPUS, Queries.of(rows), Context(engine=Local(device="cpu", folder=folder)))


def test_what_the_reader_is_less_sure_of_than_asked_for_goes(
    reader: Extractive, tmp_path: Path
) -> None:
    """The probability is that of the reader's own score: the best span against no answer."""
    logits = reader.open("cpu").score([row["text"] for row in ROWS], CORPUS["text"])
    sure = 1 / (1 + np.exp(-logits.astype(np.float64)))
    bar = float(np.median(sure))
    kept = run(reader, ROWS, tmp_path, bar)
    assert kept["query_id"] == [f"q{n}" for n in range(6) if sure[n] >= bar]
    assert 0 < len(kept) < 6


def test_answers_are_words_of_the_source_and_given_ones_stay(
    reader: Extractive, tmp_path: Path
) -> None:
    rows = [{**ROWS[0], "answer": "given"}, *ROWS[1:]]
    kept = run(reader, rows, tmp_path, 0.0)
    assert kept["query_id"] == [row["query_id"] for row in ROWS]
    first, *others = kept["answer"]
    assert first == "given"
    assert all(a and a in text for a, text in zip(others, CORPUS["text"][1:], strict=True))


def test_a_query_without_a_source_stays_as_it_is(reader: Extractive, tmp_path: Path) -> None:
    log = {"query_id": "log", "text": "who are you", "split": "train"}
    kept = run(reader, [log, *ROWS], tmp_path, 1.0)
    assert "log" in kept["query_id"]
    assert kept["answer"][kept["query_id"].index("log")] is None


def test_what_is_no_probability_is_refused() -> None:
    with pytest.raises(RecipeError, match="0 to 1"):
        Answerable(at_least=1.5)
