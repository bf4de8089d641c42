"""Answers: what a mask hides is found again in the source."""

import pytest

from acclimate.parts._answers import Held, answers, hidden
from acclimate.parts.generators import SalientSpanMasks
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

TEXT = """It rained on May 3 and nobody came. The **old** bridge, closed since March, was opened
in 1,932 by Marie Curie (a chemist)! Nobody knew when the ferry had been sold to Norway."""
CORPUS = Corpus.of([{"doc_id": "bridge", "title": "", "text": TEXT}])


@pytest.mark.parametrize("seed", range(8))
def test_every_mask_of_the_generator_hides_what_makes_its_sentence_whole(seed: int) -> None:
    queries = SalientSpanMasks(per_document=3, at_least_words=4)(CORPUS, Context(seed=seed))
    found = answers(CORPUS, queries)
    assert len(queries) == 3
    assert set(found) <= {"3", "March", "1,932", "Marie Curie", "Norway"}


def test_the_sentence_is_the_one_that_fits_on_both_sides() -> None:
    text = "It was built in 1901 by hand. It was built in 1932 by machines."
    assert hidden("It was built in [MASK] by machines", text) == "1932"
    assert hidden("It was built in [MASK] by nobody", text) == ""


def test_a_mask_at_either_end_hides_too() -> None:
    assert hidden("[MASK] was here", "Marie Curie was here.") == "Marie Curie"
    assert hidden("Here was <m>", "Here was Marie Curie.", "<m>") == "Marie Curie"


def test_queries_without_a_mask_or_a_source_have_no_answer() -> None:
    queries = Queries.of(
        {"query_id": str(n), "text": t, "source_doc_id": s, "split": "train"}
        for n, (t, s) in enumerate(
            (("no mask", "bridge"), ("sold to [MASK]", None), ("no such [MASK]", "bridge"))
        )
    )
    assert answers(CORPUS, queries) == ["", "", ""]


def test_an_answer_that_is_told_goes_before_what_a_mask_hides() -> None:
    queries = Queries.of(
        {"query_id": str(n), "text": t, "source_doc_id": s, "split": "train", "answer": a}
        for n, (t, s, a) in enumerate(
            (
                ("no mask", None, "1,932"),
                ("had been sold to [MASK]", "bridge", "the kingdom"),
                ("Nobody knew when the ferry had been sold to [MASK]", "bridge", None),
                ("Nobody knew when the ferry had been sold to [MASK]", "bridge", ""),
            )
        )
    )
    assert answers(CORPUS, queries) == ["1,932", "the kingdom", "Norway", "Norway"]


@pytest.mark.parametrize(
    ("document", "answer", "held"),
    [
        ("Opened by MARIE  Curie.", "Marie Curie", True),
        ("Opened by Marie, not Curie.", "Marie Curie", False),
        ("In 19320 days", "1932", False),
        ("Anything", "", False),
        ("Anything", "!", False),
        ("他出生在北京市。", "北京", True),
        ("他出生在上海市。", "北京", False),
    ],
    ids=["capitals", "between", "part-of-a-word", "empty", "no-word", "unspaced", "other"],
)
def test_a_text_holds_an_answer_word_by_word(document: str, answer: str, *, held: bool) -> None:
    assert Held([document]).of(0, answer) is held
