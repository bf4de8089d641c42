"""Answers: a ledger that only grows and that a kill cannot spoil."""

from pathlib import Path

import pytest

from acclimate.errors import StoreError
from acclimate.models.remote.answers import Answer, Answers


def test_what_is_added_is_there_for_others_at_once(tmp_path: Path) -> None:
    answers = Answers(tmp_path)
    answers.add(Answer(record="a", text="é\n2", log_prob=-0.5, calls=1, cost=0.25))
    assert Answers(tmp_path).find("a") == answers.find("a")
    assert Answers(tmp_path).find("b") is None


def test_two_processes_write_files_of_their_own(tmp_path: Path) -> None:
    first, second = Answers(tmp_path), Answers(tmp_path)
    first.add(Answer(record="a", text="1", calls=1))
    second.add(Answer(record="b", text="2", calls=2))
    both = Answers(tmp_path)
    assert (len(both), both.total.answered, both.total.calls) == (2, 2, 3)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_line_torn_by_a_kill_is_not_there(tmp_path: Path) -> None:
    answers = Answers(tmp_path)
    for name in "abc":
        answers.add(Answer(record=name, text=name))
    [path] = tmp_path.iterdir()
    data = path.read_bytes()
    for cut in range(len(data)):
        path.write_bytes(data[:cut])
        assert len(Answers(tmp_path)) == data[:cut].count(b"\n")


def test_damage_from_outside_is_said_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "000000.jsonl").write_text('{"record": "a"}\nnonsense\n')
    with pytest.raises(StoreError, match=r"000000\.jsonl, line 2: not an answer"):
        Answers(tmp_path)


def test_the_last_word_counts_and_money_adds_up(tmp_path: Path) -> None:
    answers = Answers(tmp_path)
    answers.add(Answer(record="a", kind="unreached", reason="no", calls=3, cost=0.5))
    assert answers.total.reasons == {"unreached": 1}
    answers.add(Answer(record="a", text="yes", calls=1, cost=0.25))
    for total in (answers.total, Answers(tmp_path).total):
        assert (total.answered, total.reasons, total.calls, total.cost) == (1, {}, 4, 0.75)


def test_only_reasons_that_may_pass_are_asked_again() -> None:
    assert Answer(record="a", kind="unreached").passing
    assert Answer(record="a", kind="stopped").passing
    assert not Answer(record="a", kind="refused").passing
    assert not Answer(record="a", kind="invalid").passing


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="Cannot write"):
        Answers(tmp_path / "file" / "inside").add(Answer(record="a", text="1"))
