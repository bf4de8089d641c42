"""Collections of ir_datasets: a local one, registered under an id, through the real library."""

import json
from pathlib import Path
from typing import NamedTuple

import ir_datasets
import pytest
from ir_datasets.formats import BaseDocs

from acclimate.errors import TableError
from acclimate.tables import Corpus, Qrels, Queries

NAME = "toys-of-acclimate"


class Abstract(NamedTuple):
    doc_id: str
    title: str
    text: str
    year: int

    def default_text(self) -> str:
        return f"{self.title} {self.text}"


class Page(NamedTuple):
    doc_id: str
    headline: str
    body: str

    def default_text(self) -> str:
        return f"{self.headline} {self.body}"


class Docs(BaseDocs):
    def __init__(self, *rows: NamedTuple) -> None:
        self.rows = rows

    def docs_iter(self):
        return iter(self.rows)


@pytest.fixture(scope="module", autouse=True)
def _registered(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("toys")
    texts = {
        "docs.tsv": "d1\tBees make honey.\nd2\tThe moon pulls the sea.\n",
        "queries.tsv": "q1\twho makes honey\nq2\twhy are there tides\n",
        "qrels.txt": "q1 0 d1 2\nq2 0 d2 1\nq2 0 d1 0\n",
    }
    for name, text in texts.items():
        Path(folder, name).write_text(text, "utf-8")
    ir_datasets.registry.register(
        NAME,
        ir_datasets.create_dataset(*(str(folder / name) for name in texts)),
    )
    ir_datasets.registry.register(
        f"{NAME}/docs", ir_datasets.create_dataset(docs_tsv=str(folder / "docs.tsv"))
    )


def test_documents_come_by_id() -> None:
    corpus = Corpus.read(f"irds:{NAME}")
    assert corpus["doc_id"] == ["d1", "d2"]
    assert corpus["text"] == ["Bees make honey.", "The moon pulls the sea."]
    assert (corpus.intake.read, corpus.intake.kept) == (2, 2)


def test_queries_and_judgements_come_by_id() -> None:
    queries = Queries.read(f"irds:{NAME}", split="heldout")
    assert list(zip(queries["query_id"], queries["text"], strict=True)) == [
        ("q1", "who makes honey"),
        ("q2", "why are there tides"),
    ]
    assert [tuple(row.values()) for row in Qrels.read(f"irds:{NAME}").dicts()] == [
        ("q1", "d1", 2),
        ("q2", "d2", 1),
        ("q2", "d1", 0),
    ]


def test_what_the_library_loaded_is_as_good_as_its_id() -> None:
    loaded = ir_datasets.load(NAME)
    for table in (Corpus, Queries, Qrels):
        assert table.read(loaded).digest == table.read(f"irds:{NAME}").digest
        assert table.read(loaded).digest == table.read(Path(f"irds:{NAME}")).digest


def test_a_title_stays_apart_and_other_fields_are_kept() -> None:
    collection = ir_datasets.Dataset(Docs(Abstract("a", "Tides", "The sea rises.", 1961)))
    row = Corpus.read(collection).dicts()[0]
    assert (row["doc_id"], row["title"], row["text"]) == ("a", "Tides", "The sea rises.")
    assert "1961" in json.dumps(row["meta"])


def test_without_a_field_of_text_the_librarys_own_text_is_read() -> None:
    collection = ir_datasets.Dataset(Docs(Page("p", "Tides", "The sea rises.")))
    assert Corpus.read(collection)["text"] == ["Tides The sea rises."]


def test_an_unknown_id_is_refused() -> None:
    with pytest.raises(TableError, match="no collection 'no-such-toys'"):
        Corpus.read("irds:no-such-toys")


def test_a_part_without_judgements_is_refused_and_says_what_it_has() -> None:
    with pytest.raises(TableError, match="has no qrels; it has docs"):
        Qrels.read(f"irds:{NAME}/docs")
