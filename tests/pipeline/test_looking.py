"""What a run sees: shares of documents of a sort, of copies, of what the student cannot read."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from acclimate.models.student import Student
from acclimate.models.weights import find
from acclimate.pipeline import looking
from acclimate.pipeline.finding import find_maker, make, settings_of
from acclimate.pipeline.inputs import Inputs
from acclimate.recipes.autopilot import autopilot
from acclimate.recipes.default import default
from acclimate.recipes.recipe import Seen
from acclimate.tables import Corpus
from acclimate.testing import toys
from acclimate.testing.tiny import tiny_encoder

PYTHON = '''def debug(kind, value):
    """Prints what went wrong."""
    print(kind, value)
    return None
'''
C = "int main(void) {\n    int sum = 0;\n    sum += 1;\n    return sum;\n}\n"
PROSE = (
    "A heat pump moves heat from a cold place to a warm one.\n"
    "It works for the same reason as a refrigerator: a fluid boils and condenses.\n"
    "In winter (when it is needed most) it is least efficient."
)
LIST = "- wash the chain\n- dry the chain\n- oil the chain"
ROW = "name: Gazelle\nbrand: Batavus\ncolour: red\nprice: 200"


@pytest.mark.parametrize("text", [PYTHON, C])
def test_code_is_told(text: str) -> None:
    assert looking.is_code(text)


@pytest.mark.parametrize("text", [PROSE, LIST, ROW, "", "one line;"])
def test_what_people_write_is_no_code(text: str) -> None:
    assert not looking.is_code(text)


def test_a_record_is_mostly_fields() -> None:
    assert looking.is_record(None, ROW)
    assert looking.is_record('{"brand": "Batavus", "colour": "red", "year": 1998}', "A bike.")
    assert not looking.is_record('{"author": "A. Lees", "year": 1998, "id": "x7"}', PROSE)
    assert not looking.is_record(None, PROSE)


def test_headings_and_listed_questions_are_structure() -> None:
    assert looking.is_structured("## Wipe the chain\nUse a rag.")
    assert looking.is_structured("Why does it squeak?\nBecause nobody has oiled the chain.")
    assert not looking.is_structured(PROSE)


def test_every_copy_but_the_first_counts() -> None:
    texts = [PROSE, PROSE.replace("fluid", "liquid"), PROSE + " Indeed.", C]
    corpus = Corpus.of(
        {"doc_id": str(n), "title": "", "text": text} for n, text in enumerate(texts)
    )
    assert looking.copies(corpus) == 0.5


def test_copies_are_found_in_a_large_corpus_too() -> None:
    """Of 6,000 documents 2,000 are compared: a copy is drawn with what it is a copy of."""
    texts = [f"{number} is the number of this document alone" for number in range(3_000)]
    corpus = Corpus.of(
        {"doc_id": f"{copy} {n}", "title": "", "text": text}
        for copy in "ab"
        for n, text in enumerate(texts)
    )
    assert looking.copies(corpus) >= 0.4


def test_what_a_student_reads_by_letters_is_unread(tmp_path: Path) -> None:
    texts = ["warm milk for the bees"] * 8
    student = Student(encoder=tiny_encoder(tmp_path / "tiny", texts=texts))
    assert looking.unread(student, ["warm milk for the bees"]) == 0.0
    assert looking.unread(student, ["молоко"]) == 1.0


def test_the_same_is_seen_again(tmp_path: Path) -> None:
    student = Student(encoder=tiny_encoder(tmp_path / "tiny", texts=toys.CORPUS.contents))
    inputs = Inputs(corpus=toys.CORPUS, student=student, log=toys.QUERIES)
    seen = looking.look(inputs, 5.0)
    assert seen == looking.look(inputs, 5.0)
    assert (seen.documents, seen.language, seen.log) == (len(toys.CORPUS), "en", len(toys.QUERIES))
    assert (seen.code, seen.records, seen.copies, seen.minutes) == (0.0, 0.0, 0.0, 5.0)


def test_models_of_the_installation_are_seen_by_their_role() -> None:
    assert set(looking.bundled()) <= {"writer", "teacher", "reader"}
    for role in looking.bundled():
        assert find(f"acclimate-offline/{role}").is_dir()


def test_a_recipe_that_does_not_want_to_know_is_left_alone() -> None:
    inputs = Inputs(corpus=Corpus.empty(), student=None)  # type: ignore[arg-type]
    assert looking.sighted("default", inputs, None) == "default"
    assert looking.sighted(default(), inputs, None) == default()
    own = functools.partial(autopilot, seen=Seen(code=1.0))
    assert looking.sighted(own, inputs, None) is own


def test_what_is_seen_is_no_setting_of_the_user() -> None:
    assert "seen" not in settings_of(find_maker("autopilot"))
    maker = functools.partial(autopilot, seen=Seen(log=20))
    assert "seen" not in settings_of(maker)
    assert make(maker, {"steps": 3}).rules != make(autopilot, {"steps": 3}).rules
