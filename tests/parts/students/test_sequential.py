"""Sequential: a state over what was picked, which begins as none. [051]"""

from pathlib import Path

import numpy as np
import pytest
import torch

from acclimate.errors import ModelError
from acclimate.models.encoders import Dense
from acclimate.models.encoders.state import ROUTE, map_of, searches
from acclimate.models.student import Student
from acclimate.parts.students import QuerySide, Sequential
from acclimate.testing.tiny import TEXTS, tiny_encoder

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Dense:
    return tiny_encoder(tmp_path_factory.mktemp("base"))


def test_two_maps_learn_and_begin_as_nothing(base: Dense) -> None:
    """[051]: a zero-initialised state reproduces what the base retriever finds."""
    model = Sequential().prepare(base.load())
    free = {name for name, weights in model.named_parameters() if weights.requires_grad}
    assert free == {"0.sub_modules.query.3.linear.weight", f"0.sub_modules.{ROUTE}.3.linear.weight"}
    plain, texts = base.load(), list(TEXTS)
    for made in (model.encode_query(texts), model.encode_document(texts)):
        assert np.allclose(made, plain.encode(texts), atol=1e-6)
    assert not model.encode(texts, task=ROUTE).any()


def test_it_is_saved_once_and_its_state_is_found_again(base: Dense, tmp_path: Path) -> None:
    model = Sequential().prepare(base.load())
    wanted = torch.eye(32) * 0.5
    with torch.no_grad():
        model[0].sub_modules[ROUTE][-1].linear.weight.copy_(wanted)
    model.save_pretrained(str(tmp_path), create_model_card=False)
    assert len(list(tmp_path.rglob("tokenizer.json"))) == 1
    after = Dense(str(tmp_path))
    assert np.array_equal(map_of(after), wanted.numpy())
    assert map_of(base) is None
    texts = list(TEXTS)
    part = after.load().encode(texts, task=ROUTE)
    assert np.allclose(part, 0.5 * base.load().encode(texts), atol=1e-6)
    again = Sequential().prepare(after.load())
    assert torch.equal(again[0].sub_modules[ROUTE][-1].linear.weight, wanted)


def test_what_was_picked_moves_the_search_by_its_mean() -> None:
    """q + W (v_1 + v_2) / 2; a missing pick counts nothing; without W nothing moves."""
    queries, documents = np.array([[1.0, 0.0]] * 2), np.array([[1.0, 0.0], [0.0, 1.0]])
    picked, state = np.array([[0, 1], [1, -1]]), np.array([[-2.0, 0.0], [0.0, 4.0]])
    assert searches(queries, documents, picked, state).tolist() == [[0.0, 2.0], [1.0, 4.0]]
    assert searches(queries, documents, picked, None).tolist() == queries.tolist()


def test_it_stands_on_documents_as_they_are(base: Dense) -> None:
    student = Sequential()(Student(encoder=base))
    assert student.shape == Sequential()
    assert Sequential().documents_frozen
    assert Sequential().training_tokens is None
    with pytest.raises(ModelError, match="routes of another kind"):
        Sequential().prepare(QuerySide().prepare(base.load()))
