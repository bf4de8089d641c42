"""InPars [106] from end to end: a tiny student, and a language model behind a real endpoint."""

import itertools
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

import acclimate
from acclimate.errors import RecipeError, ServiceError
from acclimate.models.remote import Remote
from acclimate.parts import filters, generators, labellers
from acclimate.pipeline.run import foresee
from acclimate.recipes.inpars import inpars
from acclimate.tables import Corpus
from acclimate.testing.chat_server import ChatServer, Faults

pytestmark = pytest.mark.integration
SIZES = {"documents": 80, "keep": 40, "steps": 3, "batch": 4, "held_out": 24}
SUBJECTS = ("bees", "tides", "bread", "rust", "chess", "clouds", "roots", "glass")
CORPUS = Corpus.columns(
    doc_id=[f"d{n}" for n in range(96)],
    title=[""] * 96,
    text=[
        f"Number {n} is about {one}, and how {one} differ from {two} in year {1900 + n}, "
        f"when {n} people of town {n % 11} wrote down what they knew of {two}."
        for n, (one, two) in enumerate(itertools.product(SUBJECTS, SUBJECTS * 2))
        if n < 96
    ],
)


def test_the_settings_are_the_papers() -> None:
    few, once, length, _, likely, *_ = inpars().steps
    assert once == filters.ExactDuplicates()
    assert few == generators.FewShot(writer=few.writer, documents=100_000)
    assert length == filters.Length(at_least_words=3)
    assert likely == filters.LogProbTopK(keep=10_000 + 200)
    assert inpars().judge == labellers.Fusion()
    assert inpars(judge=few.writer).judge == labellers.Graded(writer=few.writer)


def test_it_runs_and_a_second_run_asks_nothing(models, tmp_path: Path) -> None:
    with ChatServer(faults=Faults(error=0.1, busy=0.1)) as server:
        writer = Remote(model="toy", url=server.url, price_in=1.0, price_out=1.0)
        recipe = inpars(writer=writer, judge=replace(writer, model="judge"), **SIZES)
        outcome = acclimate.adapt(recipe, CORPUS, models.encoder, out=tmp_path / "run")
        asked = server.seen.requests
        assert set(server.seen.good.values()) == {1}
        acclimate.adapt(recipe, CORPUS, models.encoder, out=tmp_path / "run")
        assert server.seen.requests == asked > len(CORPUS)
    assert outcome.report.is_file()
    assert outcome.facts["judged"]
    paid, steps = outcome.facts["cost"]["endpoints"], outcome.facts["cost"]["steps"]
    assert paid["answers"] == sum(server.seen.good.values())
    assert paid["requests"] == sum(s["requests"] for s in steps if not s["depth"])
    assert paid["money"] == pytest.approx((paid["tokens_in"] + paid["tokens_out"]) / 1e6)
    assert sum(s["money"] for s in steps if not s["depth"]) == pytest.approx(paid["money"])
    assert f"gave {paid['answers']} answers in {paid['requests']} requests" in (
        outcome.report.read_text("utf-8")
    )


def test_what_a_dry_run_paid_for_is_used_by_the_run_after_it(models, tmp_path: Path) -> None:
    with ChatServer() as server:
        writer = Remote(model="toy", url=server.url)
        recipe = inpars(writer=writer, judge=replace(writer, model="judge"), **SIZES)
        for _ in range(2):  # the second finds what the first paid for
            told = foresee(recipe, CORPUS, models.encoder, out=tmp_path / "run")
            pilots = [step["pilot"] for step in told["money"]]
            assert all(10 < pilot <= 20 for pilot in pilots)  # equal pieces are asked about once
            assert server.seen.requests == sum(pilots)
        acclimate.adapt(recipe, CORPUS, models.encoder, out=tmp_path / "run")
        assert set(server.seen.good.values()) == {1}


