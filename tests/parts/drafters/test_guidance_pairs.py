"""GuidancePairs [002]: versions whose units of information differ as declared."""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.drafters import GuidancePairs
from acclimate.parts.drafters.guidance_pairs import (
    COMPREHENSIVENESS,
    PURITY,
    RELEVANCE,
    VALUES,
    units_of,
)
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries
from acclimate.testing.fakes import FakeEngine, FakeWriter
from acclimate.testing.recorded import Recorded

FACTS = ("Pads are rubber.", "Pads press the rim.", "Pads wear down.", "Pads cost four.")
CORPUS = Corpus.columns(
    doc_id=["pads", "rice", "none"],
    title=[""] * 3,
    text=[" ".join((*FACTS, "Thanks for reading.")), "Rinse it. Boil it.", "Hello there."],
)
QUERIES = Queries.of(
    {"query_id": doc, "text": f"tell me of {doc}", "source_doc_id": doc, "split": split}
    for doc, split in (("pads", "train"), ("rice", "train"), ("none", "train"))
)
WRITER = Recorded(
    answers=(
        ("of pads", '{"numbers": [4, 1, 2, 3]}'), ("of rice", '{"numbers": [2]}'),
        ("of none", '{"numbers": []}'),
    )
)  # fmt: skip


def made(**settings) -> dict[str, dict[str, str]]:
    drafts = GuidancePairs(writer=WRITER, **settings)(CORPUS, QUERIES, Context(engine=FakeEngine()))
    assert drafts["value"] == [VALUES[kind] for kind in drafts["kind"]]
    told: dict[str, dict[str, str]] = {}
    for row in drafts.dicts():
        told.setdefault(row["query_id"], {})[row["kind"]] = row["text"]
    return told


def facts(text: str) -> int:
    return sum(fact in text for fact in FACTS)


def test_the_units_of_a_document_with_four_facts_differ_exactly_as_declared() -> None:
    """[002] relevance 1 and 0, comprehensiveness 4 and 2, purity 0 and 2 sentences of noise."""
    told = made()["pads"]
    assert [facts(told[kind]) for kind in RELEVANCE] == [1, 0]
    assert [facts(told[kind]) for kind in COMPREHENSIVENESS] == [4, 2]
    noise = [sum(unit in told[kind] for unit in ("Rinse it.", "Boil it.")) for kind in PURITY]
    assert noise == [0, 2]
    assert facts(told["noisy"]) == 4


def test_one_unit_of_use_is_enough_for_relevance_only() -> None:
    assert made()["rice"] == {"single": "Boil it.", "absent": "Rinse it."}


def test_a_document_without_a_unit_of_use_gives_nothing() -> None:
    assert set(made()) == {"pads", "rice"}


def test_where_all_is_of_use_what_is_absent_comes_from_elsewhere() -> None:
    writer = Recorded(answers=(("of rice", '{"numbers": [1, 2]}'),))
    drafts = GuidancePairs(writer=writer)(CORPUS, QUERIES, Context(engine=FakeEngine()))
    told = dict(zip(drafts["kind"], drafts["text"], strict=True))
    assert told["absent"] == "Hello there."
    assert told["half"] == "Rinse it."


def test_a_better_version_never_has_a_lower_value() -> None:
    for better, worse in (RELEVANCE, COMPREHENSIVENESS, PURITY):
        assert VALUES[better] > VALUES[worse]


def test_a_text_without_sentences_is_one_unit() -> None:
    assert units_of("rice") == ["rice."]


def test_no_noise_is_refused() -> None:
    with pytest.raises(RecipeError, match="give 1 or more"):
        GuidancePairs(writer=FakeWriter(), noise=0)
