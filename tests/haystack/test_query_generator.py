"""QueryGenerator: documents to questions."""

import asyncio
import copy
import importlib.util
from pathlib import Path
from typing import Any

import pytest
from haystack import Document

from acclimate.errors import ModelError, ServiceError, TableError
from acclimate.parts import generators
from acclimate.testing.fakes import FakeWriter
from haystack_integrations.components.training.acclimate import QueryGenerator

BEES = Document(id="bees", content="Bees visit flowers.", meta={"title": "Insects"})


def echo(reply: str | None = None) -> Any:
    spec = importlib.util.spec_from_file_location("chat", Path(__file__).parent / "chat.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Echo(reply)


def test_a_writers_questions_name_their_document_and_its_text() -> None:
    rows = QueryGenerator(FakeWriter(length_words=2), queries_per_document=2).run([BEES])[
        "questions"
    ]
    assert [(r["question"], r["document"], r["document_id"], r["split"]) for r in rows] == [
        ("bees visit", "Bees visit flowers.", "bees", "train"),
        ("visit flowers", "Bees visit flowers.", "bees", "train"),
    ]
    assert [r["log_prob"] for r in rows] == [-0.5, -1.0]
    assert len({r["query_id"] for r in rows}) == 2


def test_a_part_generates_as_it_is_set() -> None:
    found = QueryGenerator(generators.Titles()).run([BEES])
    assert found["questions"] == []
    assert found["stats"]["documents"] == {"read": 1, "without a query": 1}


def test_meta_fields_are_read_before_the_content() -> None:
    generator = QueryGenerator(
        FakeWriter(length_words=2), queries_per_document=1, meta_fields_to_embed=["title"]
    )
    (row,) = generator.run([BEES])["questions"]
    assert row["question"] == "insects bees"
    assert row["document"] == "Insects\nBees visit flowers."


def test_a_chat_generator_is_asked_once_for_all_questions_of_a_document() -> None:
    rows = QueryGenerator(echo(), queries_per_document=3).run([BEES])["questions"]
    assert [r["question"] for r in rows] == ["where is Bees", "what about visit"]


@pytest.mark.parametrize(
    "reply",
    ['```json\n{"queries": ["a b"]}\n```', 'Here you are: {"queries": [" a b ", 7, ""]} Bye.'],
)
def test_words_around_the_json_do_no_harm(reply: str) -> None:
    assert [r["question"] for r in QueryGenerator(echo(reply)).run([BEES])["questions"]] == ["a b"]


@pytest.mark.parametrize("reply", ["sorry", '{"queries": "a"}', '["a"]', '{"queries": ["a'])
def test_a_generator_that_never_answers_is_told_apart_from_one_with_nothing_to_say(
    reply: str,
) -> None:
    documents = [BEES, Document(id="moon", content="The moon turns.")]
    with pytest.raises(ServiceError, match="no readable reply to 2 documents"):
        QueryGenerator(echo(reply)).run(documents)
    assert QueryGenerator(echo(reply)).run([BEES])["questions"] == []


def test_documents_without_text_are_left_out_and_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    given = [Document(id="none", content=None), Document(id="blank", content="  "), BEES]
    rows = QueryGenerator(FakeWriter(), queries_per_document=1).run(given)["questions"]
    assert [r["document_id"] for r in rows] == ["bees"]
    assert "2 of 3 documents have no text" in caplog.text
    assert QueryGenerator(FakeWriter()).run([])["questions"] == []


def test_one_id_for_two_texts_is_refused() -> None:
    with pytest.raises(TableError, match="share the id 'bees'"):
        QueryGenerator(FakeWriter()).run([BEES, Document(id="bees", content="Wasps.")])


def test_held_out_questions_are_of_other_documents_than_those_that_train(
    documents: list[Document],
) -> None:
    rows = QueryGenerator(FakeWriter(), held_out=0.25).run(documents)["questions"]
    split = {s: {r["document_id"] for r in rows if r["split"] == s} for s in ("train", "heldout")}
    assert split["heldout"]
    assert not split["heldout"] & split["train"]


def test_run_and_run_async_are_alike_and_change_nothing_that_comes_in(
    documents: list[Document],
) -> None:
    before = copy.deepcopy(documents)
    found = QueryGenerator(FakeWriter()).run(documents)
    assert asyncio.run(QueryGenerator(FakeWriter()).run_async(documents)) == found
    assert documents == before


@pytest.mark.integration
def test_a_model_writes_the_same_questions_for_the_same_seed(
    documents: list[Document], models: dict[str, str]
) -> None:
    first, again, other = (
        QueryGenerator(models["writer"], seed=seed).run(documents) for seed in (0, 0, 1)
    )
    assert first == again
    assert first != other
    assert len(first["questions"]) == 36


def test_a_model_that_cannot_be_had_is_refused_by_warm_up() -> None:
    with pytest.raises(ModelError, match="no model folder"):
        QueryGenerator("./nowhere").warm_up()


def test_warm_up_twice_is_warm_up_once_and_close_lets_go() -> None:
    generator = QueryGenerator(FakeWriter())
    generator.warm_up()
    engine = generator._engine
    generator.warm_up()
    assert generator._engine is engine
    generator.close()
    generator.close()
    assert generator._engine is None
    assert generator.run([BEES])["questions"]
