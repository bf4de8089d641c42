"""Tiny models, built once for all tests of a session."""

import pytest

from acclimate.testing import tiny


@pytest.fixture(scope="session")
def encoder(tmp_path_factory):
    return tiny.tiny_encoder(tmp_path_factory.mktemp("encoder"))


@pytest.fixture(scope="session")
def other(tmp_path_factory):
    return tiny.tiny_encoder(tmp_path_factory.mktemp("other"), seed=1)


@pytest.fixture(scope="session")
def scorer(tmp_path_factory):
    return tiny.tiny_scorer(tmp_path_factory.mktemp("scorer"))


@pytest.fixture(scope="session")
def writer(tmp_path_factory):
    return tiny.tiny_writer(tmp_path_factory.mktemp("writer"))
