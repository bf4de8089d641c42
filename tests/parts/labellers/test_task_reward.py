"""TaskReward: the F1 of what a reader fills in, less what a harmful document loses. [115]"""

import pytest
import torch

from acclimate.errors import RecipeError, TableError
from acclimate.parts.labellers import TaskReward
from acclimate.parts.labellers.task_reward import token_f1
from acclimate.parts.losses import PolicyGradient
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.recorded import Recorded

NAMES = ("knows", "wrong", "half", "silent")
CORPUS = Corpus.columns(
    doc_id=["source", *NAMES],
    title=[""] * 5,
    text=["The bridge was opened on 4 May by the mayor.", *(f"This one {name}." for name in NAMES)],
)
QUERIES = Queries.of(
    [
        {"query_id": "q", "text": "The bridge was opened on [MASK] by the mayor",
         "source_doc_id": "source", "split": "train"},
        {"query_id": "plain", "text": "bridges", "source_doc_id": "source", "split": "train"},
    ]
)  # fmt: skip
CANDIDATES = Candidates.of(
    {"query_id": query, "doc_id": name, "rank": rank, "score": 0.0, "is_source": False,
     "miner": "m"}
    for query in ("q", "plain")
    for rank, name in enumerate(NAMES, 1)
)  # fmt: skip
READER = Recorded(
    answers=(("one knows", "4 May"), ("one wrong", "the mayor"), ("one half", "on May 7"))
)


def rewards(**settings: object) -> dict[str, float]:
    part = TaskReward(writer=READER, **settings)  # type: ignore[arg-type]
    labels = part(CORPUS, QUERIES, CANDIDATES, Context(engine=FakeEngine()))
    assert set(labels["query_id"]) <= {"q"}
    return dict(zip(labels["doc_id"], labels["value"], strict=True))


def test_the_reward_is_the_f1_of_the_answer() -> None:
    """ "on May 7" shares one word of 3 with 2: 2 / 5. Who says nothing has no label."""
    assert rewards() == pytest.approx({"knows": 1.0, "wrong": 0.0, "half": 0.4})


def test_a_harmful_document_loses_the_penalty() -> None:
    assert rewards(harmful=("knows",)) == pytest.approx({"knows": 0.0, "wrong": 0.0, "half": 0.4})
    assert rewards(harmful=("wrong",), penalty=0.5)["wrong"] == pytest.approx(-0.5)


def test_pieces_of_a_harmful_document_lose_it_too() -> None:
    parents = {"knows": "book", "half": "book"}
    cut = Corpus.of({**row, "parent_id": parents.get(row["doc_id"])} for row in CORPUS.dicts())
    part = TaskReward(writer=READER, harmful=("book",))
    labels = part(cut, QUERIES, CANDIDATES, Context(engine=FakeEngine()))
    told = dict(zip(labels["doc_id"], labels["value"], strict=True))
    assert told == pytest.approx({"knows": 0.0, "wrong": 0.0, "half": -0.6})


def test_the_reader_sees_one_document_and_the_sentence() -> None:
    READER.asked.clear()
    rewards()
    assert len(READER.asked) == len(NAMES)
    for name, question in zip(NAMES, READER.asked, strict=True):
        assert "opened on [MASK] by" in question
        assert [n for n in NAMES if f"This one {n}." in question] == [name]
        assert "in the place of [MASK]" in question


def test_a_question_with_an_answer_is_answered() -> None:
    """A mask is filled in, a question answered, each by a prompt of its own."""
    asked = Queries.of(
        row | {"answer": "4 May" if row["query_id"] == "plain" else None} for row in QUERIES.dicts()
    )
    reader = Recorded(answers=(("bridges", "May"), *READER.answers))
    ctx = Context(engine=FakeEngine())
    labels = TaskReward(writer=reader)(CORPUS, asked, CANDIDATES.where("doc_id", ["knows"]), ctx)
    told = dict(zip(labels["query_id"], labels["value"], strict=True))
    assert told == pytest.approx({"q": 1.0, "plain": 2 / 3})
    assert ["in the place of [MASK]" in text for text in reader.asked] == [True, False]


def test_the_gradient_of_rraml() -> None:
    """[115]: s = (1, 0, 0), R = (0, 1, 0): the expected reward rises by (−.1221, .1670, −.0449)."""
    scores = torch.tensor([[1.0, 0, 0]]).requires_grad_()
    reward = torch.tensor([[token_f1(said, "4 May") for said in ("mayor", "May 4", "on")]])
    PolicyGradient(temperature=1.0)(scores, reward, torch.ones(1, 3, dtype=torch.bool)).backward()
    assert scores.grad is not None
    assert (-scores.grad[0]).tolist() == pytest.approx([-0.1221, 0.1670, -0.0449], abs=5e-5)


def test_words_count_as_often_as_they_stand_there() -> None:
    assert token_f1("May, May", "May") == pytest.approx(2 / 3)
    assert token_f1("MAY", "May") == 1.0
    assert token_f1("", "May") == 0.0


def test_a_harmful_document_that_is_not_there_is_refused() -> None:
    with pytest.raises(TableError, match="'know', which is no document"):
        rewards(harmful=("know",))


def test_a_penalty_that_rewards_is_refused() -> None:
    with pytest.raises(RecipeError, match="must be 0 or more"):
        TaskReward(writer=READER, penalty=-1.0)


def test_a_mask_that_cannot_be_seen_is_refused() -> None:
    with pytest.raises(RecipeError, match="mask=''"):
        TaskReward(writer=READER, mask="")
