"""Remote: a model behind an endpoint, as a value."""

import pickle

import pytest

from acclimate.errors import ModelError
from acclimate.models.prompts import load
from acclimate.models.remote import Allowance, Remote, redaction
from acclimate.models.remote.endpoint import advice, check_egress, checked, is_local, key_for
from acclimate.pipeline.saved import from_json, to_json

FORM = load("graded").form


def test_a_reference_of_the_command_line_is_read() -> None:
    text = "openai:http://127.0.0.1:8000/v1/#org/model:7b?temperature=0.2&at_once=4&price_in=0.15"
    assert Remote.parse(text) == Remote(
        model="org/model:7b", url="http://127.0.0.1:8000/v1", temperature=0.2, at_once=4,
        price_in=0.15,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("openai:gpt", "is no endpoint"),
        ("openai:ftp://host/v1#m", "is no endpoint"),
        ("openai:http://127.0.0.1/v1", "lacks the model's name"),
        ("openai:http://127.0.0.1/v1#m?temprature=1", "Did you mean 'temperature'"),
        ("openai:http://127.0.0.1/v1#m?at_once=many", "must be a number"),
        ("openai:http://127.0.0.1/v1#m?at_once=0", "above 0"),
        ("openai:https://user:pass@host/v1#m", "holds no user, password"),
    ],
)
def test_a_reference_that_names_nothing_is_refused(text: str, wrong: str) -> None:
    with pytest.raises(ModelError, match=wrong):
        Remote.parse(text)


def test_a_remote_model_is_a_value() -> None:
    ref = Remote(model="m", url="http://127.0.0.1/v1").answering(load("graded").form)
    copy = pickle.loads(pickle.dumps(ref))  # noqa: S301 - our own
    assert copy == ref
    assert hash(copy) == hash(ref)
    assert from_json(to_json(ref)) == ref


def test_the_fingerprint_knows_what_changes_answers_and_nothing_else() -> None:
    ref = Remote(model="m", url="http://127.0.0.1/v1")

    def other(**settings: object) -> str:
        return Remote(**{"model": "m", "url": "http://127.0.0.1/v1", **settings}).fingerprint()

    changes = ({"model": "n"}, {"url": "http://127.0.0.1:1/v1"}, {"temperature": 0.0},
               {"max_tokens": 9}, {"redact": "personal"}, {"form": FORM})  # fmt: skip
    assert len({ref.fingerprint(), *(other(**c) for c in changes)}) == 1 + len(changes)
    assert other(key="K", at_once=2, tries=1, price_in=3.0, timeout_seconds=1.0) == (
        ref.fingerprint()
    )


def test_money_is_by_the_million() -> None:
    ref = Remote(model="m", url="http://127.0.0.1/v1", price_in=2.0, price_out=8.0)
    assert ref.cost(500_000, 250_000) == 1.0 + 2.0


def test_a_key_stays_here_or_is_encrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("K", "secret")
    assert key_for("https://example.org/v1", "K") == "secret"
    assert key_for("http://localhost:1/v1", "K") == "secret"
    assert key_for("http://10.0.0.7/v1", "K") == "none"
    assert "Use https" in advice("http://10.0.0.7/v1", "K")
    assert advice("https://example.org/v1", "K") == "It refuses the key in K."
    assert "into the environment variable L" in advice("https://example.org/v1", "L")


def test_this_machine_is_known_by_its_addresses() -> None:
    for url in (
        "http://127.0.0.1/v1",
        "http://127.9.9.9/v1",
        "http://localhost",
        "http://[::1]/v1",
    ):
        assert is_local(checked(url))
    for url in ("http://10.0.0.1/v1", "https://localhost.example.org/v1"):
        assert not is_local(checked(url))


def test_offline_means_offline(monkeypatch: pytest.MonkeyPatch) -> None:
    check_egress("https://example.org/v1")
    monkeypatch.setenv("ACCLIMATE_OFFLINE", "1")
    check_egress("http://127.0.0.1/v1")
    with pytest.raises(ModelError, match="nothing is sent"):
        check_egress("https://example.org/v1")


def test_a_redaction_of_ones_own_is_found_and_fingerprinted(tmp_path) -> None:
    mine = tmp_path / "mine.py"
    mine.write_text("def upper(text):\n    return text.upper()\n")
    assert redaction.find(f"{mine}:upper")("bee") == "BEE"
    assert len(redaction.fingerprint("personal")) == 64
    with pytest.raises(ModelError, match="names no function"):
        redaction.find(f"{mine}:lower")


def test_personal_numbers_are_hidden_and_others_stay() -> None:
    assert redaction.personal("DE89 3704 0044 0532 0130 00 paid") == "[IBAN] paid"
    assert redaction.personal("key sk-abcdefghijklmnop1234") == "key [KEY]"
    assert redaction.personal("4111 1111 1111 1111") == "[CARD]"
    assert redaction.personal("in 2024, 12 of 300 bees") == "in 2024, 12 of 300 bees"


def test_an_allowance_says_which_bound_would_break() -> None:
    may = Allowance(max_calls=2, max_cost=0.5)
    assert may.broken(2, 0.5) == ""
    assert may.broken(3, 0.0) == "max_calls=2"
    assert may.broken(1, 0.51) == "max_cost=0.5"
    assert Allowance().broken(10**9, 1e9) == ""
