"""Fakes answer like models, and their answers can be worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from acclimate.models.ref import Ref, Written
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEncoder, FakeEngine, FakeIndex, FakeScorer, FakeWriter


@pytest.mark.parametrize("fake", [FakeEncoder(), FakeScorer(), FakeWriter()])
def test_a_fake_is_a_ref_that_opens_itself(fake):
    assert isinstance(fake, Ref)
    assert fake.open("cpu") is fake
    assert hash(fake) == hash(replace(fake))


def test_sentence_vectors_have_length_one_and_do_not_depend_on_case_or_order():
    vectors = FakeEncoder().encode(["warm milk", "Milk, WARM!", ""], kind="query")
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0)
    assert np.array_equal(vectors[0], vectors[1])


def test_sentence_vectors_have_the_asked_length_when_not_normalised():
    vectors = FakeEncoder(normalised=False, norm=3.0).encode(["warm milk"], kind="query")
    assert np.linalg.norm(vectors[0]) == pytest.approx(3.0)


def test_half_of_the_words_shared_gives_a_cosine_near_one_half():
    a, b = FakeEncoder(dimension=4096).encode(["warm milk", "warm bread"], kind="document")
    assert a @ b == pytest.approx(0.5, abs=0.05)


def test_token_vectors_are_one_unit_vector_per_word():
    sentences, tokens = FakeEncoder().encode_tokens(["warm warm milk"], kind="query")
    assert tokens[0].shape == (3, 256)
    assert np.array_equal(tokens[0][0], tokens[0][1])
    assert np.allclose(np.linalg.norm(tokens[0], axis=1), 1.0)
    assert sentences.dtype == tokens[0].dtype == np.float32


def test_salted_encoders_disagree():
    plain, salted = (FakeEncoder(salt=s).encode(["milk"], kind="query") for s in ("", "x"))
    assert not np.array_equal(plain, salted)


def test_the_scorer_counts_shared_words():
    scores = FakeScorer(weight=2.0, bias=-1.0).score(["a cup of rice"], ["rice, a cup; rice"])
    assert scores.tolist() == [2.0 * 3 - 1.0]


def test_the_writer_copies_words_of_its_prompt():
    texts = FakeWriter(length_words=2).write(["Bees visit flowers"], count=2, seed=0)
    assert texts == [[Written("bees visit", -0.5), Written("visit flowers", -1.0)]]


def test_a_search_ranks_by_shared_words_and_breaks_ties_by_row():
    hits = FakeEngine().search(
        FakeIndex(), ["cold milk", "rice", "warm milk"], ["warm milk"], depth=4
    )
    assert hits.positions.tolist() == [[2, 0, 1, -1]]
    assert hits.scores.tolist() == [[2.0, 1.0, 0.0, -np.inf]]


def test_a_search_among_given_documents_keeps_their_order():
    among = np.array([[1, -1, 0]])
    hits = FakeEngine().search(FakeIndex(), ["milk", "rice"], ["milk"], among=among)
    assert hits.positions.tolist() == [[1, -1, 0]]
    assert hits.scores.tolist() == [[0.0, -np.inf, 1.0]]


def test_the_engine_counts_what_it_was_asked():
    engine = FakeEngine()
    engine.encode(FakeEncoder(), ["a", "b"], kind="query")
    engine.encode_tokens(FakeEncoder(), ["a"], kind="query")
    engine.score(FakeScorer(), ["a"], ["b"])
    engine.write(FakeWriter(), ["a", "b", "c"], count=1, seed=0)
    engine.search(FakeIndex(), toys.CORPUS.contents, toys.QUERIES["text"])
    assert engine.calls == {"encode": 2, "encode_tokens": 1, "score": 1, "write": 3, "search": 6}
