"""Margins of UKPLab/gpl: differences, to values per document."""

import pytest

from acclimate.errors import TableError
from acclimate.tables.gpl_margins import read_margins


def values(tmp_path, *lines):
    path = tmp_path / "gpl-training-data.tsv"
    path.write_text("".join(line + "\n" for line in lines))
    labels = read_margins(path, "ce")
    assert set(labels["teacher"]) <= {"ce"}
    rows = zip(labels["query_id"], labels["doc_id"], labels["value"], strict=True)
    return {(q, d): pytest.approx(v, abs=1e-5) for q, d, v in rows}, labels


def test_the_positive_is_zero_and_a_negative_minus_its_margin(tmp_path):
    found, labels = values(tmp_path, "q1\ta\tx\t3.5", "q2\tb\tx\t-1.25", "q1\ta\ty\t10.0")
    assert found == {
        ("q1", "a"): 0.0,
        ("q1", "x"): -3.5,
        ("q1", "y"): -10.0,
        ("q2", "b"): 0.0,
        ("q2", "x"): 1.25,
    }
    assert (labels.intake.read, labels.intake.kept) == (3, 5)


def test_a_pair_drawn_several_times_counts_once(tmp_path):
    found, labels = values(tmp_path, *["q1\ta\tx\t3.5"] * 4)
    assert found == {("q1", "a"): 0.0, ("q1", "x"): -3.5}
    assert labels.intake.reasons == {}


def test_margins_of_one_pair_that_differ_are_averaged_and_counted(tmp_path):
    found, labels = values(tmp_path, "q1\ta\tx\t3.0", "q1\ta\tx\t4.0")
    assert found[("q1", "x")] == -3.5
    assert labels.intake.reasons == {"several margins for one pair: averaged": 1}
    assert labels.intake.examples["several margins for one pair: averaged"] == (
        "query 'q1', 'a' over 'x'",
    )


def test_a_second_positive_is_placed_by_a_negative_both_were_compared_with(tmp_path):
    # s(a) - s(x) = 3 and s(b) - s(x) = 5, so b is 2 above a; y is 1 below b.
    found, labels = values(tmp_path, "q\ta\tx\t3", "q\tb\tx\t5", "q\tb\ty\t1")
    assert found == {("q", "a"): 0.0, ("q", "x"): -3.0, ("q", "b"): 2.0, ("q", "y"): 1.0}
    assert labels.intake.reasons == {}


def test_documents_no_margin_ties_to_the_first_positive_are_left_out(tmp_path):
    found, labels = values(tmp_path, "q\ta\tx\t3", "q\tb\ty\t5")
    assert found == {("q", "a"): 0.0, ("q", "x"): -3.0}
    assert labels.intake.reasons == {"no chain of margins to the first positive: left out": 2}


def test_margins_that_contradict_each_other_are_settled_by_least_squares(tmp_path):
    # b over a is 2 by x and 5 by y. With x and y placed between, each margin gives way by 0.75.
    found, labels = values(tmp_path, "q\ta\tx\t3", "q\tb\tx\t5", "q\ta\ty\t1", "q\tb\ty\t6")
    assert found[("q", "b")] == 3.5
    assert found[("q", "x")] == -2.25
    assert found[("q", "y")] == -1.75
    assert labels.intake.reasons == {"margins that contradict each other: least squares": 1}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("q\ta\tx", "line 2: 3 values between tabs"),
        ("q\ta\tx\thigh", "line 2: the margin must be a number; there is 'high'"),
        ("q\ta\tx\tnan", "line 2: the margin must be a number; there is 'nan'"),
        ("q\ta\ta\t0", "line 2: 'a' is compared with itself"),
    ],
)
def test_a_bad_line_is_named(tmp_path, line, message):
    with pytest.raises(TableError, match=f"gpl-training-data.tsv, {message}"):
        values(tmp_path, "q\ta\ty\t1", line)


def test_an_empty_file_gives_no_labels(tmp_path):
    assert values(tmp_path)[0] == {}


def test_many_lines_are_read_in_little_time(tmp_path):
    lines = [f"q{n % 5000}\td{n % 5000}\tx{n}\t{n % 7}" for n in range(20_000)]
    found, labels = values(tmp_path, *lines)
    assert len(labels) == 25_000
    assert found[("q6", "x6")] == -6.0
