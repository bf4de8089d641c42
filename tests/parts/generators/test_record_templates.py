"""RecordTemplates: records asked for by their fields. [103]"""

import json
from collections import Counter

import pytest

from acclimate.errors import RecipeError
from acclimate.parts._records import record_of
from acclimate.parts.generators import RecordTemplates
from acclimate.parts.part import Context
from acclimate.tables import Corpus

COLOURS = ("red", "green", "blue")
BIKES = Corpus.of(
    {
        "doc_id": str(n),
        "title": f"Model {n}",
        "text": "A bike.",
        "meta": json.dumps({"brand": f"brand{n}", "colour": COLOURS[n % 3], "wheels": 2}),
    }
    for n in range(30)
)


def test_the_fields_of_a_row_and_the_lines_of_its_text_make_a_record() -> None:
    meta = json.dumps({"frame_size": 54, "url": "https://x.org/a b", "sold": True, "parts": ["a"]})
    text = "Brand: Gazelle\n- Colour: dark red\nFrame size: 60\nMotto so far: a bike is a bike.\n"
    assert list(record_of(meta, text)) == [
        ("frame size", "54"),
        ("Brand", "Gazelle"),
        ("Colour", "dark red"),
        ("Motto so far", "a bike is a bike"),
    ]


def test_a_line_with_a_colon_in_prose_makes_no_record() -> None:
    assert list(record_of(None, "It is so: a bike is a bike.\nAnd a wheel is round.")) == []
    assert list(record_of(None, "what the user said to us: no\nand what we said: yes")) == []


def test_values_too_long_to_be_typed_are_no_fields() -> None:
    assert list(record_of(json.dumps({"story": "word " * 9}), "")) == []


def test_a_request_fits_few_records_only() -> None:
    queries = RecordTemplates(per_document=4, templates=("{values}",))(BIKES, Context())
    assert queries["text"]
    for row in queries.dicts():
        assert f"brand{row['source_doc_id']}" in row["text"]  # ten are red, all have two wheels


def test_a_title_of_one_record_with_the_name_of_a_field_asks_for_it() -> None:
    part = RecordTemplates(templates=("{title} {name}",), at_most_fields=1, per_document=9)
    queries = part(BIKES.head(1), Context())
    assert set(queries["text"]) <= {"Model 0 brand", "Model 0 colour", "Model 0 wheels"}
    shared = Corpus.of({**row, "title": "Bike"} for row in BIKES.dicts())
    assert len(part(shared, Context())) == 0


def test_rare_values_are_drawn_more_often_than_common_ones() -> None:
    part = RecordTemplates(templates=("{fields}",), at_most_fields=1, at_most_records=99)
    asked = Counter(text.split()[0] for text in part(BIKES, Context())["text"])
    assert asked["brand"] > asked["colour"] > 0


def test_no_record_gets_more_requests_than_it_may() -> None:
    """[103]: after capping at c no item exceeds c examples."""
    queries = RecordTemplates(per_document=2, at_most_records=99)(BIKES, Context())
    assert max(Counter(queries["source_doc_id"]).values()) == 2


def test_documents_without_fields_give_none() -> None:
    plain = Corpus.of([{"doc_id": "a", "title": "A", "text": "No fields at all."}])
    assert len(RecordTemplates()(plain, Context())) == 0


@pytest.mark.parametrize("shape", ["{colour}", "nothing"])
def test_shapes_that_cannot_be_filled_are_refused(shape: str) -> None:
    with pytest.raises(RecipeError, match="templates with some of"):
        RecordTemplates(templates=(shape,))
