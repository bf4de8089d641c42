"""Answer tokens reproduce [118] by hand."""

import pytest

from acclimate.parts.evaluators.answer_tokens import correct, faithful


def test_four_of_six_tokens_are_in_the_documents() -> None:
    """[118]: K-Precision .6667."""
    told = faithful("rim brakes press two wooden spoons", "Rim brakes press two rubber pads.")
    assert told["K-Precision"] == pytest.approx(4 / 6)
    assert told["K-Recall"] == pytest.approx(4 / 6)


def test_a_long_answer_that_holds_the_reference_is_right_by_recall_alone() -> None:
    """[118]: "it is paris france" for "paris": EM 0, Recall 1, RecallEM 1, F1 .4."""
    told = correct("it is paris france", ["paris"])
    assert told == {"EM": 0.0, "F1": pytest.approx(0.4), "Recall": 1.0, "RecallEM": 1.0}


def test_an_empty_answer_is_neither() -> None:
    """[118]: K-Precision 0."""
    assert set(faithful("", "Bees dance.").values()) == {0.0}
    assert set(correct("", ["bees"]).values()) == {0.0}


def test_capitals_punctuation_and_articles_do_not_count() -> None:
    assert correct("The Moon.", ["moon"])["EM"] == 1
    assert correct("an apple", ["apple"])["EM"] == 1


def test_a_token_counts_as_often_as_it_stands_there() -> None:
    assert faithful("bees bees bees", "bees and bees")["K-Precision"] == pytest.approx(2 / 3)
    assert correct("bees", ["bees bees"])["Recall"] == 0.5


def test_a_reference_stands_in_an_answer_as_whole_words() -> None:
    told = correct("in 19320 bolts", ["1932"])
    assert (told["Recall"], told["RecallEM"]) == (0, 0)
    assert correct("tower of Eiffel", ["Eiffel tower"])["RecallEM"] == 0


def test_of_several_references_the_best_counts_for_each_measure() -> None:
    told = correct("six hours", ["six hours of sun", "six"])
    assert told["Recall"] == 1  # of "six"
    assert told["F1"] == pytest.approx(2 / 3)  # of either: 2·1·½/1½, 2·½·1/1½
    assert told["EM"] == 0


def test_what_the_question_says_may_be_left_out() -> None:
    """Of "tomatoes need six hours" only "six hours" is new; the documents have it."""
    told = faithful(
        "tomatoes need six hours", "Six hours of sun a day", "how much sun do tomatoes need"
    )
    assert told["K-Precision"] == 0.5
    assert told["K-Precision++"] == 1.0
    assert told["K-Recall++"] == pytest.approx(2 / 4)  # six hours of day
