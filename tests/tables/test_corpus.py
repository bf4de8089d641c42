"""Corpus.read: what people's files hold, and what becomes of it."""

import json

import pytest

from acclimate.errors import TableError
from acclimate.tables import Corpus, Qrels


def read(rows, **settings):
    return Corpus.read(rows, **settings)


def test_title_and_text_are_one_string_for_models():
    table = read([{"id": 1, "title": "Pumps", "text": "They move water."}, {"id": 2, "text": "x"}])
    assert table.contents == ["Pumps They move water.", "x"]


@pytest.mark.parametrize("name", ["_id", "id", "doc_id", "docid", "DocNo", "PID"])
def test_an_id_is_found_by_its_common_names(name):
    assert read([{name: 7, "text": "a"}])["doc_id"] == ["7"]


@pytest.mark.parametrize("name", ["text", "contents", "Content", "body", "passage", " TEXT "])
def test_a_text_is_found_by_its_common_names(name):
    assert read([{"id": 7, name: "a"}])["text"] == ["a"]


def test_a_row_without_a_text_field_names_the_fields_there_are():
    with pytest.raises(
        TableError,
        match=r"row 2: no field for the text; its fields are 'id', "
        r"'txt'. Call one of them 'text'",
    ):
        read([{"id": 1, "text": "a"}, {"id": 2, "txt": "b"}])


def test_the_caller_may_name_the_fields():
    table = read([{"no": 4, "page": "a", "text": "b"}], fields={"text": "page", "id": "no"})
    assert table.dicts() == [
        {"doc_id": "4", "title": "", "text": "a", "parent_id": None, "meta": '{"text": "b"}'}
    ]
    with pytest.raises(TableError, match=r"no field 'pages'. Did you mean 'page'"):
        read([{"page": "a"}], fields={"text": "pages"})
    with pytest.raises(TableError, match="fields cannot name 'body'"):
        read([{"page": "a"}], fields={"body": "page"})


def test_integer_float_and_string_ids_are_strings():
    table = read([{"id": 1, "text": "a"}, {"id": 2.0, "text": "b"}, {"id": "03", "text": "c"}])
    assert table["doc_id"] == ["1", "2", "03"]


@pytest.mark.parametrize("bad", [True, [1], {"a": 1}])
def test_other_ids_are_refused(bad):
    with pytest.raises(TableError, match="the id in 'id' must be a string or a whole number"):
        read([{"id": bad, "text": "a"}])


def test_rows_without_an_id_are_numbered_and_counted():
    table = read(["one", "two"])
    assert table["doc_id"] == ["row-1", "row-2"]
    assert table.intake.reasons == {"no id: numbered": 2}
    table = read([{"id": None, "text": "a"}, {"id": float("nan"), "text": "b"}])
    assert table.intake.reasons == {"empty id: numbered": 2}


def test_missing_titles_are_empty():
    rows = [{"id": 1, "title": None, "text": "a"}, {"id": 2, "text": "b"}]
    assert read(rows)["title"] == ["", ""]


def test_empty_texts_are_skipped_and_counted():
    table = read([{"id": 1, "text": " \n"}, {"id": 2, "text": None}, {"id": 3, "text": "a"}])
    assert table["doc_id"] == ["3"]
    assert table.intake.reasons == {"empty text: skipped": 2}
    assert table.intake.examples == {"empty text: skipped": ("row 1", "row 2")}
    assert (table.intake.read, table.intake.kept) == (3, 1)


def test_a_title_stands_in_for_an_empty_text():
    table = read([{"id": 1, "title": "Pumps", "text": ""}])
    assert (table["title"], table["text"]) == ([""], ["Pumps"])
    assert table.intake.reasons == {"empty text: the title taken as text": 1}


def test_nothing_but_empty_texts_is_an_error_that_says_so():
    with pytest.raises(TableError, match="No document came in from list: read 1, kept 0") as error:
        read([{"id": 1, "text": ""}])
    assert "skipped for the reason above" in str(error.value)
    with pytest.raises(TableError, match=r"kept 0\nIt is empty.* A document is a text file"):
        read([])


def test_an_identical_row_is_dropped_and_counted():
    table = read([{"id": 1, "text": "a"}, {"id": 1, "text": "a"}, {"id": 2, "text": "b"}])
    assert table["doc_id"] == ["1", "2"]
    assert table.intake.reasons == {"identical row (same id and text): dropped": 1}


