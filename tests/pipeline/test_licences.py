"""Licences are read, never guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from acclimate.pipeline.licences import UNSTATED, licence_of


@pytest.mark.parametrize(
    ("card", "licence"),
    [
        ("---\nlicense: apache-2.0\ntags: [a]\n---\n# Model", "apache-2.0"),
        ("---\nlicense: 'mit'\n---\n", "mit"),
        ("---\ntags: [a]\n---\nlicense: mit", UNSTATED),
        ("# No front matter", UNSTATED),
    ],
)
def test_the_card_says_it(tmp_path: Path, card: str, licence: str) -> None:
    (tmp_path / "README.md").write_text(card)
    assert licence_of(str(tmp_path)) == licence


def test_a_licence_file_says_it(tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_text("\nMIT License\n\nCopyright")
    assert licence_of(str(tmp_path)) == "MIT License"


def test_the_embedded_model_says_it() -> None:
    assert licence_of("all-MiniLM-L6-v2") not in {"", UNSTATED}
