"""The pairs of the forgetting probe: what makes them a fair and unsaturated test."""

import json
import re
from importlib import resources

import pytest
import Stemmer

WORDS = (
    "a about after all an and any are as at be before by can could did do does for from had has "
    "have he her his how i if in into is it its many may me more most much must my no not of on "
    "one or our out she should so some than that the their them then there they this to up was "
    "we were what when where which who why will with would you your us"
)
STOP = frozenset(WORDS.split())


@pytest.fixture(scope="module")
def pairs():
    text = resources.files("acclimate.pipeline").joinpath("probe.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


def content(text):
    stem = Stemmer.Stemmer("english").stemWord
    return {stem(word) for word in re.findall(r"[a-z]+", text.lower())} - STOP


def test_there_are_three_hundred_pairs_each_of_its_own(pairs):
    assert [set(pair) for pair in pairs] == [{"id", "question", "passage"}] * 300
    for field in ("id", "question", "passage"):
        assert len({pair[field] for pair in pairs}) == 300


def test_passages_have_thirty_to_sixty_words(pairs):
    assert [p["id"] for p in pairs if not 30 <= len(p["passage"].split()) <= 60] == []


def test_each_passage_has_four_neighbours_of_its_topic(pairs):
    topics = [pair["id"].rpartition("-")[0] for pair in pairs]
    assert {topics.count(topic) for topic in topics} == {5}


def test_a_question_shares_few_words_with_its_passage(pairs):
    shares = [
        len(content(pair["question"]) & content(pair["passage"])) / len(content(pair["question"]))
        for pair in pairs
    ]
    assert max(shares) <= 0.5
    assert sum(shares) / len(shares) < 0.2
