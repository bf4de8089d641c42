"""Language: queries in the language of their document."""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.filters import Language
from acclimate.parts.filters.language import odds
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

GERMAN = "Wie prüfe ich, ob die Bremsbeläge gewechselt werden müssen?"
ENGLISH = "How do I check whether the brake pads must be replaced?"
CORPUS = Corpus.of(
    {"doc_id": d, "title": "", "text": t}
    for d, t in (
        ("de", "Die Bremsbeläge sind zu wechseln, sobald die Rillen im Gummi verschwunden sind."),
        ("en", "Replace the brake pads when the grooves in the rubber have worn away."),
    )
)
QUERIES = Queries.of(
    {"query_id": f"{s}:{n}", "text": t, "source_doc_id": s, "split": "train"}
    for s in ("de", "en", None)
    for n, t in enumerate((GERMAN, ENGLISH, "ABS 2000", "?"))
)


def kept(part: Language, ctx: Context | None = None) -> list[str]:
    return part(CORPUS, QUERIES, ctx or Context())["query_id"]


def test_queries_that_are_surely_in_another_language_go() -> None:
    ctx = Context()
    stay = ["de:0", "de:2", "de:3", "en:1", "en:2", "en:3", "None:0", "None:1", "None:2", "None:3"]
    assert kept(Language(), ctx) == stay
    assert ctx.notes["dropped"] == {"in another language": 2}


def test_a_language_may_be_wanted_whatever_the_documents_are_in() -> None:
    """As where questions are written in German about English documents."""
    stay = [name for name in QUERIES["query_id"] if not name.endswith(":1")]
    assert kept(Language(language="de")) == stay


def test_the_likeliest_language_has_odds_of_1_and_short_texts_leave_others_a_chance() -> None:
    assert odds(ENGLISH, "en") == 1
    assert odds(ENGLISH, "de") < 1e-3
    assert odds("brake pads", "en") > 0.01


def test_a_language_that_is_not_told_apart_is_named() -> None:
    with pytest.raises(RecipeError, match=r"language='xx'\) is not told apart"):
        kept(Language(language="xx"))


def test_odds_above_those_of_the_likeliest_are_refused() -> None:
    with pytest.raises(RecipeError, match="0 to 1"):
        Language(at_least_odds=1.5)
