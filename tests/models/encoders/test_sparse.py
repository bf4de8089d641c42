"""Sparse: an opened sparse encoder gives the weights of sentence-transformers'."""

import numpy as np
import pytest

from acclimate.errors import ModelError
from acclimate.models.encoders import Dense, Sparse
from acclimate.parts.loops._written import finished
from acclimate.parts.students import Sparse as Words
from acclimate.testing.tiny import TEXTS

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def sparse(encoder: Dense, tmp_path_factory: pytest.TempPathFactory) -> Sparse:
    return Sparse(str(finished(Words().prepare(encoder.load()), tmp_path_factory.mktemp("sparse"))))


@pytest.mark.parametrize("kind", ["query", "document"])
def test_weights_are_those_of_sentence_transformers(sparse: Sparse, kind) -> None:  # type: ignore[no-untyped-def]
    from sentence_transformers import SparseEncoder

    plain = SparseEncoder(sparse.model, device="cpu")
    encode = plain.encode_query if kind == "query" else plain.encode_document
    theirs = encode(list(TEXTS)).to_dense().numpy()
    opened = sparse.open("cpu")
    ours = opened.encode(TEXTS, kind=kind)
    assert ours.shape == (len(TEXTS), opened.dimension)
    assert np.allclose(ours, theirs, atol=1e-5)


def test_at_most_so_many_words_keep_a_weight_as_the_model_says(sparse: Sparse) -> None:
    opened = sparse.open("cpu")
    whole = opened.encode(TEXTS, kind="document")
    opened.model.max_active_dims = 5
    kept = opened.encode(TEXTS, kind="document")
    assert ((kept > 0).sum(axis=1) == 5).all()
    assert np.array_equal(kept[kept > 0], whole[kept > 0])
    assert (kept.max(axis=1) == whole.max(axis=1)).all()


def test_tensors_have_gradients_and_the_values_of_encode(sparse: Sparse) -> None:
    opened = sparse.open("cpu")
    made = opened.tensors(TEXTS, kind="document")
    made.square().sum().backward()
    assert np.allclose(made.detach().numpy(), opened.encode(TEXTS, kind="document"), atol=1e-6)
    moved = [w for w in opened.model.parameters() if w.grad is not None and w.grad.any()]
    assert moved


def test_whoever_asks_for_token_vectors_is_told(sparse: Sparse) -> None:
    with pytest.raises(ModelError, match="has no token vectors"):
        sparse.open("cpu").encode_tokens(TEXTS, kind="document")


def test_settings_are_part_of_the_fingerprint_and_are_used(sparse: Sparse) -> None:
    short = Sparse(sparse.model, max_length=4)
    asked = Sparse(sparse.model, query_prompt="the motor ")
    assert len({m.fingerprint() for m in (sparse, short, asked)}) == 3
    assert short.open("cpu").count_tokens([TEXTS[0]]).tolist() == [4]
    plain = sparse.open("cpu").encode(["the motor pump"], kind="query")
    assert np.allclose(asked.open("cpu").encode(["pump"], kind="query"), plain, atol=1e-5)
