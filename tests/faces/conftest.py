"""Neighbours: adapted models in other libraries. What is not installed is not collected: there is
nothing to import. The `dev` extra installs all of them, so nothing is left out there.
"""

import importlib.util

import pytest

from acclimate.testing import toys
from acclimate.testing.tiny import tiny_encoder, tiny_scorer

NEEDS = {
    "test_ir_collection.py": "ir_datasets",
    "test_langchain.py": "langchain_core",
    "test_llama_index.py": "llama_index",
    "test_mteb_task.py": "mteb",
}
collect_ignore = [name for name, package in NEEDS.items() if not importlib.util.find_spec(package)]


@pytest.fixture(scope="session")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> str:
    return tiny_encoder(tmp_path_factory.mktemp("encoder"), texts=toys.CORPUS.contents).model


@pytest.fixture(scope="session")
def scorer(tmp_path_factory: pytest.TempPathFactory) -> str:
    return tiny_scorer(tmp_path_factory.mktemp("scorer"), texts=toys.CORPUS.contents).model
