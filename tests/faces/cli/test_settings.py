"""`--with name=value`: typed by a recipe's annotations, refused with the near miss."""

from __future__ import annotations

from typing import Any, Literal, get_type_hints

import pytest

from acclimate.errors import RecipeError
from acclimate.faces.cli.settings import kind_of, parse
from acclimate.models.encoders.dense import Dense
from acclimate.models.readers import Extractive, FusionInDecoder, LanguageModel
from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.models.remote import Judge, Remote
from acclimate.models.scorers.cross_encoder import CrossEncoder
from acclimate.models.writers import Causal, Seq2Seq
from acclimate.models.writers.seq2seq import OWN
from acclimate.pipeline.finding import find_maker


def recipe(
    *,
    steps: int = 1,
    rate: float = 0.1,
    fitted: bool = False,
    learns: Literal["all", "query"] = "all",
    name: str | None = None,
    count: int | None = None,
    retrievers: tuple[Dense, ...] = (),
    encoder: Dense | None = None,
    teacher: Ref[Scorer] | None = None,
    writer: Ref[Writer] | None = None,
    other: object = None,
) -> Any:
    """A recipe's function with every kind of setting."""


@pytest.mark.parametrize(
    ("pair", "value"),
    [
        ("steps=400", 400), ("steps=1_000", 1_000), ("steps=2e3", 2_000), ("rate=2e-5", 2e-5),
        ("fitted=yes", True), ("fitted=False", False), ("learns=query", "query"),
        ("name=a=b", "a=b"), ("name=none", None), ("count=3", 3), ("count=None", None),
        ("retrievers=a/b, c", (Dense("a/b"), Dense("c"))), ("encoder=x", Dense("x")),
        ("teacher=org/ce", CrossEncoder("org/ce")), ("writer=org/t5", Seq2Seq("org/t5")),
        ("writer=acclimate-offline/writer", OWN),
        ("writer=causal:org/lm", Causal("org/lm")),
        ("writer=openai:http://127.0.0.1:1/v1#m?temperature=0",
         Remote(model="m", url="http://127.0.0.1:1/v1", temperature=0.0)),
        ("teacher=openai:http://127.0.0.1:1/v1#m",
         Judge(writer=Remote(model="m", url="http://127.0.0.1:1/v1"))),
        (" steps = 5 ", 5),
    ],
)  # fmt: skip
def test_a_value_becomes_what_the_setting_wants(pair: str, value: object) -> None:
    (found,) = parse([pair], recipe).values()
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        ("stepps=1", "Did you mean 'steps'"),
        ("steps", "must be name=value"),
        ("steps=1.5", "must be a whole number"),
        ("steps=many", "must be a whole number"),
        ("rate=fast", "must be a number"),
        ("fitted=perhaps", "Choose from: false"),
        ("learns=queries", "Did you mean 'query'"),
        ("count=some", "must be a whole number"),
        ("other=1", "write a recipe file"),
    ],
)
def test_what_does_not_fit_is_refused(pair: str, message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        parse([pair], recipe)


@pytest.mark.parametrize(
    ("name", "words"),
    [("embedding_adapter", "learns=query"), ("gpl", "teacher=org/ce"), ("qgen", "judge=org/ce")],
)
def test_recipes_take_their_settings(name: str, words: str) -> None:
    maker = find_maker(name)
    maker(**parse([words], maker))


def test_kinds_are_said_in_words() -> None:
    assert kind_of(int) == "whole number"
    assert kind_of(Literal["a", "b"]) == "a | b"
    assert kind_of(int | None) == "whole number or none"
    assert kind_of(tuple[Dense, ...]).endswith("several with commas")
    assert kind_of(Ref[Scorer]).startswith("model (hub name, folder, or openai:")
    assert "causal:NAME" in kind_of(Ref[Writer])


def test_a_reader_is_a_language_model_in_the_units_of_the_recipes_own() -> None:
    """Means of art, sums of scarlet; a name alone says which model."""
    (told,) = parse(["reader=gpt2"], find_maker("art")).values()
    assert told == LanguageModel("gpt2", per_token=True)
    (told,) = parse(["reader=gpt2"], find_maker("scarlet")).values()
    assert told == LanguageModel("gpt2", per_token=False)


def test_readers_of_attention_and_of_answers_are_named_as_encoders_are() -> None:
    assert parse(["reader=a/t5"], find_maker("fid_kd")) == {"reader": FusionInDecoder("a/t5")}
    assert parse(["reader=a/squad"], find_maker("rdr")) == {"reader": Extractive("a/squad")}


@pytest.mark.parametrize(
    ("name", "kind"),
    [("art", "language model"), ("aar", "T5"), ("rdr", "reader that finds answers")],
)
def test_what_a_reader_may_be_is_told(name: str, kind: str) -> None:
    hint = get_type_hints(find_maker(name))["reader"]
    assert kind_of(hint) == f"{kind} (hub name or folder)"
