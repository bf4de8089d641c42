"""The rules of autopilot: what each looks at, when it fires, what it changes, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from acclimate.parts import generators
from acclimate.recipes import _picks as picks
from acclimate.recipes._picks import CODE, MOST, Wanted
from acclimate.recipes.recipe import Fact, Recipe, Rule

RECORDS = 0.5
"""Share of the documents from which a corpus is rows of a table."""
STRUCTURE = 0.25
COPIES = 0.1
UNREAD = 0.15
LOG = 20
"""Queries of people from which `LikeLog` fits shares to them."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A rule with what it does.

    Args:
        rule: in words.
        looks: names of `Seen` or `Wanted` that go into the report.
        fires: whether it applies.
        then: the recipe with other parts.
    """

    rule: Rule
    looks: tuple[str, ...]
    fires: Callable[[Wanted], bool]
    then: Callable[[Recipe, Wanted], Recipe]


def ruled(recipe: Recipe, wanted: Wanted) -> Recipe:
    """The recipe after all rules, which it tells."""
    told = []
    for choice in CHOICES:
        fired = choice.fires(wanted)
        recipe = choice.then(recipe, wanted) if fired else recipe
        told.append(replace(choice.rule, fired=fired, found=_found(choice.looks, wanted)))
    return replace(recipe, rules=tuple(told))


def _found(names: tuple[str, ...], wanted: Wanted) -> tuple[tuple[str, Fact], ...]:
    """What a rule looked at; a model by its repr."""
    values = {n: getattr(wanted if hasattr(wanted, n) else wanted.seen, n) for n in names}
    return tuple((n, v if isinstance(v, Fact) else _said(v)) for n, v in values.items())


def _said(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else repr(value)


def _has_bundle(wanted: Wanted) -> bool:
    return wanted.seen.log >= LOG and "writer" in wanted.seen.bundled and wanted.writer is None


CHOICES: tuple[Choice, ...] = (
    Choice(
        rule=Rule(
            name="code",
            looks_at="at least half of the documents are source code, and no writer is given",
            picks="a map behind the frozen encoder (embedding_adapter) for training by topics; "
            "CodeTransforms joins the mixture",
            why="Pieces of code find their code, and the gate believes them: default lost .007 "
            "and .009 nDCG@10 on CoSQA in two runs (not significant), the map alone lost nothing "
            "(docs/log.md). Transformed code asks for what code does, not for its names.",
        ),
        looks=("code", "writer"),
        fires=lambda wanted: wanted.seen.code >= CODE and wanted.writer is None,
        then=picks.of_code,
    ),
    Choice(
        rule=Rule(
            name="large",
            looks_at="more documents than can be encoded three times in two thirds of the minutes "
            f"(without a budget: more than {MOST:,}); threads, GPU and size of the student",
            picks="SampleDocuments: so many, drawn evenly, are learnt from",
            why="Some 10,000 passages give most of the gain (GPL, section 6), and encoding grows "
            "with the corpus; what is learnt serves all documents.",
        ),
        looks=("documents", "words", "minutes", "cores", "gpu", "weights_mib"),
        fires=lambda wanted: picks.pieces_of(wanted.seen) > picks.affordable(wanted.seen),
        then=picks.sampled,
    ),
    Choice(
        rule=Rule(
            name="small",
            looks_at="fewer documents than queries are to be held out",
            picks="HoldOut(share=0.2) for a fixed number",
            why="Whole documents are held out: a fixed number would take up to half of a small "
            "corpus from the training.",
        ),
        looks=("documents", "held_out"),
        fires=lambda wanted: wanted.seen.documents < wanted.held_out,
        then=picks.fewer_held,
    ),
    Choice(
        rule=Rule(
            name="copies",
            looks_at="at least a tenth of the documents are near-duplicates of another one",
            picks="NearDuplicates: of queries that are nearly the same, one",
            why="Copies are asked for by the same words over and over; each such update is one "
            "less for the other subjects.",
        ),
        looks=("copies",),
        fires=lambda wanted: wanted.seen.copies >= COPIES,
        then=picks.without_copies,
    ),
    Choice(
        rule=Rule(
            name="language",
            looks_at="at least 15 % of the tokens are unknown to the student, or letters of words",
            picks="words alone as the teacher: Fusion(weights=(1, 0, 0))",
            why="Vectors of a text that the model cannot read say nothing, and words are counted "
            "in any script. A student of that language would gain more than any recipe.",
        ),
        looks=("language", "unread"),
        fires=lambda wanted: wanted.seen.unread >= UNREAD,
        then=picks.by_words,
    ),
    Choice(
        rule=Rule(
            name="records",
            looks_at="at least half of the documents are mostly fields (name: value)",
            picks="RecordTemplates joins the mixture",
            why="Rows are asked for by some of their values, in no order; runs of words from one "
            "row are nothing that people ask.",
        ),
        looks=("records",),
        fires=lambda wanted: wanted.seen.records >= RECORDS,
        then=lambda recipe, wanted: picks.joined(recipe, generators.RecordTemplates()),
    ),
    Choice(
        rule=Rule(
            name="structure",
            looks_at="at least a quarter of the documents have headings or lists of questions",
            picks="StructurePairs joins the mixture",
            why="Headings and listed questions are what authors wrote about a text: the nearest to "
            "real queries that there is without a writer.",
        ),
        looks=("structure",),
        fires=lambda wanted: wanted.seen.structure >= STRUCTURE,
        then=lambda recipe, wanted: picks.joined(recipe, generators.StructurePairs()),
    ),
    Choice(
        rule=Rule(
            name="log",
            looks_at=f"{LOG} or more queries of people are given",
            picks="SpanQuestions joins the mixture; the run fits its shares to the log (LikeLog)",
            why="The mixture is to look like what people ask here; questions get a share only as "
            "far as the log has some.",
        ),
        looks=("log",),
        fires=lambda wanted: wanted.seen.log >= LOG,
        then=lambda recipe, wanted: picks.joined(recipe, generators.SpanQuestions()),
    ),
    Choice(
        rule=Rule(
            name="bundle",
            looks_at=f"{LOG} or more queries of people, the bundled writer, and no other one",
            picks="its questions join the mixture, with a share by likeness to the log",
            why="Written questions are worth their time where people ask such; without a log "
            "nothing says so, and no measurement yet says that they beat pieces of documents.",
        ),
        looks=("log", "bundled"),
        fires=_has_bundle,
        then=picks.with_bundle,
    ),
    Choice(
        rule=Rule(
            name="writer",
            looks_at="a writer is given (--with writer=…); no endpoint is asked unless it is named",
            picks="its questions join the mixture; on source code they stand in place of it",
            why="Whoever names a writer wants its questions, and pieces beside them are free. "
            "Pieces of code mislead (see code).",
        ),
        looks=("writer", "code"),
        fires=lambda wanted: wanted.writer is not None,
        then=picks.written,
    ),
    Choice(
        rule=Rule(
            name="teacher",
            looks_at="a teacher is given (--with teacher=…)",
            picks="its scores in place of the fusion of words and vectors, for labels and gate",
            why="A model that reads query and document together is the stronger teacher in GPL "
            "and all that followed it.",
        ),
        looks=("teacher",),
        fires=lambda wanted: wanted.teacher is not None,
        then=picks.by_teacher,
    ),
)
