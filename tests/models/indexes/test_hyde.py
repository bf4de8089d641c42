"""HyDE: searched with what a writer imagines. [100]"""

from dataclasses import dataclass, field

import numpy as np
import pytest

from acclimate.errors import ModelError
from acclimate.models.indexes import Flat, HyDE
from acclimate.models.ref import Written
from acclimate.testing.fakes import FakeEncoder, FakeEngine

DOCUMENTS = ["warm milk", "cold milk", "warm bread", "sun", "moon and sun"]


@dataclass(frozen=True)
class Told:
    """Writes what it is told to, by the question in the prompt."""

    texts: tuple[tuple[str, str], ...] = ()
    seen: list[str] = field(default_factory=list, compare=False)

    def open(self, device):
        return self

    def fingerprint(self):
        return repr(self.texts)

    def count_tokens(self, prompts):
        return np.ones(len(prompts), dtype=np.int64)

    def write(self, prompts, *, count, seed):
        self.seen.extend(prompts)
        asked = [prompt.split("Question: ")[1].split("\n")[0] for prompt in prompts]
        return [[Written(dict(self.texts).get(one, ""))] * count for one in asked]


@dataclass(frozen=True)
class Plane:
    """Two dimensions: (1, 0) of queries, (0, 1) of documents."""

    dimension = 2
    normalised = True

    def open(self, device):
        return self

    def fingerprint(self):
        return "plane"

    def encode(self, texts, *, kind):
        return np.tile(np.float32([kind == "query", kind == "document"]), (len(texts), 1))


def test_the_vector_is_the_mean_of_the_query_and_its_passages() -> None:
    """[100]: f(q) = (1, 0), passages (0, 1) and (0, 1): (⅓, ⅔)."""
    index = HyDE(Told((("q", "a passage"),)), Plane(), count=2).build(["d"], FakeEngine())
    assert index.asked(["q"]).tolist() == [pytest.approx([1 / 3, 2 / 3])]


@pytest.mark.parametrize(
    "index",
    [HyDE(Told(), FakeEncoder()), HyDE(Told((("milk", "sun"),)), FakeEncoder(), count=0)],
    ids=["an empty writer", "no passage"],
)
def test_without_a_passage_it_is_plain_search(index: HyDE) -> None:
    """[100]: with N = 0 the vector equals f(q); an empty writer equals plain search."""
    plain = FakeEngine().search(Flat(FakeEncoder()), DOCUMENTS, ["milk"], depth=5)
    found = FakeEngine().search(index, DOCUMENTS, ["milk"], depth=5)
    assert (found.positions == plain.positions).all()
    assert found.scores == pytest.approx(plain.scores)


def test_who_writes_the_right_document_finds_it_first() -> None:
    """[100]: with an oracle that writes the document asked for, recall@1 is 1."""
    asked = tuple((f"question {n}", text) for n, text in enumerate(DOCUMENTS))
    index = HyDE(Told(asked), FakeEncoder())
    hits = FakeEngine().search(index, DOCUMENTS, [query for query, _ in asked], depth=1)
    assert hits.positions[:, 0].tolist() == list(range(len(DOCUMENTS)))


def test_the_prompt_is_the_tasks_own() -> None:
    writer = Told()
    prompt = "Refute it.\nQuestion: {query}\nBecause"
    FakeEngine().search(HyDE(writer, FakeEncoder(), prompt=prompt), DOCUMENTS, ["milk"], depth=1)
    assert writer.seen == ["Refute it.\nQuestion: milk\nBecause"]


def test_a_prompt_without_the_query_is_refused() -> None:
    with pytest.raises(ModelError, match=r"\{query\}"):
        HyDE(Told(), prompt="Write something.")


def test_no_query_is_no_fault() -> None:
    hits = FakeEngine().search(HyDE(Told(), FakeEncoder()), DOCUMENTS, [], depth=2)
    assert hits.positions.shape == (0, 2)


def test_the_fingerprint_is_of_both_models_and_of_what_is_asked() -> None:
    others = (
        HyDE(Told(), FakeEncoder()), HyDE(Told((("a", "b"),)), FakeEncoder()),
        HyDE(Told(), FakeEncoder(salt="x")), HyDE(Told(), FakeEncoder(), count=1),
        HyDE(Told(), FakeEncoder(), prompt="{query}"),
    )  # fmt: skip
    assert len({index.fingerprint() for index in others}) == len(others)
