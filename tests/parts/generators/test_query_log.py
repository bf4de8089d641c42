"""QueryLog: people's queries as they asked them."""

from pathlib import Path

from acclimate.parts.generators import Mixed, QueryLog, Titles
from acclimate.parts.part import Context
from acclimate.tables import Corpus, LogFile
from acclimate.testing import behaviour, toys


def log_of(folder: Path, *lines: str) -> LogFile:
    path = folder / "asked.txt"
    path.write_text("\n".join(lines), "utf-8")
    return LogFile(str(path))


def test_each_wording_is_a_query_without_a_document(tmp_path: Path) -> None:
    ctx = Context()
    queries = QueryLog(log=log_of(tmp_path, "brake pads", "oil", "oil"))(Corpus.empty(), ctx)
    assert queries["text"] == ["brake pads", "oil"]
    assert queries["source_doc_id"] == [None, None]
    assert set(queries["kind"]) == {"log"}
    assert ctx.notes["log"] == {"rows": 3, "asked before: dropped": 1}


def test_which_are_drawn_depends_on_their_words_alone(tmp_path: Path) -> None:
    lines = [f"query {n}" for n in range(20)]
    some = QueryLog(log=log_of(tmp_path, *lines), queries=5)(Corpus.empty(), Context())
    turned = QueryLog(log=log_of(tmp_path, *lines[::-1]), queries=5)(Corpus.empty(), Context())
    assert len(some) == 5
    assert set(some["text"]) == set(turned["text"])


def test_a_mixture_has_its_share_of_people(tmp_path: Path) -> None:
    log = log_of(tmp_path, *(f"query {n}" for n in range(9)))
    mixed = Mixed((QueryLog(log=log), Titles()), shares=(1, 2), queries=9)
    kinds = mixed(toys.CORPUS, Context())["kind"]
    assert (kinds.count("log"), len(kinds)) == (3, 9)


def test_it_obeys_the_laws_of_generators() -> None:
    behaviour.check_all(QueryLog(log=toys.CLICKS), folder="generators")
