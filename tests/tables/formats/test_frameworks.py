"""Documents of other frameworks: what their classes have, without the libraries themselves."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from acclimate.errors import TableError
from acclimate.tables import Corpus


@dataclass
class LangChainDocument:
    page_content: str
    id: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass
class LlamaIndexNode:
    node_id: str
    text: str
    ref_doc_id: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)

    def get_content(self) -> str:
        return self.text


@dataclass
class HaystackDocument:
    id: str
    content: str | None
    meta: dict[str, Any] = field(default_factory=dict)


def test_langchains_documents_bring_id_title_and_metadata() -> None:
    corpus = Corpus.read(
        [
            LangChainDocument("Warm milk.", "a", {"title": "Milk", "source": "x.txt"}),
            LangChainDocument("No id."),
        ]
    )
    first, second = corpus.dicts()
    assert (first["doc_id"], first["title"], first["text"]) == ("a", "Milk", "Warm milk.")
    assert json.loads(first["meta"]) == {"source": "x.txt"}
    assert second["text"] == "No id."
    assert second["doc_id"]


def test_llamaindexs_nodes_are_pieces_of_the_document_they_were_cut_from() -> None:
    corpus = Corpus.read([LlamaIndexNode("n1", "one", "whole"), LlamaIndexNode("n2", "two")])
    assert corpus["doc_id"] == ["n1", "n2"]
    assert corpus["parent_id"] == ["whole", None]


def test_haystacks_documents_without_text_are_counted() -> None:
    corpus = Corpus.read([HaystackDocument("a", "Warm milk."), HaystackDocument("b", None)])
    assert corpus["doc_id"] == ["a"]
    assert "empty text: skipped" in str(corpus.intake)


def test_anything_else_is_refused_by_its_type() -> None:
    with pytest.raises(TableError, match=r"row 1: each row must be a dict .* there is int"):
        Corpus.read([7])
