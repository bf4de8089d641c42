"""Structured: from what a model wrote to an answer of the wanted shape, or what is wrong with it.

Whatever a document talked the model into, only what fits the schema comes through.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from acclimate.models.prompts import Form

CHANCES = "chances"
"""Property added to an answer: the probability of each value the rated property may have."""

Tops = Sequence[tuple[str, Mapping[str, float]]]
"""Per token of an answer: the token, and log-probabilities of the likeliest ones in its place."""

_THOUGHT = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_COMMA = re.compile(r",\s*([}\]])")
_QUOTES = "\"'`\u201c\u201d\u2018\u2019\u00ab\u00bb"
_LABEL = re.compile(
    r"^\s*(?:[-*•]|\d+[.)])?\s*(?:\*\*)?(?:good question|question|query|answer|title|claim)?"
    r"(?:\*\*)?\s*:\s+",
    re.IGNORECASE,
)
_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "integer": (int,),
    "number": (int, float), "boolean": (bool,),
}  # fmt: skip


class InvalidError(ValueError):
    """What a model wrote is no answer; the message says why, to it and to people."""


def read(text: str, form: Form, tops: Tops = ()) -> str:
    """An answer in its one spelling: a line of text, or JSON that fits the schema.

    Args:
        text: what the model wrote.
        form: the shape wanted.
        tops: likely tokens, for the probabilities of the rated property.

    Raises:
        InvalidError: when there is no answer in it.
    """
    written = _THOUGHT.sub("", text).strip()
    if form.schema is None:
        return _line(written)
    value = _value(written, form.properties)
    if form.rated is not None and (found := chances(form, tops)):
        value = {**value, CHANCES: found}
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def repaired(text: str, wrong: str) -> list[dict[str, str]]:
    """Messages that show a model its answer and what is wrong with it."""
    return [
        {"role": "assistant", "content": text[:4_000]},
        {
            "role": "user",
            "content": f"This cannot be used: {wrong}. Answer again, with nothing but the answer "
            "in the shape that was asked for.",
        },
    ]


def problem(value: Any, schema: Mapping[str, Any], where: str = "the answer") -> str:
    """What keeps a value from fitting a JSON schema of the plain kind; empty: it fits."""
    kind, found = schema.get("type"), value
    number = kind in {"integer", "number"}
    if not isinstance(value, _TYPES.get(str(kind), (object,))) or (
        number and isinstance(value, bool)
    ):
        return f"{where} must be of type {kind}"
    if "enum" in schema and value not in schema["enum"]:
        return f"{where} must be one of {json.dumps(schema['enum'])}"
    if number and value < schema.get("minimum", value):
        return f"{where} must be at least {schema['minimum']}"
    if kind == "array":
        inner = (problem(v, schema.get("items", {}), f"each of {where}") for v in found)
        return next((p for p in inner if p), "")
    return _object_problem(found, schema, where) if kind == "object" else ""


def _object_problem(value: Mapping[str, Any], schema: Mapping[str, Any], where: str) -> str:
    known = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in value:
            return f"{where} lacks {name!r}"
    for name, inner in value.items():
        if name in known:
            if found := problem(inner, known[name], repr(name)):
                return found
        elif schema.get("additionalProperties") is False:
            return f"{where} has {name!r}, which it must not have"
    return ""


def _value(text: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """The first JSON value in a text that fits."""
    wrong = []
    for value in _values(text):
        wrong.append(problem(value, schema))
        if not wrong[-1]:
            fitting: dict[str, Any] = value
            return fitting
    raise InvalidError(wrong[0] if wrong else "there is no JSON in it")


def _values(text: str) -> Iterator[Any]:
    decoder = json.JSONDecoder()
    for candidate in dict.fromkeys((text, _COMMA.sub(r"\1", text))):
        for found in re.finditer(r"[{\[]", candidate):
            try:
                value, _ = decoder.raw_decode(candidate, found.start())
            except ValueError:
                continue
            yield value


def _line(text: str) -> str:
    """The first line that says something, without label and quotation marks."""
    for line in text.splitlines():
        plain = _LABEL.sub("", line).strip().strip(_QUOTES).strip()
        if any(c.isalnum() for c in plain):
            return " ".join(plain.split())
    raise InvalidError("it is empty")


def chances(form: Form, tops: Tops) -> dict[str, float]:
    """Probability of each value of the rated property, among those it may have.

    Of the token where its value stands, the likely alternatives are summed by the value they
    begin; what belongs to no value is left out.

    Example:
        >>> form = Form(schema='{"properties": {"grade": {"enum": [0, 1]}}}', rated="grade")
        >>> chances(form, [('{"grade":', {}), (" 1", {" 1": -0.2231, " 0": -1.6094})])
        {'0': 0.2, '1': 0.8}
    """
    values = _allowed(form)
    place = _token_of(form.rated or "", [token for token, _ in tops])
    if place is None or not values:
        return {}
    mass = dict.fromkeys(values, 0.0)
    for token, log_prob in tops[place][1].items():
        begun = token.strip().strip(_QUOTES + "{}:,").strip().lower()
        meant = [v for v in values if begun and v.lower().startswith(begun)]
        if len(meant) == 1:
            mass[meant[0]] += math.exp(log_prob)
    total = sum(mass.values())
    return {v: round(m / total, 4) for v, m in mass.items()} if total > 0 else {}


def _allowed(form: Form) -> list[str]:
    rated = form.properties.get("properties", {}).get(form.rated, {})
    if rated.get("type") == "boolean":
        return ["true", "false"]
    return [str(v) for v in rated.get("enum", ())]


def _token_of(name: str, tokens: Sequence[str]) -> int | None:
    """The token in which the value of a property begins."""
    text = "".join(tokens)
    found = re.search(rf'"{re.escape(name)}"\s*:\s*"?', text)
    if found is None:
        return None
    end = 0
    for number, token in enumerate(tokens):
        end += len(token)
        if end > found.end():
            return number
    return None
