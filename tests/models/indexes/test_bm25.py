"""BM25 by hand, in several languages, for searching and for rating given documents."""

from math import log

import numpy as np
import pytest

from acclimate.errors import ModelError
from acclimate.models.indexes import BM25

DOCUMENTS = ["pump valve", "pump pump motor", "motor", ""]


def _build(documents, **settings):
    return BM25(**{"language": "en", **settings}).build(documents, None)


def test_a_score_is_that_of_the_formula():
    # "pump" is in 2 of 4 documents; document 1 has it twice among 3 words, the mean is 1.5 words.
    idf = log(1 + (4 - 2 + 0.5) / (2 + 0.5))
    expected = idf * 2 / (2 + 0.9 * (1 - 0.4 + 0.4 * 3 / 1.5))
    hits = _build(DOCUMENTS).rate(["pumps"], np.array([[1]]))
    assert hits.scores[0, 0] == pytest.approx(expected, rel=1e-5)


def test_a_word_that_comes_twice_in_the_query_counts_twice():
    index = _build(DOCUMENTS)
    one, two = index.rate(["pump", "pump pumping"], np.array([[0], [0]])).scores[:, 0]
    assert two == pytest.approx(2 * one)


def test_only_documents_that_share_a_word_are_found_best_first():
    hits = _build(DOCUMENTS).search(["pump valve", "zebra", ""], 3)
    assert hits.positions.tolist() == [[0, 1, -1], [-1, -1, -1], [-1, -1, -1]]
    assert hits.scores[0, 0] > hits.scores[0, 1] > 0
    assert np.isneginf(hits.scores[1:]).all()


def test_ties_go_to_the_lower_row():
    hits = _build(["motor", "pump valve", "valve pump", "pump valve"]).search(["valve"], 2)
    assert hits.positions.tolist() == [[1, 2]]


def test_rating_agrees_with_searching_and_shares_no_word_with_nothing():
    index = _build(DOCUMENTS)
    hits = index.search(["pump motor"], 3)
    assert np.array_equal(index.rate(["pump motor"], hits.positions).scores, hits.scores)
    assert index.rate(["pump"], np.array([[2, -1]])).scores.tolist() == [[0, -np.inf]]


@pytest.mark.parametrize(
    ("documents", "query", "language"),
    [
        (
            [
                "Le joint fissuré laisse entrer de l'air dans la conduite.",
                "La pompe doit être amorcée avant la première mise en marche.",
                "Les vannes se ferment lentement pour éviter les coups.",
            ],
            "amorcer les pompes",
            "fr",
        ),
        (
            [
                "割れたパッキンから吸込管に空気が入ります。",
                "ポンプは初めて始動する前に呼び水を入れなければなりません。",
                "弁はゆっくり閉めてください。",
            ],
            "ポンプの呼び水",
            "ja",
        ),
        (
            ["ปะเก็นแตกทำให้อากาศเข้า", "ต้องเติมน้ำก่อนเดินเครื่องสูบน้ำ", "ปิดวาล์วช้า ๆ"],
            "เครื่องสูบน้ำ",
            "th",
        ),
    ],
)
def test_the_right_document_is_found_in_languages_with_and_without_spaces(
    documents, query, language
):
    index = BM25().build(documents, None)
    assert index.language == language
    assert index.search([query], 1).positions.tolist() == [[1]]


def test_documents_without_any_word_are_never_found():
    for documents in ([], ["", "!?"]):
        index = _build(documents)
        assert index.search(["pump"], 2).positions.tolist() == [[-1, -1]]
        assert np.isneginf(index.rate(["pump"], np.array([[-1]])).scores).all()


def test_another_setting_is_another_fingerprint():
    prints = {BM25().fingerprint(), BM25(k1=1.2).fingerprint(), BM25(language="fr").fingerprint()}
    assert len(prints) == 3


@pytest.mark.parametrize("setting", [{"k1": -1}, {"b": 1.5}, {"language": "english"}])
def test_settings_outside_the_formula_are_refused(setting):
    with pytest.raises(ModelError):
        BM25(**setting)
