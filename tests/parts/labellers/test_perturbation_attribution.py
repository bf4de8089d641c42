"""PerturbationAttribution: what documents add to a text, from readings without some. [008]"""

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from acclimate.errors import RecipeError
from acclimate.models.readers import NGramReader
from acclimate.models.ref import Floats, Integers
from acclimate.parts.labellers import PerturbationAttribution, ReaderLikelihood
from acclimate.parts.labellers.perturbation_attribution import attributed
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries
from acclimate.testing import behaviour
from acclimate.testing.fakes import FakeEngine, FakeScorer

NAMES = ("doc0", "doc1", "doc2", "doc3")
CORPUS = Corpus.of({"doc_id": name, "title": "", "text": name} for name in NAMES)
QUERIES = Queries.of([{"query_id": "q", "text": "which", "split": "train"}])
FOUND = Candidates.of(
    {"query_id": "q", "doc_id": name, "rank": rank, "score": 0.0, "is_source": False, "miner": "m"}
    for rank, name in enumerate(NAMES, 1)
)


@dataclass(frozen=True, repr=False)
class Reader:
    """Values a context by a function of which documents are in it; notes what it read.

    Its repr names the function and not its address: masks are drawn by the part's repr.
    """

    value: Callable[[tuple[bool, ...]], float]
    read: list[str] = field(default_factory=list, compare=False)

    def __repr__(self) -> str:
        return f"Reader({self.value.__name__})"

    def open(self, device: str) -> "Reader":
        return self

    def fingerprint(self) -> str:
        return repr(self)

    def count_tokens(self, queries: Sequence[str], documents: Sequence[str]) -> Integers:
        return np.ones(len(queries), dtype=np.int64)

    def score(self, queries: Sequence[str], documents: Sequence[str]) -> Floats:
        self.read.extend(documents)
        kept = [tuple(name in text for name in NAMES) for text in documents]
        return np.array([self.value(mask) for mask in kept], dtype=np.float32)


def linear(mask: tuple[bool, ...]) -> float:
    return -2.0 + float(np.dot((3, 0, -1, 0.5), mask))


def both(mask: tuple[bool, ...]) -> float:
    return float(mask[0] and mask[1])


def run(
    part: PerturbationAttribution | ReaderLikelihood, ctx: Context | None = None
) -> list[float]:
    made = part(CORPUS, QUERIES, FOUND, ctx or Context(engine=FakeEngine()))
    assert made["doc_id"] == list(NAMES)
    return made["value"]


def test_a_linear_reader_is_seen_through() -> None:
    """[008]: u = (3, 0, −1, 0.5), 64 masks, a tiny ridge: recovered to 1e-5."""
    part = PerturbationAttribution(reader=Reader(linear), target="query", ridge=1e-6)
    assert run(part) == pytest.approx([3, 0, -1, 0.5], abs=1e-5)


def test_two_documents_that_help_only_together_share_the_credit() -> None:
    """[008]: a pure synergy: equal credit, where reading one by one gives both 0."""
    masks = np.array(list(itertools.product([0, 1], repeat=4)), dtype=bool)
    values = np.array([both(tuple(mask)) for mask in masks.tolist()])
    assert attributed(masks, values, 1e-9) == pytest.approx([0.5, 0.5, 0, 0], abs=1e-6)
    first, second, *others = run(PerturbationAttribution(reader=Reader(both), target="query"))
    assert min(first, second) > 0.3
    assert max(map(abs, others)) < 0.2
    assert run(ReaderLikelihood(reader=Reader(both), gain=True)) == [0, 0, 0, 0]


def test_the_ridge_draws_utilities_to_nought() -> None:
    """All 4 masks of 2: centred columns of length 1, so that u = (slope · 1) / (1 + λ)."""
    masks = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=bool)
    assert attributed(masks, np.array([1.0, 1, 4, 4]), 2.0).tolist() == pytest.approx([1.0, 0])


def test_a_query_is_read_64_times_with_about_half_of_its_documents() -> None:
    reader = Reader(linear)
    run(PerturbationAttribution(reader=reader, target="query"))
    assert len(reader.read) == 64
    kept = [len(re.findall("doc", text)) for text in reader.read]
    assert sum(kept) / 64 == pytest.approx(2, abs=0.5)  # standard error 1/8


