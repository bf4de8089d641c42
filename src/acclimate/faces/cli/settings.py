"""Settings: `--with name=value` as a recipe's function wants it, typed by its annotations."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Literal, Union, get_args, get_origin

from acclimate.errors import RecipeError, near_miss
from acclimate.models.encoders.dense import Dense
from acclimate.models.readers import Extractive, FusionInDecoder, LanguageModel, NGramReader
from acclimate.models.ref import Scorer, Writer
from acclimate.pipeline.finding import Maker, settings_of

WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
NAMES: dict[Any, str] = {
    int: "whole number",
    float: "number",
    bool: "true or false",
    str: "text",
    Dense: "encoder (hub name or folder)",
    Extractive: "reader that finds answers (hub name or folder)",
    FusionInDecoder: "T5 (hub name or folder)",
    type(None): "none",
}
MODELS: dict[Any, str] = {
    Writer: "model (hub name, folder, causal:NAME, or openai:http://host/v1#MODEL)",
    Scorer: "model (hub name, folder, or openai:http://host/v1#MODEL)",
}
"""How a model of each role is given."""


def parse(pairs: Iterable[str], maker: Maker) -> dict[str, Any]:
    """`name=value` pairs as keyword arguments of a recipe's function.

    Raises:
        RecipeError: when a pair has no "=", a name is unknown, or a value is of another type.
    """
    known = settings_of(maker)
    hints = typing.get_type_hints(maker)
    recipe = getattr(maker, "__name__", "recipe")
    result: dict[str, Any] = {}
    for pair in pairs:
        name, equals, text = (part.strip() for part in pair.partition("="))
        if not equals:
            raise RecipeError(f"--with {pair!r} must be name=value.{near_miss(name, known)}")
        if name not in known:
            raise RecipeError(f"{recipe} has no setting {name!r}.{near_miss(name, known)}")
        try:
            result[name] = _as_read(_typed(text, hints.get(name, str)), known[name].default)
        except ValueError as error:
            raise RecipeError(f"--with {name}={text!r}: {error}") from error
    return result


def kind_of(hint: Any) -> str:
    """What values a setting takes, in words for people."""
    if get_origin(hint) is Literal:
        return " | ".join(str(a) for a in get_args(hint))
    if get_origin(hint) is tuple:
        return f"{kind_of(get_args(hint)[0])}, several with commas"
    if _counts(hint):
        return "language model (hub name or folder)"
    if _is_union(hint):
        return " or ".join(kind_of(a) for a in get_args(hint))
    known = {**NAMES, **MODELS}.get(_role(hint) or hint)
    return known or str(getattr(hint, "__name__", hint))


def _typed(text: str, hint: Any) -> Any:
    if _counts(hint):
        return LanguageModel(text)
    if _is_union(hint):
        return _first(text, get_args(hint))
    if get_origin(hint) is tuple:
        return tuple(_typed(t.strip(), get_args(hint)[0]) for t in text.split(",") if t.strip())
    choices = _choices(hint)
    if choices is not None:
        if text not in choices and text.lower() not in choices:
            raise ValueError(f"unknown.{near_miss(text, choices)}")
        return choices.get(text, choices.get(text.lower()))
    if hint in (int, float):
        return _number(text, hint)
    return _model(text, hint)


def _choices(hint: Any) -> dict[str, Any] | None:
    """The words a setting may be and what they mean; None where it is free."""
    if get_origin(hint) is Literal:
        return {str(a): a for a in get_args(hint)}
    return WORDS if hint is bool else None


def _number(text: str, hint: type) -> int | float:
    plain = text.replace("_", "")
    try:
        value = float(plain) if hint is float or "e" in plain.lower() else int(plain)
    except ValueError:
        raise ValueError(f"must be a {kind_of(hint)}.") from None
    if hint is int and value != int(value):
        raise ValueError("must be a whole number.")
    return hint(value)  # type: ignore[no-any-return]


def _model(text: str, hint: Any) -> Any:
    if hint in (Dense, Extractive, FusionInDecoder):
        return hint(text)
    if _role(hint) is Scorer:
        if text.startswith("openai:"):
            from acclimate.models.remote import Judge, Remote

            return Judge(writer=Remote.parse(text))
        from acclimate.models.scorers.cross_encoder import CrossEncoder

        return CrossEncoder(text)
    if _role(hint) is Writer:
        if text.startswith("openai:"):
            from acclimate.models.remote import Remote

            return Remote.parse(text)
        from acclimate.models.writers import Causal
        from acclimate.models.writers.seq2seq import named

        causal = text.startswith("causal:")
        return Causal(text.removeprefix("causal:")) if causal else named(text)
    if hint is str:
        return text
    raise ValueError(
        f"{kind_of(hint)} cannot be given on the command line; write a recipe file: "
        "--recipe my_recipe.py:mine"
    )


def _first(text: str, hints: tuple[Any, ...]) -> Any:
    if type(None) in hints and text.lower() in ("none", "null", ""):
        return None
    problems = []
    for hint in hints:
        if hint is type(None):
            continue
        try:
            return _typed(text, hint)
        except ValueError as error:
            problems.append(str(error))
    raise ValueError(" or ".join(problems))


def _counts(hint: Any) -> bool:
    """Whether a setting is a reader of likelihoods, which counts words where none is given."""
    return NGramReader in get_args(hint)


def _as_read(value: Any, default: Any) -> Any:
    """A language model in the units of the reader that it stands for: sums or means."""
    if isinstance(value, LanguageModel) and isinstance(default, NGramReader):
        return replace(value, per_token=default.per_token)
    return value


def _role(hint: Any) -> Any:
    """Scorer for Ref[Scorer], Writer for Ref[Writer]; else None."""
    arguments = get_args(hint)
    return next((a for a in arguments if a in (Scorer, Writer)), None)


def _is_union(hint: Any) -> bool:
    return get_origin(hint) in (Union, types.UnionType)
