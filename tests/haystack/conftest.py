"""Haystack's components. Without the `haystack` extra this folder is not collected: there is
nothing to import. The `dev` extra installs it, so nothing is left out there.
"""

import importlib.util
import os
from pathlib import Path
from typing import Any

import pytest

os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"

INSTALLED = importlib.util.find_spec("haystack") is not None
collect_ignore_glob = [] if INSTALLED else ["test_*.py"]

if INSTALLED:
    from haystack import Document
    from haystack.components.retrievers import InMemoryBM25Retriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    from acclimate.testing import toys
    from acclimate.testing.tiny import tiny_encoder, tiny_scorer, tiny_writer

    @pytest.fixture
    def documents() -> list[Any]:
        """The toy documents under their own ids."""
        return [
            Document(id=row["doc_id"], content=row["text"], meta={"title": row["title"]})
            for row in toys.CORPUS.dicts()
        ]

    @pytest.fixture
    def store(documents: list[Any]) -> Any:
        store = InMemoryDocumentStore(shared=False)
        store.write_documents(documents)
        return store

    @pytest.fixture
    def retriever(store: Any) -> Any:
        return InMemoryBM25Retriever(document_store=store)

    @pytest.fixture(scope="session")
    def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
        """Folders of tiny models, built on the spot."""
        folder: Path = tmp_path_factory.mktemp("models")
        texts = toys.CORPUS.contents
        return {
            "writer": tiny_writer(folder / "writer", texts=texts).model,
            "teacher": tiny_scorer(folder / "teacher", texts=texts).model,
            "student": tiny_encoder(folder / "student", texts=texts).model,
        }
