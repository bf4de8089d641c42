"""MultiVector: an opened late-interaction model gives the vectors of sentence-transformers'."""

from pathlib import Path

import numpy as np
import pytest

from acclimate.errors import ModelError
from acclimate.models.encoders import Dense, MultiVector
from acclimate.parts.loops._written import finished
from acclimate.parts.students import LateInteraction
from acclimate.testing.tiny import TEXTS

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def tokens(encoder: Dense, tmp_path_factory: pytest.TempPathFactory) -> MultiVector:
    model = LateInteraction(dimensions=8).prepare(encoder.load())
    return MultiVector(str(finished(model, tmp_path_factory.mktemp("tokens"))))


@pytest.mark.parametrize("kind", ["query", "document"])
def test_token_vectors_are_those_of_sentence_transformers(tokens: MultiVector, kind) -> None:  # type: ignore[no-untyped-def]
    from sentence_transformers import MultiVectorEncoder

    plain = MultiVectorEncoder(tokens.model, device="cpu")
    encode = plain.encode_query if kind == "query" else plain.encode_document
    theirs = encode(list(TEXTS), convert_to_numpy=True)
    _, ours = tokens.open("cpu").encode_tokens(TEXTS, kind=kind)
    for one, other in zip(ours, theirs, strict=True):
        assert np.allclose(one, other, atol=1e-5)


def test_a_text_has_a_unit_vector_per_token_and_none_for_special_ones(tokens: MultiVector) -> None:
    (one,) = tokens.open("cpu").encode_tokens(["the pump"], kind="document")[1]
    assert one.shape == (2, 8)
    assert np.allclose(np.linalg.norm(one, axis=1), 1, atol=1e-5)


def test_one_vector_of_a_text_is_the_mean_of_its_tokens_at_length_one(tokens: MultiVector) -> None:
    opened = tokens.open("cpu")
    vectors, rows = opened.encode_tokens(TEXTS, kind="document")
    means = np.stack([row.mean(axis=0) for row in rows])
    wanted = means / np.linalg.norm(means, axis=1, keepdims=True)
    assert np.allclose(vectors, wanted, atol=1e-5)
    assert np.array_equal(opened.encode(TEXTS, kind="document"), vectors)


def test_no_text_is_no_vector(tokens: MultiVector) -> None:
    vectors, rows = tokens.open("cpu").encode_tokens([], kind="query")
    assert vectors.shape == (0, 8)
    assert rows == []


def test_neighbours_in_a_batch_change_nothing(tokens: MultiVector) -> None:
    opened = tokens.open("cpu")
    (alone,) = opened.encode_tokens([TEXTS[0]], kind="document")[1]
    beside = opened.encode_tokens([TEXTS[0], " ".join(TEXTS[:3])], kind="document")[1]
    assert np.allclose(beside[0], alone, atol=1e-5)


def test_a_dense_encoder_is_refused_and_not_projected_by_chance(encoder: Dense) -> None:
    with pytest.raises(ModelError, match="is a SentenceTransformer, not a MultiVectorEncoder"):
        MultiVector(encoder.model).load()


def test_settings_are_part_of_the_fingerprint(tokens: MultiVector, tmp_path: Path) -> None:
    prints = {
        tokens.fingerprint(),
        MultiVector(tokens.model, max_length=8).fingerprint(),
        MultiVector(tokens.model, query_prompt="ask: ").fingerprint(),
    }
    assert len(prints) == 3


def test_prompts_and_length_are_used(tokens: MultiVector) -> None:
    short = MultiVector(tokens.model, max_length=5).open("cpu")
    assert len(short.encode_tokens([TEXTS[0]], kind="document")[1][0]) == 3
    asked = MultiVector(tokens.model, query_prompt="the motor ").open("cpu")
    plain = tokens.open("cpu")
    one, other = (m.encode_tokens(["pump"], kind="query")[1][0] for m in (asked, plain))
    assert (len(one), len(other)) == (3, 1)
