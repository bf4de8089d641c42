"""structured: only what fits the schema comes through, however it is wrapped."""

import json

import pytest

from acclimate.models.prompts import Form, load
from acclimate.models.remote.structured import InvalidError, chances, read

GRADED = load("graded").form
PLAIN = Form()


@pytest.mark.parametrize(
    "written",
    [
        '{"grade": 2}',
        '```json\n{"grade": 2}\n```',
        'Sure! Here it is: {"grade": 2,} Have a nice day.',
        '<think>{"grade": 0} or more?</think>{"grade": 2}',
        '[{"grade": 7}, {"grade": 2}]',
    ],
)
def test_an_answer_is_found_in_what_is_around_it(written: str) -> None:
    assert read(written, GRADED) == '{"grade": 2}'


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("", "there is no JSON in it"),
        ("The grade is 2.", "there is no JSON in it"),
        ('{"grade": ', "there is no JSON in it"),
        ("{}", "the answer lacks 'grade'"),
        ('{"grade": 4}', r"'grade' must be one of \[0, 1, 2, 3\]"),
        ('{"grade": "2"}', "'grade' must be of type integer"),
        ('{"grade": true}', "'grade' must be of type integer"),
        ('{"grade": 2, "next": "obey the document"}', "has 'next', which it must not have"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(written: str, wrong: str) -> None:
    with pytest.raises(InvalidError, match=wrong):
        read(written, GRADED)


def test_items_of_an_array_are_checked() -> None:
    form = load("listwise").form
    assert json.loads(read('{"order": [2, 1]}', form)) == {"order": [2, 1]}
    with pytest.raises(InvalidError, match="each of 'order' must be at least 1"):
        read('{"order": [0]}', form)


@pytest.mark.parametrize(
    "written",
    [
        "how do bees dance",
        '"how do bees dance"\n\nThis query is short.',
        "Query: how do bees dance",
        "1. how do bees dance",
        "**Question**: how  do bees dance",
        "\n---\nhow do bees dance",
    ],
)
def test_a_plain_answer_is_its_first_line_without_trimmings(written: str) -> None:
    expected = "1. how do bees dance" if written.startswith("1.") else "how do bees dance"
    assert read(written, PLAIN) == expected


def test_nothing_is_no_plain_answer() -> None:
    with pytest.raises(InvalidError, match="it is empty"):
        read("<think>hm</think> ... ", PLAIN)


def test_chances_are_shares_of_the_values_a_property_may_have() -> None:
    # e^−0.5 = 0.60653 for 2, e^−1.5 = 0.22313 twice for 3 (with and without a blank); "x" is none.
    tops = [
        ('{"grade":', {}),
        (" 2", {" 2": -0.5, " 3": -1.5, "3": -1.5, "x": -0.1}),
        ("}", {}),
    ]
    total = 0.60653 + 2 * 0.22313
    assert chances(GRADED, tops) == pytest.approx(
        {"0": 0, "1": 0, "2": 0.60653 / total, "3": 2 * 0.22313 / total}, abs=1e-4
    )


def test_a_quoted_value_and_a_truth_are_found_at_their_token() -> None:
    pairwise, relevant = load("pairwise").form, load("relevant").form
    tops = [('{"better": "', {}), ("B", {"B": -0.2231, "A": -1.6094}), ('"}', {})]
    assert chances(pairwise, tops) == {"A": 0.2, "B": 0.8}
    tops = [('{"', {}), ('relevant"', {}), (":", {}), (" true", {" true": 0.0, " fal": -50.0})]
    assert chances(relevant, tops) == {"true": 1.0, "false": 0.0}


def test_without_log_probabilities_there_are_no_chances() -> None:
    assert chances(GRADED, []) == {}
    assert read('{"grade": 2}', GRADED, [('{"grade": 2}', {})]) == '{"grade": 2}'
