"""Words and sentences of any script."""

# ruff: noqa: RUF001 (punctuation of other scripts is meant)

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acclimate.parts._words import (
    LONGEST_SENTENCE_WORDS,
    clean,
    length_words,
    normal,
    sentences,
    spans,
    unspaced,
    words,
)

SCRIPTS = st.text(alphabet="aB é.!?\n-|`*0字猫のカกสहिي。؟,", max_size=120)


def cut(text: str) -> list[str]:
    return [text[a:b] for a, b in sentences(text)]


def test_a_full_stop_ends_a_sentence_but_an_abbreviation_does_not():
    assert cut("Dr. Smith went home. He slept, e.g. on a bed. 3 dogs came!") == [
        "Dr. Smith went home.",
        "He slept, e.g. on a bed.",
        "3 dogs came!",
    ]


def test_a_number_with_a_point_is_not_cut():
    assert cut("It costs 3.50 in all. Pay now.") == ["It costs 3.50 in all.", "Pay now."]


def test_texts_without_capitals_and_with_detached_stops_are_cut():
    assert cut("the flow was fast . it was hot . tests were done .") == [
        "the flow was fast .",
        "it was hot .",
        "tests were done .",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("吾輩は猫である。名前はまだ無い！どこで生れたか？", 3),
        ("ما هذا؟ هذا كتاب.", 2),
        ("यह एक किताब है। वह एक कलम है।", 2),
        ("这是一本书。那是一支笔。", 2),
    ],
)
def test_full_stops_of_other_scripts_end_a_sentence(text, expected):
    assert len(cut(text)) == expected


def test_a_wrapped_paragraph_is_joined_and_a_heading_is_not():
    text = (
        "Heading\n\nThis is a paragraph that was wrapped\nby an editor at forty characters, and\n"
        "ends here.\nAnother one"
    )
    assert [clean(s) for s in cut(text)] == [
        "Heading",
        "This is a paragraph that was wrapped by an editor at forty characters, and ends here",
        "Another one",
    ]


def test_list_items_and_table_rows_stand_alone():
    assert [clean(s) for s in cut("- one apple\n- two pears\n| a | b |\n|---|---|\n| 1 | 2 |")] == [
        "one apple",
        "two pears",
        "a b",
        "1 2",
    ]


def test_code_is_cut_at_its_lines():
    text = ">>> import numpy as np\n>>> np.zeros(3)\narray([0., 0., 0.])"
    assert [clean(s) for s in cut(text)][:2] == ["import numpy as np", "np.zeros(3)"]


def test_a_text_without_punctuation_is_cut_at_the_longest_length():
    text = " ".join(f"w{i}" for i in range(100))
    assert [len(s.split()) for s in cut(text)] == [48, 48, 4]


def test_a_long_sentence_is_cut_at_a_comma_in_its_second_half():
    text = " ".join(f"w{i}," if i == 40 else f"w{i}" for i in range(60))
    assert [len(s.split()) for s in cut(text)] == [41, 19]


def test_a_long_run_of_han_characters_is_cut():
    assert [length_words(s) for s in cut("字" * 200)] == [48, 48, 4]


@given(SCRIPTS)
def test_sentences_are_ordered_apart_trimmed_and_hold_every_word(text):
    found = sentences(text)
    assert all(a[1] <= b[0] for a, b in pairwise(found))
    assert all(text[a:b].strip() == text[a:b] for a, b in found)
    inside = [w for a, b in found for w in words(text[a:b])]
    assert "".join(inside) == "".join(words(text))
    assert all(length_words(text[a:b]) <= LONGEST_SENTENCE_WORDS for a, b in found)


@given(SCRIPTS)
def test_cleaning_twice_changes_nothing(text):
    assert clean(clean(text)) == clean(text)


@given(SCRIPTS)
def test_normal_forms_are_stable_and_ignore_case(text):
    assert normal(normal(text)) == normal(text) == normal(text.lower())


def test_words_keep_marks_hyphens_and_apostrophes_and_split_at_underscores():
    assert words("It's k-means हिन्दी naïve foo_bar 日本語のテスト") == [
        "it's",
        "k-means",
        "हिन्दी",
        "naïve",
        "foo",
        "bar",
        "日本語",
        "の",
        "テスト",
    ]


def test_lengths_count_two_han_characters_as_a_word():
    assert length_words("日本語のテスト") == 2 + 1 + 1
    assert length_words("two words") == 2


def test_scripts_without_spaces_are_known():
    assert unspaced("สวัสดี")
    assert unspaced("猫 cat")
    assert not unspaced("cat")


def test_markup_is_not_part_of_a_clean_text():
    assert clean("# The ``None`` of **all**, see `x_y`. ") == "The None of all, see x_y"


def test_spans_are_slices():
    text = "Warm, milk"
    assert [text[a:b] for a, b in spans(text)] == ["Warm", "milk"]


def test_a_long_text_without_a_full_stop_is_cut_all_through():
    assert len(sentences("word " * 20_000)) == -(-20_000 // 48)
