"""QuerySide: only the query encoder learns, and the documents' vectors stay."""

from pathlib import Path

import numpy as np
import pytest
import torch

from acclimate.models.encoders.dense import Dense as Encoder
from acclimate.models.student import Student
from acclimate.parts.evaluators.ranked import Towers, index_of
from acclimate.parts.loops._written import finished
from acclimate.parts.students import QuerySide
from acclimate.testing.tiny import TEXTS, tiny_encoder

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return tiny_encoder(tmp_path_factory.mktemp("base"))


def test_the_student_learns_this_way_from_now_on(base: Encoder) -> None:
    assert QuerySide()(Student(encoder=base)).shape == QuerySide()
    assert QuerySide().documents_frozen


def test_only_the_query_route_is_free_to_move(base: Encoder) -> None:
    routes = QuerySide().prepare(base.load())[0].sub_modules
    assert all(p.requires_grad for p in routes["query"].parameters())
    assert not any(p.requires_grad for p in routes["document"].parameters())


def test_both_routes_begin_as_the_base(base: Encoder) -> None:
    model = QuerySide().prepare(base.load())
    before = base.load().encode(list(TEXTS))
    assert np.array_equal(model.encode_query(list(TEXTS)), before)
    assert np.array_equal(model.encode_document(list(TEXTS)), before)


def test_a_moved_query_encoder_leaves_the_documents_when_saved_and_loaded(
    base: Encoder, tmp_path: Path
) -> None:
    from sentence_transformers import SentenceTransformer

    model = QuerySide().prepare(base.load())
    with torch.no_grad():
        for weight in model[0].sub_modules["query"].parameters():
            weight.add_(0.05 * torch.sin(torch.arange(weight.numel()).view_as(weight)))
    folder = finished(model, tmp_path)
    plain = SentenceTransformer(str(folder), device="cpu")
    before = base.load().encode(list(TEXTS))
    assert np.array_equal(plain.encode_document(list(TEXTS)), before)
    assert np.array_equal(plain.encode(list(TEXTS)), before)
    assert not np.allclose(plain.encode_query(list(TEXTS)), before, atol=1e-3)
    ours = Encoder(str(folder)).open("cpu")
    assert np.allclose(ours.encode(TEXTS, kind="document"), before, atol=1e-6)
    assert np.allclose(ours.encode(TEXTS, kind="query"), plain.encode_query(list(TEXTS)), atol=1e-6)


def test_preparing_twice_changes_nothing(base: Encoder) -> None:
    model = QuerySide().prepare(base.load())
    assert QuerySide().prepare(model) is model


def test_prompts_and_lengths_of_the_student_are_saved(base: Encoder, tmp_path: Path) -> None:
    told = Encoder(base.model, max_length=7, query_prompt="ask: ", document_prompt="read: ")
    folder = finished(QuerySide().prepare(told.load()), tmp_path)
    for kind in ("query", "document"):
        expected = told.open("cpu").encode(TEXTS, kind=kind)
        assert np.allclose(
            Encoder(str(folder)).open("cpu").encode(TEXTS, kind=kind), expected, atol=1e-6
        )


def test_beside_an_encoder_that_has_learned_documents_keep_that_ones_vectors() -> None:
    learned = Student(encoder=Encoder("m")).trained(Encoder("n"))
    student = QuerySide()(learned)
    assert (student.start, student.stands_on) == (Encoder("m"), Encoder("n"))
    later = student.trained(Encoder("o"))
    assert QuerySide()(later) == later
    assert index_of(later) == Towers(Encoder("o"), Encoder("n"))
