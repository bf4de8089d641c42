"""Card: the model card, README.md in the model's folder."""

from __future__ import annotations

from importlib import resources
from typing import Any

from acclimate.pipeline.evidence import SOURCE, TEACHER


def card(facts: dict[str, Any]) -> str:
    """Markdown with what the model learnt from, and how well it did."""
    import jinja2

    text = resources.files("acclimate.pipeline").joinpath("templates/card.md.j2").read_text("utf-8")
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - Markdown, no text of users
    )
    return environment.from_string(text).render(
        facts=facts, three=lambda v: f"{v:.3f}", measures=(TEACHER, SOURCE)
    )
