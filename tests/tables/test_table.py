"""Table: what every table promises."""

import hashlib

import numpy as np
import pyarrow as pa
import pytest

from acclimate.errors import TableError
from acclimate.tables import Candidates, Corpus, Labels, Queries
from acclimate.tables.blocks import all_distinct


def corpus(count=4):
    return Corpus.of([{"doc_id": f"d{n}", "title": "", "text": f"text {n}"} for n in range(count)])


def test_an_unknown_column_is_refused_with_the_near_miss():
    with pytest.raises(TableError, match=r"no column 'txt'. Did you mean 'text'"):
        Corpus.of([{"doc_id": "1", "title": "", "txt": "a"}])


def test_a_missing_column_is_named():
    with pytest.raises(TableError, match="Corpus needs the column 'text'; there is doc_id, title"):
        Corpus(pa.table({"doc_id": ["1"], "title": [""]}))


def test_a_null_where_a_value_is_due_is_named_by_row():
    with pytest.raises(TableError, match="row 1 has no text"):
        Corpus.of([{"doc_id": "1", "title": "", "text": "a"}, {"doc_id": "2", "title": ""}])


def test_two_rows_with_one_key_are_refused():
    rows = [{"query_id": "q", "doc_id": "d", "value": 1.0, "teacher": "t"}] * 2
    with pytest.raises(TableError, match="query_id='q', doc_id='d', teacher='t' is there 2 times"):
        Labels.of(rows)


def test_integer_ids_become_strings():
    assert Corpus.columns(doc_id=[7], title=[""], text=["a"])["doc_id"] == ["7"]


def test_a_value_of_the_wrong_kind_is_refused_by_column():
    with pytest.raises(TableError, match=r"Labels\.value must be float"):
        Labels.of([{"query_id": "q", "doc_id": "d", "value": "high", "teacher": "t"}])


def test_taking_keeps_the_order_asked_for_and_refuses_twins_and_outsiders():
    table = corpus()
    assert table.take([2, 0])["doc_id"] == ["d2", "d0"]
    assert len(table.take([])) == 0
    with pytest.raises(TableError, match="'d1' is there 2 times"):
        table.take([1, 1])
    with pytest.raises(TableError, match="there are rows 0 to 3"):
        table.take([4])
    with pytest.raises(TableError, match="there are rows 0 to 3"):
        table.take([-1])


def test_taking_from_many_chunks_equals_taking_from_one():
    chunked = Corpus.joined([corpus(50).take([n]) for n in range(50)])
    chosen = np.random.default_rng(0).permutation(50)[:30]
    assert chunked.rows.column("text").num_chunks == 50
    assert chunked.take(chosen).dicts() == corpus(50).take(chosen).dicts()


def test_keep_head_and_where_keep_the_order():
    table = corpus()
    assert table.keep([True, False, True, False])["doc_id"] == ["d0", "d2"]
    assert table.head(2)["doc_id"] == ["d0", "d1"]
    assert table.head(9)["doc_id"] == ["d0", "d1", "d2", "d3"]
    assert table.where("doc_id", ["d3", "d1", "none"])["doc_id"] == ["d1", "d3"]


def test_where_refuses_an_unknown_column():
    with pytest.raises(TableError, match="no column 'doc'"):
        corpus().where("doc", ["d1"])


def test_children_follow_their_parents_and_rows_without_a_reference_stay():
    queries = Queries.of(
        [
            {"query_id": "a", "text": "x", "source_doc_id": "d0", "split": "train"},
            {"query_id": "b", "text": "y", "source_doc_id": "d9", "split": "train"},
            {"query_id": "c", "text": "z", "split": "train"},
        ]
    )
    assert queries.following(corpus())["query_id"] == ["a", "c"]
    assert queries.following(Labels.empty()) is queries


def test_equal_rows_have_equal_digests_whatever_their_chunks():
    whole = corpus(10)
    parts = Corpus.joined([whole.head(3), whole.take(range(3, 10))])
    assert parts.digest == whole.digest


@pytest.mark.parametrize(
    "change",
    [{"text": "text 1!"}, {"doc_id": "x"}, {"title": "t"}, {"parent_id": ""}, {"meta": "{}"}],
)
def test_any_changed_value_changes_the_digest(change):
    rows = corpus().dicts()
    rows[1] |= change
    assert Corpus.of(rows).digest != corpus().digest


