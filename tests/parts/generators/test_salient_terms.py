"""SalientTerms: words that set a document apart."""

# ruff: noqa: RUF001 (letters of other scripts are meant)

import math

import numpy as np
import pytest

from acclimate.errors import RecipeError
from acclimate.parts._words import words
from acclimate.parts.generators import SalientTerms
from acclimate.parts.generators._salience import Salience, drawn, term_spans
from acclimate.parts.part import Context
from acclimate.tables import Corpus
from acclimate.testing import toys


def texts_of(*texts):
    return Corpus.of({"doc_id": str(i), "title": "", "text": t} for i, t in enumerate(texts))


def test_a_weight_is_tf_times_idf_times_place():
    salience = Salience(["milk milk jam", "milk bread"])
    idf = math.log(1 + (2 - 2 + 0.5) / (2 + 0.5))
    weight = salience.terms("milk milk jam")["milk"][1]
    assert weight == pytest.approx((1 + math.log(2)) * idf * (1 + 1))


def test_words_of_no_other_document_weigh_half():
    salience = Salience(["milk jam", "milk bread"])
    idf = math.log(1 + (2 - 1 + 0.5) / (1 + 0.5))
    assert salience.terms("jam")["jam"][1] == pytest.approx(idf * 0.5 * 2)


def test_the_beginning_of_a_document_counts_up_to_twice():
    salience = Salience(["milk", "bread"])
    early = salience.terms("milk")["milk"][1]
    late = salience.terms("x1 " * 100 + "milk")["milk"][1]
    assert late / early == pytest.approx((1 + math.exp(-100 / 50)) / 2, rel=1e-6)


def test_terms_stand_in_reading_order_and_are_words_of_their_document():
    queries = SalientTerms(per_document=3)(toys.CORPUS, Context())
    contents = dict(zip(toys.CORPUS["doc_id"], toys.CORPUS.contents, strict=True))
    for row in queries.dicts():
        asked, own = words(row["text"]), words(contents[row["source_doc_id"]])
        places = [own.index(w) for w in asked]
        assert places == sorted(places)
        assert 2 <= len(asked) <= 6


def test_function_words_and_numbers_are_no_terms():
    terms = Salience(["the cat of 1999 and the dog"]).terms("the cat of 1999 and the dog")
    assert set(terms) == {"cat", "dog"}


def test_function_words_of_a_language_without_a_list_are_its_most_common_words():
    documents = [f"аз съм дума{i} тук" for i in range(20)]
    salience = Salience(documents)
    salience.languages.only = "bg"
    assert set(salience.terms(documents[3])) == {"дума3"}


def test_long_chinese_runs_are_cut_at_particles():
    text = "机器学习的数据科学与方法"
    assert [text[a:b] for a, b in term_spans(text)] == ["机器学习", "数据科学", "方法"]


def test_german_documents_lose_german_function_words():
    text = "Die Kette ist trocken und das Fahrrad quietscht nicht"
    queries = SalientTerms(at_least_terms=6)(texts_of(text), Context())
    assert len(queries) == 0  # Kette trocken Fahrrad quietscht, and no more
    queries = SalientTerms(at_least_terms=4, at_most_terms=4)(texts_of(text), Context())
    assert queries["text"] == ["Kette trocken Fahrrad quietscht"]


def test_one_document_gives_several_different_queries():
    queries = SalientTerms(per_document=5)(toys.CORPUS.head(1), Context())
    assert len(queries) == len(set(queries["text"])) > 2


def test_drawing_prefers_heavy_places_and_keeps_their_order():
    rng = np.random.default_rng(0)
    picks = [tuple(drawn([100.0, 1.0, 100.0, 1.0], 2, rng)) for _ in range(200)]
    assert all(list(p) == sorted(set(p)) for p in picks)
    assert picks.count((0, 2)) > 150


def test_a_document_without_enough_terms_gives_none():
    ctx = Context()
    assert len(SalientTerms()(texts_of("the", "of and"), ctx)) == 0
    assert ctx.notes["documents"] == {"read": 2, "without a query": 2}


def test_an_empty_range_is_refused():
    with pytest.raises(RecipeError, match="at_least_terms"):
        SalientTerms(at_least_terms=5, at_most_terms=2)
