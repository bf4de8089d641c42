"""Words of any script, their stems, and the language they are in."""

import pytest

from acclimate.errors import ModelError
from acclimate.models.indexes.words import Words, language_of, split


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The Pump's valve, a 2nd one!", ["the", "pump", "valve", "2nd", "one"]),
        ("numpy.linalg csr_matrix", ["numpy", "linalg", "csr_matrix"]),
        ("東京都の天気", ["東京", "京都", "都の", "の天", "天気"]),
        ("水", ["水"]),
        ("猫はcatです", ["猫は", "cat", "です"]),
        ("한국어 문장", ["한국", "국어", "문장"]),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
        ("été ÉTÉ", ["été", "été"]),
        ("e\u0301te\u0301", ["été"]),
        ("", []),
    ],
)
def test_split(text, words):
    assert split(text) == words


def test_thai_is_counted_in_pairs_with_its_vowel_marks():
    assert split("ที่นี่")[:2] == ["ที", "ี่"]


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "pumps", "pump"),
        ("fr", "continuellement", "continuelle"),
        ("de", "pumpen", "pumpe"),
        ("ru", "насосы", "насос"),
    ],
)
def test_words_of_one_stem_have_one_number(language, one, other):
    words = Words(language)
    assert words.read(one, grow=True) == words.read(other, grow=True) == [0]


def test_a_language_without_a_stemmer_keeps_its_words():
    words = Words("ja")
    assert words.read("テスト", grow=True) == [0, 1]


def test_stop_words_do_not_count():
    assert Words("en").read("the pump and the valve", grow=True) == [0, 1]
    assert Words("fr").read("la pompe et les vannes", grow=True) == [0, 1]


def test_words_of_a_query_that_no_document_has_are_nothing():
    words = Words("en")
    words.read("pumps", grow=True)
    assert words.read("pumping zebra", grow=False) == [0]
    assert words.size == 1


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The pump must be primed before it is started.", "en"),
        ("La pompe doit être amorcée avant sa mise en marche.", "fr"),
        ("ポンプは始動する前に呼び水を入れなければなりません。", "ja"),
    ],
)
def test_the_language_is_found_over_a_sample(text, language):
    assert language_of([text] * 3 + [""]) == language


def test_the_language_of_most_texts_wins_and_nothing_is_english():
    french = "La pompe doit être amorcée avant sa mise en marche."
    assert language_of(["The pump must be primed first.", french, french]) == "fr"
    assert language_of([]) == language_of([" "]) == "en"


def test_a_language_is_a_code_of_two_letters():
    with pytest.raises(ModelError, match="not an ISO 639-1 code"):
        Words("english")
