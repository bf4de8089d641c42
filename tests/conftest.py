"""Every test runs without a network, and with one thread: two workers share two cores."""

import os
import socket
from typing import Any

import pytest

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def refuse(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            raise RuntimeError(f"A test may not open a connection; this one asks for {address}.")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", refuse)
