"""ReaderLikelihood: how likely a reader finds a text after a document."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log

import numpy as np
import pytest

from acclimate.errors import RecipeError
from acclimate.models.readers import NGramReader
from acclimate.models.ref import Floats, Integers
from acclimate.parts.labellers import ReaderLikelihood
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries
from acclimate.testing import behaviour
from acclimate.testing.fakes import FakeEngine, FakeScorer

CORPUS = Corpus.of(
    {"doc_id": d, "title": "", "text": t}
    for d, t in (
        ("red", "red apples red plums"),
        ("green", "green apples"),
        ("next", "plums ripen"),
    )
)
QUERIES = Queries.of(
    {"query_id": q, "text": t, "source_doc_id": s, "split": "train"}
    for q, t, s in (("q", "red apples", "next"), ("log", "green", None))
)
FOUND = Candidates.of(
    {
        "query_id": q, "doc_id": d, "rank": r, "score": 0.0,
        "is_source": (q, d) == ("q", "next"), "miner": "m",
    }
    for q in ("q", "log")
    for r, d in enumerate(("green", "next", "red"), 1)
)  # fmt: skip
# Of 8 words, 5 different, and one that nobody has: 14. red 3, apples 3, plums 3, green 2, ripen 2.


@dataclass(frozen=True)
class Reader:
    """Finds every text as likely as it is told for the word in the context; notes what it read."""

    chances: tuple[tuple[str, float], ...]
    read: list[tuple[str, str]] = field(default_factory=list, compare=False, repr=False)

    def open(self, device: str) -> "Reader":
        return self

    def fingerprint(self) -> str:
        return repr(self)

    def count_tokens(self, queries: Sequence[str], documents: Sequence[str]) -> Integers:
        return np.ones(len(queries), dtype=np.int64)

    def score(self, queries: Sequence[str], documents: Sequence[str]) -> Floats:
        self.read.extend(zip(queries, documents, strict=True))
        told = [next(p for word, p in self.chances if word in text) for text in documents]
        return np.log(told).astype(np.float32)


def run(part: ReaderLikelihood) -> dict[tuple[str, str], float]:
    labels = part(CORPUS, QUERIES, FOUND, Context(engine=FakeEngine()))
    keys = zip(labels["query_id"], labels["doc_id"], strict=True)
    return dict(zip(keys, labels["value"], strict=True))


def test_documents_that_make_the_query_likely_are_relevant() -> None:
    """[017]: the mean log-likelihood of the question's tokens, by counting."""
    made = run(ReaderLikelihood())
    red = (log(0.5 * 2 / 4 + 0.5 * 3 / 14) + log(0.5 * 1 / 4 + 0.5 * 3 / 14)) / 2
    assert made["q", "red"] == pytest.approx(red, rel=1e-6)
    assert max(made, key=lambda key: made[key] if key[0] == "q" else -9) == ("q", "red")
    assert list(made) == list(zip(FOUND["query_id"], FOUND["doc_id"], strict=True))


def test_the_gain_is_over_no_document() -> None:
    """[004]: y = log p(t | d) − log p(t), and 0 for a text that the document says nothing of."""
    made = run(ReaderLikelihood(gain=True))
    gain = log((0.5 * 1 / 2 + 0.5 * 2 / 14) / (2 / 14))
    assert made["log", "green"] == pytest.approx(gain, rel=1e-5)
    assert made["log", "red"] == pytest.approx(log(0.5), rel=1e-5)


def test_four_times_as_likely_is_a_gain_of_ln_4() -> None:
    """[066]: P(with) = .02, P(local) = .005 → 1.386294."""
    reader = Reader((("red apples red", 0.02), ("Passage:  .", 0.005), ("Passage", 0.001)))
    made = run(ReaderLikelihood(reader=reader, gain=True))
    assert made["q", "red"] == pytest.approx(1.386294, abs=1e-6)
    assert made["q", "green"] == pytest.approx(log(0.001 / 0.005), abs=1e-6)


def test_a_language_model_reads_arts_prompt_and_then_the_query() -> None:
    """[017]: "Passage: <title> <text> . Please write a question based on this passage." """
    reader = Reader((("Passage", 0.5),))
    run(ReaderLikelihood(reader=reader))
    prompt = "Passage: green apples . Please write a question based on this passage.\n"
    assert reader.read[0] == ("red apples", prompt)


def test_the_text_may_be_what_the_query_was_written_from() -> None:
    """[048]: p(output | candidate, input); the source itself and queries without one go."""
    reader = Reader((("", 0.5),))
    made = run(ReaderLikelihood(reader=reader, target="source"))
    assert list(made) == [("q", "green"), ("q", "red")]
    assert reader.read[0] == ("plums ripen", "green apples\nred apples\n")


def test_an_output_is_the_source_without_its_title() -> None:
    """[048] [045]: p(y | x', y', x): the title is the input, the text the output."""
    corpus = Corpus.of(
        {"doc_id": d, "title": t, "text": o}
        for d, t, o in (("own", "sort words", "sorted"), ("other", "sum numbers", "total"))
    )
    queries = Queries.of(
        [{"query_id": "q", "text": "sort words", "source_doc_id": "own", "split": "train"}]
    )
    found = Candidates.of(
        {"query_id": "q", "doc_id": d, "rank": r, "score": 0.0, "is_source": d == "own",
         "miner": "m"}
        for r, d in enumerate(("own", "other"), 1)
    )  # fmt: skip
    reader = Reader((("", 0.5),))
    part = ReaderLikelihood(reader=reader, target="output")
    made = part(corpus, queries, found, Context(engine=FakeEngine()))
    assert made["doc_id"] == ["other"]
    assert reader.read == [("sorted", "sum numbers total\nsort words\n")]


