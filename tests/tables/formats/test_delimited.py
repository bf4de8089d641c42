"""CSV and TSV as spreadsheets, databases and MS MARCO write them."""

import csv

import pytest

from acclimate.errors import TableError
from acclimate.tables import Corpus, Queries


def read(tmp_path, name, content):
    (tmp_path / name).write_bytes(content.encode())
    return Corpus.read(tmp_path / name)


def test_quotes_commas_and_line_ends_inside_values(tmp_path):
    table = read(tmp_path, "d.csv", '\ufeffid,title,text\r\n1,"A ""B""","x, y\r\nz\u2028w"\r\n')
    assert table.dicts() == [
        {
            "doc_id": "1",
            "title": 'A "B"',
            "text": "x, y\r\nz\u2028w".replace("\r\n", "\n"),
            "parent_id": None,
            "meta": None,
        }
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "|", "\t"])
def test_the_header_says_the_delimiter(tmp_path, delimiter):
    content = f"id{delimiter}text\n1{delimiter}a b\n"
    assert read(tmp_path, "d.csv", content)["text"] == ["a b"]


def test_a_table_file_with_quotes_as_pandas_writes_it(tmp_path):
    content = 'id\ttext\n1\t"a\tb ""c"""\n2\tplain\n'
    assert read(tmp_path, "d.tsv", content)["text"] == ['a\tb "c"', "plain"]


def test_a_table_file_whose_quotes_are_only_text(tmp_path):
    content = 'id\ttext\n1\t"Go" he said\n2\t5" pipe\n3\t"unclosed\n'
    assert read(tmp_path, "d.tsv", content)["text"] == ['"Go" he said', '5" pipe', '"unclosed']


def test_a_table_file_without_a_header_as_ms_marco_has(tmp_path):
    table = read(tmp_path, "collection.tsv", "0\tThe presence of mind\n1\tA second text\n")
    assert table["doc_id"] == ["0", "1"]
    assert table["text"] == ["The presence of mind", "A second text"]
    assert table.intake.reasons == {"no header: columns read as id, text": 1}
    (tmp_path / "queries.tsv").write_text("9\twhat is mind\n")
    assert Queries.read(tmp_path / "queries.tsv")["query_id"] == ["9"]


def test_a_header_without_a_text_column_is_refused(tmp_path):
    with pytest.raises(
        TableError,
        match=r"d\.csv, line 2: no field for the text; its fields are "
        "'a', 'b'",
    ):
        read(tmp_path, "d.csv", "a,b\n1,2\n")


@pytest.mark.parametrize("row", ["2,b,c", "2"])
def test_a_row_of_another_length_is_refused_by_line(tmp_path, row):
    with pytest.raises(TableError, match=r"d\.csv, line 4: . values where there are 2 columns"):
        read(tmp_path, "d.csv", f'id,text\n1,"a\nb"\n{row}\n')


def test_a_quote_that_is_not_closed_is_refused_where_it_begins(tmp_path):
    with pytest.raises(TableError, match=r"d\.csv, line 3: not valid csv \(unexpected end of data"):
        read(tmp_path, "d.csv", 'id,text\n1,a\n2,"b\n3,c\n')


def test_two_columns_of_one_name_are_refused(tmp_path):
    with pytest.raises(TableError, match="the column 'text' is there 2 times"):
        read(tmp_path, "d.csv", "text,text\na,b\n")


def test_blank_lines_are_passed_over_and_a_header_alone_is_no_document(tmp_path):
    assert len(read(tmp_path, "d.csv", "id,text\n\n1,a\n\n")) == 1
    for content in ("id,text\n", ""):
        with pytest.raises(TableError, match=r"No document came in from .*d\.csv"):
            read(tmp_path, "d.csv", content)


def test_the_size_limit_of_the_csv_module_is_left_as_it_was(tmp_path):
    before = csv.field_size_limit()
    read(tmp_path, "d.csv", "id,text\n1," + "x" * 200_000 + "\n")
    assert csv.field_size_limit() == before
