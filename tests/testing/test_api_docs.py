"""The demo's collection: authors' summaries ask for the rest of their docstrings."""

import sys
from pathlib import Path

import pytest

from acclimate.errors import MissingExtraError
from acclimate.tables import Corpus, Qrels, Queries
from acclimate.testing import api_docs

LONG = " ".join(f"word{n}" for n in range(40))
SHORT = " ".join(f"word{n}" for n in range(39))

MODULE = f'''
import a_module_that_does_not_exist
def kept():
    """Find the closest pair
    of given points.

    {LONG}
    second line.
    """
    def inner():
        """Not public at all here.

        {LONG} inner
        """
def _private():
    """A private function is no document.

    {LONG} private
    """
def terse():
    """This one says too little.

    {SHORT}
    """
try:
    class Guarded:
        """Three words only.

        {LONG} guarded
        """
        def method(self):
            """Methods are not taken either.

            {LONG} method
            """
except ImportError:
    pass
def twin():
    """Wraps what another one does.

    {LONG}
    second line.
    """
def echo():
    """Repeat the same words twice.

    Repeat the same words twice, says the body. {LONG}
    """
'''


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    folder = tmp_path / "documented_package"
    (folder / "tests").mkdir(parents=True)
    (folder / "__init__.py").write_text("raise RuntimeError('imported')")
    (folder / "part.py").write_text(MODULE)
    (folder / "tests" / "test_part.py").write_text(MODULE.replace("word", "other"))
    monkeypatch.syspath_prepend(tmp_path)
    return folder.name


def test_documents_are_public_docstrings_of_at_least_40_words_without_their_summary(
    package: str,
) -> None:
    corpus, _, _ = api_docs.collection([package])
    assert corpus["doc_id"] == [f"{package}.part.{n}" for n in ("Guarded", "echo", "kept")]
    assert corpus["text"][2] == f"{LONG}\nsecond line."


def test_queries_are_unique_summaries_of_4_to_25_words_that_the_body_does_not_repeat(
    package: str,
) -> None:
    _, queries, qrels = api_docs.collection([package])
    assert queries["text"] == ["Find the closest pair of given points."]
    assert qrels.dicts() == [
        {"query_id": f"{package}.part.kept", "doc_id": f"{package}.part.kept", "grade": 1}
    ]


def test_what_is_written_reads_back_as_the_same_tables(package: str, tmp_path: Path) -> None:
    folder = tmp_path / "collection"
    assert api_docs.write(folder, [package]) == (3, 1)
    corpus, queries, qrels = api_docs.collection([package])
    assert Corpus.read(folder)["text"] == corpus["text"]
    assert Corpus.read(folder)["doc_id"] == corpus["doc_id"]
    assert Queries.read(folder)["text"] == queries["text"]
    assert Qrels.read(folder, split="test").dicts() == qrels.dicts()


def test_nothing_is_imported(package: str) -> None:
    api_docs.collection([package])
    assert package not in sys.modules


def test_a_package_that_is_not_there_names_the_extra() -> None:
    with pytest.raises(MissingExtraError, match=r"no_such_package.*acclimate\[demo\]"):
        api_docs.collection(["no_such_package"])


def test_the_installed_packages_give_a_real_collection() -> None:
    corpus, queries, qrels = api_docs.collection()
    assert len(corpus) > 2_500
    assert len(queries) == len(qrels) > 2_000
    assert set(queries["query_id"]) <= set(corpus["doc_id"])
    assert "scipy.cluster.hierarchy.linkage" in corpus.position
