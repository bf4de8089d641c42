"""Glossary: acronyms and what they stand for. [076]"""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.generators import Glossary
from acclimate.parts.generators._acronyms import Acronyms, definitions, is_short, long_form
from acclimate.parts.part import Context
from acclimate.tables import Corpus


def corpus_of(*texts):
    return Corpus.of({"doc_id": str(n), "title": "", "text": t} for n, t in enumerate(texts))


def asked(*texts, **settings):
    ctx = Context()
    queries = Glossary(**{"per_document": 9, **settings})(corpus_of(*texts), ctx)
    return [(q["source_doc_id"], q["kind"], q["text"]) for q in queries.dicts()], ctx.notes


@pytest.mark.parametrize(
    ("before", "short", "long"),
    [
        ("we see heat shock transcription factor", "HSF", "heat shock transcription factor"),
        ("in the Gcn5-related N-acetyltransferase", "GNAT", "Gcn5-related N-acetyltransferase"),
        ("a light-emitting diode", "LED", "light-emitting diode"),
        ("nothing of that sort", "XYZ", None),
        ("some pipes", "TB", None),
        ("mask=", "MASK", None),
        ("all of it went from here to there to see one bird", "AB", None),
    ],
    ids=[
        "skips a word",
        "letters inside words",
        "hyphen",
        "no letters",
        "no b",
        "itself",
        "too long",
    ],
)
def test_a_long_form_is_the_shortest_text_with_the_letters(before, short, long) -> None:
    """By hand, as Schwartz and Hearst match: from the right, the first letter begins a word."""
    assert long_form(short, before) == long


def test_definitions_stand_on_either_side_of_the_bracket() -> None:
    text = (
        "A light-emitting diode (LED) is fed by a PSU (power supply unit). Cheap ones (see p. 3)."
    )
    assert list(definitions(text)) == [
        ("LED", "light-emitting diode"),
        ("PSU", "power supply unit"),
    ]
    assert list(definitions("Look at diodes. (LED) is lit.")) == []


def test_an_acronym_has_two_capitals_and_is_one_word() -> None:
    assert all(map(is_short, ("LED", "mRNA", "COVID-19", "R&D", "U.S")))
    assert not any(map(is_short, ("see", "A", "Figure", "THE LONG ONE", "ABCDEFGHIJKL")))


def test_what_one_document_defines_is_swapped_in_the_others() -> None:
    found, notes = asked(
        "A light-emitting diode (LED) glows.",
        "Solder each LED with care.",
        "Replace broken light emitting diodes at once.",
    )
    assert found[:2] == [
        ("0", "definition", found[0][2]),
        ("0", "definition", found[1][2]),
    ]
    assert {found[0][2], found[1][2]} == {"what is LED", "what is light-emitting diode"}
    assert found[2:] == [
        ("1", "acronym_swap", "Solder each light-emitting diode with care"),
        ("2", "acronym_swap", "Replace broken LED at once"),
    ]
    assert notes["acronyms"] == {"defined": 1, "without one meaning": 0}


def test_an_unknown_acronym_is_never_defined() -> None:
    """[076]: unknown terms are never defined."""
    assert asked("Connect the XJQ to the main board.", "The XJQ is here.")[0] == []


def test_an_acronym_of_two_meanings_has_its_documents_own() -> None:
    """[076]: ambiguous acronyms resolve by their context, here the document."""
    found, notes = asked(
        "Application programming interface (API) calls are slow. Each API is old.",
        "An active pharmaceutical ingredient (API) is dear. Weigh the API well.",
        "The API is here.",
    )
    swaps = {(source, text) for source, kind, text in found if kind == "acronym_swap"}
    assert swaps == {
        ("0", "Each Application programming interface is old"),
        ("1", "Weigh the active pharmaceutical ingredient well"),
    }
    assert notes["acronyms"] == {"defined": 1, "without one meaning": 1}


def test_four_fifths_of_the_definitions_make_the_rule() -> None:
    most = ["A power supply unit (PSU) hums."] * 4
    rest = ["The Penn State University (PSU) is far."]
    assert Acronyms([*most, *rest]).agreed == {"PSU": "power supply unit"}
    assert Acronyms([*most[:3], *rest]).agreed == {}


def test_the_plural_and_the_hyphen_make_no_other_term() -> None:
    terms = Acronyms(["Emergency rooms (ER) are full.", "An emergency room (ER) is full."])
    assert terms.agreed == {"ER": "Emergency rooms"}


def test_a_term_that_many_documents_define_is_not_asked_what_it_is() -> None:
    texts = [f"A power supply unit (PSU) hums in room {n}." for n in range(4)]
    assert asked(*texts)[0] == []
    assert len(asked(*texts, at_most_definitions=4)[0]) == 8


def test_a_swap_shows_so_many_words_around() -> None:
    text = "one two three four five six LED seven eight nine ten eleven"
    found, _ = asked("A light-emitting diode (LED).", text, around_words=5)
    assert found[-1][2] == "five six light-emitting diode seven eight"
    with pytest.raises(RecipeError, match="words around"):
        Glossary(around_words=0)
