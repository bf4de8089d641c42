"""Figures: tables of results for the README and docs/results.md, from benchmarks/results/*.json."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmarks"))

from report import TABLES

BEGIN = "<!-- results: begin -->"
END = "<!-- results: end -->"
NONE = "No result is recorded yet: run the benchmarks (`make bench`), then `make docs`."

TITLES = {
    "quality/adapt": "Effect on collections that people have judged",
    "quality/writer": "Questions of the bundled writer",
    "quality/teacher": "The bundled teacher on collections that people have judged",
    "quality/methods": "Every recipe with the same queries and budget",
    "quality/signals": "What each generator, miner and labeller is worth in default",
    "speed/time_to_quality": "Minutes until the same quality, beside UKPLab/gpl",
    "speed/peer_gpl": "Speed beside UKPLab/gpl, measured in one run",
    "speed/growth": "Time and memory as the corpus grows",
    "speed/linear": "How the time of each part grows with the documents",
    "speed/late_interaction": "Searching by late interaction",
    "speed/overhead": "Fit beside a bare loop",
    "speed/grad_cache": "Memory of a large batch",
    "speed/llm_throughput": "Endpoints with a known limit, and what they cost",
    "parity/haystack_v1": "The GPL guide of Haystack v1, here and there",
    "reliability/kill": "Runs killed at random moments and resumed",
    "reliability/mutate_losses": "Mutants of the losses that their tests notice",
    "reliability/llm_faults": "Records through an endpoint that fails, and through kills",
}
"""Heading of each benchmark's table, in order."""

FIRST = (
    "quality/adapt",
    "speed/time_to_quality",
    "speed/peer_gpl",
    "speed/growth",
)
"""What who meets the project wants to know: these stand in the README."""


def into(readme: str, results: Path) -> str:
    """The README with the first results between its two markers, written anew."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"README.md must have the lines {BEGIN} and {END}.")
    shown = _block(results, FIRST, "###", "benchmarks", unset=True)
    return f"{before}{BEGIN}\n{shown}\n{END}{after}"


def page(results: Path) -> str:
    """All results."""
    how = "Every number of these tables was measured by a program in `benchmarks/`."
    return f"# Results\n\n{how}\n\n{_block(results, TITLES, '##', '../benchmarks')}\n"


def _block(
    results: Path, names: Iterable[str], heading: str, benchmarks: str, *, unset: bool = False
) -> str:
    """Title, table, figure if there is one, and source of each result.

    Args:
        results: folder of the results.
        names: of benchmarks, in order.
        heading: before each title.
        benchmarks: their folder, as seen from the document.
        unset: leave out recipes with settings of their own.
    """
    found = [(path, json.loads(path.read_text("utf-8"))) for path in sorted(results.glob("*.json"))]
    parts = []
    for name in names:
        for path, result in found:
            if result["benchmark"] == name:
                settings = result.get("settings", {})
                recipe, given = settings.get("recipe"), settings.get("with", {})
                if unset and given:
                    continue
                told = ", ".join([f"`{recipe}`", *(f"{n} {v}" for n, v in given.items())])
                title = f"{TITLES[name]} ({told})" if recipe else TITLES[name]
                cores = f", {result['machine']['cores']} cores" if "machine" in result else ""
                source = f"`benchmarks/results/{path.name}`, {result['date']}{cores}"
                shown = TABLES[name](result)
                if path.with_suffix(".svg").is_file():
                    shown += f"\n\n![{title}]({benchmarks}/results/{path.stem}.svg)"
                parts.append(f"{heading} {title}\n\n{shown}\n\nFrom {source}.")
    return "\n\n".join(parts) or NONE
