"""Which format a source is in."""

import gzip

import pytest

from acclimate.errors import TableError
from acclimate.tables import Corpus


def test_a_beir_folder_plain_or_compressed(tmp_path):
    (tmp_path / "notes.txt").write_text("not part of it")
    line = b'{"_id": "1", "title": "T", "text": "a", "metadata": {"url": "u"}}\n'
    (tmp_path / "corpus.jsonl.gz").write_bytes(gzip.compress(line))
    assert Corpus.read(tmp_path).dicts() == [
        {"doc_id": "1", "title": "T", "text": "a", "parent_id": None, "meta": '{"url": "u"}'}
    ]
    (tmp_path / "corpus.jsonl").write_bytes(line.replace(b'"1"', b'"2"'))
    assert Corpus.read(str(tmp_path))["doc_id"] == ["2"]


def test_a_folder_of_shards_is_read_in_order_and_other_kinds_are_counted(tmp_path):
    for n in (2, 1):
        (tmp_path / f"part-{n}.jsonl").write_text(f'{{"id": {n}, "text": "t{n}"}}\n')
    (tmp_path / "sizes.csv").write_text("a,b\n")
    (tmp_path / ".hidden.jsonl").write_text("not json")
    table = Corpus.read(tmp_path)
    assert table["doc_id"] == ["1", "2"]
    assert table.intake.reasons == {"file of another kind (.csv): not read": 1}


def test_a_missing_path_suggests_its_neighbour(tmp_path):
    (tmp_path / "docs.jsonl").write_text("")
    with pytest.raises(TableError, match=r"no file or folder .*doc\.jsonl'. Did you mean 'docs"):
        Corpus.read(tmp_path / "doc.jsonl")
    with pytest.raises(TableError, match="There is no file or folder"):
        Corpus.read(tmp_path / "none" / "doc.jsonl")


def test_an_unknown_kind_of_file_lists_the_known_ones(tmp_path):
    (tmp_path / "d.xls").write_text("x")
    with pytest.raises(TableError, match=r"d\.xls is in no format known here.*\.jsonl"):
        Corpus.read(tmp_path / "d.xls")


def test_a_folder_without_documents_says_what_is_there(tmp_path):
    with pytest.raises(TableError, match="holds no documents: there are no files"):
        Corpus.read(tmp_path)
    (tmp_path / "a.png").write_bytes(b"x")
    with pytest.raises(TableError, match=r"holds no documents: there are \.png"):
        Corpus.read(tmp_path)


@pytest.mark.parametrize("source", [3, None, {"id": 1, "text": "a"}])
def test_what_is_no_source_is_refused(source):
    with pytest.raises(TableError, match="is no source of rows"):
        Corpus.read(source)


def test_rows_that_are_no_dicts_are_refused():
    with pytest.raises(TableError, match=r"row 2: each row must be a dict .* there is int"):
        Corpus.read(["a", 3])


def test_rows_may_come_from_a_generator():
    assert len(Corpus.read({"id": n, "text": f"t{n}"} for n in range(3))) == 3