def test_the_writer_may_judge_only_where_that_is_said(models, tmp_path: Path) -> None:
    with ChatServer() as server:
        writer = Remote(model="toy", url=server.url)
        recipe = inpars(writer=writer, judge=writer, **SIZES)
        run = {"corpus": CORPUS, "student": models.encoder, "out": tmp_path / "run"}
        with pytest.raises(RecipeError, match="--own-judge"):
            acclimate.adapt(recipe, **run)
        assert server.seen.requests == 0
        outcome = acclimate.adapt(recipe, own_judge=True, **run)
    assert outcome.facts["recipe"]["own_judge"] == f"toy at {server.url}"
    assert "The judge is the model that wrote or chose the queries" in (
        outcome.report.read_text("utf-8")
    )


def test_a_bound_on_calls_stops_it_and_a_higher_one_goes_on(models, tmp_path: Path) -> None:
    with ChatServer() as server:
        recipe = inpars(writer=Remote(model="toy", url=server.url), **SIZES)
        run = {"corpus": CORPUS, "student": models.encoder, "out": tmp_path / "run"}
        with pytest.raises(ServiceError, match="max_calls=5 is used up"):
            acclimate.adapt(recipe, max_calls=5, **run)
        assert server.seen.requests == 5
        acclimate.adapt(recipe, max_calls=10_000, **run)
        assert set(server.seen.good.values()) == {1}


def test_the_command_line_tells_what_it_would_cost(models, tmp_path: Path) -> None:
    from acclimate.faces.cli.main import app

    docs = tmp_path / "docs.jsonl"
    rows = zip(CORPUS["doc_id"], CORPUS.contents, strict=True)
    docs.write_text("\n".join(json.dumps({"id": i, "text": t}) for i, t in rows))
    with ChatServer() as server:
        command = ["adapt", str(docs), "--student", models.encoder.model, "--recipe", "inpars",
                   "--with", f"writer=openai:{server.url}#toy?price_in=1&price_out=1",
                   "--with", f"judge=openai:{server.url}#judge?price_in=1&price_out=1",
                   "--with", "documents=24", "--with", "held_out=4", "--max-cost", "1",
                   "--out", str(tmp_path / "run"),
                   "--dry-run", "--json"]  # fmt: skip
        done = CliRunner().invoke(app, command)
        assert done.exit_code == 0, done.output
        told = json.loads(done.stdout)
    assert told["recipe"] == "inpars"
    writing, gate = told["money"]
    assert (writing["step"], writing["records"]) == ("FewShot", 24)
    assert (gate["step"], gate["records"]) == ("Graded", 4 * 30)
    assert all(10 < step["pilot"] <= 20 for step in told["money"])
    # one unit per million tokens
    assert gate["money"]["about"] == pytest.approx(gate["tokens"]["about"] / 1e6, rel=1e-3)
    assert 0 < gate["money"]["low"] <= gate["money"]["about"] <= gate["money"]["high"]


def test_a_folder_and_the_address_of_a_writer_are_enough(models, tmp_path: Path) -> None:
    """Beside these only a student and a run folder, so that no large model is read."""
    from acclimate.faces.cli.main import app

    docs = tmp_path / "docs"
    docs.mkdir()
    few = CORPUS.head(24)
    for name, text in zip(few["doc_id"], few.contents, strict=True):
        (docs / f"{name}.txt").write_text(text)
    with ChatServer() as server:
        writer = f"openai:{server.url}#MODEL"
        command = f"adapt {docs} --recipe inpars --with writer={writer} --max-cost 1 --dry-run"
        less = ["--student", models.encoder.model, "--out", str(tmp_path / "run")]
        done = CliRunner().invoke(app, [*command.split(), *less])
        assert done.exit_code == 0, done.output
        assert 10 < server.seen.requests <= 20
    assert re.search(r"FewShot: \d+ records, about [\d,]+ tokens, money", done.output)
    assert sorted(p.name for p in (tmp_path / "run").iterdir()) == ["engine", "lock", "run.json"]
