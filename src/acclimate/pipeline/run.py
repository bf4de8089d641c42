"""Run: from documents and a model to a better model, or to the proof that there is none."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, TypeAlias, Unpack

from acclimate.engines.local import Local
from acclimate.models.student import Model, Student, placed
from acclimate.models.weights import family_of
from acclimate.parts.part import Context, Part
from acclimate.parts.shelf import Shelf
from acclimate.pipeline import people, pilot, plan
from acclimate.pipeline.checks import check_disk, check_judge, check_models, check_recipe
from acclimate.pipeline.costs import foresee as expect
from acclimate.pipeline.facts import endpoints, gather, intake_told, rules_told
from acclimate.pipeline.finding import make
from acclimate.pipeline.flow import Flow
from acclimate.pipeline.gate import Gate
from acclimate.pipeline.inputs import Inputs, read_inputs
from acclimate.pipeline.lock import MARK, locked
from acclimate.pipeline.looking import sighted
from acclimate.pipeline.money import foresee_money
from acclimate.pipeline.outcome import Outcome
from acclimate.pipeline.plan import Planned
from acclimate.pipeline.prepare import SplitLong, with_log
from acclimate.pipeline.saved import to_json
from acclimate.pipeline.settings import Options, Settings
from acclimate.pipeline.store import STUDENT, TABLE, Store, keep_student, write_json
from acclimate.pipeline.writing import write_model, write_report, write_tables
from acclimate.recipes.recipe import Recipe
from acclimate.tables import Candidates, Corpus, Labels, Queries, Scores

logger = logging.getLogger(__name__)

Given: TypeAlias = Recipe | str | Callable[..., Recipe]


def adapt(
    recipe: Given,
    corpus: Corpus | Any,
    student: Student | Model | str | Path,
    *,
    out: str | Path,
    queries: Queries | Any = None,
    qrels: Any = None,
    **options: Unpack[Options],
) -> Outcome:
    """Adapt a model to documents, and prove that it became better or give the base model back.

    Everything cheap is checked before anything expensive. Every step's result is kept in `out`;
    a run that was stopped, however it was, goes on when it is called again with the same
    arguments. Where something differs, that step and those after it are made again.

    Args:
        recipe: a Recipe; the name of one ("default", "gpl"), "file.py:function", or a function
            that makes one.
        corpus: documents: a Corpus, or whatever `Corpus.read` takes.
        student: the model to adapt: hub name, folder, a model such as Dense, or a Student with its
            shape.
        out: the run folder.
        queries: people's queries without labels: Queries, or whatever `Queries.read` takes.
        qrels: people's judgements, shown beside the verdict and never used; their queries are
            found in `queries` or in the corpus's BEIR folder, and never train.
        options: seed, minutes, max_ram, ledger, max_cost, max_calls, split, own_judge, track,
            tell; see `Settings`.

    Returns:
        Outcome: the model to use, the verdict, the report.

    Raises:
        AcclimateError: a subclass says what is wrong: TableError, RecipeError, ModelError,
            StoreError, ServiceError.

    Example:
        >>> import acclimate
        >>> outcome = acclimate.adapt("default", "docs/", "all-MiniLM-L6-v2",
        ...                           out="run/", minutes=10)  # doctest: +SKIP
        >>> print(outcome)  # doctest: +SKIP
    """
    settings = Settings.of(options)
    _made(recipe)  # one that does not fit is refused before the documents are read
    given = read_inputs(corpus, student, queries=queries, qrels=qrels)
    settings.tell("intake", intake_told(given.corpus.intake))
    recipe = sighted(recipe, given, settings.minutes)
    first = _made(recipe)
    settings.tell("rules", {"rules": rules_told(first)})
    check_recipe(first, given.log)
    check_judge(first, own=settings.own_judge)
    check_models(first, given.student)
    check_disk(Path(out), given.corpus, given.student)
    with locked(Path(out)):
        return Run(given, settings, Path(out).resolve()).carry_out(recipe)


def foresee(
    recipe: Given,
    corpus: Corpus | Any,
    student: Student | Model | str | Path,
    *,
    out: str | Path | None = None,
    queries: Queries | Any = None,
    **options: Unpack[Options],
) -> dict[str, Any]:
    """What `adapt` would do and how long it would take, measured on this machine.

    Models behind an endpoint are asked about a few records. With `out`, what they answered and
    were paid for is kept there, and a run in that folder goes on from it; nothing else is kept.

    Args and Raises as for `adapt`.
    """
    settings = Settings.of(options)
    given = read_inputs(corpus, student, queries=queries)
    settings.tell("intake", intake_told(given.corpus.intake))
    engine = Local(max_ram_bytes=settings.max_ram_bytes, track=settings.track)
    recipe = sighted(recipe, given, settings.minutes)
    first = _made(recipe)
    settings.tell("rules", {"rules": rules_told(first)})
    check_recipe(first, given.log)
    check_judge(first, own=settings.own_judge)
    check_models(first, given.student)
    pieces = given.corpus
    if settings.split:
        pieces = SplitLong()(pieces, given.student, Context(engine=engine))
    flow = _flow(pieces, given.student, engine)
    rates = pilot.measure(first, pieces, given.student, engine.device)
    planned = plan.settle(recipe, flow, minutes=settings.minutes, measure=lambda _: rates)
    told = planned.told or plan.tell(first.name, expect(first, flow, rates), {}, None)
    folder = None if out is None else Path(out).resolve()
    money = foresee_money(planned.recipe, pieces, given.student, flow, settings, folder)
    return {
        **told, "dry": True, "documents": len(given.corpus), "pieces": len(pieces), "money": money
    }  # fmt: skip


class Run:
    """One run in its folder.

    Args:
        given: documents, student, log and judgements.
        settings: seed, budget, memory, progress.
        out: the run folder, held by this process.
    """

    def __init__(self, given: Inputs, settings: Settings, out: Path) -> None:
        self.given = given
        self.settings = settings
        self.out = out
        self.store = Store(out)
        self.engine = Local(
            folder=out / "engine",
            ledger=settings.ledger,
            allowance=settings.allowance,
            max_ram_bytes=settings.max_ram_bytes,
            track=settings.track,
        )
        self.ctx = Context(
            seed=settings.seed,
            engine=self.engine,
            folder=out,
            track=settings.track,
            make=self._make,
        )

    def carry_out(self, given: Given) -> Outcome:
        """Plan, run the steps, pass the gate, write."""
        write_json(self.out / MARK, {"format": 1})
        shelf = Shelf([self.given.corpus, self.given.student])
        if self.settings.split:
            shelf.run([SplitLong()], self.ctx)
        pieces = shelf[Corpus]
        planned = self._plan(given, pieces)
        write_json(self.out / "recipe.json", to_json(planned.recipe))
        self._steps(planned.recipe, shelf)
        # A recipe may learn from some of the documents; people judge and search all of them.
        whole = Shelf([*shelf, pieces])
        write_tables(whole, self.out)
        chosen = self._gate(planned.recipe, shelf)
        return self._write(planned, whole, shelf[Student], chosen)

    def _make(self, part: Part, inputs: Mapping[str, Any], ctx: Context) -> Any:
        """Carry out a step through the store, and say that it is done."""
        first = len(self.store.steps)
        result = self.store.make(part, inputs, ctx)
        for step in self.store.steps[first:]:
            if step is self.store.steps[-1]:
                self.settings.tell("step", asdict(step))
        return result

    def _plan(self, given: Given, pieces: Corpus) -> Planned:
        def new() -> Planned:
            flow = _flow(pieces, self.given.student, self.engine)
            return plan.settle(
                given,
                flow,
                minutes=self.settings.minutes,
                measure=lambda recipe: pilot.measure(
                    recipe, pieces, self.given.student, self.engine.device
                ),
            )

        if self.settings.minutes is None:
            return plan.settle(
                given, Flow(documents=len(pieces), tokens=0), minutes=None, measure=_unasked
            )
        planned = plan.kept(
            self.out / "plan.json", given, pieces, self.given.student, self.settings.minutes, new
        )
        self.settings.tell("plan", planned.told)
        plan.check_late(planned.told)
        return planned

    def _steps(self, recipe: Recipe, shelf: Shelf) -> None:
        log = self.given.log
        if Queries in recipe.brings and log is not None:
            shelf.put(log)
            log = None
        steps = recipe.steps if log is None or not len(log) else with_log(recipe.steps, log)
        shelf.run(steps, self.ctx)
        for kind in (Candidates, Labels):
            inside = [s for s in self.store.steps if s.gave == kind.__name__]
            if kind not in shelf and inside:
                # Composites such as Rounds keep theirs to themselves; the last are shown.
                shelf.put(kind.open(self.out / inside[-1].folder / TABLE))

    def _gate(self, recipe: Recipe, shelf: Shelf) -> Student:
        queries = shelf[Queries] if Queries in shelf else Queries.empty()
        inputs = {"corpus": shelf[Corpus], "queries": queries, "student": shelf[Student]}
        chosen: Student = self._make(Gate(teacher=recipe.judge), inputs, self.ctx)
        return chosen

    def _people(self, chosen: Student, corpus: Corpus) -> dict[str, Any] | None:
        if self.given.judged is None:
            return None
        judged = self.given.judged
        part = people.People(queries=judged.queries, qrels=judged.qrels)
        scores: Scores = self._make(part, {"corpus": corpus, "student": chosen}, self.ctx)
        return {
            "queries": len(judged.queries),
            "judgements": len(judged.qrels),
            "systems": people.summary(scores),
        }

    def _write(self, planned: Planned, shelf: Shelf, trained: Student, chosen: Student) -> Outcome:
        notes = self.store.steps[-1].notes
        judged = self._people(chosen if notes["verdict"]["better"] else trained, shelf[Corpus])
        facts = gather(planned.recipe, self.given, shelf, self.store.steps, seed=self.ctx.seed)
        facts.update(
            verdict=notes["verdict"],
            systems=notes.get("systems"),
            points=notes.get("points"),
            queries=notes.get("queries"),
            judged=notes.get("labels"),
            people=judged,
            plan=planned.told or None,
        )
        facts["cost"]["endpoints"] = endpoints(self.engine.answers.total)
        better = bool(notes["verdict"]["better"])
        if better:
            model = write_model(chosen, self.ctx, planned.recipe.name, facts)
            chosen = replace(chosen, encoder=placed(chosen.encoder, model))
        else:
            model = chosen.encoder.folder()
            facts["model"] = {
                "folder": None, "load": chosen.encoder.model, "family": family_of(model)
            }  # fmt: skip
        keep_student(self.out / STUDENT, chosen, self.out)
        write_report(facts, self.out)
        self.settings.tell("verdict", facts["verdict"])
        return Outcome(adapted=better, student=chosen, model=model, run=self.out, facts=facts)


def _made(given: Given) -> Recipe:
    """The recipe with its own sizes."""
    return given if isinstance(given, Recipe) else make(plan.maker_of(given), {})


def _flow(pieces: Corpus, student: Student, engine: Local) -> Flow:
    return Flow(documents=len(pieces), tokens=pilot.tokens_of(pieces, student, engine.device))


def _unasked(recipe: Recipe) -> Any:
    raise AssertionError(f"{recipe.name} was measured without a budget")
