"""Every part, found by walking the folders, obeys the laws of ARCHITECTURE.md."""

import importlib
from pathlib import Path

import pytest

import acclimate
from acclimate.testing import behaviour, laws, samples

TESTS = Path(__file__).resolve().parent.parent
SOURCE = Path(acclimate.__file__).parent
PARTS = sorted(laws.parts_in("acclimate.parts"), key=lambda found: (found[0], found[1].__name__))
TRAINS = {"loops", "students", "serving"}


def named(found: tuple[str, type]) -> str:
    return f"{found[0]}.{found[1].__name__}"


each_part = pytest.mark.parametrize(("folder", "kind"), PARTS, ids=map(named, PARTS))
each_quick_part = pytest.mark.parametrize(
    ("folder", "kind"),
    [p for p in PARTS if p[0] not in TRAINS],
    ids=[named(p) for p in PARTS if p[0] not in TRAINS],
)


def test_there_are_parts_in_every_folder() -> None:
    assert {folder for folder, _ in PARTS} == set(laws.FOLDERS)


@each_part
def test_a_part_obeys_the_laws_of_its_text(folder: str, kind: type) -> None:
    laws.check_all(kind, folder=folder)


@each_part
def test_a_part_has_a_test_file_of_its_own(folder: str, kind: type) -> None:
    stem = kind.__module__.rpartition(".")[2]
    assert (TESTS / "parts" / folder / f"test_{stem}.py").exists()


@each_part
def test_a_part_is_a_name_of_its_folder(folder: str, kind: type) -> None:
    assert getattr(importlib.import_module(f"acclimate.parts.{folder}"), kind.__name__) is kind


@each_part
def test_a_part_is_a_value(folder: str, kind: type) -> None:
    laws.check_value(samples.part(kind))


@each_quick_part
def test_a_part_obeys_the_laws_of_its_behaviour(folder: str, kind: type, tmp_path: Path) -> None:
    behaviour.check_all(samples.part(kind), folder=folder, scratch=tmp_path)


def test_importing_parts_changes_nothing_outside_and_loads_no_framework() -> None:
    light = [kind.__module__ for folder, kind in PARTS if folder != "losses"]
    laws.check_imports(
        light, heavy=("torch", "transformers", "sentence_transformers", "faiss", "matplotlib")
    )


def test_importing_losses_changes_nothing_outside() -> None:
    laws.check_imports([kind.__module__ for folder, kind in PARTS if folder == "losses"])
