"""ReaderAttention: a reader gets a query's whole list, and looks at some of it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from acclimate.errors import RecipeError
from acclimate.models.ref import Integers, Written
from acclimate.parts.labellers import ReaderAttention
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries
from acclimate.testing import behaviour
from acclimate.testing.fakes import FakeEngine, words

CORPUS = Corpus.of(
    {"doc_id": d, "title": "", "text": t}
    for d, t in (
        ("own", "The bridge was opened in 1932."),
        ("knows", "In 1932 it rained."),
        ("like", "The bridge was opened."),
    )
)
QUERIES = Queries.of(
    {"query_id": q, "text": t, "source_doc_id": s, "split": "train"}
    for q, t, s in (("q", "The bridge was opened in [MASK]", "own"), ("log", "1932", None))
)
FOUND = Candidates.of(
    {"query_id": q, "doc_id": d, "rank": r, "score": 0.0, "is_source": False, "miner": "m"}
    for q, found in (("q", ("like", "knows")), ("log", ("own", "knows", "like")))
    for r, d in enumerate(found, 1)
)


@dataclass(frozen=True)
class Looks:
    """Looks at the documents that share words with the query, or with the text it must write."""

    said: str | None = None
    read: list[dict[str, object]] = field(default_factory=list, compare=False, repr=False)

    def open(self, device: str) -> "Looks":
        return self

    def fingerprint(self) -> str:
        return repr(self)

    def count_tokens(self, prompts: Sequence[str]) -> Integers:
        return np.ones(len(prompts), dtype=np.int64)

    def write(self, prompts: Sequence[str], *, count: int, seed: int) -> list[list[Written]]:
        return [[Written(self.said or self._looked(json.loads(p)))] for p in prompts]

    def _looked(self, told: dict[str, object]) -> str:
        self.read.append(told)
        wanted = set(words(told["text"] or told["query"]))
        return json.dumps([len(wanted & set(words(d))) / 2 for d in told["documents"]])


def run(part: ReaderAttention, ctx: Context | None = None) -> dict[tuple[str, str], float]:
    made = part(CORPUS, QUERIES, FOUND, ctx or Context(engine=FakeEngine()))
    keys = zip(made["query_id"], made["doc_id"], strict=True)
    return dict(zip(keys, made["value"], strict=True))


def test_a_reader_has_the_whole_list_of_a_query_before_it() -> None:
    """[067] [088]: all documents of a query are read together, in the order of the candidates."""
    reader = Looks()
    made = run(ReaderAttention(reader=reader))
    assert made == {
        ("q", "like"): 2.0, ("q", "knows"): 0.5,
        ("log", "own"): 0.5, ("log", "knows"): 0.5, ("log", "like"): 0.0,
    }  # fmt: skip
    assert [len(read["documents"]) for read in reader.read] == [2, 3]
    assert {read["text"] for read in reader.read} == {""}


def test_attention_may_be_that_of_the_answer() -> None:
    """[073]: of the tokens of the entity that a query lacks, and none of other queries."""
    reader, ctx = Looks(), Context(engine=FakeEngine())
    assert run(ReaderAttention(reader=reader, tokens="answer"), ctx) == {
        ("q", "like"): 0.0,
        ("q", "knows"): 0.5,
    }
    assert [read["text"] for read in reader.read] == ["1932"]
    assert ctx.notes["lists"] == {"read": 1, "not read": 0}


def test_a_permuted_list_has_permuted_values() -> None:
    """[067]: permuting passages permutes G."""
    part, ctx = ReaderAttention(reader=Looks()), Context(engine=FakeEngine())
    turned = part(CORPUS, QUERIES, FOUND.take(np.array([4, 1, 3, 0, 2])), ctx)
    keys = zip(turned["query_id"], turned["doc_id"], strict=True)
    assert dict(zip(keys, turned["value"], strict=True)) == run(part)


@pytest.mark.parametrize("said", ["I like both.", "[1, 2, 3, 4]", '{"a": 1}', '["a", "b"]'])
def test_what_is_no_list_of_values_is_reported_and_no_label(said: str) -> None:
    ctx = Context(engine=FakeEngine())
    assert run(ReaderAttention(reader=Looks(said)), ctx) == {}
    assert ctx.notes["lists"] == {"read": 0, "not read": 2}


def test_no_candidates_are_no_labels() -> None:
    part = ReaderAttention(reader=Looks())
    made = part(CORPUS, QUERIES, Candidates.empty(), Context(engine=FakeEngine()))
    assert made.digest == Labels.empty().digest


def test_a_mask_that_cannot_be_seen_is_refused() -> None:
    with pytest.raises(RecipeError, match="mask"):
        ReaderAttention(mask="")


@pytest.mark.parametrize("tokens", ["first", "answer"])
def test_it_obeys_the_laws_of_labellers(tokens) -> None:
    behaviour.check_all(ReaderAttention(reader=Looks(), tokens=tokens), folder="labellers")
