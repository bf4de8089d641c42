"""TopicShift [026]: the turns before a question may be of another conversation."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from acclimate.errors import RecipeError
from acclimate.parts._cloze import readings
from acclimate.parts._turns import chances
from acclimate.parts.generators import ConversationTurns, TopicShift
from acclimate.parts.generators.topic_shift import foreign
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

THINGS = ("roof", "boat", "tyre", "pipe")
CORPUS = Corpus.of(
    [
        *(
            {
                "doc_id": thing,
                "title": "",
                "text": f"Ann: Does the old {thing} leak?\nBob: Yes, the {thing} does leak a lot.\n"
                f"Ann: How do I mend the {thing}?\nBob: Take the {thing} to somebody who can.",
            }
            for thing in THINGS
        ),
        {"doc_id": "prose", "title": "", "text": "Bees visit flowers to gather nectar."},
    ]
)


def asked(**row) -> dict:
    return {"query_id": "p", "text": "bees", "source_doc_id": "prose", "split": "train", **row}


def roofs(count: int) -> Queries:
    """Different queries of one conversation."""
    return Queries.of(
        asked(query_id=f"q{n}", text=f"roof {n}", source_doc_id="roof") for n in range(count)
    )


def shifted(queries: Queries | None = None, **settings) -> Queries:
    if queries is None:
        queries = ConversationTurns(per_document=2, turns=1)(CORPUS, Context())
    return TopicShift(**settings)(CORPUS, queries, Context())


def twins(queries: Queries) -> list[tuple[dict, dict]]:
    """Each query and what stands behind it."""
    pairs = pairwise(queries.dicts())
    return [(a, b) for a, b in pairs if (b["kind"] or "").startswith("topic_shift")]


def test_a_twin_has_the_first_turns_of_another_conversation_in_front() -> None:
    """[026] cut_num foreign turns, then its own; as many marks as lines."""
    found = twins(shifted())
    assert len(found) == 8
    for query, twin in found:
        *before, own = twin["text"].split("\n")
        assert (own, twin["source_doc_id"]) == (query["text"], query["source_doc_id"])
        [thing] = {t for t in THINGS if any(t in line for line in before)}
        assert thing != query["source_doc_id"]
        lines = [line.split(": ")[1] for line in CORPUS["text"][THINGS.index(thing)].split("\n")]
        assert before == lines[: len(before)]
        assert foreign(twin["kind"], twin["text"]) == [1] * len(before) + [0]


def test_few_foreign_turns_are_likelier() -> None:
    """[026] P(cut = 1) = N / (N(N + 1) / 2), over 10,000 draws."""
    assert chances(4) == pytest.approx([4 / 10, 3 / 10, 2 / 10, 1 / 10])
    drawn = np.random.default_rng(0).choice(4, size=10_000, p=chances(4))
    assert (drawn == 0).mean() == pytest.approx(4 / (4 * 5 / 2), abs=0.02)
    many = roofs(400)
    counts = Counter(sum(foreign(t["kind"], t["text"])) for _, t in twins(shifted(many, turns=2)))
    assert set(counts) == {1, 2}
    assert counts[1] / 400 == pytest.approx(2 / 3, abs=0.1)


def test_the_document_is_read_without_the_last_line_alone() -> None:
    queries = shifted()
    shown = readings(CORPUS, queries)
    for query, twin in twins(queries):
        assert shown[twin["query_id"]] == shown[query["query_id"]]
        assert query["text"] not in shown[twin["query_id"]]


def test_what_is_no_conversation_is_held_out_or_has_no_source_has_no_twin() -> None:
    rows = [
        asked(), asked(query_id="h", source_doc_id="roof", split="heldout"),
        asked(query_id="n", source_doc_id=None),
    ]  # fmt: skip
    queries = Queries.of(rows)
    assert shifted(queries)["query_id"] == queries["query_id"]


def test_a_single_conversation_has_no_other() -> None:
    corpus = CORPUS.head(1)
    queries = ConversationTurns()(corpus, Context())
    assert len(TopicShift()(corpus, queries, Context())) == len(queries) == 1


def test_a_share_of_them_has_twins_and_twins_have_none() -> None:
    queries = roofs(200)
    once = shifted(queries, share=0.5)
    assert 70 < len(twins(once)) < 130
    again = shifted(once, share=0.5)
    assert len(twins(again)) == len(twins(once))
    assert {row["kind"] for row in again.dicts() if row["kind"]} == {
        row["kind"] for row in once.dicts() if row["kind"]
    }


@pytest.mark.parametrize("wrong", [{"turns": 0}, {"share": 0.0}, {"share": 1.5}])
def test_settings_that_make_no_sense_are_refused(wrong) -> None:
    with pytest.raises(RecipeError, match="1 turn or more"):
        TopicShift(**wrong)
