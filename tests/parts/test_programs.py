"""Whether a text is a program, and in which language."""

import subprocess
import sys

import pytest

from acclimate.parts._grammars import GRAMMARS
from acclimate.parts._programs import LANGUAGES, installed, language_of, marks, program_of

PROGRAMS = {
    "python": "def area(radius):\n    return 3 * radius",
    "java": "class A {\n  int area(int radius) {\n    return 3 * radius;\n  }\n}",
    "c-sharp": "class A {\n  public int Area(int radius) {\n    return 3 * radius;\n  }\n}",
    "go": "package a\n\nfunc area(radius int) int {\n\treturn 3 * radius\n}",
    "rust": "fn area(radius: u32) -> u32 {\n    3 * radius\n}",
    "c": "int area(int radius) {\n  return 3 * radius;\n}",
    "cpp": "int area(const Shape& shape) {\n  return shape.area();\n}",
    "javascript": "function area(radius) {\n  return 3 * radius;\n}",
    "typescript": "function area(radius: number): number {\n  return 3 * radius;\n}",
    "php": "function area($radius) {\n  return 3 * $radius;\n}",
    "ruby": "def area(radius)\n  3 * radius\nend",
}

WITHOUT = """
import sys
sys.modules["tree_sitter"] = None
from acclimate.parts._programs import installed, language_of
assert installed() == ()
assert language_of("a", "x = 1") == "python"
assert language_of("a.java", "class A { }") is None
language_of("a", "class A { }", "java")
"""


def test_all_parsers_are_here() -> None:
    assert set(PROGRAMS) == set(LANGUAGES) == {"python", *GRAMMARS} == {"python", *installed()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_program_is_one_in_its_language(language: str) -> None:
    assert language_of("a", PROGRAMS[language], language) == language
    assert language_of("a", PROGRAMS[language] + " (", language) is None


@pytest.mark.parametrize("language", GRAMMARS)
def test_the_name_of_a_file_tells_its_language(language: str) -> None:
    for ending in GRAMMARS[language].endings:
        assert language_of(f"src/area.{ending}", PROGRAMS[language]) == language
        assert language_of(f"src/area.{ending}#2", PROGRAMS[language]) == language
        assert language_of(f"src/area.{ending}", "A description, no code (at all.") is None


@pytest.mark.parametrize("language", ["python", "java", "go", "rust", "php", "javascript", "ruby"])
def test_the_text_tells_it_where_its_name_does_not(language: str) -> None:
    assert language_of("function 7", PROGRAMS[language]) == language


@pytest.mark.parametrize(
    "text",
    ["", "Bees visit flowers to gather nectar.", "x = (1", "<p>Bees</p>", "see also: bees; wax"],
)
def test_prose_is_no_program(text: str) -> None:
    assert language_of("a", text) is None


def test_a_function_inside_of_another_is_marked_as_well() -> None:
    text = "function a() { return () => { return 1; }; }"
    assert len(marks("javascript", text)["body"]) == 2


TORN = """        return limit
    def small(self):
        return 1
    def large(
        self, all_of_them
    ):
        # the longest

        return sum(all_of_them)
    last = (1,
"""


def test_of_a_torn_piece_the_longest_whole_function_is_taken() -> None:
    language, code = program_of("a.py#3", TORN) or ("", "")
    assert language == "python"
    assert code.startswith("def large(\n    self, all_of_them\n):")
    assert code.endswith("    return sum(all_of_them)")
    assert language_of("a.py#3", TORN) is None


@pytest.mark.parametrize("language", GRAMMARS)
def test_so_it_is_in_other_languages(language: str) -> None:
    classes = {"java", "c-sharp"}
    whole = "int area(int radius) { return radius; }" if language in classes else PROGRAMS[language]
    whole = whole.removeprefix("package a\n\n")
    name = f"a.{GRAMMARS[language].endings[0]}"
    assert program_of(name, "; }\n" + whole + "\nif (one(") == (language, whole)


def test_a_torn_piece_of_an_unknown_language_is_no_program() -> None:
    assert program_of("a", TORN) is None
    assert program_of("a", "Bees visit flowers.") is None
    assert program_of("a", "x = 1") == ("python", "x = 1")


def test_without_the_extra_python_is_read_and_others_are_asked_for() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=False
    )
    assert "MissingExtraError" in done.stderr
    assert "pip install 'acclimate[code]'" in done.stderr
