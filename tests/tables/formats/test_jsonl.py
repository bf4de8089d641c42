"""JSON Lines and JSON lists."""

import gzip
import json

import pytest

from acclimate.errors import TableError
from acclimate.tables import Corpus


def test_lines_plain_and_compressed(tmp_path):
    data = b'\xef\xbb\xbf{"id": 1, "text": "a"}\r\n\r\n{"id": 2, "text": "b"}'
    for name in ("d.jsonl", "d.ndjson", "d.json"):
        (tmp_path / name).write_bytes(data)
        assert Corpus.read(tmp_path / name)["text"] == ["a", "b"]
    (tmp_path / "d.jsonl.gz").write_bytes(gzip.compress(data))
    assert Corpus.read(tmp_path / "d.jsonl.gz")["doc_id"] == ["1", "2"]


def test_unicode_separators_inside_a_text_do_not_end_the_line(tmp_path):
    text = "one\u2028two\x85three\u2029four\x0bfive"
    row = json.dumps({"id": 1, "text": text}, ensure_ascii=False).replace("\\u000b", "\x0b")
    (tmp_path / "d.jsonl").write_text(row.replace("\x0b", "\\u000b"), encoding="utf-8")
    assert Corpus.read(tmp_path / "d.jsonl")["text"] == [text.replace("\x0b", "\n")]


def test_a_broken_line_names_file_line_what_and_fix(tmp_path):
    (tmp_path / "broken.jsonl").write_text(
        '{"id": 1, "text": "a"}\n{"id": 2, "text": "b"}\n{"id": 3 "text": "c"}\n'
    )
    with pytest.raises(TableError) as caught:
        Corpus.read(tmp_path / "broken.jsonl")
    assert str(caught.value) == (
        "broken.jsonl, line 3: not valid JSON (Expecting ',' delimiter at column 10) near "
        '\'{"id": 3 "text": "c"}\'. Fix the line or remove it.'
    )


def test_a_line_that_was_cut_off_says_so(tmp_path):
    (tmp_path / "d.jsonl").write_text('{"id": 1, "text": "a"}\n{"id": 2, "te')
    with pytest.raises(TableError, match=r"line 2: .*(cut off)"):
        Corpus.read(tmp_path / "d.jsonl")


@pytest.mark.parametrize(
    ("row", "kind"), [("[1]", "a list"), ('"x"', "a string"), ("null", "null"), ("3", "a value")]
)
def test_a_line_that_is_no_object_is_refused(tmp_path, row, kind):
    (tmp_path / "d.jsonl").write_text(f'{{"text": "a"}}\n{row}\n')
    with pytest.raises(TableError, match=f"line 2: each row must be an object .* there is {kind}"):
        Corpus.read(tmp_path / "d.jsonl")


def test_a_json_list_is_read_by_item(tmp_path):
    path = tmp_path / "d.json"
    path.write_text('[{"id": 1, "text": "a"},\n {"id": 1, "text": "b"}]')
    with pytest.raises(TableError, match=r"d\.json, item 2: the id '1' .*d\.json, item 1"):
        Corpus.read(path)
    path.write_text('[{"id": 1, "text": "a"},\n {"id": 2 "text": "b"}]')
    with pytest.raises(TableError, match=r"d\.json, line 2: not valid JSON"):
        Corpus.read(path)
    path.write_text('{"id": 1,\n "text": "a"}')
    assert Corpus.read(path)["text"] == ["a"]


def test_nesting_without_end_is_refused(tmp_path):
    (tmp_path / "d.jsonl").write_text('{"text": ' + "[" * 200_000 + "\n")
    with pytest.raises(TableError, match=r"d\.jsonl, line 1: "):
        Corpus.read(tmp_path / "d.jsonl")
    (tmp_path / "d.json").write_text("[" * 200_000)
    with pytest.raises(TableError, match=r"d\.json"):
        Corpus.read(tmp_path / "d.json")
