"""Page: the report as one HTML file: no script, no network, every document text escaped."""

from __future__ import annotations

from importlib import resources
from typing import Any

from acclimate.parts.evaluators.retrieval import MEASURES
from acclimate.pipeline import charts, evidence, people
from acclimate.pipeline.card import usage

CHARTS = ("intervals", "people", "path", "gains", "losses", "labels", "margins")
SECTIONS = (
    ("before-after", "Before and after", "systems"),
    ("people", "As people judge", "people"),
    ("between", "Between the two", "points"),
    ("queries", "Winners and losers", "queries"),
    ("data", "Data", "corpus"),
    ("funnel", "Funnel", "funnel"),
    ("labels", "Teacher", "labels"),
    ("training", "Learning curve", "curve"),
    ("miners", "Miners", "miners"),
    ("cost", "Cost", "cost"),
    ("use", "Use it", "model"),
)


def page(facts: dict[str, Any]) -> str:
    """The report of these facts."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("acclimate.pipeline"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    css = resources.files("acclimate.pipeline").joinpath("templates/report.css").read_text("utf-8")
    drawn = {name: Markup(svg) for name, svg in _charts(facts).items()}  # noqa: S704 - our own SVG
    return environment.get_template(
        "report.html.j2"
    ).render(
        **{**dict.fromkeys(("points", "labels", "curve")), **facts},
        css=Markup(css),  # noqa: S704 - our own file
        charts=drawn,
        headline=headline(facts),
        figures=figures(facts),
        contents=[(i, title) for i, title, key in SECTIONS if facts.get(key)],
        told=told(facts),
        held_measures=[evidence.TEACHER, evidence.SOURCE],
        people_measures=MEASURES[:2],
        more_measures=MEASURES[2:],
        snippet=snippet(facts),
    )


def headline(facts: dict[str, Any]) -> str:
    """The verdict in a few words."""
    verdict = facts["verdict"]
    if not verdict["better"]:
        return "Nothing was significantly better: keep the model you have."
    if not verdict["proved"]:
        return "A new model, and no proof that it is better."
    return f"{100 * verdict['teacher']['mean']:+.1f} points of nDCG@10 on held-out queries."


def figures(facts: dict[str, Any]) -> list[dict[str, str]]:
    """The few numbers that stand first."""
    verdict, cost = facts["verdict"], facts["cost"]
    told = []
    if "teacher" in verdict:
        teacher = verdict["teacher"]
        told = [
            _figure(
                f"{100 * teacher['mean']:+.1f}",
                "points of nDCG@10, as the teacher judges "
                f"({100 * teacher['low']:+.1f} to {100 * teacher['high']:+.1f})",
            ),
            _figure(
                f"{teacher['wins']} : {teacher['losses']}",
                f"queries better and worse, of {verdict['heldout']}",
            ),
        ]
        source = verdict["source"]
        if source["queries"]:
            told.append(
                _figure(
                    f"{source['mean']:+.3f}",
                    "MRR@10 of the documents that queries were written from",
                )
            )
    judged = _by_people(facts)
    if judged is not None:
        told.append(
            _figure(
                f"{100 * judged['mean']:+.1f}",
                "points of nDCG@10, as people judge "
                f"({100 * judged['low']:+.1f} to {100 * judged['high']:+.1f})",
            )
        )
    told += [
        _figure(_count(facts["corpus"]["documents"]), "documents, no label"),
        _figure(_time(cost["seconds"]), f"of work, {_size(cost['peak_bytes'])} of memory"),
    ]
    return told


def told(facts: dict[str, Any]) -> dict[str, Any] | None:
    """The labels with margins: those that trained, or else those of the gate."""
    found: list[dict[str, Any]] = [t for t in (facts.get("labels"), facts.get("judged")) if t]
    with_margins = [t for t in found if t["margins"]]
    return (with_margins or found or [None])[0]  # type: ignore[list-item]


def snippet(facts: dict[str, Any]) -> str:
    """Python that loads the model."""
    return usage(facts["model"], facts["model"]["load"])


def _by_people(facts: dict[str, Any]) -> dict[str, Any] | None:
    for row in (facts.get("people") or {}).get("systems", []):
        if row["system"] == people.ADAPTED and "nDCG@10" in row["measures"]:
            found: dict[str, Any] | None = row["measures"]["nDCG@10"]["difference"]
            return found
    return None


def _charts(facts: dict[str, Any]) -> dict[str, str]:
    drawn = dict.fromkeys(CHARTS, "")
    if facts.get("systems"):
        drawn["intervals"] = charts.intervals(facts["systems"], evidence.TEACHER)
    if facts.get("people"):
        drawn["people"] = charts.intervals(facts["people"]["systems"], "nDCG@10")
    if facts.get("points"):
        drawn["path"] = charts.path(facts["points"], facts["verdict"]["point"])
        drawn["gains"] = charts.gains(facts["queries"]["gains"])
    if facts.get("curve"):
        drawn["losses"] = charts.losses(facts["curve"])
    if facts.get("labels"):
        drawn["labels"] = charts.bars(facts["labels"]["values"], "value by the teacher")
    with_margins = told(facts)
    if with_margins and with_margins["margins"]:
        margins = with_margins["margins"]
        drawn["margins"] = charts.bars(margins, "margin of the source document", split_at=0.0)
    return drawn


def _figure(value: str, label: str) -> dict[str, str]:
    return {"value": value, "label": label}


def _count(value: float) -> str:
    return f"{int(value):,}".replace(",", "\u202f")


def _time(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes = seconds / 60
    return f"{minutes:.1f} min" if minutes < 90 else f"{minutes / 60:.1f} h"


def _size(value: float) -> str:
    mebi = value / 2**20
    return f"{mebi:.0f} MiB" if mebi < 1024 else f"{mebi / 1024:.1f} GiB"


def _p(value: float) -> str:
    return "< .0002" if value < 0.0002 else f"{value:.4f}".lstrip("0")


FILTERS: dict[str, Any] = {
    "count": _count,
    "time": _time,
    "size": _size,
    "p": _p,
    "money": lambda v: f"{v:.4g}",
    "three": lambda v: f"{v:.3f}",
    "signed": lambda v: f"{v:+.3f}",
    "share": lambda v: f"{100 * v:.0f} %" if v >= 0.01 or v == 0 else "< 1 %",
}
