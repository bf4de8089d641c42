"""rpt from end to end: pieces that make the next one likelier. [066]"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import acclimate
from acclimate.parts import filters, generators, labellers, losses, miners
from acclimate.parts._words import words
from acclimate.parts.filters.copied_text import longest_run
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.rpt import rpt
from acclimate.tables import Corpus, Labels, Queries

pytestmark = pytest.mark.integration


def test_it_names_no_model() -> None:
    assert list(refs_of((rpt().steps, rpt().judge))) == []


def test_a_reader_says_what_twenty_pieces_gain_for_the_next() -> None:
    steps = rpt().steps
    assert steps[0] == generators.NextChunk(queries=6_000)
    at = steps.index(miners.BM25(depth=20 + 1))  # one is the piece that asks
    assert steps[at + 1] == filters.SubstringOverlap()
    assert labellers.ReaderLikelihood(target="source", gain=True) in steps
    assert steps[-1].loss == losses.LambdaRankHinge(margin=0.1)


def test_pieces_learn_from_those_that_help(models, passages: Corpus, tmp_path: Path) -> None:
    recipe = replace(rpt(queries=24, held_out=4, depth=8, steps=3, batch=6), judge=None)
    outcome = acclimate.adapt(recipe, passages, models.encoder, out=tmp_path / "run")
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    labels = Labels.open(outcome.run / "tables" / "labels.arrow")
    sources = dict(zip(queries["query_id"], queries["source_doc_id"], strict=True))
    texts = dict(zip(queries["query_id"], queries["text"], strict=True))
    contents = dict(zip(passages["doc_id"], passages.contents, strict=True))
    assert max(len(words(text)) for text in texts.values()) > 10
    for query, source in sources.items():
        own = labels.where("query_id", [query])
        assert source not in own["doc_id"]
        repeated = [longest_run(words(texts[query]), words(contents[d])) for d in own["doc_id"]]
        assert max(repeated) <= 10
        assert np.max(own.array("value")) > 0  # some piece helps
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