def test_a_counting_reader_finds_what_helps_to_go_on() -> None:
    """[066]: "plums ripen" is likelier after a document with plums in it than after another."""
    made = run(ReaderLikelihood(target="source", gain=True))
    plums = log((0.5 * 1 / 4 + 0.5 * 3 / 14) / (3 / 14))
    assert made["q", "red"] == pytest.approx((plums + log(0.5)) / 2, rel=1e-5)
    assert made["q", "green"] == pytest.approx(log(0.5), rel=1e-5)


def test_the_text_may_be_what_a_mask_hides() -> None:
    """[020]: p(y | z, x) of the masked span: "plums" after "red", where it stands once of four."""
    masked = Queries.of(
        [{"query_id": "q", "text": "[MASK] ripen", "source_doc_id": "next", "split": "train"}]
    )
    found, ctx = FOUND.where("query_id", ["q"]), Context(engine=FakeEngine())
    made = ReaderLikelihood(target="answer")(CORPUS, masked, found, ctx)
    expected = [0.5 * 3 / 14, 0.5 / 2 + 0.5 * 3 / 14, 0.5 / 4 + 0.5 * 3 / 14]
    assert made["doc_id"] == ["green", "next", "red"]
    assert made["value"] == pytest.approx([log(chance) for chance in expected], rel=1e-5)
    reader = Reader((("", 0.5),))
    ReaderLikelihood(reader=reader, target="answer")(CORPUS, masked, found, ctx)
    assert reader.read[0] == ("plums", "green apples\n[MASK] ripen\n")
    assert len(ReaderLikelihood(target="answer")(CORPUS, QUERIES, FOUND, ctx)) == 0


def test_the_text_may_be_an_answer_that_comes_with_the_query() -> None:
    """[020]: p(y | z, x) of what somebody wrote; the source is read, as it does not hold it."""
    told = Queries.of(
        row | {"source_doc_id": "next", "answer": "plums do"}
        for row in QUERIES.where("query_id", ["q"]).dicts()
    )
    found, ctx = FOUND.where("query_id", ["q"]), Context(engine=FakeEngine())
    reader = Reader((("", 0.5),))
    made = ReaderLikelihood(reader=reader, target="answer")(CORPUS, told, found, ctx)
    assert made["doc_id"] == found["doc_id"]
    assert {text for text, _ in reader.read} == {"plums do"}


def test_a_prompt_of_ones_own_holds_document_and_query() -> None:
    reader = Reader((("", 0.5),))
    run(ReaderLikelihood(reader=reader, prompt="{query}? {document}!"))
    assert reader.read[0][1] == "red apples? green apples!"


def test_braces_in_a_document_are_text() -> None:
    corpus = Corpus.of([{"doc_id": "red", "title": "", "text": "a {query} here"}])
    reader = Reader((("", 0.5),))
    found = FOUND.where("doc_id", ["red"]).head(1)
    ReaderLikelihood(reader=reader, prompt="{document}|{query}")(
        corpus, QUERIES, found, Context(engine=FakeEngine())
    )
    assert reader.read == [("red apples", "a {query} here|red apples")]


def test_the_reader_is_named_with_its_settings() -> None:
    labels = ReaderLikelihood()(CORPUS, QUERIES, FOUND, Context(engine=FakeEngine()))
    assert set(labels["teacher"]) == {repr(NGramReader())}


def test_no_candidates_are_no_labels() -> None:
    for target in ("query", "answer", "source", "output"):
        part = ReaderLikelihood(target=target, gain=True)
        made = part(CORPUS, QUERIES, Candidates.empty(), Context(engine=FakeEngine()))
        assert made.digest == Labels.empty().digest


def test_a_prompt_without_a_document_is_refused() -> None:
    with pytest.raises(RecipeError, match="no document"):
        ReaderLikelihood(prompt="{query}")


def test_a_mask_that_cannot_be_seen_is_refused() -> None:
    with pytest.raises(RecipeError, match="what stands for the answer"):
        ReaderLikelihood(mask="")


@pytest.mark.parametrize("target", ["query", "answer", "source", "output"])
@pytest.mark.parametrize(
    "reader", [NGramReader(bigrams=0.3), FakeScorer()], ids=["counts", "model"]
)
def test_it_obeys_the_laws_of_labellers(reader, target) -> None:
    behaviour.check_all(
        ReaderLikelihood(reader=reader, target=target, gain=True), folder="labellers"
    )


def test_the_text_may_be_what_was_said_next() -> None:
    """[040]: P(a | conversation, p): the reply, after the document and what was asked."""
    talk = {"doc_id": "talk", "title": "", "text": "Ann: Is it red?\nBob: Red apples are."}
    corpus = Corpus.joined([CORPUS, Corpus.of([talk])])
    queries = Queries.of(
        {"query_id": q, "text": t, "source_doc_id": "talk", "split": "train"}
        for q, t in (("q", "Is it red?"), ("log", "Red apples are."))
    )
    found = Candidates.of(
        {"query_id": q, "doc_id": d, "rank": r, "score": 0.0, "is_source": d == "talk",
         "miner": "m"}
        for q in ("q", "log")
        for r, d in enumerate(("red", "talk"), 1)
    )  # fmt: skip
    reader = Reader((("plums", 0.5),))
    ctx = Context(engine=FakeEngine())
    labels = ReaderLikelihood(reader=reader, target="reply")(corpus, queries, found, ctx)
    assert (labels["query_id"], labels["doc_id"]) == (["q"], ["red"])
    assert reader.read == [("Red apples are.", "red apples red plums\nIs it red?\n")]
