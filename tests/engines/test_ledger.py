"""Every pair is paid for once, by whoever comes first."""

import numpy as np
import pyarrow.parquet as pq
import pytest

from acclimate.engines.ledger import Ledger
from acclimate.errors import StoreError


def _floats(*values):
    return np.array(values, dtype=np.float32)


def test_scores_are_found_by_teacher_query_and_document(tmp_path):
    ledger = Ledger(tmp_path)
    ledger.add("teacher", ["q1", "q1", "q2"], ["d1", "d2", "d1"], _floats(1, 2, 3))
    scores, known = ledger.find("teacher", ["q2", "q1", "q2", "q1"], ["d1", "d2", "d2", "d1"])
    assert known.tolist() == [True, True, False, True]
    assert np.array_equal(scores, _floats(3, 2, np.nan, 1), equal_nan=True)
    assert not ledger.find("another", ["q1"], ["d1"])[1].any()


def test_the_query_and_the_document_are_not_exchanged_or_run_together(tmp_path):
    ledger = Ledger(tmp_path)
    ledger.add("teacher", ["ab"], ["c"], _floats(1))
    assert not ledger.find("teacher", ["c", "a"], ["ab", "bc"])[1].any()


def test_another_run_finds_what_this_one_paid_for(tmp_path):
    first, second = Ledger(tmp_path), Ledger(tmp_path)
    assert second.size("teacher") == 0
    first.add("teacher", ["q"], ["d"], _floats(1.5))
    assert second.find("teacher", ["q"], ["d"])[0].tolist() == [1.5]
    assert second.size("teacher") == 1


def test_a_pair_keeps_its_first_score(tmp_path):
    ledger = Ledger(tmp_path)
    ledger.add("teacher", ["q"], ["d"], _floats(1))
    ledger.add("teacher", ["q", "other"], ["d", "d"], _floats(2, 3))
    assert ledger.find("teacher", ["q", "other"], ["d", "d"])[0].tolist() == [1, 3]


def test_teachers_whose_names_begin_alike_are_kept_apart(tmp_path):
    ledger = Ledger(tmp_path)
    ledger.add("a" * 40 + "1", ["q"], ["d"], _floats(1))
    assert not ledger.find("a" * 40 + "2", ["q"], ["d"])[1].any()


def test_it_is_plain_parquet_and_holds_no_text(tmp_path):
    Ledger(tmp_path).add("teacher", ["secret query"], ["secret document"], _floats(1))
    (file,) = tmp_path.rglob("*.parquet")
    assert pq.read_table(file).column_names == ["query", "document", "score"]
    assert b"secret" not in file.read_bytes()


def test_a_score_that_is_not_a_number_is_not_kept(tmp_path):
    with pytest.raises(StoreError, match="not a finite number"):
        Ledger(tmp_path).add("teacher", ["q"], ["d"], _floats(np.nan))
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_named_with_what_to_do(tmp_path):
    ledger = Ledger(tmp_path)
    ledger.add("teacher", ["q"], ["d"], _floats(1))
    (file,) = tmp_path.rglob("*.parquet")
    file.write_bytes(b"no table")
    with pytest.raises(StoreError, match=r"cannot be read.*Delete it"):
        Ledger(tmp_path).find("teacher", ["q"], ["d"])


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="Cannot write"):
        Ledger(tmp_path / "file").add("teacher", ["q"], ["d"], _floats(1))