def test_two_texts_under_one_id_are_refused_with_both_places():
    with pytest.raises(TableError, match=r"row 3: the id '1' is already there .*\(row 1\)"):
        read([{"id": 1, "text": "a"}, {"id": 2, "text": "b"}, {"id": 1, "text": "c"}])


def test_one_text_under_two_ids_is_kept_once_and_the_other_id_is_remembered(tmp_path):
    rows = [{"id": 1, "text": "a"}, {"id": 2, "text": "a"}, {"id": 3, "title": "T", "text": "a"}]
    table = read(rows)
    assert table["doc_id"] == ["1", "3"]
    assert table.intake.reasons == {"same title and text under another id: dropped": 1}
    table.write(tmp_path / "c.arrow")
    assert Corpus.open(tmp_path / "c.arrow").aliases == {"2": "1"}
    qrels = Qrels.columns(query_id=["q", "q", "r"], doc_id=["1", "2", "2"], grade=[0, 2, 1])
    assert qrels.onto(table).dicts() == [
        {"query_id": "q", "doc_id": "1", "grade": 2},
        {"query_id": "r", "doc_id": "1", "grade": 1},
    ]


def test_duplicates_stay_when_asked_for():
    table = read([{"id": 1, "text": "a"}, {"id": 2, "text": "a"}], keep_duplicates=True)
    assert table["doc_id"] == ["1", "2"]
    assert table.intake.reasons == {"same title and text under another id: kept": 1}
    assert table.aliases == {}


def test_what_else_a_row_brings_is_kept_as_json():
    table = read([{"id": 1, "text": "a", "year": 1999, "tags": ["x", "é"], "none": None}])
    assert json.loads(table["meta"][0]) == {"year": 1999, "tags": ["x", "é"]}


def test_a_field_named_meta_is_unpacked():
    rows = [
        {"id": 1, "text": "a", "meta": {"page": 3}, "lang": "de"},
        {"id": 2, "text": "b", "metadata": '{"page": 4}'},
        {"id": 3, "text": "c", "meta": "x"},
        {"id": 4, "text": "d", "meta": "{x"},
    ]
    assert [json.loads(meta) for meta in read(rows)["meta"]] == [
        {"page": 3, "lang": "de"},
        {"page": 4},
        {"meta": "x"},
        {"meta": "{x"},
    ]


def test_control_characters_and_half_surrogates_are_repaired_and_counted():
    table = read(
        [
            {"id": 1, "text": "a\x00b\x0cc\td\x85e\u2028f"},
            {"id": 2, "text": "x\ud83dy"},
            {"id": 3, "text": "\ud83d\ude00"},
        ]
    )
    assert table["text"] == ["a b\nc\td\x85e\u2028f", "x\ufffdy", "😀"]
    assert table.intake.reasons == {
        "control characters: replaced by spaces": 1,
        "half of a surrogate pair: replaced": 2,
    }


def test_a_text_of_another_kind_is_refused_and_a_list_of_strings_becomes_lines():
    assert read([{"text": ["one", "two"]}, {"text": 3}])["text"] == ["one\ntwo", "3"]
    with pytest.raises(TableError, match="the field 'text' must be text; there is dict"):
        read([{"text": {"a": 1}}])


def test_a_document_of_a_thousand_pages_comes_in_whole(tmp_path):
    text = "Water moves through the pump. " * 100_000
    (tmp_path / "d.jsonl").write_text(json.dumps({"id": 1, "text": text}))
    (tmp_path / "d.csv").write_text(f"id,text\n1,{text}\n")
    assert Corpus.read(tmp_path / "d.jsonl")["text"] == [text]
    assert Corpus.read(tmp_path / "d.csv")["text"] == [text]


def test_more_rows_than_a_chunk_come_in_order():
    table = read([{"id": n, "text": f"text {n}"} for n in range(20_000)])
    assert table["doc_id"] == [str(n) for n in range(20_000)]


def test_a_table_reads_its_own_dicts():
    table = read([{"id": "a#0", "title": "T", "text": "x", "parent_id": "a", "year": 3}])
    assert read(table.dicts()).dicts() == table.dicts()
