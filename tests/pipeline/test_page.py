"""The report: one file, nothing to fetch, nothing to run, and every text escaped."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from tests.pipeline.conftest import NASTY

from acclimate.pipeline.card import card
from acclimate.pipeline.outcome import Outcome
from acclimate.pipeline.page import FILTERS, headline, page, told

pytestmark = pytest.mark.integration


class Tags(HTMLParser):
    """Collects tags, addresses and ids."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in {"meta", "br", "path", "use", "rect", "line"}:
            self.open.append(tag)
        self.addresses += [v or "" for k, v in attrs if k in {"href", "src", "xlink:href"}]
        self.ids += [v or "" for k, v in attrs if k == "id"]

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass


@pytest.fixture(scope="module")
def html(outcome: Outcome) -> str:
    return outcome.report.read_text("utf-8")


@pytest.fixture(scope="module")
def tags(html: str) -> Tags:
    found = Tags()
    found.feed(html)
    return found


@pytest.fixture
def facts(outcome: Outcome) -> dict[str, Any]:
    return dict(json.loads((outcome.run / "report.json").read_text("utf-8")))


def test_nothing_runs_and_nothing_is_fetched(html: str, tags: Tags) -> None:
    assert not {"script", "link", "iframe", "img", "object"} & tags.tags
    assert all(address.startswith("#") for address in tags.addresses)
    assert not re.search(r"url\((?!#)|@import|https?://(?!www\.w3\.org)", html)
    assert "default-src 'none'" in html
    assert "built-in method" not in html
    assert html.count("<svg") == 7


def test_every_tag_is_closed_and_every_id_is_there_once(tags: Tags) -> None:
    assert tags.open == []
    assert len(tags.ids) == len(set(tags.ids))
    assert {a[1:] for a in tags.addresses} <= set(tags.ids)


def test_texts_of_documents_are_escaped(facts: dict[str, Any]) -> None:
    facts["kinds"][0]["examples"] = [NASTY]
    facts["corpus"]["intake"]["reasons"] = {NASTY: 1}
    shown = facts["queries"]
    example = {
        "text": NASTY, "kind": NASTY,
        "systems": {
            name: {"value": 0.5, "documents": [
                {"doc_id": NASTY, "text": NASTY, "gain": 0.5, "is_source": True}]}
            for name in ("base", "adapted")
        },
    }  # fmt: skip
    shown["winners"] = [example]
    facts["judged"]["suspects"]["bad_examples"] = [
        {"query": NASTY, "margin": -1.0, "source": {"text": NASTY}, "other": {"text": NASTY}}
    ]
    html = page(facts)
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 8


def test_the_verdict_stands_first(html: str, outcome: Outcome) -> None:
    body = html[html.index("<main>") :]
    assert body.index('class="verdict') < body.index("<table")
    assert headline(outcome.facts) in html


def test_every_section_the_report_promises_is_there(tags: Tags) -> None:
    assert {
        "before-after", "people", "between", "queries", "data", "funnel", "labels", "training",
        "miners", "cost", "use",
    } <= set(tags.ids)  # fmt: skip


def test_a_report_of_a_run_without_a_gate_has_what_there_is(facts: dict[str, Any]) -> None:
    verdict = {"better": True, "proved": False, "sentence": "Adapted, unproved.", "heldout": 0}
    for key in ("systems", "points", "queries", "people", "judged", "labels", "curve", "scale"):
        facts[key] = None
    facts |= {"verdict": verdict, "miners": [], "kinds": [], "funnel": []}
    assert "no proof that it is better" in page(facts)


@pytest.mark.parametrize("better", [True, False])
def test_the_card_names_recipe_corpus_and_licences(facts: dict[str, Any], better: bool) -> None:
    facts["verdict"]["better"] = better
    facts["teachers"] = [{"name": "some/teacher", "role": "CrossEncoder", "licence": "mit"}]
    text = card(facts)
    assert text.startswith("---\nlibrary_name: sentence-transformers\n")
    for words in (
        "**Recipe**: `default`, seed 0", facts["corpus"]["digest"][:16], "licence: mit",
        "`some/teacher`", facts["verdict"]["sentence"], "| base+BM25 |",
    ):  # fmt: skip
        assert words in text
    assert "None" not in text[: text.index("Steps of the recipe")]


def test_margins_of_the_gate_stand_in_where_sources_do_not_train(facts: dict[str, Any]) -> None:
    assert facts["labels"]["margins"] is None
    assert told(facts) is facts["judged"]
    facts["labels"]["margins"] = {"edges": [0, 1], "counts": [1]}
    assert told(facts) is facts["labels"]


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("count", 1234567, "1\u202f234\u202f567"), ("time", 5.04, "5.0 s"), ("time", 90, "1.5 min"),
        ("time", 7200, "2.0 h"), ("size", 2**20 * 700, "700 MiB"), ("size", 2**30 * 3, "3.0 GiB"),
        ("p", 0.0123, ".0123"), ("p", 0.0001, "< .0002"), ("share", 0.004, "< 1 %"),
        ("share", 0.0, "0 %"), ("share", 0.256, "26 %"), ("signed", 0.01, "+0.010"),
    ],
)  # fmt: skip
def test_figures_are_written_for_people(name: str, value: float, shown: str) -> None:
    assert FILTERS[name](value) == shown
