"""Charts: matplotlib figures as SVG that follows the page's colours, without script or network."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

INK = "#010101"
COLOURS: Mapping[str, str] = {
    INK: "var(--ink)",
    "#020202": "var(--faint)",
    "#030303": "var(--base)",
    "#040404": "var(--adapted)",
    "#050505": "var(--good)",
    "#060606": "var(--bad)",
}
"""Colours drawn with, and the variables of the page that stand for them."""
FAINT, BASE, ADAPTED, GOOD, BAD = list(COLOURS)[1:]

HALF = 4.8
"""Width in inches of a chart that stands beside another."""

Draw = Callable[[Any], None]


def svg(draw: Draw, name: str, *, width: float = 6.4, height: float = 2.6) -> str:
    """What `draw` puts on an axis, as an SVG element; the same for the same data."""
    import matplotlib
    from matplotlib.figure import Figure

    settings = {
        "svg.fonttype": "none",
        "svg.hashsalt": name,
        "font.family": "sans-serif",
        "font.size": 10,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": FAINT,
        "axes.labelcolor": INK,
        "text.color": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "axes.titlesize": 10,
        "axes.linewidth": 0.8,
        "legend.frameon": False,
    }
    with matplotlib.rc_context(settings):
        figure = Figure(figsize=(width, height), layout="constrained")
        draw(figure.subplots())
        out = io.StringIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None})
    return _inline(out.getvalue(), name)


def _inline(text: str, name: str) -> str:
    """Only the SVG element, in the page's colours and font, its ids its own."""
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', text)
    text = re.sub(r'(url\(|xlink:href=")#([^")]+)', rf"\1#{name}-\2", text)
    text = text.replace("xlink:href", "href")
    text = re.sub(r"font-family: [^;\"]+", "font-family: var(--font)", text)
    text = re.sub(r"(font: [^;\"]*?px) [^;\"]+", r"\1 var(--font)", text)
    text = re.sub(
        r'<svg [^>]*viewBox="([^"]+)"[^>]*>',
        r'<svg viewBox="\1" role="img" preserveAspectRatio="xMidYMid meet">',
        text,
    )
    for colour, variable in COLOURS.items():
        text = text.replace(colour, variable)
    return text


def intervals(rows: Sequence[Mapping[str, Any]], measure: str) -> str:
    """Mean and 95 % interval of each system, one below the other."""
    shown = [r for r in rows if measure in r["measures"]]

    def draw(axis: Any) -> None:
        for place, row in enumerate(reversed(shown)):
            cell = row["measures"][measure]
            colour = ADAPTED if row["system"].startswith("adapted") else BASE
            axis.plot(
                [cell["low"], cell["high"]],
                [place, place],
                color=colour,
                linewidth=2.2,
                solid_capstyle="round",
            )
            axis.plot([cell["mean"]], [place], "o", color=colour, markersize=7)
            axis.annotate(
                f"{cell['mean']:.3f}",
                (cell["mean"], place),
                xytext=(0, 8),
                textcoords="offset points",
                ha="center",
                fontsize=9,
            )
        axis.set_yticks(range(len(shown)), [r["system"] for r in reversed(shown)])
        axis.set_ylim(-0.6, len(shown) - 0.3)
        axis.tick_params(axis="y", length=0)
        axis.spines["left"].set_visible(False)
        axis.set_xlabel(f"{measure}, mean and 95 % interval")

    return svg(draw, _name("intervals", measure), height=0.5 * len(shown) + 0.9)


def bars(told: Mapping[str, Any], what: str, *, split_at: float | None = None) -> str:
    """A histogram; bars below `split_at` in the colour of what is wrong."""
    edges, counts = told["edges"], told["counts"]

    def draw(axis: Any) -> None:
        centres = [(a + b) / 2 for a, b in itertools.pairwise(edges)]
        colours = [BAD if split_at is not None and c < split_at else ADAPTED for c in centres]
        axis.bar(
            edges[:-1], counts, width=edges[1] - edges[0], align="edge", color=colours, linewidth=0
        )
        if split_at is not None:
            axis.axvline(split_at, color=INK, linewidth=0.8)
        axis.set_xlabel(what)
        axis.set_ylabel("pairs")

    return svg(draw, _name("bars", what), width=HALF)


def losses(lines: Sequence[Mapping[str, Any]]) -> str:
    """Training loss by update, one line for each fitting."""

    def draw(axis: Any) -> None:
        for number, line in enumerate(lines):
            axis.plot(
                line["updates"],
                line["loss"],
                color=(ADAPTED, BASE, GOOD, BAD)[number % 4],
                linewidth=1.6,
                label=f"fitting {number + 1}",
            )
        axis.set_xlabel("updates")
        axis.set_ylabel("loss")
        if len(lines) > 1:
            axis.legend()

    return svg(draw, "losses")


def path(points: Sequence[Mapping[str, Any]], chosen: str | None) -> str:
    """Gain and forgetting between base and adapted weights."""
    ordered = sorted(points, key=lambda p: p["share"])
    shares = [0.0, *(p["share"] for p in ordered)]

    def draw(axis: Any) -> None:
        axis.axhline(0, color=FAINT, linewidth=0.8)
        for key, label, colour in (
            ("teacher", "held-out queries (teacher)", ADAPTED),
            ("source", "held-out queries (source)", GOOD),
            ("probe", "general text (probe)", BAD),
        ):
            values = [0.0, *(p[key] if p[key] is not None else float("nan") for p in ordered)]
            axis.plot(shares, values, "-o", color=colour, markersize=4, linewidth=1.6, label=label)
        for point in ordered:
            if point["point"] == chosen:
                axis.axvline(point["share"], color=INK, linewidth=0.8, linestyle=":")
        axis.set_xticks(shares, [f"{s:.0%}" for s in shares])
        axis.set_xlabel("share of the adapted weights")
        axis.set_ylabel("change")
        axis.legend(loc="best", fontsize=9)

    return svg(draw, "path", width=HALF, height=3.2)


def gains(values: Sequence[float]) -> str:
    """Each held-out query's change, worst to best."""

    def draw(axis: Any) -> None:
        axis.bar(
            range(len(values)),
            values,
            width=1.0,
            linewidth=0,
            color=[BAD if v < 0 else GOOD for v in values],
        )
        axis.axhline(0, color=INK, linewidth=0.8)
        axis.set_xticks([])
        axis.set_xlabel(f"{len(values)} held-out queries, from greatest loss to greatest gain")
        axis.set_ylabel("change of nDCG@10")

    return svg(draw, "gains", width=HALF, height=3.2)


def _name(*words: str) -> str:
    return re.sub(r"\W+", "-", "-".join(words)).strip("-").lower()