def test_the_digest_knows_where_one_value_ends_and_the_next_begins():
    first = Corpus.columns(doc_id=["1", "2"], title=["", ""], text=["ab", "c"])
    second = Corpus.columns(doc_id=["1", "2"], title=["", ""], text=["a", "bc"])
    assert first.digest != second.digest


def test_the_digest_of_numbers_and_truths_changes_with_them():
    row = {
        "query_id": "q",
        "doc_id": "d",
        "rank": 1,
        "score": 0.5,
        "is_source": False,
        "miner": "m",
    }
    digests = {
        Candidates.of([row | change]).digest
        for change in ({}, {"rank": 2}, {"score": 0.25}, {"is_source": True})
    }
    assert len(digests) == 4


def test_a_digest_is_the_same_on_every_machine_and_version():
    both, none = b"\xc0", b"\x00"  # bits of the rows that have a value
    length = [n.to_bytes(4, "little") for n in range(7)]
    content = b"".join(
        [
            str([f.name for f in Corpus.schema]).encode(),
            b" 2",
            both,
            length[2] * 2,
            b"d0d1",
            both,
            length[0] * 2,
            both,
            length[6] * 2,
            b"text 0text 1",
            none,
            length[0] * 2,
            none,
            length[0] * 2,
        ]
    )
    assert corpus(2).digest == hashlib.sha256(content).hexdigest()


def test_what_is_written_is_opened_again_without_reading_it_all(tmp_path):
    table = corpus(100)
    table.write(tmp_path / "t.arrow")
    before = pa.total_allocated_bytes()
    again = Corpus.open(tmp_path / "t.arrow")
    assert pa.total_allocated_bytes() - before < table.rows.nbytes / 2
    assert again.dicts() == table.dicts()
    assert again.digest == table.digest


def test_an_empty_table_is_written_and_opened(tmp_path):
    Labels.empty().write(tmp_path / "t.arrow")
    assert len(Labels.open(tmp_path / "t.arrow")) == 0
    assert len(Labels.joined([])) == 0


def test_a_file_of_another_program_is_refused(tmp_path):
    (tmp_path / "t.arrow").write_text("hello")
    with pytest.raises(TableError, match="is not a table of this program"):
        Corpus.open(tmp_path / "t.arrow")


def test_a_file_of_another_table_is_refused(tmp_path):
    Labels.empty().write(tmp_path / "t.arrow")
    with pytest.raises(TableError, match="Corpus needs the column 'title'"):
        Corpus.open(tmp_path / "t.arrow")


def test_a_failed_write_leaves_nothing_behind(tmp_path):
    with pytest.raises(TableError, match="Cannot write"):
        corpus().write(tmp_path / "none" / "t.arrow")
    (tmp_path / "folder").mkdir()
    with pytest.raises(TableError, match="Cannot write"):
        corpus().write(tmp_path / "folder")
    assert [p.name for p in tmp_path.iterdir()] == ["folder"]


def test_position_says_where_a_row_is():
    assert corpus().position["d2"] == 2


@pytest.mark.parametrize("columns", [1, 2, 3])
def test_equal_rows_are_found_wherever_they_stand(columns):
    names = ["a", "b", "c"][:columns]
    rows = pa.table(
        {name: [str(n // 2**k % 100) for n in range(100)] for k, name in enumerate(names)}
    )
    assert all_distinct(rows)
    assert all_distinct(rows.slice(0, 1))
    assert not all_distinct(pa.concat_tables([rows, rows.slice(7, 1)]))


def test_one_value_shared_in_each_column_makes_no_equal_rows():
    assert all_distinct(pa.table({"a": ["x", "x", "y"], "b": ["p", "q", "p"]}))


def test_more_combinations_than_a_number_can_count_are_still_told_apart():
    rng = np.random.default_rng(0)
    rows = pa.table({name: [str(n) for n in rng.permutation(10_000)] for name in "abcde"})
    assert 10_000**5 > 2**63
    assert all_distinct(rows)
    assert not all_distinct(pa.concat_tables([rows, rows.slice(7, 1)]))
