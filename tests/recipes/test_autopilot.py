"""autopilot: default's parts on ordinary prose; elsewhere what a rule picks, and it says why."""

import functools
import json
from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.errors import RecipeError
from acclimate.parts import filters, generators, labellers, miners, students
from acclimate.pipeline.checks import refs_of
from acclimate.recipes._picks import affordable
from acclimate.recipes.autopilot import autopilot
from acclimate.recipes.default import default
from acclimate.recipes.recipe import Recipe, Seen
from acclimate.tables import Corpus, Queries
from acclimate.testing import toys
from acclimate.testing.fakes import FakeScorer, FakeWriter

SMALL = {"queries": 24, "held_out": 6, "depth": 4, "steps": 3, "batch": 8}
CODE = """def {0}_honey(count):
    jars = [{1} * 2 for _ in range(count)]
    if not jars:
        raise ValueError("no {0}")
    return sum(jars)
"""


def seen(**changes: object) -> Recipe:
    return autopilot(seen=Seen(**changes))


def fired(recipe: Recipe) -> list[str]:
    return [rule.name for rule in recipe.rules if rule.fired]


def part(recipe: Recipe, kind: type) -> object:
    return next(p for p in recipe.steps if isinstance(p, kind))


def members(recipe: Recipe) -> list[str]:
    return [type(m).__name__ for m in part(recipe, generators.Mixed).members]


def test_on_ordinary_prose_the_parts_are_those_of_default() -> None:
    assert autopilot().steps == default().steps
    assert autopilot().judge == default().judge
    assert fired(autopilot()) == []


def test_a_table_of_contents_with_little_of_anything_changes_nothing() -> None:
    little = {"code": 0.4, "records": 0.4, "structure": 0.2, "copies": 0.09, "unread": 0.14}
    assert seen(**little, log=19, gpu=True, cores=64).steps == default().steps


def test_every_rule_says_what_it_looks_at_what_it_picks_and_why() -> None:
    rules = autopilot().rules
    assert len({rule.name for rule in rules}) == len(rules)
    assert all(rule.looks_at and rule.picks and rule.why and rule.found for rule in rules)


@pytest.mark.parametrize(
    ("share", "member"),
    [("records", "RecordTemplates"), ("structure", "StructurePairs"), ("log", "SpanQuestions")],
)
def test_a_generator_joins_the_five_of_default(share: str, member: str) -> None:
    recipe = seen(**{share: 20 if share == "log" else 0.5})
    assert fired(recipe) == [share]
    assert members(recipe) == [*members(default()), member]
    rest = [p for p in recipe.steps if not isinstance(p, generators.Mixed)]
    assert rest == [p for p in default().steps if not isinstance(p, generators.Mixed)]


def test_source_code_gets_a_map_behind_the_frozen_encoder() -> None:
    recipe = seen(code=0.9)
    assert fired(recipe) == ["code"]
    assert recipe.steps[0] == students.Adapter()
    assert members(recipe)[-1] == "CodeTransforms"


def test_of_many_documents_as_many_are_read_as_there_is_time_for() -> None:
    """10 minutes, 2 threads: 2/3 · 600 s · 3,500 · 2 words, in 3 passes, of 150 words each."""
    large = Seen(documents=50_000, words=150.0, cores=2, minutes=10.0)
    assert affordable(large) == int(2 / 3 * 600 * 3_500 * 2 / 3 / 150) == 6_222
    recipe = autopilot(seen=large)
    assert recipe.steps[0] == filters.SampleDocuments(at_most=6_222)
    assert recipe.steps[1:] == default().steps
    assert fired(autopilot(seen=replace(large, documents=6_000))) == []
    assert fired(autopilot(seen=replace(large, minutes=None))) == []
    assert affordable(replace(large, weights_mib=180.0)) == 3_111  # twice the size, half of it
    assert affordable(replace(large, gpu=True)) == 100_000


def test_a_fifth_of_a_small_corpus_is_held_out() -> None:
    recipe = seen(documents=300)
    assert fired(recipe) == ["small"]
    assert part(recipe, filters.HoldOut) == filters.HoldOut(share=0.2)


def test_near_duplicates_ask_once() -> None:
    steps = seen(copies=0.2).steps
    at = steps.index(filters.NearDuplicates())
    assert isinstance(steps[at + 1], filters.HoldOut)


