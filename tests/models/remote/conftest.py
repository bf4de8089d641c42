"""Tests of remote models talk to servers on this machine, and to nothing else."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from acclimate.models.prompts import load
from acclimate.models.remote import Allowance, Remote
from acclimate.models.remote.answers import Answers
from acclimate.models.remote.opened import RemoteWriter
from acclimate.testing.chat_server import ChatServer


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def refuse(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] != "127.0.0.1":
            raise RuntimeError(f"A test may not open a connection; this one asks for {address}.")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", refuse)
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "ACCLIMATE_OFFLINE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def serve() -> Iterator[Callable[..., ChatServer]]:
    """Starts servers that end with the test."""
    with ExitStack() as running:
        yield lambda **settings: running.enter_context(ChatServer(**settings))


@pytest.fixture
def opened(tmp_path: Path) -> Callable[..., RemoteWriter]:
    """A judge, opened, whose answers lie in the test's folder."""

    def make(url: str, allowance: Allowance | None = None, **settings: Any) -> RemoteWriter:
        settings = {"prompt": "graded", "timeout_seconds": 5.0, **settings}
        form = load(settings.pop("prompt")).form
        ref = Remote(model="toy", url=url, **settings).answering(form)
        writer = ref.open("cpu")
        writer.keep_in(Answers(tmp_path / "answers"), allowance or Allowance())
        return writer

    return make


@pytest.fixture
def questions() -> Callable[[int], list[str]]:
    """Questions whose documents have both words of the query: grade 3."""
    prompt = load("graded")
    return lambda count: [
        prompt.render(data={"query": f"bee {n}", "document": f"Bee {n} flies"})
        for n in range(count)
    ]
