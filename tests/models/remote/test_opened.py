"""RemoteWriter, asked over real HTTP: each record once, kept as it comes."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from acclimate.errors import ModelError, ServiceError, StoreError
from acclimate.models.remote import Allowance, Remote
from acclimate.testing.chat_server import ChatServer, Faults

Serve = Callable[..., ChatServer]


def test_answers_come_in_the_order_of_the_questions_with_chances(serve, opened, questions) -> None:
    server = serve()
    written = opened(server.url).write(questions(3), count=1, seed=0)
    grade = {"chances": {"0": 0.1, "1": 0.1, "2": 0.1, "3": 0.7}, "grade": 3}
    assert [json.loads(row[0].text) for row in written] == [grade] * 3
    assert server.seen.requests == 3


def test_each_draw_is_a_record_with_a_seed_of_its_own(serve, opened, questions) -> None:
    server = serve(keep=True)
    opened(server.url, prompt="kind_question").write(questions(1), count=3, seed=5)
    assert sorted(body["seed"] for body in server.seen.bodies) == [5, 6, 7]


def test_the_log_probability_is_the_mean_over_the_tokens(serve, opened, questions) -> None:
    row = opened(serve().url).write(questions(1), count=1, seed=0)[0]
    # '{"grade": ' and '}' at −0.01 each, '3' at ln 0.7 = −0.35667
    assert row[0].log_prob == pytest.approx((-0.01 - 0.35667 - 0.01) / 3, abs=1e-4)


def test_what_is_kept_is_not_asked_again_by_anybody(serve, opened, questions) -> None:
    server = serve()
    first = opened(server.url).write(questions(4), count=1, seed=0)
    assert opened(server.url).write(questions(5), count=1, seed=0)[:4] == first
    assert server.seen.requests == 5


def test_another_form_temperature_or_seed_is_another_record(serve, opened, questions) -> None:
    server = serve()
    for settings in ({}, {"temperature": 0.5}, {"prompt": "relevant"}, {"max_tokens": 9}):
        opened(server.url, **settings).write(questions(1), count=1, seed=0)
    opened(server.url).write(questions(1), count=1, seed=1)
    assert server.seen.requests == 5


@pytest.mark.parametrize("kind", ["busy", "error", "reset", "half", "choices", "stall"])
def test_a_fault_of_the_way_costs_time_and_no_answer(kind, serve, opened, questions) -> None:
    server = serve(faults=Faults(**{kind: 0.4}, stall_seconds=3.0))
    written = opened(server.url, timeout_seconds=1.5).write(questions(12), count=1, seed=0)
    assert server.seen.faults[kind] > 0
    assert all(json.loads(row[0].text)["grade"] == 3 for row in written)
    assert set(server.seen.good.values()) == {1}


@pytest.mark.parametrize("kind", ["schema", "injected"])
def test_an_answer_of_another_shape_is_repaired_once_or_gets_a_reason(
    kind, serve, opened, questions
) -> None:
    server = serve(faults=Faults(**{kind: 0.5}), seed=3)
    writer = opened(server.url)
    written = writer.write(questions(20), count=1, seed=0)
    empty = [row[0].text for row in written].count("")
    assert writer.answers.total.answered == 20 - empty
    assert writer.answers.total.reasons == {"invalid": empty}
    assert 0 < empty < 20
    assert writer.answers.total.calls == server.seen.requests <= 40
    for row in written:
        assert not row[0].text or set(json.loads(row[0].text)) == {"grade", "chances"}


def test_a_repair_shows_the_answer_and_what_is_wrong_with_it(serve, opened, questions) -> None:
    server = serve(faults=Faults(schema=1.0), keep=True)
    opened(server.url).write(questions(1), count=1, seed=0)
    first, second = server.seen.bodies
    assert second["messages"][: len(first["messages"])] == first["messages"]
    assert second["messages"][-2]["content"] == '{"answer": ["all", "of", "them"]}'
    assert "the answer lacks 'grade'" in second["messages"][-1]["content"]


def test_a_record_that_always_fails_gets_a_reason_and_is_asked_again_later(
    serve, opened, questions, monkeypatch
) -> None:
    monkeypatch.setattr("acclimate.models.remote.job.FIRST_WAIT", 0.01)
    server = serve(faults=Faults(error=1.0))
    writer = opened(server.url, tries=3)
    assert writer.write(questions(1), count=1, seed=0)[0][0].text == ""
    [record] = [writer.record(q, 0).id for q in questions(1)]
    assert writer.answers.find(record).reason == (
        "3 requests failed; the last: the server failed (500)"
    )
    server.faults = Faults()
    again = opened(server.url, tries=3)
    assert again.write(questions(1), count=1, seed=0)[0][0].text
    assert again.answers.total.reasons == {}


def test_a_bound_on_calls_stops_and_keeps_all(serve, opened, questions) -> None:
    server = serve()
    with pytest.raises(ServiceError, match=r"max_calls=7 is used up\. 7 of 20 records are done"):
        opened(server.url, Allowance(max_calls=7)).write(questions(20), count=1, seed=0)
    assert server.seen.requests == 7
    opened(server.url, Allowance(max_calls=20)).write(questions(20), count=1, seed=0)
    assert server.seen.requests == 20


def test_a_bound_on_money_is_never_broken(serve, opened, questions) -> None:
    server = serve(seconds=0.01)
    writer = opened(server.url, Allowance(max_cost=0.01), price_in=10.0, price_out=10.0)
    with pytest.raises(ServiceError, match=r"max_cost=0\.01 is used up"):
        writer.write(questions(200), count=1, seed=0)
    assert 0.005 < writer.answers.total.cost <= 0.01


def test_money_cannot_be_bounded_without_prices_on_another_machine(opened) -> None:
    with pytest.raises(ModelError, match="price_in"):
        opened("https://example.org/v1", Allowance(max_cost=1.0))


def test_a_server_that_is_not_there_stops_the_job(opened, questions, monkeypatch) -> None:
    monkeypatch.setattr("acclimate.models.remote.pace.PAUSES", (0.01, 0.01))
    monkeypatch.setattr("acclimate.models.remote.job.FIRST_WAIT", 0.01)
    with pytest.raises(ServiceError, match=r"fails again and again .* Is the server running\?"):
        opened("http://127.0.0.1:9/v1").write(questions(200), count=1, seed=0)


def test_options_a_server_does_not_know_are_left_out(serve, opened, questions) -> None:
    server = serve(knows=frozenset(), keep=True)
    written = opened(server.url).write(questions(6), count=1, seed=0)
    assert all(json.loads(row[0].text) == {"grade": 3} for row in written)
    assert not {"response_format", "logprobs", "seed"} & set(server.seen.bodies[-1])


def test_the_key_is_sent_and_written_nowhere(
    serve, opened, questions, monkeypatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MY_KEY", "sk-secret-1234567890")
    server = serve()
    writer = opened(server.url, key="MY_KEY")
    writer.write(questions(2), count=1, seed=0)
    assert server.seen.keys == {"Bearer sk-secret-1234567890"}
    assert "secret" not in repr(writer.ref)
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or b"secret" not in path.read_bytes()


def test_a_redaction_sees_every_text_before_it_is_sent(serve, opened) -> None:
    server = serve(keep=True)
    writer = opened(server.url, prompt="kind_question", redact="personal")
    assert writer.write(["Mail ada@example.org"], count=1, seed=0)[0][0].text
    assert server.seen.bodies[0]["messages"][-1]["content"] == "Mail [EMAIL]"


def test_offline_only_this_machine_is_asked(serve, opened, questions, monkeypatch) -> None:
    monkeypatch.setenv("ACCLIMATE_OFFLINE", "1")
    assert opened(serve().url).write(questions(1), count=1, seed=0)[0][0].text
    with pytest.raises(ModelError, match=r"example\.org is another machine and ACCLIMATE_OFFLINE"):
        Remote(model="toy", url="https://example.org/v1").open("cpu")


def test_it_works_inside_a_running_loop_as_in_a_notebook(serve, opened, questions) -> None:
    writer = opened(serve().url)

    async def cell() -> str:
        return writer.write(questions(1), count=1, seed=0)[0][0].text

    assert json.loads(asyncio.run(cell()))["grade"] == 3


def test_answers_are_on_the_disk_when_a_job_breaks_off(
    serve, opened, questions, tmp_path: Path, monkeypatch
) -> None:
    writer = opened(serve().url)
    add = writer.answers.add

    def fail_after_three(answer) -> None:
        add(answer)
        if len(writer.answers) == 3:
            raise StoreError("the disk is full")

    monkeypatch.setattr(writer.answers, "add", fail_after_three)
    with pytest.raises(StoreError, match="the disk is full"):
        writer.write(questions(9), count=1, seed=0)
    [path] = (tmp_path / "answers").iterdir()
    assert len(path.read_bytes().splitlines()) >= 3
    assert path.stat().st_mode & 0o77 == 0