def test_words_teach_where_the_student_cannot_read() -> None:
    recipe = seen(language="ja", unread=0.6)
    words = labellers.Fusion(weights=(1.0, 0.0, 0.0))
    assert recipe.judge == words
    assert repr(recipe.steps).count(repr(words)) == repr(default().steps).count("Fusion(")
    assert repr(labellers.Fusion()) not in repr(recipe.steps)


def test_a_given_writer_asks_besides_and_on_code_alone() -> None:
    writer = FakeWriter()
    beside = part(autopilot(writer=writer, queries=600), generators.Mixed)
    assert beside.members[-1] == generators.DocToQuery(writer=writer, at_least=100)
    alone = autopilot(writer=writer, queries=600, seen=Seen(code=1.0))
    assert part(alone, generators.DocToQuery).at_least == 600
    assert fired(alone) == ["writer"]


def test_the_bundled_writer_joins_only_where_a_log_can_say_how_much() -> None:
    bundled = {"bundled": ("writer",)}
    assert seen(**bundled).steps == default().steps
    recipe = seen(**bundled, log=100)
    assert fired(recipe) == ["log", "bundle"]
    assert [ref.model for ref in refs_of(recipe.steps)] == ["acclimate-offline/writer"]


def test_a_given_teacher_labels_and_judges_in_its_own_units() -> None:
    recipe = autopilot(teacher=FakeScorer())
    assert recipe.judge == labellers.Score(teacher=FakeScorer())
    assert "Fusion" not in repr(recipe.steps)
    assert "teacher_temperature=1.0" in repr(recipe.steps)


def test_what_is_not_there_cannot_be_exchanged() -> None:
    with pytest.raises(RecipeError, match="has no SameText"):
        default().exchanged(filters.SameText(), filters.ExactDuplicates())


def test_several_parts_or_none_come_in_place_of_one() -> None:
    exact, near = filters.ExactDuplicates(), filters.NearDuplicates()
    kinds = [type(step) for step in default().steps]
    at = kinds.index(filters.ExactDuplicates)
    assert default().exchanged(exact, exact, near).steps[at : at + 2] == (exact, near)
    assert [type(s) for s in default().exchanged(exact).steps] == [*kinds[:at], *kinds[at + 1 :]]
    deep = default().exchanged(filters.WithoutSource(), filters.SameText())
    assert repr(deep).count("SameText") == repr(default()).count("WithoutSource")
    with pytest.raises(RecipeError, match="cannot hold 2"):
        default().exchanged(miners.BM25(depth=24).index, 1, 2)


@pytest.mark.integration
def test_a_run_picks_by_what_it_sees_and_tells(models, tmp_path: Path) -> None:
    corpus = Corpus.of(
        {"doc_id": f"{number}.py", "title": "", "text": CODE.format(f"bee{number}", number)}
        for number in range(12)
    )
    maker = functools.partial(autopilot, **SMALL)
    outcome = acclimate.adapt(maker, corpus, models.encoder, out=tmp_path / "run")
    told = json.loads((tmp_path / "run" / "report.json").read_text())["recipe"]
    rules = {rule["name"]: rule for rule in told["rules"]}
    assert rules["code"]["fired"]
    assert rules["code"]["found"]["code"] == 1.0
    assert not rules["records"]["fired"]
    assert told["name"] == "autopilot"
    assert "embedding_adapter" in outcome.report.read_text()
    assert "CodeTransforms" in "".join(told["brief"])


@pytest.mark.integration
def test_what_is_sampled_to_learn_from_is_not_all_that_is_searched(models, tmp_path: Path) -> None:
    large = autopilot(seen=Seen(documents=10**6), **SMALL)
    recipe = large.exchanged(
        filters.SampleDocuments(at_most=100_000), filters.SampleDocuments(at_most=8)
    )
    acclimate.adapt(recipe, toys.CORPUS, models.encoder, out=tmp_path / "run")
    tables = tmp_path / "run" / "tables"
    assert len(Corpus.open(tables / "corpus.arrow")) == len(toys.CORPUS)
    assert len(set(Queries.open(tables / "queries.arrow")["source_doc_id"])) <= 8
