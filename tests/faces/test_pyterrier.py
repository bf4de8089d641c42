"""PyTerrier: frames of topics and results in and out, as its transformers pass them."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from acclimate.engines.served import Served
from acclimate.errors import TableError
from acclimate.faces.pyterrier import AdaptedReranker, AdaptedRetriever
from acclimate.models.encoders import Dense
from acclimate.models.indexes import Flat
from acclimate.tables import Corpus
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEngine

pytestmark = pytest.mark.integration

TEXTS = toys.CORPUS.contents
TOPICS = pd.DataFrame({"qid": ["7", "3"], "query": [TEXTS[4], TEXTS[1]], "year": [1999, 2001]})
RESULT = ["qid", "query", "docno", "score", "rank"]


@pytest.fixture
def retriever(encoder: str) -> AdaptedRetriever:
    return AdaptedRetriever(encoder, toys.CORPUS, depth=5, device="cpu")


def test_topics_become_results_with_ranks_from_0(retriever: AdaptedRetriever, encoder: str) -> None:
    before = TOPICS.copy()
    found = retriever(TOPICS)
    assert set(found.columns) == {*RESULT, "year"}
    assert found["qid"].tolist() == ["7"] * 5 + ["3"] * 5
    assert found["year"].tolist() == [1999] * 5 + [2001] * 5
    assert found["rank"].tolist() == [*range(5), *range(5)]
    hits = FakeEngine().search(Flat(Dense(encoder)), TEXTS, TOPICS["query"].tolist(), depth=5)
    expected = [toys.CORPUS["doc_id"][row] for row in hits.positions.ravel()]
    assert found["docno"].tolist() == expected
    assert found["score"].tolist() == pytest.approx(hits.scores.ravel().tolist(), abs=1e-5)
    pd.testing.assert_frame_equal(TOPICS, before)


def test_what_was_found_before_is_asked_anew(retriever: AdaptedRetriever) -> None:
    first = retriever(TOPICS)
    pd.testing.assert_frame_equal(retriever(first), first)


def test_no_topics_are_no_results(retriever: AdaptedRetriever) -> None:
    found = retriever(TOPICS.head(0))
    assert (len(found), set(found.columns)) == (0, {*RESULT, "year"})


def test_pieces_of_a_document_count_as_the_whole(encoder: str) -> None:
    rows = [
        {"doc_id": f"whole#{n}", "title": "", "text": text, "parent_id": "whole"}
        for n, text in enumerate(TEXTS[:3])
    ]
    rows.append({"doc_id": "other", "title": "", "text": TEXTS[5]})
    found = AdaptedRetriever(encoder, Corpus.of(rows), device="cpu")(TOPICS)
    assert sorted(found[found["qid"] == "3"]["docno"]) == ["other", "whole"]


def test_a_reranker_gives_its_own_scores_and_order(
    retriever: AdaptedRetriever, scorer: str
) -> None:
    first = retriever(TOPICS)
    mixed = first.iloc[[9, 0, 5, 1, 6, 2, 7, 3, 8, 4]].reset_index(drop=True)
    found = AdaptedReranker(scorer, toys.CORPUS, device="cpu")(mixed)
    assert found["qid"].tolist() == ["3"] * 5 + ["7"] * 5
    for name, rows in found.groupby("qid"):
        assert sorted(rows["docno"]) == sorted(first[first["qid"] == name]["docno"])
        texts = [TEXTS[toys.CORPUS.position[doc]] for doc in rows["docno"]]
        scores = Served(scorer, "cpu").scores(rows["query"].iloc[0], texts)
        assert rows["score"].tolist() == pytest.approx(scores, abs=1e-4)
        assert np.all(np.diff(rows["score"]) <= 0)
        assert rows["rank"].tolist() == list(range(5))


def test_texts_may_come_in_the_frame_and_a_model_of_vectors_reranks_too(
    retriever: AdaptedRetriever, encoder: str
) -> None:
    first = retriever(TOPICS)
    texts = [TEXTS[toys.CORPUS.position[doc]] for doc in first["docno"]]
    away = first.assign(body=texts, score=0.0, rank=0).iloc[::-1].reset_index(drop=True)
    found = AdaptedReranker(encoder, text="body", device="cpu")(away)
    again = found[found["qid"] == "7"].reset_index(drop=True)
    pd.testing.assert_frame_equal(again[RESULT], first[first["qid"] == "7"][RESULT], atol=1e-5)
    assert len(AdaptedReranker(encoder, text="body", device="cpu")(away.head(0))) == 0


def test_a_frame_without_what_is_needed_is_refused(encoder: str) -> None:
    with pytest.raises(TableError, match="there is no query among qid"):
        AdaptedRetriever(encoder, toys.CORPUS)(pd.DataFrame({"qid": ["1"]}))
    results = pd.DataFrame({"qid": ["1"], "query": ["bees"], "docno": ["nowhere"]})
    with pytest.raises(TableError, match="there is no text"):
        AdaptedReranker(encoder)(results)
    with pytest.raises(TableError, match="'nowhere' of the results is not in the corpus"):
        AdaptedReranker(encoder, toys.CORPUS)(results)


def test_vectors_are_kept_where_a_folder_is_given(encoder: str, tmp_path: Path) -> None:
    AdaptedRetriever(encoder, toys.CORPUS, device="cpu", folder=str(tmp_path))(TOPICS)
    assert any(files for _, _, files in os.walk(tmp_path))
