"""Card: the model card, README.md in the model's folder."""

from __future__ import annotations

from importlib import resources
from typing import Any

from acclimate.pipeline.evidence import SOURCE, TEACHER

ENCODES = 'documents = model.encode_document(["…"])\nquery = model.encode_query("…")'
READS = 'scores = model.predict([("query", "a document that a search found")])'
TASKS = {"CrossEncoder": "text-ranking", "SparseEncoder": "feature-extraction"}
"""What the hub calls the work of a family; the others compare sentences."""


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
        facts=facts,
        three=lambda v: f"{v:.3f}",
        measures=(TEACHER, SOURCE),
        usage=usage(facts["model"], "path/to/this/folder"),
        task=TASKS.get(family_in(facts["model"]), "sentence-similarity"),
    )


def usage(model: dict[str, Any], folder: str) -> str:
    """Python that loads the model and uses it."""
    family = family_in(model)
    code = ", trust_remote_code=True" if model.get("code") else ""
    return (
        f"from sentence_transformers import {family}\n\n"
        f"model = {family}({folder!r}{code})\n"
        f"{READS if family == 'CrossEncoder' else ENCODES}"
    )


def family_in(model: dict[str, Any]) -> str:
    """The class of sentence-transformers that loads the model."""
    return str(model.get("family", "SentenceTransformer"))