def test_documents_stand_one_per_line_in_their_order() -> None:
    reader = Reader(linear)
    run(PerturbationAttribution(reader=reader, target="query", prompt="{document}|{query}"))
    told = [text.split("|") for text in reader.read]
    assert {query for _, query in told} == {"which"}
    several = [lines for lines, _ in told if "\n" in lines]
    assert several  # of 64 masks 44 keep two documents or more, whatever the luck
    for lines in several:
        assert lines.split("\n") == sorted(set(NAMES) & set(lines.split("\n")))


def test_masks_hang_on_the_query_and_the_seed_alone() -> None:
    """Another query before it changes nothing; another seed does."""
    part, engine = PerturbationAttribution(reader=Reader(both), target="query"), FakeEngine()
    more = Queries.of(
        {"query_id": name, "text": "which", "split": "train"} for name in ("before", "q")
    )
    others = FOUND.dicts()
    found = Candidates.of([*({**row, "query_id": "before"} for row in others), *others])
    made = part(CORPUS, more, found, Context(engine=engine))
    assert made.where("query_id", ["q"])["value"] == run(part)
    assert made.where("query_id", ["before"])["value"] != run(part)
    assert run(part, Context(engine=engine, seed=1)) != run(part)


def test_an_answer_that_was_written_is_due_to_the_documents_that_tell_it_the_source_too() -> None:
    """[008]: utilities are of the output of a task on a shared context."""
    corpus = Corpus.of(
        {"doc_id": d, "title": "", "text": t}
        for d, t in (
            ("own", "The bridge was opened in 1932."),
            ("useless", "The bridge is old."),
        )
    )
    queries = Queries.of(
        [{"query_id": "q", "text": "How old is the bridge?", "answer": "opened in 1932",
          "source_doc_id": "own", "split": "train"}]
    )  # fmt: skip
    found = Candidates.of(
        {"query_id": "q", "doc_id": d, "rank": r, "score": 0.0, "is_source": d == "own",
         "miner": "m"}
        for r, d in enumerate(("own", "useless"), 1)
    )  # fmt: skip
    made = PerturbationAttribution()(corpus, queries, found, Context(engine=FakeEngine()))
    told = dict(zip(made["doc_id"], made["value"], strict=True))
    assert told["own"] > 0 > told["useless"]


def test_a_counting_reader_credits_the_document_that_has_the_answer() -> None:
    """What hides behind the mask stands in one of the others; the query's own is not read."""
    corpus = Corpus.of(
        {"doc_id": d, "title": "", "text": t}
        for d, t in (
            ("own", "The bridge was opened in 1932 by the mayor."),
            ("knows", "In 1932 it rained."),
            ("like", "The bridge was closed by the mayor."),
        )
    )
    queries = Queries.of(
        [{"query_id": "q", "text": "The bridge was opened in [MASK] by the mayor",
          "source_doc_id": "own", "split": "train"}]
    )  # fmt: skip
    found = Candidates.of(
        {"query_id": "q", "doc_id": d, "rank": r, "score": 0.0, "is_source": False, "miner": "m"}
        for r, d in enumerate(("knows", "like"), 1)
    )
    made = PerturbationAttribution()(corpus, queries, found, Context(engine=FakeEngine()))
    told = dict(zip(made["doc_id"], made["value"], strict=True))
    assert told["knows"] > 0 > told["like"]


def test_without_a_text_there_are_no_labels() -> None:
    for target in ("answer", "source", "output"):
        part = PerturbationAttribution(target=target)
        made = part(CORPUS, QUERIES, FOUND, Context(engine=FakeEngine()))
        assert made.digest == Labels.empty().digest


@pytest.mark.parametrize("settings", [{"masks": 1}, {"keep": 0.0}, {"keep": 1.0}, {"ridge": 0.0}])
def test_masks_that_say_nothing_are_refused(settings: dict[str, float]) -> None:
    with pytest.raises(RecipeError, match="give 2 masks or more"):
        PerturbationAttribution(**settings)


@pytest.mark.parametrize("settings", [{"prompt": "{query}"}, {"mask": ""}])
def test_a_prompt_without_a_document_and_an_empty_mask_are_refused(settings) -> None:
    with pytest.raises(RecipeError, match="PerturbationAttribution"):
        PerturbationAttribution(**settings)


@pytest.mark.parametrize("reader", [NGramReader(), FakeScorer()], ids=["counts", "model"])
def test_it_obeys_the_laws_of_labellers(reader) -> None:
    part = PerturbationAttribution(reader=reader, target="query", masks=8)
    behaviour.check_all(part, folder="labellers")
