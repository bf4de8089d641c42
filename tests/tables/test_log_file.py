"""LogFile: what people asked, from files as people keep them. [096]"""

import gzip
from pathlib import Path

import pytest

from acclimate.errors import TableError
from acclimate.pipeline.fingerprint import describe
from acclimate.tables import LogFile
from acclimate.tables.formats.pairs import Pair
from acclimate.testing import toys


def saved(folder: Path, text: str, name: str = "clicks.tsv") -> LogFile:
    path = folder / name
    path.write_text(text, "utf-8")
    return LogFile(str(path))


def test_a_row_is_a_query_a_document_and_how_often(tmp_path: Path) -> None:
    pairs, intake = saved(tmp_path, "query\tdoc_id\tclicks\nbrake  pads\tb1\t7\n").pairs()
    assert pairs == [Pair("brake pads", "b1", "", 7.0)]
    assert (intake.read, intake.kept) == (1, 1)


def test_without_counts_a_row_is_one_click(tmp_path: Path) -> None:
    log = saved(tmp_path, '{"question": "brakes?", "docid": 7}\n', "clicks.jsonl")
    assert log.pairs()[0] == [Pair("brakes?", "7", "", 1.0)]


def test_fields_of_other_names_can_be_named(tmp_path: Path) -> None:
    saved(tmp_path, "q,where\nbrakes,b1\n", "clicks.csv")
    fields = (("query", "q"), ("document", "where"))
    log = LogFile(str(tmp_path / "clicks.csv"), fields=fields)
    assert log.pairs()[0] == [Pair("brakes", "b1", "", 1.0)]


def test_a_packed_log_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "clicks.tsv.gz"
    path.write_bytes(gzip.compress(b"query\tdoc_id\nbrakes\tb1\n"))
    assert LogFile(str(path)).pairs()[0] == [Pair("brakes", "b1", "", 1.0)]


def test_rows_that_say_nothing_are_counted_with_their_places(tmp_path: Path) -> None:
    rows = "query\tdoc_id\tclicks\nbrakes\tb1\t1\n \tb1\t1\nbrakes\t\t1\nbrakes\tb2\t0\n"
    pairs, intake = saved(tmp_path, rows).pairs()
    assert len(pairs) == 1
    assert dict(intake.examples) == {
        "empty query: skipped": ("clicks.tsv, line 3",),
        "no document: skipped": ("clicks.tsv, line 4",),
        "a count of 0: skipped": ("clicks.tsv, line 5",),
    }


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("query\tclicks\nbrakes\t1\n", r"clicks\.tsv, line 2: no field for the document"),
        ("asked\tdoc_id\nbrakes\tb1\n", r"clicks\.tsv, line 2: no field for the query"),
        ("query\tdoc_id\tclicks\nbrakes\tb1\tmany\n", r"line 2: the field 'clicks' .* 'many'"),
        ("query\tdoc_id\tclicks\nbrakes\tb1\t-1\n", r"line 2: the field 'clicks' .* '-1'"),
        ("query\tdoc_id\tclicks\nbrakes\tb1\tinf\n", r"line 2: the field 'clicks' .* 'inf'"),
        ("query\tdoc_id\n \tb1\n", "No pair came in"),
    ],
)
def test_a_bad_row_names_file_line_and_field(tmp_path: Path, rows: str, message: str) -> None:
    with pytest.raises(TableError, match=message):
        saved(tmp_path, rows).pairs()


def test_answers_meet_a_question_where_they_are_asked_for(tmp_path: Path) -> None:
    log = saved(tmp_path, "question\tanswer\nhow long\tsix hours\n")
    assert log.pairs(meets=("answer", "document"))[0] == [Pair("how long", "", "six hours", 1.0)]
    with pytest.raises(TableError, match="no field for the document"):
        log.pairs()


def test_neither_answers_nor_documents_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="no field for answer or document; its fields are 'query'"):
        saved(tmp_path, "query\nbrakes\n").pairs(meets=("answer", "document"))


def test_queries_alone_are_one_per_line(tmp_path: Path) -> None:
    queries = saved(tmp_path, "brake pads\nchain oil\nbrake pads\n", "asked.txt").queries()
    assert queries["text"] == ["brake pads", "chain oil"]


def test_a_file_that_is_not_there_is_said_to_be_missing() -> None:
    log = LogFile("nowhere/clicks.tsv")
    for read in (log.pairs, log.queries, log.fingerprint):
        with pytest.raises(TableError, match=r"There is no file 'nowhere/clicks\.tsv'"):
            read()


def test_what_follows_from_a_log_depends_on_what_it_says_and_not_on_its_name(
    tmp_path: Path,
) -> None:
    one = saved(tmp_path, "query\tdoc_id\nbrakes\tb1\n", "a.tsv")
    copy = saved(tmp_path, "query\tdoc_id\nbrakes\tb1\n", "b.tsv")
    before = describe(one)
    assert before == describe(copy)
    saved(tmp_path, "query\tdoc_id\nbrakes\tb2\n", "a.tsv")
    assert describe(one) != before


def test_how_a_log_is_read_counts_too() -> None:
    path = toys.CLICKS.path
    assert LogFile(path, fields=(("count", "clicks"),)).fingerprint() != toys.CLICKS.fingerprint()
