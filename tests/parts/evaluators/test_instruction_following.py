"""InstructionFollowing reproduces [112] by hand."""

import pytest

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts._instructed import joined
from acclimate.parts.evaluators.instruction_following import InstructionFollowing, p_mrr, twins
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Qrels, Queries
from acclimate.testing.fakes import FakeEncoder, FakeEngine

CORPUS = Corpus.of(
    {"doc_id": name, "title": "", "text": text}
    for name, text in (
        ("hive", "bees winter hive sugar"),
        ("stem", "bees winter stem wild"),
        ("rice", "boil rice"),
    )
)
QUERIES = Queries.of(
    {"query_id": name, "text": text, "split": "heldout"}
    for name, text in (
        ("plain", "bees winter sugar"),
        ("wild", joined("bees winter sugar", "stem wild stem wild stem wild")),
        ("lonely", joined("other", "stem")),
    )
)
QRELS = Qrels.of(
    {"query_id": query, "doc_id": doc, "grade": grade}
    for query, doc, grade in (("plain", "hive", 1), ("plain", "stem", 1), ("wild", "stem", 1))
)


def test_a_document_that_became_irrelevant_is_to_move_down() -> None:
    """[112]: 2 → 10 is .8, 10 → 2 is −.8, 5 → 5 is 0; the mean over documents."""
    assert p_mrr([(2, 10)]) == pytest.approx(0.8)
    assert p_mrr([(10, 2)]) == pytest.approx(-0.8)
    assert p_mrr([(5, 5)]) == 0
    assert p_mrr([(2, 10), (5, 5)]) == pytest.approx(0.4)


def test_a_pair_is_a_query_and_the_same_with_an_instruction() -> None:
    assert twins(QUERIES) == [("plain", "wild")]


def test_pairs_of_a_file_are_told_by_their_ids() -> None:
    read = Queries.read(
        [{"id": name, "text": name} for name in ("7-og", "7-changed", "8-changed", "9")]
    )
    assert twins(read) == [("7-og", "7-changed")]


def test_a_model_that_follows_moves_down_what_flips() -> None:
    """The hive is first without the instruction and second with it: 1 − 1 / 2."""
    ctx = Context(engine=FakeEngine())
    student = Student(encoder=FakeEncoder())
    scores = InstructionFollowing()(CORPUS, QUERIES, QRELS, student, ctx)
    assert scores.dicts() == [
        {"system": "base", "measure": "p-MRR", "query_id": "wild", "value": 0.5}
    ]
    assert ctx.notes["pairs"] == {"of one query": 1, "in which a document flips": 1}


def test_what_is_not_found_has_the_next_rank() -> None:
    """Of one result each, the hive is at 1 and then at 2."""
    student = Student(encoder=FakeEncoder())
    part = InstructionFollowing(depth=1)
    scores = part(CORPUS, QUERIES, QRELS, student, Context(engine=FakeEngine()))
    assert scores["value"] == [0.5]


def test_looking_at_nothing_is_refused() -> None:
    with pytest.raises(RecipeError, match="give 1 or more"):
        InstructionFollowing(depth=0)
